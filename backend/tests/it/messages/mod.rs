//! The outbox and its courier: R-MAIL, R-SMS.

mod delivery;
mod outbox;
mod retention;
