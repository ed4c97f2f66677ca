//! Persona migrante: M-REG, M-REC, M-CHG.

mod foreign_documents;
mod nie;
mod recovery;
mod registration;
