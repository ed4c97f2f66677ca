//! Time, as something that can be handed in.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970-01-01 UTC.
pub type Millis = i64;

/// One second.
pub const SECOND: Millis = 1_000;
/// One minute.
pub const MINUTE: Millis = 60 * SECOND;
/// One hour.
pub const HOUR: Millis = 60 * MINUTE;
/// One day of 24 hours.
pub const DAY: Millis = 24 * HOUR;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now, in milliseconds since 1970 (UTC).
    fn now(&self) -> Millis;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Millis {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Millis::try_from(since.as_millis()).unwrap_or(Millis::MAX)
    }
}

/// The machine's clock, moved by hand: for tests of what happens after minutes and days.
#[derive(Debug, Default)]
pub struct MovableClock {
    ahead: AtomicI64,
}

impl MovableClock {
    /// Moves the clock ahead by so many milliseconds.
    pub fn advance(&self, by: Millis) {
        self.ahead.fetch_add(by, Ordering::SeqCst);
    }
}

impl Clock for MovableClock {
    fn now(&self) -> Millis {
        SystemClock.now() + self.ahead.load(Ordering::SeqCst)
    }
}
