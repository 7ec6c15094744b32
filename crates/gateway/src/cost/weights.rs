//! About how many bytes of an answer the value of a field takes.
//!
//! *Invariant*: every text of the schema is in one of these tables. A test sees that none is forgotten.

use courant_graphql::FEW;

/// Whole texts, and what is made of them.
const WHOLE: &[(&str, &str, u64)] = &[
    ("RichText", "html", 8_000),
    ("RichText", "source", 8_000),
    ("RichText", "text", 6_000),
    ("DraftText", "html", 8_000),
    ("DraftText", "source", 8_000),
    ("DraftText", "text", 6_000),
    // Of the fields that differ, one is a body.
    ("FieldChange", "before", 1_500),
    ("FieldChange", "after", 1_500),
    ("FieldChange", "unified", 2_000),
    ("Withdrawal", "notice", 500),
    ("Highlighted", "text", 200),
    ("Highlighted", "html", 350),
    ("Withdrawal", "html", 500),
    ("Ending", "notice", 500),
];

/// Texts of some lines, whatever has them.
const LINES: &[(&str, u64)] = &[
    ("jsonLd", 2_500),
    ("summary", 300),
    ("description", 300),
    ("note", 300),
    ("comment", 300),
    ("scheduledNote", 300),
    ("value", 100),
    ("message", 100),
    ("payload", 500),
    ("detail", 150),
    ("answer", 300),
    ("publicKey", 60),
    ("messageId", 40),
    ("caption", 200),
    ("alt", 150),
    ("title", 120),
    ("newestTitle", 120),
    ("text", 100),
    ("path", 100),
    ("target", 100),
    ("previousPath", 100),
    ("replacedBy", 100),
    ("meant", 100),
    ("url", 120),
    ("didYouMean", 100),
    ("suggest", 60),
    ("profiles", 120),
    ("words", 100),
    ("quote", 200),
    ("canonicalUrl", 120),
    ("problem", 100),
    ("slug", 60),
    ("secret", 100),
    ("token", 500),
    ("accessToken", 500),
    ("refreshToken", 100),
];

/// Texts of some words, which take [`FEW`], as do lines that authors write.
#[cfg(test)]
const WORDS: &[&str] = &[
    "id",
    "timeZone",
    "name",
    "actorName",
    "role",
    "element",
    "rights",
    "number",
    "office",
    "place",
    "cursor",
    "startCursor",
    "endCursor",
    "field",
    "email",
    "address",
    "requestId",
    "mediaType",
];

/// What the value of a field takes.
pub(super) fn bytes(on: &str, field: &str) -> u64 {
    let whole = WHOLE.iter().find(|(ty, name, _)| (*ty, *name) == (on, field)).map(|(_, _, bytes)| *bytes);
    whole.or_else(|| LINES.iter().find(|(name, _)| *name == field).map(|(_, bytes)| *bytes)).unwrap_or(FEW)
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::{
        parse_schema,
        types::{FieldDefinition, TypeKind, TypeSystemDefinition},
    };

    use courant_domain::{article::ArticleContent, bounds::Bound, diff::camel_case};

    use super::*;
    use crate::schema::walk::innermost;

    /// Whether it is a line that authors of articles write.
    fn is_line(field: &str) -> bool {
        ArticleContent::TEXTS.iter().any(|(name, bound)| *bound == Bound::LINE && camel_case(name) == field)
    }

    #[test]
    fn every_text_of_the_schema_has_its_weight() {
        let mut texts = 0;
        for definition in parse_schema(crate::schema::sdl()).unwrap().definitions {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            let name = definition.node.name.node;
            let fields = match definition.node.kind {
                TypeKind::Object(object) => object.fields,
                TypeKind::Interface(interface) => interface.fields,
                _ => continue,
            };
            let is_text = |field: &FieldDefinition| innermost(&field.ty.node) == "String";
            for field in fields.into_iter().map(|field| field.node).filter(is_text) {
                let field = field.name.node;
                let known = WHOLE.iter().any(|(ty, text, _)| (*ty, *text) == (name.as_str(), field.as_str()))
                    || LINES.iter().any(|(text, _)| *text == field.as_str())
                    || WORDS.contains(&field.as_str())
                    || is_line(&field);
                assert!(known, "say in one of the tables how large {name}.{field} is");
                texts += 1;
            }
        }
        assert!(texts > 50, "{texts}");
        assert!(bytes("RichText", "html") > 20 * bytes("Article", "summary"));
    }

    #[test]
    fn no_table_names_what_the_schema_does_not_have() {
        let sdl = crate::schema::sdl();
        for (ty, field, _) in WHOLE {
            assert!(sdl.contains(&format!("type {ty} ")) && sdl.contains(&format!("  {field}")), "{ty}.{field}");
        }
        for field in LINES.iter().map(|(field, _)| field).chain(WORDS) {
            assert!(sdl.contains(&format!("  {field}: ")) || sdl.contains(&format!("  {field}(")), "{field}");
        }
    }
}
