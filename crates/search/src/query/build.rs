//! From what was asked to what tantivy runs.

use std::ops::Bound;

use tantivy::{
    Term,
    query::{
        AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, EmptyQuery, Occur, PhraseQuery,
        Query, RangeQuery, TermQuery, TermSetQuery,
    },
    schema::{Field, IndexRecordOption},
};
use uuid::Uuid;

use super::{Ask, Filter, Form, Narrowed, Part};
use crate::{
    analysis::Language,
    error::SearchError,
    schema::{Fields, edition_term},
    search::Reader,
    spelling::completions,
};

/// What a word counts in a title, beside one in the text.
const TITLE: f32 = 3.0;
/// What a word counts that is spelled as it was asked for, beside another form of it.
const EXACT: f32 = 0.6;
/// How many words the beginning of one stands for, at the most.
const PREFIXED: usize = 64;

type Boxed = Box<dyn Query>;

/// Words that are in nearly every text; they count, and need not be there.
const STOP_WORDS: &[&str] = &[
    "a",
    "an",
    "and",
    "are",
    "as",
    "at",
    "be",
    "by",
    "for",
    "from",
    "has",
    "in",
    "is",
    "it",
    "of",
    "on",
    "or",
    "that",
    "the",
    "to",
    "was",
    "were",
    "with",
    "и",
    "в",
    "во",
    "не",
    "на",
    "с",
    "со",
    "как",
    "по",
    "за",
    "из",
    "к",
    "ко",
    "у",
    "о",
    "об",
    "от",
    "для",
    "до",
    "а",
    "но",
    "или",
    "что",
    "это",
    "we",
    "hem",
    "bilen",
    "üçin",
    "ucin",
    "bu",
    "şu",
    "su",
    "bir",
    "hakynda",
    "barada",
    "boýunça",
];

/// How much of what is asked for a text has to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Breadth {
    /// Each word; of three and more, most of them.
    Strict,
    /// One word less.
    Wide,
}

/// What is asked for, by how much it matters.
struct Wanted<'a> {
    /// What has to be there, whatever else is.
    musts: Vec<&'a Part>,
    /// Words of which enough have to be there.
    words: Vec<&'a Part>,
    /// What counts, and need not be there.
    extra: Vec<&'a Part>,
}

impl<'a> Wanted<'a> {
    fn of(ask: &'a Ask) -> Self {
        let is_stop = |part: &Part| {
            let is_word = !part.required && part.form == Form::Word;
            is_word && part.words.iter().all(|word| STOP_WORDS.contains(&word.as_str()))
        };
        let all_stop = ask.wanted().all(is_stop);
        let mut wanted = Self { musts: Vec::new(), words: Vec::new(), extra: Vec::new() };
        for part in ask.wanted() {
            match (part.required, is_stop(part) && !all_stop) {
                (true, _) => wanted.musts.push(part),
                (false, true) => wanted.extra.push(part),
                (false, false) => wanted.words.push(part),
            }
        }
        wanted
    }

    /// How many of the words have to be there.
    fn needed(&self, breadth: Breadth) -> usize {
        let strict = match self.words.len() {
            few @ 0..=2 => few,
            some @ 3..=4 => some - 1,
            many => many * 3 / 5,
        };
        match breadth {
            Breadth::Strict => strict,
            Breadth::Wide if self.musts.is_empty() => strict.saturating_sub(1).max(1),
            Breadth::Wide => strict.saturating_sub(1),
        }
    }
}

/// Whether there is less to ask for, where too little has all of it.
pub(crate) fn can_widen(ask: &Ask) -> bool {
    let wanted = Wanted::of(ask);
    wanted.needed(Breadth::Wide) < wanted.needed(Breadth::Strict)
}

