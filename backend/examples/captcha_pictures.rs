//! Draws captchas for the attack of docs/decisions/0015, and for people to look at: COUNT pictures with random letters into
//! FOLDER, as `NUMBER-LETTERS.png`. Also prints how long a picture takes and how large it is.
//!
//!     cargo run -p backend --example captcha_pictures -- FOLDER COUNT

use std::io::Write as _;
use std::path::PathBuf;
use std::time::Instant;

use rand::Rng as _;

/// The letters of a captcha (`backend::captcha`).
const LETTERS: &[u8] = b"ACDEFHKLMNPRTUWXY";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("name a folder")?);
    let count: usize = arguments.next().and_then(|count| count.to_str()?.parse().ok()).unwrap_or(5000);
    std::fs::create_dir_all(&folder)?;
    let mut random = rand::rng();
    let (mut bytes, begin) = (0, Instant::now());
    for number in 0..count {
        let letters: String = (0..5)
            .filter_map(|_| LETTERS.get(random.random_range(0..LETTERS.len())).copied().map(char::from))
            .collect();
        let picture = backend::captcha::png(&letters, random.random()).ok_or("no picture")?;
        bytes += picture.len();
        std::fs::write(folder.join(format!("{number:05}-{letters}.png")), picture)?;
    }
    let each = begin.elapsed().as_secs_f64() * 1000.0 / count.max(1) as f64;
    writeln!(std::io::stdout(), "{count} pictures, {each:.1} ms and {} bytes each", bytes / count.max(1))?;
    Ok(())
}
