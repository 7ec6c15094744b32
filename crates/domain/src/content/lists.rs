//! What the lists of a content may hold.

use std::{collections::HashSet, hash::Hash};

use super::Content;
use crate::{
    decree::Relation,
    entry::EntryKind,
    id::{EntryId, TagId},
    problem::{Problem, ProblemCode},
};

/// The most tags an entry has.
pub const MOST_TAGS: usize = 50;
/// The most authors an article has.
pub const MOST_AUTHORS: usize = 50;
/// The most decrees an article reports on.
pub const MOST_COVERS: usize = 100;
/// The most relations a decree has to others.
pub const MOST_RELATIONS: usize = 500;
/// The most articles and decrees that editors let go with one.
pub const MOST_RELATED: usize = 100;

/// An entry that a content names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Where, as a path with dots.
    pub field: String,
    /// Which.
    pub entry: EntryId,
    /// The kind it must be of; none when either is good.
    pub kind: Option<EntryKind>,
}

impl Content {
    /// What no content may hold, each with where it is: texts and lists that are too long, what stands in a list twice, and what
    /// would be said of the entry itself, where that is known.
    #[must_use]
    pub fn problems(&self, entry: Option<EntryId>) -> Vec<Problem> {
        let mut problems = self.text_problems();
        match self {
            Self::Article(article) => {
                problems.extend(list("content.authors", &article.authors, MOST_AUTHORS));
                problems.extend(list("content.covers", &article.covers, MOST_COVERS));
            }
            Self::Decree(decree) => {
                problems.extend(relations(&decree.relations, entry));
                if decree.effective_on.zip(decree.repealed_on).is_some_and(|(from, until)| until < from) {
                    let message = "it would end before it comes into force";
                    problems.push(Problem::new(ProblemCode::Invalid, "content.repealedOn", message));
                }
            }
        }
        problems.extend(list("content.related", self.related(), MOST_RELATED));
        for place in places(self.related(), |related| Some(*related) == entry) {
            let message = "it goes with itself anyway";
            problems.push(Problem::new(ProblemCode::Invalid, &format!("content.related.{place}"), message));
        }
        problems
    }

    /// The entries it names, each with where.
    #[must_use]
    pub fn named(&self) -> Vec<Named> {
        let act = Some(EntryKind::Decree);
        let named = |field: String, entry, kind| Named { field, entry, kind };
        let mut all: Vec<Named> = match self {
            Self::Article(article) => {
                let covers = article.covers.iter().enumerate();
                covers.map(|(place, entry)| named(format!("content.covers.{place}"), *entry, act)).collect()
            }
            Self::Decree(decree) => {
                let field = |place| format!("content.relations.{place}.targetId");
                let relations = decree.relations.iter().enumerate();
                relations.map(|(place, relation)| named(field(place), relation.target, act)).collect()
            }
        };
        let related = self.related().iter().enumerate();
        all.extend(related.map(|(place, entry)| named(format!("content.related.{place}"), *entry, None)));
        all
    }
}

/// What is wrong with an entry's tags.
#[must_use]
pub fn tag_problems(tags: &[TagId]) -> Vec<Problem> {
    list("tags", tags, MOST_TAGS)
}

fn relations(relations: &[Relation], entry: Option<EntryId>) -> Vec<Problem> {
    let field = |place| format!("content.relations.{place}.targetId");
    let mut problems: Vec<Problem> =
        too_long("content.relations", relations.len(), MOST_RELATIONS).into_iter().collect();
    for place in places(relations, |relation| Some(relation.target) == entry) {
        problems.push(Problem::new(ProblemCode::Invalid, &field(place), "a decree does nothing to itself"));
    }
    let mut seen = HashSet::new();
    for place in places(relations, |relation| !seen.insert((relation.kind, relation.target))) {
        problems.push(Problem::new(ProblemCode::Taken, &field(place), "it does that to this act already"));
    }
    problems
}

fn list<T: Eq + Hash>(field: &str, items: &[T], most: usize) -> Vec<Problem> {
    let mut seen = HashSet::new();
    let mut problems: Vec<Problem> = too_long(field, items.len(), most).into_iter().collect();
    if problems.is_empty() {
        let twice = places(items, |item| !seen.insert(item));
        let problem =
            |place| Problem::new(ProblemCode::Invalid, &format!("{field}.{place}"), "this stands there already");
        problems.extend(twice.into_iter().map(problem));
    }
    problems
}

fn too_long(field: &str, length: usize, most: usize) -> Option<Problem> {
    (length > most)
        .then(|| Problem::new(ProblemCode::Invalid, field, format!("at most {most}, and these are {length}")))
}

/// The places of what this holds for, counted from 0.
fn places<'a, T>(items: &'a [T], mut holds: impl FnMut(&'a T) -> bool) -> Vec<usize> {
    items.iter().enumerate().filter(|(_, item)| holds(*item)).map(|(place, _)| place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        article::ArticleContent,
        decree::{DecreeContent, RelationKind},
        id::PersonId,
    };

    fn fields(problems: &[Problem]) -> Vec<(ProblemCode, String)> {
        problems.iter().map(|problem| (problem.code, problem.field.join("."))).collect()
    }

    #[test]
    fn what_stands_twice_is_told_with_its_place() {
        let (one, two) = (EntryId::generate(), EntryId::generate());
        let author = PersonId::generate();
        let article = Content::Article(ArticleContent {
            authors: vec![author, author],
            covers: vec![one, two, one],
            related: vec![two],
            ..Default::default()
        });
        let expected = ["content.authors.1", "content.covers.2", "content.related.0"];
        let expected = expected.map(|field| (ProblemCode::Invalid, field.to_owned()));
        assert_eq!(fields(&article.problems(Some(two))), expected);
        assert_eq!(article.named().len(), 4);
    }

    #[test]
    fn a_decree_does_a_thing_once_and_not_to_itself() {
        let (own, other) = (EntryId::generate(), EntryId::generate());
        let does = |kind, target| Relation { kind, target, on: None, partial: false, note: None };
        let relations = vec![
            does(RelationKind::Repeals, other),
            does(RelationKind::Amends, other),
            does(RelationKind::Repeals, other),
            does(RelationKind::Repeals, own),
        ];
        let decree = Content::Decree(DecreeContent { relations, ..Default::default() });
        let target = |place: usize| format!("content.relations.{place}.targetId");
        assert_eq!(
            fields(&decree.problems(Some(own))),
            [(ProblemCode::Invalid, target(3)), (ProblemCode::Taken, target(2))]
        );
        assert_eq!(fields(&decree.problems(None)), [(ProblemCode::Taken, target(2))]);
    }

    #[test]
    fn lists_end_somewhere() {
        let tags: Vec<TagId> = (0..MOST_TAGS).map(|_| TagId::generate()).collect();
        assert_eq!(tag_problems(&tags), []);
        let more = [tags.clone(), tags].concat();
        assert_eq!(fields(&tag_problems(&more)), [(ProblemCode::Invalid, "tags".to_owned())]);
    }
}
