//! Registration: N-REG.

mod form;
mod mail_code;
mod proof;