/// What makes a text a hit, and how well it does.
pub(crate) fn relevance(
    ask: &Ask,
    breadth: Breadth,
    fields: &Fields,
    languages: &[Language],
    reader: &Reader<'_>,
) -> Result<Boxed, SearchError> {
    if ask.is_open() {
        return Ok(Box::new(ConstScoreQuery::new(Box::new(AllQuery), 0.0)));
    }
    let wanted = Wanted::of(ask);
    let needed = wanted.needed(breadth);
    let queries = |parts: Vec<&Part>| -> Result<Vec<Boxed>, SearchError> {
        parts.into_iter().map(|part| part_query(part, fields, languages, reader)).collect()
    };
    let mut clauses: Vec<(Occur, Boxed)> = queries(wanted.musts)?.into_iter().map(|must| (Occur::Must, must)).collect();
    let words = queries(wanted.words)?;
    if needed == 0 {
        clauses.extend(words.into_iter().map(|query| (Occur::Should, query)));
    } else {
        clauses.push((Occur::Must, Box::new(BooleanQuery::union_with_minimum_required_clauses(words, needed))));
    }
    clauses.extend(queries(wanted.extra)?.into_iter().map(|query| (Occur::Should, query)));
    Ok(Box::new(BooleanQuery::new(clauses)))
}

/// What one part is looked up by.
fn part_query(part: &Part, fields: &Fields, languages: &[Language], reader: &Reader<'_>) -> Result<Boxed, SearchError> {
    let places: &[(Field, Field, f32)] =
        &[(fields.title, fields.exact_title, TITLE), (fields.text, fields.exact_text, 1.0)];
    let places = if part.in_title { &places[..1] } else { places };
    let mut any: Vec<Boxed> = Vec::new();
    match (part.form, part.words.as_slice()) {
        (Form::Prefix, [.., last]) => {
            let of_words = [fields.exact_title, fields.exact_text];
            let completed = completions(reader, &of_words, last)?;
            let completed: Vec<String> = completed.take(PREFIXED).collect::<Result<_, _>>()?;
            for (stems, exact, weight) in places {
                // How often is not asked: that is for words, and would be counted for each of them in each text.
                let begun = completed.iter().map(|word| Term::from_field_text(*exact, word));
                any.push(Box::new(ConstScoreQuery::new(Box::new(TermSetQuery::new(begun)), *weight)));
                any.extend(word_queries(last, *stems, *exact, *weight, languages));
            }
        }
        (Form::Word, [word]) => {
            for (stems, exact, weight) in places {
                any.extend(word_queries(word, *stems, *exact, *weight, languages));
            }
        }
        // Words that are written together: all of them, and better in this order.
        (Form::Word, words) => {
            let each: Vec<Boxed> = words
                .iter()
                .map(|word| {
                    let queries = places
                        .iter()
                        .flat_map(|(stems, exact, weight)| word_queries(word, *stems, *exact, *weight, languages));
                    Box::new(DisjunctionMaxQuery::with_tie_breaker(queries.collect(), 0.3)) as Boxed
                })
                .collect();
            any.push(Box::new(BooleanQuery::intersection(each)));
            any.extend(
                places
                    .iter()
                    .map(|(_, exact, weight)| Box::new(BoostQuery::new(phrase(*exact, words), 2.0 * weight)) as Boxed),
            );
        }
        (_, words) => any.extend(
            places.iter().map(|(_, exact, weight)| Box::new(BoostQuery::new(phrase(*exact, words), *weight)) as Boxed),
        ),
    }
    Ok(Box::new(DisjunctionMaxQuery::with_tie_breaker(any, 0.3)))
}

/// A word in a place: as it is spelled, and in its other forms.
fn word_queries(word: &str, stems: Field, exact: Field, weight: f32, languages: &[Language]) -> Vec<Boxed> {
    let mut queries: Vec<Boxed> = vec![Box::new(BoostQuery::new(word_term(exact, word), EXACT * weight))];
    let mut known: Vec<String> = Vec::new();
    for sought in languages.iter().flat_map(|language| language.sought(word)) {
        if !known.contains(&sought.term) {
            let query = TermQuery::new(Term::from_field_text(stems, &sought.term), IndexRecordOption::WithFreqs);
            queries.push(Box::new(BoostQuery::new(Box::new(query), sought.weight * weight)));
            known.push(sought.term);
        }
    }
    queries
}

fn word_term(field: Field, word: &str) -> Boxed {
    Box::new(TermQuery::new(Term::from_field_text(field, word), IndexRecordOption::WithFreqs))
}

