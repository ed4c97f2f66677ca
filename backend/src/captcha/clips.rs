//! The spoken letters: made once by `xtask/clips/make.py`, which describes the file.

/// All clips, one after the other.
static CLIPS: &[u8] = include_bytes!("../../data/sounds/letters.bin");
/// Samples of a clip in a second.
pub(super) const RATE: usize = 8000;
/// How many voices there are; the last ones know only the letters of random captchas.
pub(super) const VOICES: u8 = 2;

/// The samples of a letter or digit in this voice; None if the voice does not know it.
pub(super) fn clip(letter: char, voice: u8) -> Option<Vec<f32>> {
    let letter = u8::try_from(letter.to_ascii_uppercase()).ok()?;
    let mut rest = CLIPS;
    while let Some((&[of, by, high, low], tail)) = rest.split_first_chunk::<4>() {
        let count = usize::from(u16::from_be_bytes([high, low]));
        let (packed, after) = tail.split_at_checked(count.div_ceil(2))?;
        if (of, by) == (letter, voice) {
            return Some(unpack(packed, count));
        }
        rest = after;
    }
    None
}

/// Decodes IMA ADPCM that begins with predictor 0 and index 0.
fn unpack(packed: &[u8], count: usize) -> Vec<f32> {
    let (mut sample, mut index) = (0_i32, 0_usize);
    let halves = packed.iter().flat_map(|byte| [byte & 15, byte >> 4]).take(count);
    let decode = |code: u8| {
        let step = STEPS.get(index).copied().map_or(0, i32::from);
        let parts = [(4, step), (2, step >> 1), (1, step >> 2)];
        let change: i32 =
            (step >> 3) + parts.iter().filter(|(bit, _)| code & bit != 0).map(|(_, part)| part).sum::<i32>();
        let moved = if code & 8 == 0 { sample + change } else { sample - change };
        sample = moved.clamp(i32::from(i16::MIN), i32::from(i16::MAX));
        index = match code & 7 {
            0..=3 => index.saturating_sub(1),
            more => (index + 2 * usize::from(more) - 6).min(STEPS.len() - 1),
        };
        sample as f32 / 32_768.0
    };
    halves.map(decode).collect()
}

/// The widths of a step of IMA ADPCM.
static STEPS: [u16; 89] = [
    7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88,
    97, 107, 118, 130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658,
    724, 796, 876, 963, 1060, 1166, 1282, 1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660,
    4026, 4428, 4871, 5358, 5894, 6484, 7132, 7845, 8630, 9493, 10_442, 11_487, 12_635, 13_899, 15_289,
    16_818, 18_500, 20_350, 22_385, 24_623, 27_086, 29_794, 32_767,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_and_digit_has_a_clip_of_about_a_second() {
        for letter in ('A'..='Z').chain('0'..='9') {
            let clip = clip(letter, 0).unwrap_or_else(|| panic!("{letter}"));
            assert!((RATE / 4..RATE * 2).contains(&clip.len()), "{letter}: {}", clip.len());
            assert_eq!(clip, super::clip(letter.to_ascii_lowercase(), 0).unwrap());
        }
        for letter in super::super::LETTERS {
            assert!((0..VOICES).all(|voice| clip(char::from(*letter), voice).is_some()));
        }
        assert!(clip('Ñ', 0).is_none());
        assert!(clip('*', 0).is_none());
    }

    #[test]
    fn clips_are_equally_loud_and_not_cut_off() {
        for letter in 'A'..='Z' {
            let clip = clip(letter, 0).unwrap();
            let power = (clip.iter().map(|s| s * s).sum::<f32>() / clip.len() as f32).sqrt();
            assert!((0.08..0.2).contains(&power), "{letter}: {power}");
        }
    }
}
