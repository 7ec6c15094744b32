//! Global object identification: opaque ids that name a type, a thing and a locale.

use async_graphql::ID;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use courant_domain::locale::Locale;
use uuid::Uuid;

/// The types that can be fetched by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NodeKind {
    Article,
    Decree,
    Category,
    Tag,
    Feed,
    Person,
}

impl NodeKind {
    const ALL: [Self; 6] = [Self::Article, Self::Decree, Self::Category, Self::Tag, Self::Feed, Self::Person];

    const fn byte(self) -> u8 {
        match self {
            Self::Article => b'A',
            Self::Decree => b'D',
            Self::Category => b'C',
            Self::Tag => b'T',
            Self::Feed => b'F',
            Self::Person => b'P',
        }
    }
}

/// What an id names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NodeId {
    pub(crate) kind: NodeKind,
    pub(crate) id: Uuid,
    pub(crate) locale: Locale,
}

impl NodeId {
    /// The id as clients see it.
    pub(crate) fn encode(self) -> ID {
        let locale = self.locale.as_str().as_bytes();
        let mut bytes = Vec::with_capacity(17 + locale.len());
        bytes.push(self.kind.byte());
        bytes.extend_from_slice(self.id.as_bytes());
        bytes.extend_from_slice(locale);
        ID(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Reads an id; `None` when it is none of ours.
    pub(crate) fn decode(text: &str) -> Option<Self> {
        if text.len() > 64 {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (kind, rest) = bytes.split_first()?;
        let (id, locale) = rest.split_first_chunk::<16>()?;
        Some(Self {
            kind: NodeKind::ALL.into_iter().find(|known| known.byte() == *kind)?,
            id: Uuid::from_bytes(*id),
            locale: Locale::parse(std::str::from_utf8(locale).ok()?).ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_back_and_others_are_refused() {
        for kind in NodeKind::ALL {
            for tag in ["en", "pt-BR", "zh-Hant-TW"] {
                let Ok(locale) = Locale::parse(tag) else { panic!("{tag}") };
                let id = NodeId { kind, id: Uuid::from_u128(7), locale };
                assert_eq!(NodeId::decode(&id.encode()), Some(id));
            }
        }
        for text in ["", "A", "QQ", "QWFhYWFhYWFhYWFhYWFhYWE", "not base64!", &"A".repeat(100)] {
            assert_eq!(NodeId::decode(text), None, "{text}");
        }
    }
}