fn phrase(field: Field, words: &[String]) -> Boxed {
    let mut terms: Vec<Term> = words.iter().map(|word| Term::from_field_text(field, word)).collect();
    match terms.len() {
        0 => Box::new(EmptyQuery),
        1 => Box::new(TermQuery::new(terms.remove(0), IndexRecordOption::WithFreqs)),
        _ => Box::new(PhraseQuery::new(terms)),
    }
}

/// What is asked for word for word and not to be there: in all forms of a word, or as it is quoted.
pub(crate) fn rest(
    ask: &Ask,
    fields: &Fields,
    languages: &[Language],
    reader: &Reader<'_>,
) -> Result<Vec<(Occur, Boxed)>, SearchError> {
    let mut clauses = Vec::new();
    for part in ask.parts.iter().filter(|part| part.excluded) {
        clauses.push((Occur::MustNot, part_query(part, fields, languages, reader)?));
    }
    for (narrowed, excluded) in &ask.narrowed {
        let query = of_narrowed(narrowed, fields);
        clauses.push(if *excluded { (Occur::MustNot, query) } else { (Occur::Must, silent(query)) });
    }
    Ok(clauses)
}

/// What has a term, which says nothing of how well it fits.
pub(crate) fn having(term: Term) -> Boxed {
    silent(Box::new(TermQuery::new(term, IndexRecordOption::Basic)))
}

/// The filter's conditions, and what is not live any more.
pub(crate) fn narrowed(filter: &Filter, gone: &[(Uuid, String)], fields: &Fields) -> Vec<(Occur, Boxed)> {
    let mut clauses = Vec::new();
    let mut must = |narrowed: Narrowed| clauses.push((Occur::Must, silent(of_narrowed(&narrowed, fields))));
    let Filter { kinds, categories, tags, signatories, years, locales, from, before } = filter.clone();
    kinds.map(Narrowed::Kinds).map(&mut must);
    categories.map(Narrowed::Categories).map(&mut must);
    tags.map(Narrowed::Tags).map(&mut must);
    signatories.map(Narrowed::Signatories).map(&mut must);
    years.map(Narrowed::Years).map(&mut must);
    locales.map(Narrowed::Locales).map(&mut must);
    if from.is_some() || before.is_some() {
        let term = |at| Term::from_field_i64(fields.published, at);
        let from = from.map_or(Bound::Unbounded, |at| Bound::Included(term(at)));
        let before = before.map_or(Bound::Unbounded, |at| Bound::Excluded(term(at)));
        clauses.push((Occur::Must, silent(Box::new(RangeQuery::new(from, before)))));
    }
    if !gone.is_empty() {
        let terms = gone.iter().map(|(entry, locale)| edition_term(*entry, locale));
        clauses.push((Occur::MustNot, exactly(fields.edition, terms)));
    }
    clauses
}

fn of_narrowed(narrowed: &Narrowed, fields: &Fields) -> Boxed {
    let ids = |ids: &[Uuid]| -> Vec<String> { ids.iter().map(|id| id.simple().to_string()).collect() };
    match narrowed {
        Narrowed::Kinds(kinds) => exactly(fields.kind, kinds.iter().cloned()),
        Narrowed::Categories(categories) => exactly(fields.category, ids(categories)),
        Narrowed::Tags(tags) => exactly(fields.tag, ids(tags)),
        Narrowed::Signatories(signatories) => exactly(fields.signatory, ids(signatories)),
        Narrowed::Years(years) => exactly(fields.year, years.iter().map(i16::to_string)),
        Narrowed::Locales(locales) => exactly(fields.locale, locales.iter().cloned()),
    }
}

/// One of these values, as they are.
fn exactly(field: Field, values: impl IntoIterator<Item = String>) -> Boxed {
    let mut terms: Vec<Term> = values.into_iter().map(|value| Term::from_field_text(field, &value)).collect();
    match terms.len() {
        1 => Box::new(TermQuery::new(terms.remove(0), IndexRecordOption::Basic)),
        _ => Box::new(TermSetQuery::new(terms)),
    }
}

/// A condition that says nothing of how well a text fits.
fn silent(query: Boxed) -> Boxed {
    Box::new(ConstScoreQuery::new(query, 0.0))
}
