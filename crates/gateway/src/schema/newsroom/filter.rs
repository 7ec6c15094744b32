//! Which entries in work a list holds.

use async_graphql::{Context, Enum, ID, InputObject};
use courant_domain::{
    access::ActorId,
    id::{CategoryId, PersonId, TagId, UserId},
    newsroom::{EntryFilter, EntryOrder, Span},
    slug::Slug,
};
use uuid::Uuid;

use super::words::{EntryKind, State, WaitingFor};
use crate::{
    error::{Error, ErrorCode},
    schema::{
        context::request,
        filter::{self, DateTimeRange},
        id::{NodeId, NodeKind},
        scalar::Locale,
    },
};

/// The most characters a text to search for has.
const MAX_TEXT: usize = 200;

/// Which entries in work a list holds. What is not given does not matter; what is given must all be true, and of
/// `states`, `waitingFor`, `locale`, `text`, `number`, `slug`, `person`, `scheduledAt`, `publishedAt`,
/// `assignee` and `dueAt` of one and the same language.
#[derive(InputObject, Default)]
pub(crate) struct EditorialEntryFilter {
    /// In one of these states.
    states: Option<Vec<State>>,
    /// Waiting for one of these.
    waiting_for: Option<Vec<WaitingFor>>,
    /// Made by this actor: `Actor.id`, or a user's id alone.
    author: Option<ID>,
    /// Filed in one of these categories, given by id or by path: `politics/parliament`.
    categories: Option<Vec<String>>,
    /// Whether what is filed below those categories counts, too.
    #[graphql(default = true)]
    include_descendants: bool,
    /// In this language.
    locale: Option<Locale>,
    /// Entries that are not in this language yet and could be translated into it. Empty for viewers who do not work in that language.
    untranslated: Option<Locale>,
    /// Of one of these kinds.
    kinds: Option<Vec<EntryKind>>,
    /// The title of the newest revision contains this; at most 200 characters. Cases, accents and other marks that leave a letter the
    /// same (ä and a, ё and е, but not й and и), the ways in which Unicode spells the same letters, widths, ligatures, and what is not
    /// seen make no difference, nor does whether an i has its dot (İ, I, ı, i).
    text: Option<String>,
    /// The newest revision has this number, compared in the same way; at most 200 characters.
    number: Option<String>,
    /// The newest revision has this name in addresses; at most 200 characters.
    slug: Option<String>,
    /// The newest revision is by, or signed by, this person, given by id or by slug.
    person: Option<String>,
    /// With at least one of these tags, given by id or by slug.
    tags: Option<Vec<String>>,
    /// Last touched in this span of time.
    changed_at: Option<DateTimeRange>,
    /// To go live in this span of time.
    scheduled_at: Option<DateTimeRange>,
    /// Live with a date in this span of time.
    published_at: Option<DateTimeRange>,
    /// This user's to do.
    assignee: Option<ID>,
    /// To be done in this span of time.
    due_at: Option<DateTimeRange>,
}

/// In which order entries in work come. Where an entry has no such time, it comes last; where it has one in several languages, the
/// one counts that comes first.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
pub(crate) enum EditorialEntryOrder {
    /// Last touched first.
    ChangedAtDesc,
    /// First touched first.
    ChangedAtAsc,
    /// Last made first.
    CreatedAtDesc,
    /// First made first.
    CreatedAtAsc,
    /// Next to go live first.
    ScheduledAtAsc,
    /// Last to go live first.
    ScheduledAtDesc,
    /// Latest date that readers see first.
    PublishedAtDesc,
    /// Earliest date that readers see first.
    PublishedAtAsc,
    /// Next to be done first.
    DueAtAsc,
}

