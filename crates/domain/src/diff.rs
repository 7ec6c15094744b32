//! What two revisions have that is not the same, field by field.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::content::Content;

/// One field that two revisions differ in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// The field, as GraphQL calls it: `leadImage`.
    pub field: String,
    /// What the older revision has, as text; JSON where it is not one.
    pub before: Option<String>,
    /// What the newer one has.
    pub after: Option<String>,
    /// Where both are text: the lines that differ, as a unified diff with three lines around them. None for texts of so
    /// many lines that comparing them would take long.
    pub unified: Option<String>,
}

/// The fields in which `after` differs from `before`, in the order of their names.
#[must_use]
pub fn diff(before: &Content, after: &Content) -> Vec<FieldChange> {
    let (old, new) = (fields(before), fields(after));
    let names: BTreeSet<&String> = old.iter().chain(&new).map(|(name, _)| name).collect();
    let of = |fields: &[(String, Value)], name: &str| {
        fields.iter().find(|(known, _)| known == name).and_then(|(_, value)| as_text(name, value))
    };
    names
        .into_iter()
        .filter_map(|name| {
            let (before, after) = (of(&old, name), of(&new, name));
            (before != after).then(|| {
                let unified = match (&before, &after) {
                    (Some(before), Some(after)) => unified(before, after),
                    _ => None,
                };
                FieldChange { field: camel_case(name), before, after, unified }
            })
        })
        .collect()
}

fn unified(before: &str, after: &str) -> Option<String> {
    /// Two texts of 4,000 lines that have none in common: a tenth of a second.
    const MOST: usize = 16_000_000;
    if before.lines().count().saturating_mul(after.lines().count()) > MOST {
        return None;
    }
    let text = similar::TextDiff::from_lines(before, after)
        .unified_diff()
        .context_radius(3)
        .missing_newline_hint(false)
        .to_string();
    Some(text)
}

fn fields(content: &Content) -> Vec<(String, Value)> {
    let value = match content {
        Content::Article(article) => serde_json::to_value(article),
        Content::Decree(decree) => serde_json::to_value(decree),
    };
    match value {
        Ok(Value::Object(fields)) => fields.into_iter().collect(),
        // Content is plain data, which always becomes an object.
        _ => Vec::new(),
    }
}

fn as_text(name: &str, value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Object(body) if name == "body" => body.get("source").and_then(Value::as_str).map(str::to_owned),
        other => Some(other.to_string()),
    }
}

/// The name of a field as GraphQL has it.
#[must_use]
pub fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let mut text = words.next().unwrap_or_default().to_owned();
    for word in words {
        let (first, rest) = word.split_at(word.len().min(1));
        text.push_str(&first.to_ascii_uppercase());
        text.push_str(rest);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        article::ArticleContent,
        rich_text::{Format, RichText},
    };

    fn article(title: &str, body: &str, url: Option<&str>) -> Content {
        Content::Article(ArticleContent {
            title: Some(title.into()),
            body: Some(RichText::new(Format::Markdown, body)),
            canonical_url: url.map(Into::into),
            ..Default::default()
        })
    }

    #[test]
    fn texts_without_end_are_not_compared_line_by_line() {
        let long = |word: &str| format!("{word}\n").repeat(5_000);
        let changes = diff(&article("A", &long("one"), None), &article("A", &long("two"), None));
        assert_eq!(changes.len(), 1);
        assert!(changes[0].unified.is_none() && changes[0].before.is_some());
    }

    #[test]
    fn only_what_differs_is_named() {
        let before = article("A", "one\ntwo\n", None);
        assert_eq!(diff(&before, &before), []);
        let changes = diff(&before, &article("B", "one\n2\n", Some("https://example.org/")));
        let named: Vec<_> = changes
            .iter()
            .map(|it| (it.field.as_str(), it.before.as_deref(), it.after.as_deref(), it.unified.as_deref()))
            .collect();
        assert_eq!(
            named,
            [
                ("body", Some("one\ntwo\n"), Some("one\n2\n"), Some("@@ -1,2 +1,2 @@\n one\n-two\n+2\n")),
                ("canonicalUrl", None, Some("https://example.org/"), None),
                ("title", Some("A"), Some("B"), Some("@@ -1 +1 @@\n-A\n+B\n")),
            ]
        );
    }
}
