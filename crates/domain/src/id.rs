//! Identifiers. Each kind of thing has a type of its own, so that a tag's id cannot be passed where a
//! person's is wanted. All are UUIDs (RFC 9562), version 7 when made here: they sort by time of creation.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id, later in order than every one made before it.
            #[must_use]
            pub fn generate() -> Self {
                Self(Uuid::now_v7())
            }

            /// The UUID behind the id.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    )+};
}

ids! {
    /// An entry: one article or decree in all its languages.
    EntryId,
    /// A category.
    CategoryId,
    /// A tag.
    TagId,
    /// A person: an author or a signatory.
    PersonId,
    /// A feed.
    FeedId,
    /// A person who signs in with a password.
    UserId,
    /// A machine's token.
    ApiTokenId,
    /// A sign-in, and all tokens that came of it.
    SessionId,
    /// A preview link.
    PreviewId,
    /// A comment on a revision.
    CommentId,
    /// An endpoint of another program that is told of changes.
    WebhookId,
    /// A message to a webhook.
    DeliveryId,
    /// A try to deliver one.
    AttemptId,
}

impl DeliveryId {
    /// The id of the message that tells a webhook of a change: the same one, however often it is made.
    #[must_use]
    pub fn of_change(webhook: WebhookId, seq: crate::change::ChangeSeq, at: jiff::Timestamp) -> Self {
        // With the time, for a database that was restored counts on from an older number.
        Self(Uuid::new_v5(&webhook.uuid(), format!("{seq}:{}", at.as_microsecond()).as_bytes()))
    }
}

impl FeedId {
    /// The id of a feed that is defined by its slug alone: the same on every site.
    #[must_use]
    pub fn of_slug(slug: &crate::slug::Slug) -> Self {
        const FEEDS: Uuid = Uuid::from_u128(0x6ba1_5e0c_7d3a_4c1e_9f2b_c0a4_2a17_f1ed);
        Self(Uuid::new_v5(&FEEDS, slug.as_str().as_bytes()))
    }
}
