//! Somebody who works on articles of their own, and knows what must have come of it.

use std::sync::atomic::{AtomicUsize, Ordering};

use courant_domain::{
    content::Content,
    id::{CategoryId, EntryId},
    workflow::State,
};
use courant_persistence::dump::EntryRecord;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::sync::watch;

use crate::{
    desk::{Asked, Desk, done, entry_id},
    random::Random,
};

/// An article as its editor knows it.
struct Piece {
    id: EntryId,
    slug: String,
    /// The titles of its revisions, the first one first.
    titles: Vec<String>,
    state: State,
    /// The revision that is live.
    live: Option<usize>,
    /// When it goes live, if it is to.
    scheduled: Option<Timestamp>,
}

/// A category as its editor knows it.
struct Place {
    id: CategoryId,
    parent: Option<CategoryId>,
}

/// What an editor does next.
#[derive(Debug, Clone)]
enum Deed {
    Create { slug: String, title: String },
    Save { piece: usize, title: String },
    Publish { piece: usize },
    Unpublish { piece: usize, notice: bool },
    Schedule { piece: usize, at: Timestamp },
    CreateCategory,
    MoveCategory { place: usize, parent: Option<usize> },
}

pub(crate) struct Editor {
    name: String,
    random: Random,
    pieces: Vec<Piece>,
    places: Vec<Place>,
    number: usize,
    /// How many changes were made.
    pub(crate) deeds: usize,
    /// What was asked and not answered.
    unanswered: Option<(Deed, Asked)>,
}

impl Editor {
    pub(crate) fn new(name: usize, random: Random) -> Self {
        let name = format!("e{name}");
        Self { name, random, pieces: Vec::new(), places: Vec::new(), number: 0, deeds: 0, unanswered: None }
    }

    /// Works until the server is gone. `answered` counts what all editors got answers to.
    pub(crate) async fn work(&mut self, desk: &Desk, url: &str, answered: &watch::Sender<usize>) {
        loop {
            let deed = self.choose();
            let asked = self.asked(desk, &deed);
            match desk.ask(url, &asked).await {
                Ok(payload) => {
                    self.took_effect(&deed, &payload);
                    answered.send_modify(|count| *count += 1);
                }
                Err(_) => {
                    self.unanswered = Some((deed, asked));
                    return;
                }
            }
        }
    }

    /// Asks again what was not answered, under the same key: it is done, once, whether it was done before or not.
    pub(crate) async fn ask_again(&mut self, desk: &Desk, url: &str) {
        let Some((deed, asked)) = self.unanswered.take() else { return };
        let payload = desk.ask(url, &asked).await.unwrap();
        let again = desk.ask(url, &asked).await.unwrap();
        assert_eq!(payload, again, "{}: the same answer to the same request", asked.mutation);
        self.took_effect(&deed, &payload);
    }

    fn choose(&mut self) -> Deed {
        self.number += 1;
        let title = format!("{} {}", self.name, self.number);
        let create = Deed::Create { slug: format!("{}-{}", self.name, self.number), title: title.clone() };
        let free: Vec<usize> = (0..self.pieces.len()).filter(|piece| self.pieces[*piece].scheduled.is_none()).collect();
        if free.len() < 3 {
            return create;
        }
        let piece = free[self.random.below(free.len())];
        let is_live = self.pieces[piece].live.is_some();
        match self.random.below(20) {
            0 => create,
            1 => Deed::CreateCategory,
            2 if !self.places.is_empty() => {
                let place = self.random.below(self.places.len());
                // Only below earlier ones, so that no circle can be asked for.
                let parent = Some(self.random.below(place + 1)).filter(|parent| *parent < place);
                Deed::MoveCategory { place, parent: parent.filter(|parent| self.places[*parent].parent.is_none()) }
            }
            3..=5 if is_live => Deed::Unpublish { piece, notice: self.random.below(2) == 0 },
            6..=7 if self.pieces[piece].state == State::Draft => {
                Deed::Schedule { piece, at: Timestamp::now() + SignedDuration::from_secs(1) }
            }
            8..=12 if self.pieces[piece].state != State::Archived => Deed::Publish { piece },
            _ => Deed::Save { piece, title },
        }
    }

