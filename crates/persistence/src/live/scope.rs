//! Timelines' keys as the database spells them.

use courant_domain::{
    entry::EntryKind,
    id::{CategoryId, EntryId, FeedId, PersonId, TagId},
    list::Scope,
    locale::Locale,
};
use uuid::Uuid;

use crate::{
    db::convert::{from_word, to_word},
    error::{Result, corrupt},
};

/// Which timeline: a reader's locale, a kind of entry, and what its entries have in common.
///
/// *Invariant*: what was taken back with a notice is in timelines of its own, so that no list shows it that did not ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct TimelineKey {
    pub(crate) locale: Locale,
    pub(crate) kind: EntryKind,
    pub(crate) scope: Scope,
    pub(crate) is_withdrawn: bool,
}

/// What stands before the scopes of what was taken back.
const WITHDRAWN: &str = "WITHDRAWN:";

impl TimelineKey {
    /// Of what readers find in lists unless they ask for more.
    pub(crate) const fn listed(locale: Locale, kind: EntryKind, scope: Scope) -> Self {
        Self { locale, kind, scope, is_withdrawn: false }
    }

    /// What it holds, as the `scope` column has it: `SUBTREE:<uuid>`, `WITHDRAWN:SUBTREE:<uuid>`.
    pub(crate) fn scope_column(&self) -> Result<String> {
        let scope = scope_text(self.scope)?;
        Ok(if self.is_withdrawn { format!("{WITHDRAWN}{scope}") } else { scope })
    }

    /// Reads the columns of a timeline.
    pub(crate) fn read(locale: Locale, kind: EntryKind, column: &str) -> Result<Self> {
        let withdrawn = column.strip_prefix(WITHDRAWN);
        let scope = parse_scope(withdrawn.unwrap_or(column))?;
        Ok(Self { locale, kind, scope, is_withdrawn: withdrawn.is_some() })
    }
}

/// Writes a scope by itself.
pub(crate) fn scope_text(scope: Scope) -> Result<String> {
    Ok(match scope {
        Scope::All => "ALL".to_owned(),
        Scope::Category(id) => format!("CATEGORY:{id}"),
        Scope::Subtree(id) => format!("SUBTREE:{id}"),
        Scope::Tag(id) => format!("TAG:{id}"),
        Scope::Person(id) => format!("PERSON:{id}"),
        Scope::Covers(id) => format!("COVERS:{id}"),
        Scope::Pinned(id) => format!("PINNED:{id}"),
        Scope::Genre(kind) => format!("ARTICLE_KIND:{}", to_word(&kind)?),
        Scope::DocumentType(kind) => format!("DECREE_KIND:{}", to_word(&kind)?),
    })
}

fn parse_scope(text: &str) -> Result<Scope> {
    let (name, value) = text.split_once(':').unwrap_or((text, ""));
    let id = || Uuid::parse_str(value).map_err(corrupt);
    Ok(match name {
        "ALL" => Scope::All,
        "CATEGORY" => Scope::Category(CategoryId::from(id()?)),
        "SUBTREE" => Scope::Subtree(CategoryId::from(id()?)),
        "TAG" => Scope::Tag(TagId::from(id()?)),
        "PERSON" => Scope::Person(PersonId::from(id()?)),
        "COVERS" => Scope::Covers(EntryId::from(id()?)),
        "PINNED" => Scope::Pinned(FeedId::from(id()?)),
        "ARTICLE_KIND" => Scope::Genre(from_word(value)?),
        "DECREE_KIND" => Scope::DocumentType(from_word(value)?),
        _ => return Err(corrupt(format!("scope {text}"))),
    })
}

#[cfg(test)]
mod tests {
    use courant_domain::{article::Genre, decree::DocumentType};

    use super::*;

    #[test]
    fn every_scope_comes_back() {
        let id = Uuid::from_u128(42);
        for scope in [
            Scope::All,
            Scope::Category(id.into()),
            Scope::Subtree(id.into()),
            Scope::Tag(id.into()),
            Scope::Person(id.into()),
            Scope::Covers(id.into()),
            Scope::Pinned(id.into()),
            Scope::Genre(Genre::PressRelease),
            Scope::DocumentType(DocumentType::Law),
        ] {
            for is_withdrawn in [false, true] {
                let key =
                    TimelineKey { is_withdrawn, ..TimelineKey::listed(Locale::ENGLISH, EntryKind::Decree, scope) };
                let column = key.scope_column().unwrap();
                assert_eq!(TimelineKey::read(key.locale, key.kind, &column).unwrap(), key);
            }
        }
    }
}
