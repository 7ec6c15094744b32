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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct TimelineKey {
    pub(crate) locale: Locale,
    pub(crate) kind: EntryKind,
    pub(crate) scope: Scope,
}

/// Writes a scope as the `scope` column has it: `SUBTREE:<uuid>`.
pub(crate) fn scope_text(scope: Scope) -> Result<String> {
    Ok(match scope {
        Scope::All => "ALL".to_owned(),
        Scope::Category(id) => format!("CATEGORY:{id}"),
        Scope::Subtree(id) => format!("SUBTREE:{id}"),
        Scope::Tag(id) => format!("TAG:{id}"),
        Scope::Person(id) => format!("PERSON:{id}"),
        Scope::Covers(id) => format!("COVERS:{id}"),
        Scope::Pinned(id) => format!("PINNED:{id}"),
        Scope::ArticleKind(kind) => format!("ARTICLE_KIND:{}", to_word(&kind)?),
        Scope::DecreeKind(kind) => format!("DECREE_KIND:{}", to_word(&kind)?),
    })
}

/// Reads a `scope` column.
pub(crate) fn parse_scope(text: &str) -> Result<Scope> {
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
        "ARTICLE_KIND" => Scope::ArticleKind(from_word(value)?),
        "DECREE_KIND" => Scope::DecreeKind(from_word(value)?),
        _ => return Err(corrupt(format!("scope {text}"))),
    })
}

#[cfg(test)]
mod tests {
    use courant_domain::{article::ArticleKind, decree::DecreeKind};

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
            Scope::ArticleKind(ArticleKind::PressRelease),
            Scope::DecreeKind(DecreeKind::Law),
        ] {
            assert_eq!(parse_scope(&scope_text(scope).unwrap()).unwrap(), scope);
        }
    }
}
