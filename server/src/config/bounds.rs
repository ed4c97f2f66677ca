//! How many connections there may be. The time limits are constants.

use super::{ConfigError, Raw, parsed};
use crate::edge::Bounds;

/// Reads `connections` and `connections_per_address`.
pub(super) fn bounds(raw: &Raw) -> Result<Bounds, ConfigError> {
    let defaults = Bounds::default();
    let number = |key, default| -> Result<usize, ConfigError> {
        let number = parsed(raw, key, "must be a number")?.unwrap_or(default);
        if number < 1 { Err(ConfigError::Value(key, "must be at least 1")) } else { Ok(number) }
    };
    Ok(Bounds {
        connections: number("connections", defaults.connections)?,
        per_address: number("connections_per_address", defaults.per_address)?,
        ..defaults
    })
}
