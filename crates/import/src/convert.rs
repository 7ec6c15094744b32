//! From an imported item to what the store takes in.

use courant_domain::{
    content::{Content, Cut, RequiredField},
    edition::Withdrawal,
    entry::EntryKind,
    id::EntryId,
    locale::Locale,
    workflow::State,
};
use courant_syndication::{Item, ItemStatus, Shown};
use jiff::Timestamp;

use crate::{
    incoming::{Incoming, IncomingText, IncomingVersion},
    report::Report,
    terms::Terms,
};

pub(crate) struct Converter<'a> {
    pub(crate) terms: &'a Terms,
    /// The language of what names none.
    pub(crate) locale: Locale,
    /// Those of the site.
    pub(crate) offered: Vec<Locale>,
    /// Whether everything goes in as a draft.
    pub(crate) drafts: bool,
    /// The time of the import.
    pub(crate) now: Timestamp,
}

/// Where an item stands here.
struct Standing {
    state: State,
    /// Whether it is a draft only because it cannot or shall not be more here.
    held: bool,
    /// Why, where that is not what its source says.
    reason: Option<String>,
}

impl Standing {
    /// That of a text in a language which the site has not: nobody reads it as one in another.
    fn in_foreign(self, language: Locale, taken: Locale) -> Self {
        let why = format!("it is in the language {language}, which the site has not");
        match self.state {
            State::Published | State::Scheduled | State::Withdrawn => Self {
                state: State::Draft,
                held: true,
                reason: Some(format!("{why}; it goes in as a draft in {taken}")),
            },
            _ => Self {
                reason: Some(self.reason.map_or_else(|| why.clone(), |reason| format!("{reason}; {why}"))),
                ..self
            },
        }
    }
}

impl Converter<'_> {
    pub(crate) fn incoming(&self, item: Item, report: &mut Report) -> Incoming {
        let terms = self.terms;
        let mut categories = item.categories.iter();
        let main = categories.next();
        let category = main.and_then(|slug| terms.categories.get(slug)).copied().unwrap_or(terms.default);
        let mut tags: Vec<_> = item.tags.iter().filter_map(|slug| terms.tags.get(slug)).copied().collect();
        for further in categories.filter(|further| !main.is_some_and(|main| terms.below(main, further))) {
            report.further_categories += 1;
            if let Some(tag) = terms.further.get(further).filter(|tag| !tags.contains(tag)) {
                tags.push(*tag);
            }
        }
        let mut content = item.content;
        content.authors = item.authors.iter().filter_map(|slug| terms.persons.get(slug)).copied().collect();
        let text = match item.status {
            ItemStatus::Gone => IncomingText::Gone,
            ItemStatus::Withdrawn => IncomingText::Notice,
            _ => IncomingText::Whole,
        };
        let notice = content.body.as_ref().filter(|_| text == IncomingText::Notice);
        let withdrawal = notice.map(|notice| Withdrawal {
            at: item.updated_at.or(item.published_at).unwrap_or(self.now).min(self.now),
            notice: notice.source().to_owned(),
            format: notice.format(),
        });
        let mut content = Content::Article(content);
        for Cut { field, bound } in content.shorten() {
            // A title without a summary is whole in its place.
            let place = if field == "title" { "in its summary or below its text" } else { "below its text" };
            report.problem(&item.place, format!("its {field} is longer than {bound} and was cut; it is whole {place}"));
        }
        let missing = content.missing();
        let (locale, foreign) = self.language(item.language);
        let standing = self.standing((item.status, item.shown), item.published_at, &missing);
        let Standing { state, held, reason } = match foreign {
            Some(language) => standing.in_foreign(language, locale),
            None => standing,
        };
        if locale != self.locale && item.status != ItemStatus::Gone {
            *report.languages.entry(locale).or_default() += 1;
        }
        if let Some(reason) = reason {
            report.problem(&item.place, reason);
        }
        Incoming {
            id: EntryId::generate(),
            origin: item.origin,
            kind: EntryKind::Article,
            category,
            tags,
            views: 0,
            old_paths: item.old_paths,
            names_language: item.language.is_some(),
            versions: vec![IncomingVersion {
                locale,
                content,
                state,
                published_at: item.published_at,
                updated_at: item.updated_at,
                change_notes: Vec::new(),
                withdrawal,
                text,
                held,
            }],
        }
    }

    /// The language an item goes in in: its own, if the site has that or its language without the region. The one that the site has not
    /// is given as well.
    fn language(&self, own: Option<Locale>) -> (Locale, Option<Locale>) {
        let Some(own) = own else { return (self.locale, None) };
        if own.language() == self.locale.language() && !self.offered.contains(&own) {
            return (self.locale, None);
        }
        match Locale::negotiate(own, &self.offered) {
            Some(locale) => (locale, None),
            None => (self.locale, Some(own)),
        }
    }

    fn standing(
        &self,
        (status, shown): (ItemStatus, Shown),
        date: Option<Timestamp>,
        missing: &[RequiredField],
    ) -> Standing {
        let as_it_is = |state| Standing { state, held: false, reason: None };
        let held = |why: String| Standing {
            state: State::Draft,
            held: true,
            reason: Some(format!("it goes in as a draft, for it {why}")),
        };
        if self.drafts {
            return Standing { held: true, ..as_it_is(State::Draft) };
        }
        // What its source does not show now, readers do not get here.
        let hidden = |why: String| Standing { held: false, ..held(why) };
        if matches!(status, ItemStatus::Published | ItemStatus::Scheduled) {
            // One date may say both.
            if let Some(from) = shown.from.filter(|from| *from > self.now && Some(*from) != date) {
                return hidden(format!("is not for readers before {from} at its source"));
            }
            if let Some(until) = shown.until.filter(|until| *until <= self.now) {
                return hidden(format!("is no longer for readers since {until} at its source"));
            }
        }
        match status {
            ItemStatus::Published | ItemStatus::Scheduled if !missing.is_empty() => {
                let missing: Vec<String> = missing.iter().map(ToString::to_string).collect();
                held(format!("has no {}", missing.join(" and no ")))
            }
            ItemStatus::Published => match date.filter(|date| *date > self.now) {
                Some(date) => Standing {
                    reason: Some(format!("its date is still to come; it is scheduled for {date}")),
                    ..as_it_is(State::Scheduled)
                },
                None => as_it_is(State::Published),
            },
            ItemStatus::Scheduled => match date {
                Some(date) if date > self.now => as_it_is(State::Scheduled),
                // Its source has not published it, for whatever reason, and nobody said that it may be now.
                Some(date) => held(format!("was to be published at {date}, and its source does not say that it was")),
                None => held("is scheduled without a date".to_owned()),
            },
            // What is published and has no date that can be read comes as a draft, too.
            ItemStatus::Draft => Standing { held: date.is_none(), ..as_it_is(State::Draft) },
            ItemStatus::Pending => as_it_is(State::InReview),
            ItemStatus::Private => hidden("may be read only by some at its source".to_owned()),
            ItemStatus::Trash => as_it_is(State::Archived),
            ItemStatus::Gone => as_it_is(State::Draft),
            ItemStatus::Withdrawn => as_it_is(State::Withdrawn),
        }
    }
}
