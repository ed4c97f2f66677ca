//! Which letters a sound holds is found by correlation with every clip, as an attacker would find it.

use super::*;

/// The samples of a WAV file.
fn samples(wav: &[u8]) -> Vec<f32> {
    wav[44..].iter().map(|byte| (f32::from(*byte) - 128.0) / 127.0).collect()
}

/// How alike two sounds are, from -1 to 1.
fn likeness(a: &[f32], b: &[f32]) -> f32 {
    let product = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    product(a, b) / (product(a, a) * product(b, b)).sqrt().max(1e-9)
}

/// The letter whose clip is most alike to the sound from `start` on, and how alike.
fn heard(sound: &[f32], start: usize, speed: f32) -> (char, f32) {
    let mut best = ('?', 0.0);
    for letter in ('A'..='Z').chain('0'..='9') {
        for clip in (0..VOICES).filter_map(|voice| clip(letter, voice)) {
            let clip = at_speed(&clip, speed);
            let Some(part) = sound.get(start..start + clip.len()) else { continue };
            let found = likeness(part, &clip);
            if found > best.1 {
                best = (letter, found);
            }
        }
    }
    best
}

#[test]
fn the_sound_holds_the_clips_of_the_letters_in_order() {
    for (answer, seed) in [("ABCDE", 1), ("FHJKL", 2), ("MNPRT", u64::MAX), ("UVWXY", 4), ("Z0 7q", 5)] {
        let sound = samples(&wav(answer, seed));
        let (plan, _) = lay_out(answer, &mut StdRng::seed_from_u64(!seed));
        assert!(plan.windows(2).all(|pair| pair[0].start + pair[0].samples.len() < pair[1].start));
        let mut letters = String::new();
        for spoken in &plan {
            let (letter, alike) = heard(&sound, spoken.start, spoken.speed);
            assert!(alike > 0.6, "{}: {letter} {alike}", spoken.letter);
            letters.push(letter);
        }
        assert_eq!(letters, answer.replace(' ', "").to_uppercase());
    }
}

#[test]
fn sounds_depend_only_on_seed_and_answer_and_are_short() {
    let sound = wav("AHKMX", 7);
    assert_eq!(wav("AHKMX", 7), sound);
    assert_ne!(wav("AHKMX", 8), sound);
    assert_ne!(wav("AHKMY", 7), sound);
    for seed in 0..8 {
        let length = wav("WWYYW", seed).len();
        assert!((4 * RATE..16 * RATE).contains(&length), "{length}");
    }
}

#[test]
fn the_file_is_a_whole_wav_of_eight_bits() {
    let wav = wav("AB", 3);
    assert_eq!(
        (&wav[..4], &wav[8..16], &wav[36..40]),
        (b"RIFF".as_slice(), b"WAVEfmt ".as_slice(), b"data".as_slice())
    );
    let number = |at: usize| u32::from_le_bytes(wav[at..at + 4].try_into().unwrap()) as usize;
    assert_eq!((number(4), number(24), number(40)), (wav.len() - 8, RATE, wav.len() - 44));
    // Loud enough, and clipped almost nowhere.
    let cut = wav[44..].iter().filter(|byte| matches!(byte, 0 | 255)).count();
    assert!(cut * 200 < wav.len(), "{cut} of {}", wav.len());
}
