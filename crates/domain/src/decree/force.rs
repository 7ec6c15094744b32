//! When an act is in force. Never stored by hand: it follows from the act's own dates and from what other
//! acts do to it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::RelationKind;

/// Whether an act is in force on a given day (schema.org `legislationLegalForce`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LegalStatus {
    /// No part of it is in force yet.
    NotYetInForce,
    /// All of it is in force.
    InForce,
    /// A part of it is not in force yet, or no longer.
    PartiallyInForce,
    /// It is no longer in force.
    Repealed,
}

/// What another act does to this one, from a day on. Amendments, corrections and citations leave an act
/// in force, so only repeals and commencements count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effect {
    /// What the other act does.
    pub kind: RelationKind,
    /// From which day; none when the other act is not in force at any known date.
    pub on: Option<Date>,
    /// Whether only to a part.
    pub partial: bool,
}

/// The days on which an act's status changes. Each is the first day of the new state; none means never.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Force {
    /// The first part comes into force.
    pub partly_from: Option<Date>,
    /// All of it is in force.
    pub from: Option<Date>,
    /// The first part is repealed.
    pub partly_until: Option<Date>,
    /// All of it is repealed.
    pub until: Option<Date>,
}

impl Force {
    /// Derives the days from an act's own dates and the effects of others on it.
    #[must_use]
    pub fn derive(effective_on: Option<Date>, repealed_on: Option<Date>, effects: &[Effect]) -> Self {
        let first = |kind, partial| {
            effects
                .iter()
                .filter(|effect| effect.kind == kind && effect.partial == partial)
                .filter_map(|effect| effect.on)
                .min()
        };
        let until = earlier(repealed_on, first(RelationKind::Repeals, false));
        // What would begin once all is repealed never does.
        let begins = |day: Option<Date>| day.filter(|day| until.is_none_or(|until| *day < until));
        Self {
            partly_from: begins(first(RelationKind::Commences, true)),
            from: begins(earlier(effective_on, first(RelationKind::Commences, false))),
            partly_until: first(RelationKind::Repeals, true),
            until,
        }
    }

    /// The status on a day.
    #[must_use]
    pub fn status(&self, on: Date) -> LegalStatus {
        let reached = |day: Option<Date>| day.is_some_and(|day| day <= on);
        if reached(self.until) {
            LegalStatus::Repealed
        } else if reached(self.from) {
            if reached(self.partly_until) { LegalStatus::PartiallyInForce } else { LegalStatus::InForce }
        } else if reached(self.partly_from) {
            LegalStatus::PartiallyInForce
        } else {
            LegalStatus::NotYetInForce
        }
    }
}

fn earlier(a: Option<Date>, b: Option<Date>) -> Option<Date> {
    a.into_iter().chain(b).min()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn effect(kind: RelationKind, year: i16, partial: bool) -> Effect {
        Effect { kind, on: Some(date(year, 1, 1)), partial }
    }

    #[test]
    fn an_act_is_in_force_between_its_own_dates() {
        let force = Force::derive(Some(date(2021, 3, 1)), Some(date(2023, 1, 1)), &[]);
        assert_eq!(force.status(date(2021, 2, 28)), LegalStatus::NotYetInForce);
        assert_eq!(force.status(date(2021, 3, 1)), LegalStatus::InForce);
        assert_eq!(force.status(date(2022, 12, 31)), LegalStatus::InForce);
        assert_eq!(force.status(date(2023, 1, 1)), LegalStatus::Repealed);
    }

    #[test]
    fn other_acts_commence_and_repeal_it_whole_or_in_part() {
        let effects = [
            effect(RelationKind::Commences, 2021, true),
            effect(RelationKind::Commences, 2022, false),
            effect(RelationKind::Amends, 2022, false),
            effect(RelationKind::Repeals, 2024, true),
            effect(RelationKind::Repeals, 2026, false),
        ];
        let force = Force::derive(None, None, &effects);
        let status = |year| force.status(date(year, 6, 1));
        assert_eq!(status(2020), LegalStatus::NotYetInForce);
        assert_eq!(status(2021), LegalStatus::PartiallyInForce);
        assert_eq!(status(2022), LegalStatus::InForce);
        assert_eq!(status(2024), LegalStatus::PartiallyInForce);
        assert_eq!(status(2026), LegalStatus::Repealed);
    }

    #[test]
    fn an_act_without_dates_waits_for_its_commencement() {
        assert_eq!(Force::derive(None, None, &[]).status(date(2026, 1, 1)), LegalStatus::NotYetInForce);
    }

    #[test]
    fn what_is_repealed_before_it_begins_is_never_in_force() {
        for (on, from) in [(2023, Some(date(2022, 1, 1))), (2022, None), (2021, None)] {
            let force = Force::derive(Some(date(2022, 1, 1)), None, &[effect(RelationKind::Repeals, on, false)]);
            assert_eq!((force.from, force.until), (from, Some(date(on, 1, 1))));
        }
    }

    fn day() -> impl Strategy<Value = Option<Date>> {
        prop::option::of((2000i16..2040, 1i8..=12, 1i8..=28).prop_map(|(y, m, d)| date(y, m, d)))
    }

    proptest! {
        #[test]
        fn it_begins_before_it_ends(own in day(), end in day(), commenced in day(), partly in day(), repealed in day()) {
            let of = |kind, on, partial| Effect { kind, on, partial };
            let effects = [
                of(RelationKind::Commences, commenced, false),
                of(RelationKind::Commences, partly, true),
                of(RelationKind::Repeals, repealed, false),
            ];
            let force = Force::derive(own, end, &effects);
            for from in [force.from, force.partly_from].into_iter().flatten() {
                prop_assert!(force.until.is_none_or(|until| from < until));
            }
        }

        #[test]
        fn once_repealed_always_repealed(effective in day(), repealed in day(), on in day(), later in 0i64..5000) {
            let force = Force::derive(effective, repealed, &[]);
            if let Some(on) = on && force.status(on) == LegalStatus::Repealed {
                let later = on.saturating_add(jiff::Span::new().days(later));
                prop_assert_eq!(force.status(later), LegalStatus::Repealed);
            }
        }
    }
}
