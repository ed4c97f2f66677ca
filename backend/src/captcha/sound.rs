//! Speaks the letters, for people who cannot see the picture: each as a word (“efe, de Felipe”), by varying voices, at varying
//! speeds and distances, over noise and other speech played backwards. The same seed gives the same sound.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::LETTERS;
use super::clips::{RATE, VOICES, clip};

/// A letter in the sound: which clip, how fast, and from which sample on.
struct Spoken {
    #[cfg(test)]
    letter: char,
    samples: Vec<f32>,
    start: usize,
    #[cfg(test)]
    speed: f32,
}

/// The letters of `answer` as WAV: one channel, 8,000 samples a second, 8 bits each. Signs that are neither letters nor digits
/// are left out.
#[must_use]
pub fn wav(answer: &str, seed: u64) -> Vec<u8> {
    // Not the numbers that the picture is drawn from.
    let mut random = StdRng::seed_from_u64(!seed);
    let (spoken, length) = lay_out(answer, &mut random);
    file(&mix(&spoken, length, &mut random))
}

/// Gives each letter its voice, speed and time; and the length of all, in samples.
fn lay_out(answer: &str, random: &mut StdRng) -> (Vec<Spoken>, usize) {
    let mut start = RATE / 2;
    let mut spoken = Vec::new();
    for letter in answer.chars() {
        let voice = random.random_range(0..VOICES);
        let speed = random.random_range(0.86..1.12);
        let Some(samples) = clip(letter, voice).or_else(|| clip(letter, 0)) else { continue };
        let samples = at_speed(&samples, speed);
        let length = samples.len();
        spoken.push(Spoken {
            #[cfg(test)]
            letter,
            samples,
            start,
            #[cfg(test)]
            speed,
        });
        start += length + random.random_range(RATE / 3..RATE);
    }
    (spoken, start)
}

/// The letters, over noise and over random letters played backwards.
fn mix(spoken: &[Spoken], length: usize, random: &mut StdRng) -> Vec<f32> {
    let (mut sound, mut low) = (Vec::with_capacity(length), 0.0);
    for _ in 0..length {
        // Noise that is stronger in the low notes, like speech.
        low = 0.75 * low + random.random_range(-0.05..0.05_f32);
        sound.push(low);
    }
    let mut start = 0;
    while start < length {
        let letter = LETTERS.get(random.random_range(0..LETTERS.len())).copied().map_or('A', char::from);
        let mut samples = clip(letter, random.random_range(0..VOICES)).unwrap_or_default();
        samples.reverse();
        let samples = at_speed(&samples, random.random_range(0.7..1.3));
        add(&mut sound, start, &samples, random.random_range(0.12..0.24));
        start += RATE / 3 + random.random_range(0..RATE / 2);
    }
    for Spoken { samples, start, .. } in spoken {
        add(&mut sound, *start, samples, random.random_range(0.75..1.1));
    }
    sound
}

/// Adds `samples` from `start` on, as far as there is sound.
fn add(sound: &mut [f32], start: usize, samples: &[f32], volume: f32) {
    for (at, sample) in sound.iter_mut().skip(start).zip(samples) {
        *at += sample * volume;
    }
}

/// The same at another speed, and so at another pitch, by straight lines between the samples.
fn at_speed(samples: &[f32], speed: f32) -> Vec<f32> {
    let length = (samples.len() as f32 / speed) as usize;
    let at = |index: usize| samples.get(index).copied().unwrap_or(0.0);
    (0..length)
        .map(|index| {
            let place = index as f32 * speed;
            let (whole, part) = (place as usize, place.fract());
            at(whole) * (1.0 - part) + at(whole + 1) * part
        })
        .collect()
}

/// A WAV file of these samples; what is louder than 1 is cut off.
fn file(sound: &[f32]) -> Vec<u8> {
    let bytes = |number: usize| u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes();
    let mut wav = Vec::with_capacity(44 + sound.len());
    wav.extend_from_slice(b"RIFF");
    wav.extend_from_slice(&bytes(36 + sound.len()));
    wav.extend_from_slice(b"WAVEfmt ");
    wav.extend_from_slice(&bytes(16));
    // PCM, one channel.
    wav.extend_from_slice(&[1, 0, 1, 0]);
    wav.extend_from_slice(&bytes(RATE));
    wav.extend_from_slice(&bytes(RATE));
    // One byte for a moment, eight bits for a sample.
    wav.extend_from_slice(&[1, 0, 8, 0]);
    wav.extend_from_slice(b"data");
    wav.extend_from_slice(&bytes(sound.len()));
    wav.extend(sound.iter().map(|sample| (128.0 + sample * 127.0).clamp(0.0, 255.0) as u8));
    wav
}

#[cfg(test)]
#[path = "sound_tests.rs"]
mod tests;
