//! What webhooks are told of.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use crate::change::{Action, Change, Subject};

/// A kind of event.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum EventType {
    /// A publication went live in a language where it was not live.
    PublicationPublished,
    /// One that is live was changed: its text, or where it is filed.
    PublicationUpdated,
    /// One was taken back with a notice: readers still find it, marked.
    PublicationWithdrawn,
    /// One is no longer there for readers: it is gone, leads elsewhere, or has vanished.
    PublicationRemoved,
    /// An act has come into force or has ended, as a whole or in part, because its day has come. Nothing was published.
    PublicationForceChanged,
    /// A category was made or changed.
    CategoryChanged,
    /// A category is no longer there.
    CategoryRemoved,
    /// A feed was made or changed.
    FeedChanged,
    /// A feed is no longer there.
    FeedRemoved,
    /// A tag has come to readers' sight, or was changed.
    TagChanged,
    /// A tag is no longer in readers' sight.
    TagRemoved,
    /// A person has come to readers' sight, or was changed.
    PersonChanged,
    /// A person is no longer in readers' sight.
    PersonRemoved,
    /// A path leads elsewhere, or is gone.
    RedirectChanged,
    /// A path leads nowhere any more.
    RedirectRemoved,
    /// The site's name, languages or other properties were changed.
    SiteChanged,
    /// A test that somebody asked for.
    WebhookPing,
}

impl EventType {
    /// All of them.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// The name in messages: `publication.published`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PublicationPublished => "publication.published",
            Self::PublicationUpdated => "publication.updated",
            Self::PublicationWithdrawn => "publication.withdrawn",
            Self::PublicationRemoved => "publication.removed",
            Self::PublicationForceChanged => "publication.force_changed",
            Self::CategoryChanged => "category.changed",
            Self::CategoryRemoved => "category.removed",
            Self::FeedChanged => "feed.changed",
            Self::FeedRemoved => "feed.removed",
            Self::TagChanged => "tag.changed",
            Self::TagRemoved => "tag.removed",
            Self::PersonChanged => "person.changed",
            Self::PersonRemoved => "person.removed",
            Self::RedirectChanged => "redirect.changed",
            Self::RedirectRemoved => "redirect.removed",
            Self::SiteChanged => "site.changed",
            Self::WebhookPing => "webhook.ping",
        }
    }

    /// The name used in databases.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.into()
    }

    /// What a change is to webhooks. Of a publication that went live, the log says where it was before: nowhere, or in some lists.
    #[must_use]
    pub fn of(change: &Change, is_withdrawn: bool) -> Self {
        let put = change.action != Action::Removed;
        match (change.key.subject(), put) {
            (Subject::Site, _) => Self::SiteChanged,
            (Subject::Edition, false) => Self::PublicationRemoved,
            (Subject::Edition, true) if change.action == Action::ForceChanged => Self::PublicationForceChanged,
            (Subject::Edition, true) if is_withdrawn => Self::PublicationWithdrawn,
            (Subject::Edition, true) => {
                let was_there = change.touched.as_ref().is_none_or(|touched| {
                    touched.places.is_empty() || touched.places.iter().any(|place| place.before.is_some())
                });
                if was_there { Self::PublicationUpdated } else { Self::PublicationPublished }
            }
            (Subject::Category, true) => Self::CategoryChanged,
            (Subject::Category, false) => Self::CategoryRemoved,
            (Subject::Feed, true) => Self::FeedChanged,
            (Subject::Feed, false) => Self::FeedRemoved,
            (Subject::Tag, true) => Self::TagChanged,
            (Subject::Tag, false) => Self::TagRemoved,
            (Subject::Person, true) => Self::PersonChanged,
            (Subject::Person, false) => Self::PersonRemoved,
            (Subject::Redirect, true) => Self::RedirectChanged,
            (Subject::Redirect, false) => Self::RedirectRemoved,
        }
    }
}
