//! Registration: N-REG.

mod form;
mod proof;
