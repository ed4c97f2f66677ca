//! The clock, behind a trait so that tests can replace it.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970-01-01 UTC.
pub type Millis = i64;

/// One second.
pub const SECOND: Millis = 1_000;
/// One minute.
pub const MINUTE: Millis = 60 * SECOND;
/// One hour.
pub const HOUR: Millis = 60 * MINUTE;
/// One day of 24 hours.
pub const DAY: Millis = 24 * HOUR;

/// The local time in continental Chile, in winter and summer: the zone that SENCE's screens show.
fn in_chile(at: Millis) -> jiff::Zoned {
    static CHILE: jiff::tz::TimeZone = jiff::tz::get!("America/Santiago");
    jiff::Timestamp::from_millisecond(at).unwrap_or(jiff::Timestamp::MAX).to_zoned(CHILE.clone())
}

/// Date and time in Chile as people there write it, `28-05-2019 10:47` (guide 003).
#[must_use]
pub fn chilean_time(at: Millis) -> String {
    in_chile(at).strftime("%d-%m-%Y %H:%M").to_string()
}

/// The date in Chile.
#[must_use]
pub fn chilean_day(at: Millis) -> domain::birth::Date {
    in_chile(at).date()
}

/// Date and time in Chile.
pub(crate) fn chilean_date_time(at: Millis) -> jiff::civil::DateTime {
    in_chile(at).datetime()
}

/// When a day begins in Chile.
pub(crate) fn chilean_midnight(day: domain::birth::Date) -> Millis {
    static CHILE: jiff::tz::TimeZone = jiff::tz::get!("America/Santiago");
    day.to_zoned(CHILE.clone()).map_or(Millis::MAX, |at| at.timestamp().as_millisecond())
}

/// A source of the current time.
pub trait Clock: Send + Sync {
    /// Now, in milliseconds since 1970 (UTC).
    fn now(&self) -> Millis;
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Millis {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Millis::try_from(since.as_millis()).unwrap_or(Millis::MAX)
    }
}

/// The clock of the machine plus an offset, for tests of what happens after minutes and days.
#[derive(Debug, Default)]
pub struct MovableClock {
    ahead: AtomicI64,
}

impl MovableClock {
    /// Moves the clock ahead by `by` milliseconds.
    pub fn advance(&self, by: Millis) {
        self.ahead.fetch_add(by, Ordering::SeqCst);
    }
}

impl Clock for MovableClock {
    fn now(&self) -> Millis {
        SystemClock.now() + self.ahead.load(Ordering::SeqCst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn v_ttl_times_are_chilean_in_winter_and_summer() {
        let at = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_millisecond();
        assert_eq!(chilean_time(at("2019-05-28T14:47:00Z")), "28-05-2019 10:47");
        assert_eq!(chilean_time(at("2026-11-21T15:00:59Z")), "21-11-2026 12:00");
        assert_eq!(chilean_day(at("2026-11-21T02:59:00Z")).to_string(), "2026-11-20");
    }
}
