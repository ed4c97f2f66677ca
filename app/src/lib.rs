//! The screens of Clave SENCE.
//!
//! Each flow has a folder named like its URL: `/recuperar/natural/documento` is `recuperar/documento.rs`. There a page shows the
//! step, and a server function (a form-encoded POST) moves the flow on and redirects to the page of the next step. All
//! of it works without script; [`islands`] and the exchange of pages in the crate `frontend` only add comfort
//! (docs/decisions/0008).
//!
//! Sentences are in the crate `wording`, markup that recurs in [`ui`], cookies, redirects and rendering in [`web`].

pub mod islands;

#[cfg(feature = "ssr")]
pub mod actualizar;
#[cfg(feature = "ssr")]
pub mod asistencia;
#[cfg(feature = "ssr")]
pub mod cambiar;
#[cfg(feature = "ssr")]
pub mod captcha;
#[cfg(feature = "ssr")]
pub mod correo;
#[cfg(feature = "ssr")]
pub mod cuenta;
#[cfg(feature = "ssr")]
pub mod demo;
#[cfg(feature = "ssr")]
pub mod errand;
#[cfg(feature = "ssr")]
pub mod facilitador;
#[cfg(all(feature = "ssr", any(test, feature = "fuzzing")))]
pub mod fuzzing;
#[cfg(feature = "ssr")]
pub mod ingresar;
#[cfg(feature = "ssr")]
pub mod inicio;
#[cfg(feature = "ssr")]
pub mod mesa;
#[cfg(feature = "ssr")]
mod named;
#[cfg(feature = "ssr")]
pub mod openid;
#[cfg(feature = "ssr")]
pub mod recuperar;
#[cfg(feature = "ssr")]
pub mod registrar;
#[cfg(feature = "ssr")]
pub mod routes;
#[cfg(feature = "ssr")]
pub mod salir;
#[cfg(feature = "ssr")]
pub mod terminar;
#[cfg(feature = "ssr")]
mod topics;
#[cfg(feature = "ssr")]
pub mod ui;
#[cfg(feature = "ssr")]
pub mod web;
#[cfg(feature = "ssr")]
pub mod words;