impl From<EditorialEntryOrder> for EntryOrder {
    fn from(order: EditorialEntryOrder) -> Self {
        match order {
            EditorialEntryOrder::ChangedAtDesc => Self::ChangedDesc,
            EditorialEntryOrder::ChangedAtAsc => Self::ChangedAsc,
            EditorialEntryOrder::CreatedAtDesc => Self::CreatedDesc,
            EditorialEntryOrder::CreatedAtAsc => Self::CreatedAsc,
            EditorialEntryOrder::ScheduledAtAsc => Self::ScheduledAsc,
            EditorialEntryOrder::ScheduledAtDesc => Self::ScheduledDesc,
            EditorialEntryOrder::PublishedAtDesc => Self::PublishedDesc,
            EditorialEntryOrder::PublishedAtAsc => Self::PublishedAsc,
            EditorialEntryOrder::DueAtAsc => Self::DueAsc,
        }
    }
}

fn span(range: Option<DateTimeRange>) -> Span {
    let (from, before) = range.map(DateTimeRange::bounds).unwrap_or_default();
    Span { from, before }
}

impl EditorialEntryFilter {
    pub(super) fn resolve(self, ctx: &Context<'_>) -> Result<EntryFilter, Error> {
        let reference = request(ctx).reference();
        let category = |name: String| {
            let id = id(&name, NodeKind::Category).map(CategoryId::from);
            id.or_else(|| reference.categories.by_path(&name).map(|category| category.id)).unwrap_or(Uuid::nil().into())
        };
        let tag = |name: String| {
            let slug = || Slug::parse(&name).ok().and_then(|slug| reference.tag_by_slug(&slug)).map(|tag| tag.id);
            id(&name, NodeKind::Tag).map(TagId::from).or_else(slug).unwrap_or(Uuid::nil().into())
        };
        let person = |name: String| {
            let slug =
                || Slug::parse(&name).ok().and_then(|slug| reference.person_by_slug(&slug)).map(|found| found.id);
            id(&name, NodeKind::Person).map(PersonId::from).or_else(slug).unwrap_or(Uuid::nil().into())
        };
        Ok(EntryFilter {
            states: values("states", self.states)?,
            waiting_for: values("waitingFor", self.waiting_for)?,
            author: self.author.map(|author| actor(&author)),
            categories: filter::values("categories", self.categories)?.into_iter().map(category).collect(),
            include_descendants: self.include_descendants,
            locale: self.locale.map(|locale| locale.0),
            untranslated: self.untranslated.map(|locale| locale.0),
            kinds: values("kinds", self.kinds)?,
            text: self.text.map(|given| text("text", given)).transpose()?,
            number: self.number.map(|given| text("number", given)).transpose()?,
            slug: self.slug.map(|given| text("slug", given)).transpose()?,
            person: self.person.map(person),
            changed: span(self.changed_at),
            scheduled: span(self.scheduled_at),
            published: span(self.published_at),
            assignee: self.assignee.map(|assignee| actor(&assignee)),
            due: span(self.due_at),
            tags: filter::values("tags", self.tags)?.into_iter().map(tag).collect(),
        })
    }
}

/// The id that a name of reference data is, as editorial types or readers' types show it.
fn id(name: &str, kind: NodeKind) -> Option<Uuid> {
    let global = || NodeId::decode(name).filter(|node| node.kind == kind).map(|node| node.id);
    Uuid::parse_str(name).ok().or_else(global)
}

/// The actor that an id names.
pub(super) fn actor(id: &str) -> ActorId {
    Uuid::parse_str(id).map_or_else(|_| ActorId::from(id.to_owned()), |user| ActorId::user(UserId::from(user)))
}

fn text(field: &str, text: String) -> Result<String, Error> {
    if text.chars().count() > MAX_TEXT {
        return Err(Error::new(ErrorCode::BadUserInput, format!("{field} has more than {MAX_TEXT} characters")));
    }
    Ok(text)
}

/// The values of a condition, as the domain has them.
pub(super) fn values<T: Into<D>, D>(field: &str, given: Option<Vec<T>>) -> Result<Vec<D>, Error> {
    Ok(filter::values(field, given)?.into_iter().map(Into::into).collect())
}
