//! What was drawn or spoken lately, so that a captcha that is asked for again costs nothing.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use tokio::sync::{OnceCell, Semaphore};

/// Pictures kept at once: about 5 MB.
const PICTURES: usize = 500;
/// Sounds kept at once: about 5 MB.
const SOUNDS: usize = 60;
/// Captchas whose drawings are counted at once; more than anybody can begin in five minutes.
const COUNTED: usize = 20_000;
/// How often a captcha is drawn at most, because others have taken its place meanwhile.
const MOST: u8 = 3;
/// How many are drawn at the same time.
const AT_ONCE: usize = 2;

/// A captcha to be drawn.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Drawing {
    /// The letters.
    pub(super) letters: String,
    /// What the noise is made from.
    pub(super) seed: u64,
}

/// The pictures and sounds of this server, each kept while there is place.
#[derive(Clone)]
pub struct Drawings {
    pictures: Arc<Mutex<Drawn>>,
    sounds: Arc<Mutex<Drawn>>,
    places: Arc<Semaphore>,
    drawn: Arc<AtomicU64>,
}

impl Default for Drawings {
    fn default() -> Self {
        Self::keeping(PICTURES, SOUNDS)
    }
}

impl Drawings {
    /// With place for so many pictures and sounds.
    #[must_use]
    pub fn keeping(pictures: usize, sounds: usize) -> Self {
        Self {
            pictures: Arc::new(Mutex::new(Drawn::new(pictures))),
            sounds: Arc::new(Mutex::new(Drawn::new(sounds))),
            places: Arc::new(Semaphore::new(AT_ONCE)),
            drawn: Arc::default(),
        }
    }

    /// How many pictures and sounds were made since the start.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.drawn.load(Ordering::Relaxed)
    }

    /// The picture as PNG; None when it was drawn too often.
    pub(crate) async fn picture(&self, drawing: Drawing) -> Option<Bytes> {
        self.kept(&self.pictures, drawing, super::png).await
    }

    /// The sound as WAV; None when it was made too often.
    pub(crate) async fn sound(&self, drawing: Drawing) -> Option<Bytes> {
        self.kept(&self.sounds, drawing, |letters, seed| Some(super::wav(letters, seed))).await
    }

    async fn kept(
        &self,
        kept: &Mutex<Drawn>,
        drawing: Drawing,
        make: fn(&str, u64) -> Option<Vec<u8>>,
    ) -> Option<Bytes> {
        let cell = kept.lock().unwrap_or_else(PoisonError::into_inner).cell(&drawing)?;
        if let Some(bytes) = cell.get() {
            return bytes.clone();
        }
        // A request that is cancelled while it waits leaves the queue, so cancelled requests delay nobody.
        let place = self.places.clone().acquire_owned().await.ok()?;
        let drawn = self.drawn.clone();
        // Finished even when the browser hangs up: otherwise a browser that asks and hangs up has it drawn each time.
        let task = tokio::spawn(async move {
            let _place = place;
            let make = async {
                drawn.fetch_add(1, Ordering::Relaxed);
                let make = move || make(&drawing.letters, drawing.seed);
                tokio::task::spawn_blocking(make).await.ok().flatten().map(Bytes::from)
            };
            cell.get_or_init(|| make).await.clone()
        });
        task.await.ok().flatten()
    }
}

/// A picture or sound that is ready, or being made; None if that failed.
type Cell = Arc<OnceCell<Option<Bytes>>>;

/// The drawings of one kind that are kept.
struct Drawn {
    most: usize,
    known: HashMap<Drawing, Known>,
    /// The captchas with a cell, the oldest first.
    with_cell: VecDeque<Drawing>,
    /// All captchas in `known`, the oldest first.
    counted: VecDeque<Drawing>,
}

#[derive(Default)]
struct Known {
    cell: Option<Cell>,
    drawn: u8,
}

impl Drawn {
    fn new(most: usize) -> Self {
        Self { most, known: HashMap::new(), with_cell: VecDeque::new(), counted: VecDeque::new() }
    }

    /// The cell of a captcha, a new one if it has none; None when it was drawn too often.
    fn cell(&mut self, drawing: &Drawing) -> Option<Cell> {
        if !self.known.contains_key(drawing) {
            self.counted.push_back(drawing.clone());
        }
        let known = self.known.entry(drawing.clone()).or_default();
        if let Some(cell) = &known.cell {
            return Some(cell.clone());
        }
        if known.drawn >= MOST {
            return None;
        }
        known.drawn += 1;
        let cell = Cell::default();
        known.cell = Some(cell.clone());
        self.with_cell.push_back(drawing.clone());
        self.forget_oldest();
        Some(cell)
    }

    fn forget_oldest(&mut self) {
        if self.with_cell.len() > self.most
            && let Some(oldest) = self.with_cell.pop_front()
            && let Some(known) = self.known.get_mut(&oldest)
        {
            known.cell = None;
        }
        if self.counted.len() > COUNTED
            && let Some(oldest) = self.counted.pop_front()
        {
            self.known.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawing(seed: u64) -> Drawing {
        Drawing { letters: "AHKMX".to_owned(), seed }
    }

    #[tokio::test]
    async fn security_a_captcha_that_lost_its_place_is_drawn_three_times_at_most() {
        let drawings = Drawings::keeping(2, 2);
        for round in 1..=5 {
            let mut found = 0;
            for seed in 0..3 {
                found += u64::from(drawings.picture(drawing(seed)).await.is_some());
            }
            // The last two stay where they are.
            assert_eq!(found, if round <= 3 { 3 } else { 2 }, "round {round}");
        }
        assert_eq!(drawings.count(), 9);
    }

    #[tokio::test]
    async fn security_a_browser_that_hangs_up_does_not_have_a_captcha_drawn_again() {
        let drawings = Drawings::default();
        for _ in 0..20 {
            let asked = drawings.clone();
            let request = tokio::spawn(async move { asked.picture(drawing(1)).await });
            tokio::task::yield_now().await;
            request.abort();
        }
        assert!(drawings.picture(drawing(1)).await.is_some());
        assert_eq!(drawings.count(), 1);
    }

    #[tokio::test]
    async fn security_browsers_that_hang_up_keep_nobody_waiting() {
        let drawings = Drawings::default();
        for seed in 0..400 {
            let asked = drawings.clone();
            let request = tokio::spawn(async move { asked.picture(drawing(seed)).await });
            tokio::task::yield_now().await;
            request.abort();
        }
        assert!(drawings.picture(drawing(1_000)).await.is_some());
        assert!(drawings.count() < 100, "{} were drawn first", drawings.count());
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let mut kept = Drawn::new(3);
        for seed in 0..30_000 {
            assert!(kept.cell(&drawing(seed)).is_some());
        }
        assert_eq!((kept.with_cell.len(), kept.counted.len(), kept.known.len()), (3, COUNTED, COUNTED));
        assert_eq!(kept.known.values().filter(|known| known.cell.is_some()).count(), 3);
    }
}
