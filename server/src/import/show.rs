//! How far it has come, on standard error: a bar on a terminal, else a line now and then.

use std::io::{IsTerminal as _, Write as _};
use std::sync::Arc;
use std::time::Duration;

use backend::import::Progress;
use indicatif::{ProgressBar, ProgressStyle};

use super::wording;

/// Shows it until the task is ended, which its owner does.
pub(super) async fn show(progress: Arc<Progress>, bytes: u64) {
    if !std::io::stderr().is_terminal() {
        return lines(progress, bytes).await;
    }
    let bar = Bar(ProgressBar::new(bytes));
    let style = ProgressStyle::with_template("{bar:30} {percent:>3} % {msg} ({eta})");
    bar.0.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    loop {
        let counts = progress.counts();
        bar.0.set_position(counts.bytes);
        bar.0.set_message(wording::beside_the_bar(counts));
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

async fn lines(progress: Arc<Progress>, bytes: u64) {
    loop {
        tokio::time::sleep(Duration::from_secs(5)).await;
        // Nobody may be listening; that is no reason to stop.
        let _ = writeln!(std::io::stderr(), "{}", wording::so_far(progress.counts(), bytes));
    }
}

/// Leaves the line to what comes after it, also when the task is ended.
struct Bar(ProgressBar);

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
