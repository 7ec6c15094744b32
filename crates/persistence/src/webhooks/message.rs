//! Making messages of changes: what readers can see of them, and who is told.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use courant_domain::{
    address::{self, Address},
    change::{Action, Change, ChangeCursor, ChangeKey, ChangeSeq},
    entry::EntryKind,
    global_id::{GlobalId, NodeKind},
    id::{CategoryId, DeliveryId, EntryId, TagId},
    list::Scope,
    locale::Locale,
    publication::Details,
    webhook::{EventType, Message, MessageData, Webhook, WebhookFilter, lane},
};
use jiff::Timestamp;
use uuid::Uuid;

use super::{Webhooks, outbox::Posted};
use crate::{
    db::{
        convert::{from_document, locale, to_document},
        parameters::Parameters,
        transaction::chunks,
    },
    error::Result,
    live::scope::TimelineKey,
    reference::Reference,
};

/// A message, before it is known whom it is for.
pub(super) struct Made {
    seq: ChangeSeq,
    at: Timestamp,
    event: EventType,
    lane: String,
    body: String,
    about: About,
}

/// What filters ask of.
enum About {
    /// A publication.
    Publication { kind: EntryKind, locale: Locale, lists: Lists },
    /// A redirect: in this language, if its path says so.
    Redirect(Option<Locale>),
    /// What is in all languages.
    Other,
}

/// Where a publication is or was filed.
enum Lists {
    /// In these timelines, before or after the change.
    Timelines(HashSet<i32>),
    /// Here, as far as can be told now.
    Now { category: CategoryId, tags: Vec<TagId> },
    /// It cannot be told any more: whoever asks for some place is told.
    Unknown,
}

/// A live edition, as far as messages go.
struct LiveNow {
    slug: String,
    version: ChangeSeq,
    went_live_at: Timestamp,
    category: CategoryId,
    tags: Vec<TagId>,
    is_withdrawn: bool,
}

impl Webhooks {
    /// What there is to say of changes, in their order. What readers could not see is left out.
    pub(super) async fn messages(&self, changes: &[Change]) -> Result<Vec<Made>> {
        let reference = self.store.reference();
        let shown = self.store.live().shown(changes, &reference).await?;
        let world =
            World { live: self.live_now(changes).await?, rules: self.rules(changes, &reference).await?, reference };
        let shown = changes.iter().filter(|change| shown.contains(&change.seq));
        shown.map(|change| world.message(change)).collect()
    }

    /// What readers are told at the paths that were left.
    async fn rules(&self, changes: &[Change], reference: &Reference) -> Result<HashMap<String, Option<String>>> {
        let default = reference.site.default_locale;
        let left = changes.iter().filter_map(|change| change.path_left(change.locale().unwrap_or(default)));
        let mut rules = HashMap::new();
        for paths in chunks(left.collect::<BTreeSet<_>>().into_iter().collect()) {
            let found = self.store.live().redirects_of(&paths).await?;
            let told = found.into_iter().map(|(path, rule)| (path, rule.target));
            rules.extend(told.filter(|(_, to)| to.as_deref().is_none_or(|to| reference.leads_to(to))));
        }
        Ok(rules)
    }

    async fn live_now(&self, changes: &[Change]) -> Result<BTreeMap<(EntryId, Locale), LiveNow>> {
        let entries: BTreeSet<Uuid> = changes
            .iter()
            .filter_map(|change| match &change.key {
                ChangeKey::Edition { entry, .. } => Some(entry.uuid()),
                _ => None,
            })
            .collect();
        let mut found = BTreeMap::new();
        for ids in chunks(entries.into_iter().collect()) {
            let mut parameters = Parameters::default();
            let sql = format!(
                "SELECT entry_id, locale, slug, version, first_published_at, category_id, details FROM edition \
                 WHERE entry_id IN ({})",
                parameters.bind_all(ids)
            );
            for row in self.store.read(sql, parameters.0).await? {
                let entry: Uuid = row.try_get_by_index(0)?;
                let language = locale(&row.try_get_by_index::<String>(1)?)?;
                let details: Details = from_document(&row.try_get_by_index::<String>(6)?)?;
                let first = crate::db::convert::timestamp(row.try_get_by_index(4)?)?;
                let now = LiveNow {
                    slug: row.try_get_by_index(2)?,
                    version: row.try_get_by_index(3)?,
                    went_live_at: details.went_live_at.unwrap_or(first),
                    category: row.try_get_by_index::<Uuid>(5)?.into(),
                    is_withdrawn: details.withdrawal.is_some(),
                    tags: details.tags,
                };
                found.insert((entry.into(), language), now);
            }
        }
        Ok(found)
    }
}

