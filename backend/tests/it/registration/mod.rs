//! Registration: N-REG.

mod form;
mod kept;
mod proof;
