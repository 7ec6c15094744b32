//! Lists of live editions: what is in them, and in which order.
//!
//! A list is answered from *timelines*. A timeline holds the entries of one kind that a reader of one locale
//! gets under one [`Scope`], newest first. Publishing files an entry under all its scopes, so reading a list
//! is scanning the timelines of its narrowest condition and probing those of the others.

use jiff::{Timestamp, civil::Date};

use crate::{
    article::Genre,
    category::CategoryTree,
    decree::{DocumentType, LegalStatus},
    entry::EntryKind,
    fingerprint::fingerprint,
    id::{CategoryId, EntryId, FeedId, PersonId, TagId},
    locale::Locale,
    publication::Details,
    reading::ReadingWindow,
};

/// What the entries of a timeline have in common, apart from kind and reader's locale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Nothing: all of them.
    All,
    /// Filed exactly here.
    Category(CategoryId),
    /// Filed here or below.
    Subtree(CategoryId),
    /// With this tag.
    Tag(TagId),
    /// By this author, or signed by this person.
    Person(PersonId),
    /// Articles that report on this act.
    Covers(EntryId),
    /// Pinned on top of this feed; these timelines are ordered by the editors, not by time.
    Pinned(FeedId),
    /// Articles of this sort.
    Genre(Genre),
    /// Acts of this sort.
    DocumentType(DocumentType),
}

impl Scope {
    /// Every scope an edition is filed under by what it is; feeds may pin it beyond that.
    #[must_use]
    pub fn of(category: CategoryId, details: &Details, tree: &CategoryTree) -> Vec<Self> {
        let mut scopes = vec![Self::All, Self::Category(category), Self::Subtree(category)];
        scopes.extend(tree.ancestors(category).map(|above| Self::Subtree(above.id)));
        scopes.extend(details.tags.iter().copied().map(Self::Tag));
        scopes.extend(details.authors.iter().copied().map(Self::Person));
        scopes.extend(details.signatory.iter().map(|signatory| Self::Person(signatory.person)));
        scopes.extend(details.covers.iter().copied().map(Self::Covers));
        scopes.extend(details.genre.map(Self::Genre));
        scopes.extend(details.document_type.map(Self::DocumentType));
        scopes.sort_unstable();
        scopes.dedup();
        scopes
    }

    /// How much of the content a scope usually holds; smaller is narrower.
    const fn breadth(self) -> u8 {
        match self {
            Self::Tag(_) | Self::Person(_) | Self::Covers(_) | Self::Pinned(_) => 0,
            Self::Category(_) => 1,
            Self::Subtree(_) => 2,
            Self::DocumentType(_) => 3,
            Self::Genre(_) => 4,
            Self::All => 5,
        }
    }
}

/// In which order a list comes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Order {
    /// Newest first.
    #[default]
    PublishedAtDesc,
    /// Oldest first.
    PublishedAtAsc,
    /// Most viewed first.
    ViewsDesc,
    /// Decrees, last signed first.
    SignedOnDesc,
    /// Decrees, first signed first.
    SignedOnAsc,
    /// Most read within a window of time first; a read weighs less the longer ago it was.
    MostReadDesc(ReadingWindow),
}

impl Order {
    /// Whether greater keys come first.
    #[must_use]
    pub const fn is_descending(self) -> bool {
        matches!(self, Self::PublishedAtDesc | Self::ViewsDesc | Self::SignedOnDesc | Self::MostReadDesc(_))
    }

    /// Whether it changes as readers read.
    #[must_use]
    pub const fn is_by_views(self) -> bool {
        matches!(self, Self::ViewsDesc | Self::MostReadDesc(_))
    }
}

/// What must be true of a list's entries. Conditions that are empty are always true.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Filed in one of these.
    pub categories: Vec<CategoryId>,
    /// Or below one of them.
    pub include_descendants: bool,
    /// Filed under at least one of these scopes, of whatever sort.
    pub scopes_any: Vec<Scope>,
    /// With at least one of these tags.
    pub tags_any: Vec<TagId>,
    /// With each of these tags.
    pub tags_all: Vec<TagId>,
    /// By, or signed by, one of these.
    pub persons: Vec<PersonId>,
    /// Articles of one of these sorts.
    pub genres: Vec<Genre>,
    /// Acts of one of these sorts.
    pub document_types: Vec<DocumentType>,
    /// Published at this time or later.
    pub published_from: Option<Timestamp>,
    /// Published before this time.
    pub published_before: Option<Timestamp>,
    /// Acts with this number, as printed.
    pub number: Option<String>,
    /// Acts signed on this day or later.
    pub signed_from: Option<Date>,
    /// Acts signed before this day.
    pub signed_before: Option<Date>,
    /// Acts with one of these statuses on a day.
    pub status: Option<(Vec<LegalStatus>, Date)>,
    /// Only editions in the list's own locale, without fallback.
    pub exact_locale: bool,
    /// What was taken back with a notice, too.
    pub include_withdrawn: bool,
}

