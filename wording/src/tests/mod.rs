//! What holds in every language, and what Spanish must say.

mod errors;
mod pseudo;
mod spanish;