/// What messages are made of beside changes.
struct World {
    live: BTreeMap<(EntryId, Locale), LiveNow>,
    rules: HashMap<String, Option<String>>,
    reference: Arc<Reference>,
}

impl World {
    fn message(&self, change: &Change) -> Result<Made> {
        let default = self.reference.site.default_locale;
        let locale = change.locale().unwrap_or(default);
        let rule = change.path_left(locale).and_then(|path| self.rules.get(&path));
        let (id, about, event) = self.what(change, default);
        let data = MessageData {
            cursor: ChangeCursor::of(change).to_string(),
            action: change.action,
            subject: change.key.subject(),
            entry_id: match &change.key {
                ChangeKey::Edition { entry, .. } => Some(*entry),
                _ => None,
            },
            kind: match &change.key {
                ChangeKey::Edition { kind, .. } => Some(*kind),
                _ => None,
            },
            // Of a redirect, the one that its path says, if it does.
            locale: match &about {
                About::Redirect(locale) => *locale,
                _ => id.is_some().then_some(locale),
            },
            id,
            path: change.path(locale).or_else(|| change.path_before(locale)).or_else(|| self.path_now(change, locale)),
            previous_path: change.name().and_then(|_| change.path_before(locale)),
            replaced_by: rule.cloned().flatten(),
            gone: rule.is_some_and(Option::is_none),
            day: change.told.as_ref().and_then(|told| told.day),
        };
        let message = Message { event: event.as_str(), timestamp: change.at, data };
        let body = to_document(&message)?;
        Ok(Made { seq: change.seq, at: change.at, event, lane: lane(&change.key), body, about })
    }

    /// The path of what was changed before paths were written down, as far as it is known now.
    fn path_now(&self, change: &Change, default: Locale) -> Option<String> {
        let reference = &self.reference;
        match &change.key {
            ChangeKey::Site | ChangeKey::Redirect { .. } => None,
            ChangeKey::Edition { entry, locale, kind } => {
                let now = self.live.get(&(*entry, *locale))?;
                Some(address::entry_path(*locale, *kind, &now.slug))
            }
            ChangeKey::Category(id) => Some(address::category_path(default, reference.categories.path(*id)?)),
            ChangeKey::Feed(id) => Some(address::feed_path(default, &reference.feed(*id)?.slug)),
            ChangeKey::Tag(id) => Some(address::tag_path(default, &reference.live_tags().get(id)?.slug)),
            ChangeKey::Person(id) => Some(address::person_path(default, &reference.live_persons().get(id)?.slug)),
        }
    }

    /// The global id of what was changed, what filters ask of it, and what event it is.
    fn what(&self, change: &Change, default: Locale) -> (Option<String>, About, EventType) {
        let global = |kind, id, locale| Some(GlobalId { kind, id, locale }.encode());
        let (kind, id) = match &change.key {
            ChangeKey::Site => return (None, About::Other, EventType::of(change, false)),
            ChangeKey::Redirect { path } => {
                let language = Address::parse(path).map(|address| address.locale);
                return (None, About::Redirect(language), EventType::of(change, false));
            }
            ChangeKey::Edition { entry, locale, kind } => {
                let id = global(NodeKind::of(*kind), entry.uuid(), *locale);
                let (about, event) = self.publication(change, (*entry, *locale), *kind);
                return (id, about, event);
            }
            ChangeKey::Category(id) => (NodeKind::Category, id.uuid()),
            ChangeKey::Feed(id) => (NodeKind::Feed, id.uuid()),
            ChangeKey::Tag(id) => (NodeKind::Tag, id.uuid()),
            ChangeKey::Person(id) => (NodeKind::Person, id.uuid()),
        };
        (global(kind, id, default), About::Other, EventType::of(change, false))
    }

