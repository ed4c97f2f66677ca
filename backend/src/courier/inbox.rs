//! The demo's local inbox: each message is a file in a folder, shown by the page `/demo/bandeja`. Never in production.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::SendError;
use crate::message::{Message, Recipient};

/// A folder of messages.
#[derive(Debug, Clone)]
pub struct Inbox {
    folder: PathBuf,
}

/// A message as the inbox shows it.
#[derive(Clone, Serialize, Deserialize)]
pub struct DemoMessage {
    /// Milliseconds since 1970 (UTC) when it arrived.
    pub at: i64,
    /// Mail address, or mobile.
    pub to: String,
    /// Whether it is an SMS.
    pub sms: bool,
    /// Subject of a mail.
    pub subject: String,
    /// The text.
    pub text: String,
}

impl Inbox {
    /// The inbox in this folder, which is created with the first message.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Writes a message to the folder. The same message again replaces the first.
    pub(super) async fn keep(&self, id: i64, message: &Message) -> Result<(), SendError> {
        let failed = |_| SendError::later("the local inbox cannot be written");
        let (to, sms) = match &message.to {
            Recipient::Mail(email) => (email.as_str(), false),
            Recipient::Sms(mobile) => (mobile.as_str(), true),
        };
        let letter = DemoMessage {
            at: crate::clock::Clock::now(&crate::clock::SystemClock),
            to: to.to_owned(),
            sms,
            subject: message.subject.clone(),
            text: message.text.clone(),
        };
        let bytes =
            serde_json::to_vec(&letter).map_err(|_| SendError::never("the message cannot be written"))?;
        tokio::fs::create_dir_all(&self.folder).await.map_err(failed)?;
        let path = self.folder.join(format!("{id:016x}.json"));
        let draft = path.with_extension("part");
        tokio::fs::write(&draft, bytes).await.map_err(failed)?;
        tokio::fs::rename(&draft, &path).await.map_err(failed)
    }

    /// The newest messages, at most `most`, newest first.
    pub async fn newest(&self, most: usize) -> Vec<DemoMessage> {
        let folder = self.folder.clone();
        let read = tokio::task::spawn_blocking(move || {
            let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
            let mut letters: Vec<DemoMessage> = files
                .filter(|file| file.path().extension().is_some_and(|e| e == "json"))
                .filter_map(|file| serde_json::from_slice(&std::fs::read(file.path()).ok()?).ok())
                .collect();
            letters.sort_by_key(|letter| std::cmp::Reverse(letter.at));
            letters.truncate(most);
            letters
        });
        read.await.unwrap_or_default()
    }
}
