//! Persona migrante: M-REG, M-REC, M-CHG.

mod nie;
mod recovery;
mod registration;