    fn publication(&self, change: &Change, of: (EntryId, Locale), kind: EntryKind) -> (About, EventType) {
        let now = self.live.get(&of);
        // Of what was changed again since, only that is known.
        let is_withdrawn = now.is_some_and(|now| now.is_withdrawn);
        let timelines: HashSet<i32> = match &change.touched {
            Some(touched) => touched.places.iter().flat_map(|places| &places.timelines).copied().collect(),
            None => HashSet::new(),
        };
        // Where the log does not say whether it was there before, the edition itself may.
        let is_new = timelines.is_empty()
            && change.action == Action::Put
            && now.is_some_and(|now| !is_withdrawn && now.version == change.seq && now.went_live_at == change.at);
        let event = if is_new { EventType::PublicationPublished } else { EventType::of(change, is_withdrawn) };
        let lists = match now {
            _ if !timelines.is_empty() => Lists::Timelines(timelines),
            Some(now) => Lists::Now { category: now.category, tags: now.tags.clone() },
            None => Lists::Unknown,
        };
        (About::Publication { kind, locale: of.1, lists }, event)
    }
}

/// What of changes a webhook is told of, with the timelines looked up that its filter asks for.
pub(super) struct Audience<'a> {
    filter: &'a WebhookFilter,
    webhook: &'a Webhook,
    categories: HashSet<i32>,
    subtree: HashSet<CategoryId>,
    tags: HashSet<i32>,
}

impl<'a> Audience<'a> {
    pub(super) fn of(webhook: &'a Webhook, reference: &Reference) -> Self {
        let filter = &webhook.filter;
        let timelines = |scopes: Vec<Scope>| {
            let mut found = HashSet::new();
            for scope in scopes {
                for locale in reference.site.locales.iter().map(|locale| locale.tag) {
                    for kind in EntryKind::ALL {
                        for is_withdrawn in [false, true] {
                            let key = TimelineKey { is_withdrawn, ..TimelineKey::listed(locale, kind, scope) };
                            found.extend(reference.timeline(&key));
                        }
                    }
                }
            }
            found
        };
        let in_category: fn(CategoryId) -> Scope =
            if filter.include_descendants { Scope::Subtree } else { Scope::Category };
        let mut subtree: HashSet<CategoryId> = filter.categories.iter().copied().collect();
        if filter.include_descendants {
            let below = filter.categories.iter().flat_map(|id| reference.categories.subtree(*id));
            subtree.extend(below.map(|category| category.id));
        }
        Self {
            categories: timelines(filter.categories.iter().copied().map(in_category).collect()),
            tags: timelines(filter.tags.iter().copied().map(Scope::Tag).collect()),
            subtree,
            filter,
            webhook,
        }
    }

    /// The messages for it, for its outbox: those alone of what was changed from some time on.
    pub(super) fn of_these(&self, made: &[Made], from: Timestamp) -> Vec<Posted> {
        let wanted = made.iter().filter(|message| message.at >= from && self.wants(message));
        wanted
            .map(|message| Posted {
                id: DeliveryId::of_change(self.webhook.id, message.seq, message.at),
                lane: message.lane.clone(),
                place: message.seq,
                seq: Some(message.seq),
                event: message.event,
                body: message.body.clone(),
            })
            .collect()
    }

    fn wants(&self, message: &Made) -> bool {
        let Self { filter, categories, subtree, tags, .. } = self;
        let is_for = match &message.about {
            About::Other => true,
            About::Redirect(locale) => locale.is_none_or(|locale| filter.takes_locale(locale)),
            About::Publication { kind, locale, lists } => {
                let in_category = |lists: &Lists| match lists {
                    Lists::Timelines(timelines) => !timelines.is_disjoint(categories),
                    Lists::Now { category, .. } => subtree.contains(category),
                    Lists::Unknown => true,
                };
                let has_tag = |lists: &Lists| match lists {
                    Lists::Timelines(timelines) => !timelines.is_disjoint(tags),
                    Lists::Now { tags, .. } => tags.iter().any(|tag| filter.tags.contains(tag)),
                    Lists::Unknown => true,
                };
                filter.takes_kind(*kind)
                    && filter.takes_locale(*locale)
                    && (filter.categories.is_empty() || in_category(lists))
                    && (filter.tags.is_empty() || has_tag(lists))
            }
        };
        is_for && filter.takes(message.event)
    }
}
