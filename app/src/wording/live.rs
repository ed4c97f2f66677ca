//! What the islands say while somebody types. Also compiled into the browser's part, so kept small.

/// A RUT that is right.
pub const RUT_RIGHT: &str = "✓ RUT válido";
/// A RUT whose check digit does not fit.
pub const RUT_CHECK_DIGIT: &str = "El número y el dígito después del guion no calzan. Revíselos.";
/// A serial of the right form.
pub const SERIAL_RIGHT: &str = "✓ Tiene el largo correcto";
/// A mail address of the right form.
pub const EMAIL_RIGHT: &str = "✓ Correo bien escrito";
/// A mobile of the right form.
pub const MOBILE_RIGHT: &str = "✓ Celular válido";
/// A key of the right length.
pub const KEY_RIGHT: &str = "✓ Largo correcto";
/// A key that is too long.
pub const KEY_LONG: &str = "Tiene más de 10 caracteres. Acórtela.";
/// The second key is the first.
pub const KEYS_SAME: &str = "✓ Las dos claves son iguales";
/// The second key is not the first.
pub const KEYS_DIFFER: &str = "Todavía no es igual a la clave de arriba.";
/// Button that shows what is typed into the key fields.
pub const SHOW_KEYS: &str = "Ver lo que escribo";
/// Button that hides it again.
pub const HIDE_KEYS: &str = "Ocultar";

/// How many characters are missing from a key.
#[must_use]
pub fn key_short(missing: usize) -> String {
    if missing == 1 { "Falta 1 carácter".to_owned() } else { format!("Faltan {missing} caracteres") }
}
