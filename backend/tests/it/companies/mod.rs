//! Persona jurídica: J-REG, J-REC, J-CHG.

mod recovery;
mod registration;
mod representative;
