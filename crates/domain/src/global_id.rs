//! Global ids: opaque texts that name a type, a thing and a language, as readers see them.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;

use crate::{entry::EntryKind, locale::Locale};

/// The types that readers can fetch by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the type of its name")]
pub enum NodeKind {
    Article,
    Decree,
    Category,
    Tag,
    Feed,
    Person,
}

impl NodeKind {
    /// That of an entry's editions.
    #[must_use]
    pub const fn of(kind: EntryKind) -> Self {
        match kind {
            EntryKind::Article => Self::Article,
            EntryKind::Decree => Self::Decree,
        }
    }

    /// All of them.
    pub const ALL: [Self; 6] = [Self::Article, Self::Decree, Self::Category, Self::Tag, Self::Feed, Self::Person];

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

/// What a global id names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GlobalId {
    /// Of which type.
    pub kind: NodeKind,
    /// Which one.
    pub id: Uuid,
    /// In which language.
    pub locale: Locale,
}

impl GlobalId {
    /// The id as clients see it.
    #[must_use]
    pub fn encode(self) -> String {
        let locale = self.locale.as_str().as_bytes();
        let mut bytes = Vec::with_capacity(17 + locale.len());
        bytes.push(self.kind.byte());
        bytes.extend_from_slice(self.id.as_bytes());
        bytes.extend_from_slice(locale);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads an id; none when it is none of ours.
    #[must_use]
    pub fn decode(text: &str) -> Option<Self> {
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
                let id = GlobalId { kind, id: Uuid::from_u128(7), locale: Locale::parse(tag).unwrap() };
                assert_eq!(GlobalId::decode(&id.encode()), Some(id));
            }
        }
        for text in ["", "A", "QQ", "QWFhYWFhYWFhYWFhYWFhYWE", "not base64!", &"A".repeat(100)] {
            assert_eq!(GlobalId::decode(text), None, "{text}");
        }
    }
}
