//! Whether a database holds together: what the rules say of it, checked from outside the code that keeps them.
//!
//! Everything is read in one transaction, so it is true of one moment, and in portions, so that a database of any
//! size can be checked. What must be derived is derived by the functions that publishing itself uses.

mod content;
mod editions;
mod entries;
mod log;
mod redirects;
mod reference;
mod related;
mod sitemaps;
mod storage;
mod timelines;
mod waiting;
mod webhooks;

use std::fmt;

use courant_domain::{id::EntryId, locale::Locale};
use sea_orm::{ConnectionTrait, QueryResult, Statement, Value};

use crate::{
    db::{
        connect::{self, Options},
        link::Held,
        migrate,
    },
    error::{Result, StoreError},
};

/// A rule that every database keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rule {
    /// SQLite finds its file whole: pages, rows and indexes.
    Storage,
    /// Whatever is stored can be read back.
    Readable,
    /// The change log is numbered from 1 without a gap, and its head is its last number.
    ChangeLogNumbers,
    /// What is logged of a day that has come is of an act, and of a day that had come when it was logged.
    ChangeLogDays,
    /// An edition is live exactly when the change log says so, in the version of its last change.
    LiveAsLogged,
    /// Live editions are made from revisions that are there and complete.
    LiveRevision,
    /// What is live is what its revision says, and all that is derived of it.
    LiveContent,
    /// Readers of each locale get the edition that the site's languages give them.
    ReaderEditions,
    /// Lists hold the live editions that belong there, pins included, and nothing else.
    Timelines,
    /// Acts' dates of force follow from their own words and from what live acts do to them.
    ForceDates,
    /// What live acts do to others is what their editions say.
    DecreeRelations,
    /// Revisions are numbered from 1, and each is based on an earlier one.
    RevisionNumbers,
    /// Each language of an entry stands somewhere, with its newest revision.
    Standings,
    /// The state of a language fits what is live and what is scheduled.
    WorkflowStates,
    /// An entry that is live knows that it was published.
    WasPublished,
    /// No two live editions have one address.
    LiveSlugs,
    /// Entries and live editions name categories, tags, persons and entries that are there.
    EntryReferences,
    /// Nothing is kept of entries that are not there.
    Orphans,
    /// Categories are a tree.
    CategoryTree,
    /// Tags and persons count as live exactly when something live names them.
    LiveNames,
    /// Feeds name categories, tags and entries that are there.
    FeedReferences,
    /// Redirects lead from one path of the site to another place, both in their normal form.
    RedirectPaths,
    /// No redirect leads to another one.
    RedirectChains,
    /// Redirects lead where the place they are meant for leads.
    RedirectsMeant,
    /// No redirect leads away from what is live.
    RedirectsFromLive,
    /// Entries wait for paths of a site in their normal form, and for none that they have.
    WaitingPaths,
    /// The audit log is numbered from 1 without a gap.
    AuditLogNumbers,
    /// Sign-ins are of users that are there.
    SignIns,
    /// No category at the top has a word of the site's own pages for its slug.
    ReservedSlugs,
    /// The texts of live editions are derived as this version derives them.
    Derivation,
    /// Lists of what goes with entries hold other entries of which something is known, and no more than they may.
    RelatedLists,
    /// Messages are to webhooks that are there, of changes that are in the log; each that waits has its turn.
    WebhookOutbox,
    /// What sitemaps are made of counts the texts that are live, day by day.
    Sitemaps,
}

impl Rule {
    /// All rules.
    pub const ALL: [Self; 33] = [
        Self::Storage,
        Self::Readable,
        Self::ChangeLogNumbers,
        Self::ChangeLogDays,
        Self::LiveAsLogged,
        Self::LiveRevision,
        Self::LiveContent,
        Self::ReaderEditions,
        Self::Timelines,
        Self::ForceDates,
        Self::DecreeRelations,
        Self::RevisionNumbers,
        Self::Standings,
        Self::WorkflowStates,
        Self::WasPublished,
        Self::LiveSlugs,
        Self::EntryReferences,
        Self::Orphans,
        Self::CategoryTree,
        Self::LiveNames,
        Self::FeedReferences,
        Self::RedirectPaths,
        Self::RedirectChains,
        Self::RedirectsMeant,
        Self::RedirectsFromLive,
        Self::WaitingPaths,
        Self::AuditLogNumbers,
        Self::SignIns,
        Self::ReservedSlugs,
        Self::Derivation,
        Self::RelatedLists,
        Self::WebhookOutbox,
        Self::Sitemaps,
    ];

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Storage => "storage",
            Self::Readable => "readable",
            Self::ChangeLogNumbers => "change-log-numbers",
            Self::ChangeLogDays => "change-log-days",
            Self::LiveAsLogged => "live-as-logged",
            Self::LiveRevision => "live-revision",
            Self::LiveContent => "live-content",
            Self::ReaderEditions => "reader-editions",
            Self::Timelines => "timelines",
            Self::ForceDates => "force-dates",
            Self::DecreeRelations => "decree-relations",
            Self::RevisionNumbers => "revision-numbers",
            Self::Standings => "standings",
            Self::WorkflowStates => "workflow-states",
            Self::WasPublished => "was-published",
            Self::LiveSlugs => "live-slugs",
            Self::EntryReferences => "entry-references",
            Self::Orphans => "orphans",
            Self::CategoryTree => "category-tree",
            Self::LiveNames => "live-names",
            Self::FeedReferences => "feed-references",
            Self::RedirectPaths => "redirect-paths",
            Self::RedirectChains => "redirect-chains",
            Self::RedirectsMeant => "redirects-meant",
            Self::RedirectsFromLive => "redirects-from-live",
            Self::WaitingPaths => "waiting-paths",
            Self::AuditLogNumbers => "audit-log-numbers",
            Self::SignIns => "sign-ins",
            Self::ReservedSlugs => "reserved-slugs",
            Self::Derivation => "derivation",
            Self::RelatedLists => "related-lists",
            Self::WebhookOutbox => "webhook-outbox",
            Self::Sitemaps => "sitemaps",
        }
    }

    /// Whether it is a note for whoever runs the site, and a database that does not follow it holds together: older
    /// versions left it so.
    #[must_use]
    pub const fn is_note(self) -> bool {
        matches!(self, Self::ReservedSlugs | Self::Derivation)
    }
}