    fn asked(&self, desk: &Desk, deed: &Deed) -> Asked {
        match deed {
            Deed::Create { slug, title } => Asked::create(desk.category, slug, title),
            Deed::Save { piece, title } => {
                let piece = &self.pieces[*piece];
                Asked::save(piece.id, piece.titles.len(), &piece.slug, title)
            }
            Deed::Publish { piece } => {
                let piece = &self.pieces[*piece];
                Asked::step("publishEntry", piece.id, json!({ "revision": piece.titles.len() }))
            }
            Deed::Unpublish { piece, notice } => {
                let ending = if *notice { json!({ "notice": "A mistake." }) } else { json!({ "gone": true }) };
                Asked::step("unpublishEntry", self.pieces[*piece].id, json!({ "ending": ending }))
            }
            Deed::Schedule { piece, at } => {
                Asked::step("scheduleEntry", self.pieces[*piece].id, json!({ "at": at.to_string() }))
            }
            Deed::CreateCategory => {
                let slug = format!("{}-{}", self.name, self.number);
                let title = json!([{ "locale": "en", "text": slug }]);
                Asked::new("createCategory", json!({ "slug": slug, "title": title }))
            }
            Deed::MoveCategory { place, parent } => {
                let parent = parent.map(|parent| self.places[parent].id.to_string());
                Asked::new("moveCategory", json!({ "id": self.places[*place].id.to_string(), "parentId": parent }))
            }
        }
    }

    fn took_effect(&mut self, deed: &Deed, payload: &serde_json::Value) {
        // What was to be live a second from now may have been refused because a restart took longer than that.
        if let Deed::Schedule { at, .. } = deed
            && crate::desk::refusals(payload) == ["INVALID"]
            && *at <= Timestamp::now()
        {
            return;
        }
        done(payload);
        self.deeds += 1;
        match deed.clone() {
            Deed::Create { slug, title } => self.pieces.push(Piece {
                id: entry_id(payload),
                slug,
                titles: vec![title],
                state: State::Draft,
                live: None,
                scheduled: None,
            }),
            Deed::Save { piece, title } => {
                let piece = &mut self.pieces[piece];
                piece.titles.push(title);
                piece.state = State::Draft;
            }
            Deed::Publish { piece } => {
                let piece = &mut self.pieces[piece];
                (piece.state, piece.live) = (State::Published, Some(piece.titles.len()));
            }
            Deed::Unpublish { piece, notice } => {
                let piece = &mut self.pieces[piece];
                if matches!(piece.state, State::Published | State::Withdrawn) {
                    piece.state = State::Withdrawn;
                }
                piece.live = piece.live.filter(|_| notice);
            }
            Deed::Schedule { piece, at } => {
                let piece = &mut self.pieces[piece];
                (piece.state, piece.scheduled) = (State::Scheduled, Some(at));
            }
            Deed::CreateCategory => {
                let id = payload["category"]["id"].as_str().unwrap().parse::<uuid::Uuid>().unwrap();
                self.places.push(Place { id: id.into(), parent: None });
            }
            Deed::MoveCategory { place, parent } => {
                let parent = parent.map(|parent| self.places[parent].id);
                // What is there already is not moved, and leaves no record.
                self.deeds -= usize::from(self.places[place].parent == parent);
                self.places[place].parent = parent;
            }
        }
    }

    /// Sees that everything is as it must be, and learns what went live by itself. Says how much did.
    pub(crate) fn check(&mut self, desk: &Desk, records: &[EntryRecord], published: &AtomicUsize) {
        for piece in &mut self.pieces {
            let Ok(index) = records.binary_search_by_key(&piece.id, |record| record.entry.id) else {
                panic!("{} is lost", piece.slug)
            };
            piece.check(&records[index], published);
        }
        let reference = desk.store.reference();
        for place in &self.places {
            let found = reference.categories.get(place.id).map(|found| found.parent);
            assert_eq!(found, Some(place.parent), "a category of {}", self.name);
        }
    }

    pub(crate) fn pieces(&self) -> usize {
        self.pieces.len()
    }

    /// Whether something of theirs is still to go live by itself.
    pub(crate) fn waits(&self) -> bool {
        self.pieces.iter().any(|piece| piece.scheduled.is_some())
    }

    pub(crate) fn places(&self) -> usize {
        self.places.len()
    }
}

impl Piece {
    fn check(&mut self, record: &EntryRecord, published: &AtomicUsize) {
        let slug = &self.slug;
        let title = |content: &Content| content.title().unwrap_or_default().to_owned();
        let titles: Vec<String> = record.revisions.iter().map(|revision| title(&revision.content)).collect();
        assert_eq!(titles, self.titles, "the revisions of {slug}");
        let standing = &record.standings[0].standing;
        let live = record.editions.first();
        if let Some(at) = self.scheduled
            && standing.state == State::Published
        {
            let live = live.unwrap();
            assert!(at <= Timestamp::now(), "{slug} went live before its time");
            if self.live.is_none() {
                // Databases keep times to the microsecond.
                assert_eq!(live.published_at.as_microsecond(), at.as_microsecond(), "{slug} carries its planned time");
            }
            (self.state, self.live, self.scheduled) = (State::Published, Some(self.titles.len()), None);
            published.fetch_add(1, Ordering::Relaxed);
        }
        assert_eq!(standing.state, self.state, "where {slug} stands");
        assert_eq!(live.map(|live| live.revision as usize), self.live, "what is live of {slug}");
    }
}
