//! Global object identification: opaque ids that name a type, a thing and a locale.

use async_graphql::ID;
pub(crate) use courant_domain::global_id::NodeKind;
use courant_domain::{global_id::GlobalId, locale::Locale};
use uuid::Uuid;

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
        let Self { kind, id, locale } = self;
        ID(GlobalId { kind, id, locale }.encode())
    }

    /// Reads an id; `None` when it is none of ours.
    pub(crate) fn decode(text: &str) -> Option<Self> {
        let GlobalId { kind, id, locale } = GlobalId::decode(text)?;
        Some(Self { kind, id, locale })
    }
}
