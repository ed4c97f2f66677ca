//! Random changes of inputs, the same in every run.

/// Pieces that parsers stumble over: separators, ends of lines, quotes, bounds of numbers, letters that fold or are not seen.
const PIECES: &[&str] = &[
    "\r\n",
    "\n",
    "\0",
    "\t",
    " ",
    "\"",
    "\"\"",
    "'",
    ",",
    ";",
    ":",
    "=",
    "&",
    "%",
    "%00",
    "+",
    "-",
    ".",
    "@",
    "<",
    ">",
    "/",
    "\\",
    "{",
    "}",
    "[",
    "]",
    "--",
    "0",
    "9",
    "K",
    "k",
    "-1",
    "00",
    "127",
    "255",
    "65536",
    "4294967295",
    "18446744073709551616",
    "ñ",
    "Ñ",
    "İ",
    "ß",
    "\u{301}",
    "\u{200b}",
    "\u{202e}",
    "\u{feff}",
    "\u{1f600}",
    "é",
    "１",
    "null",
    "true",
    "\u{85}",
    "\u{2028}",
];

/// Longest input.
const LONGEST: usize = 4 * 1024;

/// Draws inputs from seeds.
pub(crate) struct Mutator {
    state: u64,
    seeds: Vec<Vec<u8>>,
}

impl Mutator {
    /// A mutator that draws the same inputs whenever the name and the seeds are the same.
    pub(crate) fn new(name: &str, seeds: Vec<Vec<u8>>) -> Self {
        // FNV-1a.
        let state = name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self { state, seeds }
    }

    /// The next input: a seed, changed one to eight times.
    pub(crate) fn next(&mut self) -> Vec<u8> {
        let mut input = self.seed();
        for _ in 0..=self.below(8) {
            self.change(&mut input);
        }
        input.truncate(LONGEST.max(self.longest_seed()));
        input
    }

    fn longest_seed(&self) -> usize {
        self.seeds.iter().map(Vec::len).max().unwrap_or_default()
    }

    fn seed(&mut self) -> Vec<u8> {
        let place = self.below(self.seeds.len());
        self.seeds.get(place).cloned().unwrap_or_default()
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let at = self.below(input.len() + 1);
        let end = input.len().min(at + self.below(16));
        match self.below(8) {
            0 | 1 => {
                let piece = PIECES.get(self.below(PIECES.len())).copied().unwrap_or_default();
                drop(input.splice(at..at, piece.bytes()));
            }
            2 => {
                let byte = self.byte();
                input.insert(at, byte);
            }
            3 => {
                let byte = self.byte();
                if let Some(place) = input.get_mut(at) {
                    *place = byte;
                }
            }
            4 => {
                let bit = self.below(8);
                if let Some(place) = input.get_mut(at) {
                    *place ^= 1 << bit;
                }
            }
            5 => drop(input.drain(at..end)),
            6 => {
                let again: Vec<u8> = input.get(at..end).unwrap_or_default().repeat(1 + self.below(40));
                drop(input.splice(at..at, again));
            }
            _ => {
                // The start of this one and the end of another.
                let other = self.seed();
                let from = self.below(other.len() + 1);
                input.truncate(at);
                input.extend_from_slice(other.get(from..).unwrap_or_default());
            }
        }
    }

    fn byte(&mut self) -> u8 {
        self.random().to_le_bytes()[0]
    }

    /// A number below `most`, or 0.
    fn below(&mut self, most: usize) -> usize {
        let random = self.random();
        usize::try_from(random % (most as u64).max(1)).unwrap_or_default()
    }

    /// SplitMix64.
    fn random(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_name_draws_the_same_inputs() {
        let inputs = |name| {
            let mut mutator = Mutator::new(name, vec![b"12.345.678-5".to_vec(), Vec::new()]);
            (0..200).map(|_| mutator.next()).collect::<Vec<_>>()
        };
        assert_eq!(inputs("rut"), inputs("rut"));
        assert_ne!(inputs("rut"), inputs("nie"));
        let different: std::collections::HashSet<_> = inputs("rut").into_iter().collect();
        assert!(different.len() > 150, "{}", different.len());
    }
}
