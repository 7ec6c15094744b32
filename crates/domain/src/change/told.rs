//! What readers are told of a change.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::id::CategoryId;

/// What readers are told of a change that what it leaves behind does not say any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Whether readers see it: not of names that they knew neither before nor know now, nor of pins of what is not live.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub seen: bool,
    /// The name in addresses that it has by the change: a slug, of a category the path of slugs. Editions say theirs in
    /// [`Touched`](super::Touched), and redirects are one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The name in addresses that it had before and has no longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// Of categories, those that were above it and those that are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub above: Vec<CategoryId>,
    /// Of acts, the day that has come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
}

impl Default for Told {
    fn default() -> Self {
        Self { seen: true, name: None, before: None, above: Vec::new(), day: None }
    }
}

impl Told {
    /// Of something that had one name in addresses, if it was there, and has another, if it is.
    #[must_use]
    pub fn named(before: Option<&str>, now: Option<&str>) -> Self {
        let before = before.filter(|before| now != Some(*before)).map(str::to_owned);
        Self { name: now.map(str::to_owned), before, ..Self::default() }
    }

    /// The same of something that readers see, or do not.
    #[must_use]
    pub fn if_seen(self, seen: bool) -> Self {
        Self { seen, ..self }
    }
}

const fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
const fn is_true(seen: &bool) -> bool {
    *seen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_it_had_and_has_no_longer_is_told_of_before() {
        let before = |before, now| Told::named(before, now).before;
        assert_eq!(before(Some("a"), Some("b")).as_deref(), Some("a"));
        assert_eq!(before(Some("a"), None).as_deref(), Some("a"));
        assert_eq!(before(Some("a"), Some("a")), None);
        assert_eq!(before(None, Some("b")), None);
    }

    #[test]
    fn what_is_usual_is_not_written_down() {
        assert_eq!(serde_json::to_string(&Told::default()).unwrap(), "{}");
        assert_eq!(serde_json::from_str::<Told>("{}").unwrap(), Told::default());
        let all = Told {
            seen: false,
            name: Some("a".to_owned()),
            before: Some("b".to_owned()),
            above: vec![CategoryId::generate()],
            day: Some(jiff::civil::date(2026, 11, 29)),
        };
        assert_eq!(serde_json::from_str::<Told>(&serde_json::to_string(&all).unwrap()).unwrap(), all);
    }
}
