//! The rows of live editions, beside the rows that publishing would write now.

use courant_domain::publication::Details;
use sea_orm::{Iterable, ModelTrait, TryIntoModel, Value};
use serde_json::Value as Json;

use super::{Check, Rule};
use crate::{
    db::entity::edition::{self, Column},
    error::Result,
    live::publish::{Put, edition_row},
};

/// How much of a long text is shown.
const SHOWN: usize = 60;

impl Check<'_> {
    /// Sees that a live edition is what its revision says. `details` are those of the row.
    pub(super) fn content(&mut self, what: &str, row: &edition::Model, details: &Details, put: &Put<'_>) -> Result<()> {
        let mut wanted = Details::of(put.edition, put.content);
        if details.canonical_url.is_none() {
            // It was its own when the text went live.
            wanted.canonical_url = None;
        }
        if *details != wanted {
            let difference = difference(&format!("{wanted:?}"), &format!("{details:?}"));
            self.broken(Rule::LiveContent, format!("details of {what}"), difference.0, difference.1);
        }
        let expected = edition_row(row.id, row.version, put, &wanted)?.try_into_model()?;
        let is_derived_otherwise = row.derivation != expected.derivation;
        if is_derived_otherwise {
            self.broken(Rule::Derivation, format!("the text of {what}"), expected.derivation, row.derivation);
        }
        for column in Column::iter() {
            let same = match column {
                // Seen to on their own: as values, and by what other acts do.
                Column::Details
                | Column::PartlyFromDay
                | Column::FromDay
                | Column::PartlyUntilDay
                | Column::UntilDay
                | Column::Derivation => true,
                // Of another version, to be derived anew: what was derived is not for this one to judge.
                Column::Html | Column::Plain | Column::Outline | Column::Embeds | Column::WordCount
                    if is_derived_otherwise =>
                {
                    true
                }
                // Of another version, to be folded anew.
                Column::Folded | Column::FoldedNumber | Column::Folding if row.folding != expected.folding => true,
                Column::Outline => json(&row.outline) == json(&expected.outline),
                Column::Embeds => json(&row.embeds) == json(&expected.embeds),
                column => row.get(column) == expected.get(column),
            };
            if !same {
                let difference = difference(&shown(&expected.get(column)), &shown(&row.get(column)));
                let name = sea_orm::IdenStatic::as_str(&column);
                self.broken(Rule::LiveContent, format!("{name} of {what}"), difference.0, difference.1);
            }
        }
        Ok(())
    }
}

fn json(document: &str) -> Option<Json> {
    serde_json::from_str(document).ok()
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(Some(text)) => format!("{text:?}"),
        Value::Int(Some(number)) => number.to_string(),
        Value::BigInt(Some(number)) => number.to_string(),
        Value::Uuid(Some(id)) => id.to_string(),
        Value::String(None) | Value::Int(None) | Value::BigInt(None) | Value::Uuid(None) => "none".to_owned(),
        other => format!("{other:?}"),
    }
}

/// Two texts from shortly before the place where they differ.
fn difference(expected: &str, found: &str) -> (String, String) {
    let same = expected.chars().zip(found.chars()).take_while(|(a, b)| a == b).count();
    let from = same.saturating_sub(SHOWN / 3);
    let cut = |text: &str| {
        let mut part: String = text.chars().skip(from).take(SHOWN).collect();
        if from > 0 {
            part.insert(0, '…');
        }
        if text.chars().count() > from + SHOWN {
            part.push('…');
        }
        part
    };
    (cut(expected), cut(found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_shown_where_they_differ() {
        assert_eq!(difference("one", "two"), ("one".to_owned(), "two".to_owned()));
        let long = "ж".repeat(500);
        let (expected, found) = difference(&format!("{long}a{long}"), &format!("{long}b{long}"));
        assert!(expected.contains("жa") && found.contains("жb"), "{expected} {found}");
        assert!(expected.chars().count() < 70 && expected.starts_with('…') && expected.ends_with('…'));
        assert_eq!(difference("", ""), (String::new(), String::new()));
    }
}
