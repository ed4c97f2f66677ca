//! Update of data: N-UPD, V-UPD.

mod birth_date;
mod birth_date_proofs;
mod forgotten_answer;
mod form;
mod proofs;
mod repeated;
mod steps;
