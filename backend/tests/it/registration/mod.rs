//! Registration: N-REG.

mod form;
mod kept;
mod mail_code;
mod proof;
