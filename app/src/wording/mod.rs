//! Every sentence of the screens, in Chilean Spanish (es-CL). Short, respectful, no jargon; each error says what to do
//! next. The labels in “quotes” of docs/requirements.md stand here to the letter.

pub mod live;

#[cfg(feature = "ssr")]
pub mod files;
#[cfg(feature = "ssr")]
pub mod help;
#[cfg(feature = "ssr")]
pub mod kinds;
#[cfg(feature = "ssr")]
pub mod labels;
#[cfg(feature = "ssr")]
pub mod mesa;
#[cfg(feature = "ssr")]
pub mod notices;
