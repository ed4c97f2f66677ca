//! Versions and ranges of them, as semver.org and cargo have them.

/// A version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version {
    numbers: [u64; 3],
    /// Whether nothing is behind a dash: such a version comes after those with something.
    release: bool,
    before: Vec<Identifier>,
}

/// A part of what is behind the dash. Numbers come before words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Identifier {
    Number(u64),
    Word(String),
}

impl Version {
    /// Reads a whole version; what is behind a plus does not count.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (version, parts) = Self::partial(text)?;
        (parts == 3).then_some(version)
    }

    /// Reads a version of one to three numbers, and how many there are.
    fn partial(text: &str) -> Option<(Self, usize)> {
        let text = text.split('+').next().unwrap_or_default();
        let (numbers, before) = text.split_once('-').unwrap_or((text, ""));
        let read: Vec<u64> = numbers.split('.').map(|number| number.parse().ok()).collect::<Option<_>>()?;
        let mut all = [0; 3];
        all.get_mut(..read.len())?.copy_from_slice(&read);
        let words = before.split('.').filter(|word| !word.is_empty());
        let before: Vec<_> = words
            .map(|word| word.parse().map_or_else(|_| Identifier::Word(word.to_owned()), Identifier::Number))
            .collect();
        Some((Self { numbers: all, release: before.is_empty(), before }, read.len()))
    }

    /// The first version behind all that begin with so many of its numbers.
    fn behind(&self, parts: usize) -> Self {
        let mut numbers = [0; 3];
        for (place, number) in numbers.iter_mut().enumerate().take(parts) {
            *number = self.numbers[place] + u64::from(place + 1 == parts);
        }
        // The lowest of them: before its own release candidates.
        Self { numbers, release: false, before: Vec::new() }
    }
}

/// A range: all of its bounds hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Requirement(Vec<Bound>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Bound {
    From(Version),
    Below(Version),
}

impl Requirement {
    /// Reads `>= 1.2.3, < 2`, `^0.3.26`, `= 1.0.0`, `~1.2` or `1.2.3`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut bounds = Vec::new();
        for part in text.split(',') {
            let part = part.trim();
            let at = part.find(|c: char| c.is_ascii_digit())?;
            let (version, parts) = Version::partial(part.get(at..)?.trim())?;
            let next = || version.behind(parts);
            match part.get(..at)?.trim() {
                ">=" => bounds.push(Bound::From(version)),
                "<" => bounds.push(Bound::Below(version)),
                ">" if parts == 3 => bounds.push(Bound::From(just_behind(version))),
                ">" => bounds.push(Bound::From(next())),
                "<=" | "=" if parts < 3 => {
                    let below = Bound::Below(next());
                    bounds.extend(
                        part.starts_with('=').then_some(Bound::From(version)).into_iter().chain([below]),
                    );
                }
                "<=" => bounds.push(Bound::Below(just_behind(version))),
                "=" => bounds.extend([Bound::From(version.clone()), Bound::Below(just_behind(version))]),
                "~" => bounds.extend([Bound::Below(version.behind(parts.min(2))), Bound::From(version)]),
                "^" | "" => {
                    // Up to the first number that is not 0.
                    let fixed = version
                        .numbers
                        .iter()
                        .take(parts)
                        .position(|number| *number > 0)
                        .map_or(parts, |at| at + 1);
                    bounds.extend([Bound::Below(version.behind(fixed)), Bound::From(version)]);
                }
                _ => return None,
            }
        }
        Some(Self(bounds))
    }

    /// Whether a version is within.
    pub(super) fn holds(&self, version: &Version) -> bool {
        self.0.iter().all(|bound| match bound {
            Bound::From(first) => version >= first,
            Bound::Below(first) => version < first,
        })
    }
}

/// The first version behind a whole one.
fn just_behind(mut version: Version) -> Version {
    if version.release {
        version.numbers[2] += 1;
        version.release = false;
    } else {
        version.before.push(Identifier::Number(0));
    }
    version
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_as_semver_has_it() {
        let sorted = [
            "0.9.10",
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0",
            "1.2.0",
            "1.10.0",
        ];
        for pair in sorted.windows(2) {
            let [one, other] = [pair[0], pair[1]].map(|text| Version::parse(text).unwrap());
            assert!(one < other, "{pair:?}");
        }
        assert_eq!(Version::parse("0.9.12+spec-1.1.0"), Version::parse("0.9.12"));
        for bad in ["1", "1.2", "1.2.3.4", "a.b.c", ""] {
            assert_eq!(Version::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn ranges_hold_what_they_say() {
        for (range, within, without) in [
            (">= 1.2.3", &["1.2.3", "2.0.0"][..], &["1.2.2", "1.2.3-rc.1"][..]),
            ("< 2", &["1.99.0"], &["2.0.0", "2.0.1"]),
            (">= 0.23, < 0.23.13", &["0.23.0", "0.23.12"], &["0.22.9", "0.23.13"]),
            ("<= 0.22", &["0.22.9", "0.1.0"], &["0.23.0"]),
            ("> 1.0.1", &["1.0.2"], &["1.0.1"]),
            ("> 1.0", &["1.1.0"], &["1.0.9"]),
            ("=1.2.3", &["1.2.3"], &["1.2.4", "1.2.2"]),
            ("^0.3.26", &["0.3.26", "0.3.99"], &["0.3.25", "0.4.0"]),
            ("^1.2", &["1.2.0", "1.9.9"], &["1.1.9", "2.0.0"]),
            ("~1.2.3", &["1.2.9"], &["1.3.0", "1.2.2"]),
            ("0.5", &["0.5.7"], &["0.6.0"]),
            (">= 0.103.13, < 0.104.0-alpha.1", &["0.103.13", "0.103.99"], &["0.104.0-alpha.1", "0.104.0"]),
        ] {
            let read = Requirement::parse(range).unwrap();
            let holds = |text: &&&str| read.holds(&Version::parse(text).unwrap());
            assert!(within.iter().all(|text| holds(&text)), "{range}");
            assert!(!without.iter().any(|text| holds(&text)), "{range}");
        }
        assert_eq!(Requirement::parse("about 1"), None);
    }
}