/// A place where a rule is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// What breaks it.
    pub what: String,
    /// What should be there.
    pub expected: String,
    /// What is there.
    pub found: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let note = if self.rule.is_note() { "note: " } else { "" };
        write!(f, "{note}{}: {}: expected {}, found {}", self.rule.as_str(), self.what, self.expected, self.found)
    }
}

/// How much was checked, and how often a rule was found broken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Checked {
    /// Changes in the log.
    pub changes: u64,
    /// Entries.
    pub entries: u64,
    /// Decrees among them.
    pub decrees: u64,
    /// Categories.
    pub categories: u64,
    /// Tags.
    pub tags: u64,
    /// Persons.
    pub persons: u64,
    /// Feeds.
    pub feeds: u64,
    /// Users.
    pub users: u64,
    /// Revisions.
    pub revisions: u64,
    /// Live editions.
    pub editions: u64,
    /// Places in timelines.
    pub places: u64,
    /// Redirects, and paths that are gone.
    pub redirects: u64,
    /// Records of the audit log.
    pub audits: u64,
    /// Places where a rule is broken.
    pub broken: u64,
    /// Pages that are in the write-ahead log of an embedded database, and not in its file yet.
    pub behind: u64,
    /// Places of which there is something to note, and nothing is broken.
    pub notes: u64,
}

impl fmt::Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { changes, entries, decrees, categories, tags, persons, feeds, users, .. } = self;
        let Self { revisions, editions, places, redirects, audits, .. } = self;
        write!(
            f,
            "{changes} changes, {entries} entries ({decrees} decrees), {revisions} revisions, {editions} live editions, {places} places \
             in lists, {categories} categories, {tags} tags, {persons} persons, {feeds} feeds, {redirects} redirects, {users} users and \
             {audits} audit records were checked by {} rules",
            Rule::ALL.len()
        )
    }
}

/// Checks a database against all rules, and tells of every place where one is broken as it is found.
///
/// It needs no [`Store`](crate::Store), because what breaks some of the rules cannot be opened as one.
///
/// # Errors
/// When the database cannot be read at all.
pub async fn verify(options: &Options, mut found: impl FnMut(Finding) + Send) -> Result<Checked> {
    // First: opening the database writes to it, and closing it brings a log that nobody else uses into the file.
    let mut checked = Checked { behind: storage::behind(options).await?, ..Checked::default() };
    let connections = connect::connect(options).await?;
    migrate::check(connections.house.link()).await?;
    if let Some(file) = options.file()? {
        storage::check(file, &mut checked, &mut found).await?;
    }
    let tx = connections.house.link().begin_snapshot().await?;
    let mut check = Check { db: &tx, found: &mut found, checked };
    check.count().await?;
    check.change_log().await?;
    check.audit_log().await?;
    check.sign_ins().await?;
    check.orphans().await?;
    check.waiting_paths().await?;
    check.related_lists().await?;
    check.webhooks().await?;
    // What follows is derived from the reference data; when that is broken, it is all there is to say.
    if let Some(reference) = check.reference().await? {
        check.names().await?;
        check.feeds(&reference).await?;
        check.live_slugs().await?;
        let mut tallies = check.entries(&reference).await?;
        check.sitemaps(std::mem::take(&mut tallies.days)).await?;
        let pins = check.pins(&reference).await?;
        check.timelines(&reference, tallies, &pins).await?;
        check.redirects(&reference).await?;
    }
    let checked = check.checked;
    tx.rollback().await?;
    connections.close().await?;
    Ok(checked)
}

/// A check under way.
struct Check<'a> {
    db: &'a Held,
    found: &'a mut (dyn FnMut(Finding) + Send),
    checked: Checked,
}

impl Check<'_> {
    fn broken(&mut self, rule: Rule, what: impl fmt::Display, expected: impl fmt::Display, found: impl fmt::Display) {
        if rule.is_note() {
            self.checked.notes += 1;
        } else {
            self.checked.broken += 1;
        }
        (self.found)(Finding {
            rule,
            what: what.to_string(),
            expected: expected.to_string(),
            found: found.to_string(),
        });
    }

    /// What could be read; what could not breaks a rule, and nothing more is said of it.
    fn readable<T>(&mut self, what: impl fmt::Display, read: Result<T>) -> Result<Option<T>> {
        match read {
            Ok(value) => Ok(Some(value)),
            Err(StoreError::Corrupt(error) | StoreError::Invalid(error) | StoreError::NotFound(error)) => {
                self.broken(Rule::Readable, what, "something readable", error);
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }

    async fn rows(&self, sql: impl Into<String>, values: impl IntoIterator<Item = Value>) -> Result<Vec<QueryResult>> {
        let statement = Statement::from_sql_and_values(self.db.get_database_backend(), sql, values);
        Ok(self.db.query_all_raw(statement).await?)
    }
}

/// How an entry's language is named.
fn version(entry: EntryId, locale: Locale) -> String {
    format!("entry {entry} in {locale}")
}

/// Something that may not be there.
fn or_none<T: fmt::Display>(value: Option<T>) -> String {
    value.map_or_else(|| "none".to_owned(), |value| value.to_string())
}