impl Filter {
    /// The same filter as it is written down for cursors: what makes no difference to the list has one value. The day
    /// a status is of is none of it, because it is today where none is given, and cursors live longer than a day.
    fn canonical(&self) -> Self {
        let mut filter = self.clone();
        filter.include_descendants |= filter.categories.is_empty();
        if let Some((_, day)) = &mut filter.status {
            *day = Date::ZERO;
        }
        filter
    }
}

/// A list, without the page of it that is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct List {
    /// The reader's locale.
    pub locale: Locale,
    /// The kinds in it; never empty.
    pub kinds: Vec<EntryKind>,
    /// What is in it.
    pub filter: Filter,
    /// In which order.
    pub order: Order,
}

impl List {
    /// The conditions that timelines answer: an entry of the list is in at least one scope of *each* clause.
    /// The first clause is the narrowest, the one to scan; it is never missing.
    #[must_use]
    pub fn clauses(&self) -> Vec<Vec<Scope>> {
        let filter = &self.filter;
        let mut clauses: Vec<Vec<Scope>> = Vec::new();
        let category = if filter.include_descendants { Scope::Subtree } else { Scope::Category };
        let mut add = |scopes: Vec<Scope>| {
            if !scopes.is_empty() {
                clauses.push(scopes);
            }
        };
        add(filter.scopes_any.clone());
        add(filter.categories.iter().copied().map(category).collect());
        add(filter.tags_any.iter().copied().map(Scope::Tag).collect());
        for tag in &filter.tags_all {
            add(vec![Scope::Tag(*tag)]);
        }
        add(filter.persons.iter().copied().map(Scope::Person).collect());
        add(filter.genres.iter().copied().map(Scope::Genre).collect());
        add(filter.document_types.iter().copied().map(Scope::DocumentType).collect());
        for clause in &mut clauses {
            clause.sort_unstable();
            clause.dedup();
        }
        clauses.sort_by_key(|clause| (clause.iter().map(|scope| scope.breadth()).max(), clause.len()));
        if clauses.is_empty() {
            clauses.push(vec![Scope::All]);
        }
        clauses
    }

    /// A number that tells this list from others, so that a cursor of one is not taken for another's.
    #[must_use]
    pub fn fingerprint(&self) -> u32 {
        fingerprint(&Self { filter: self.filter.canonical(), ..self.clone() })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn list(filter: Filter) -> List {
        List { locale: Locale::parse("en").unwrap(), kinds: vec![EntryKind::Article], filter, order: Order::default() }
    }

    #[test]
    fn the_narrowest_condition_is_scanned() {
        let category = CategoryId::from(Uuid::from_u128(1));
        let tag = TagId::from(Uuid::from_u128(2));
        let clauses = list(Filter {
            categories: vec![category],
            include_descendants: true,
            tags_any: vec![tag],
            genres: vec![Genre::News],
            ..Filter::default()
        })
        .clauses();
        assert_eq!(clauses, [vec![Scope::Tag(tag)], vec![Scope::Subtree(category)], vec![Scope::Genre(Genre::News)]]);
        assert_eq!(list(Filter::default()).clauses(), [vec![Scope::All]]);
    }

    #[test]
    fn lists_that_differ_have_different_fingerprints() {
        let all = list(Filter::default());
        let by_views = List { order: Order::ViewsDesc, ..all.clone() };
        let [day, week] = [ReadingWindow::Day, ReadingWindow::Week]
            .map(|window| List { order: Order::MostReadDesc(window), ..all.clone() });
        let russian = List { locale: Locale::parse("ru").unwrap(), ..all.clone() };
        let tagged = list(Filter { tags_all: vec![TagId::from(Uuid::from_u128(2))], ..Filter::default() });
        let prints: std::collections::BTreeSet<_> =
            [&all, &by_views, &day, &week, &russian, &tagged].iter().map(|list| list.fingerprint()).collect();
        assert_eq!(prints.len(), 6);
        assert_eq!(all.fingerprint(), list(Filter::default()).fingerprint());
        let with_descendants = list(Filter { include_descendants: true, ..Filter::default() });
        assert_eq!(all.fingerprint(), with_descendants.fingerprint(), "of no category");
        let in_force = |day| Filter { status: Some((vec![LegalStatus::InForce], day)), ..Filter::default() };
        let [today, tomorrow] = [jiff::civil::date(2026, 1, 1), jiff::civil::date(2026, 1, 2)].map(in_force);
        assert_eq!(list(today).fingerprint(), list(tomorrow).fingerprint(), "cursors outlive midnight");
    }
}
