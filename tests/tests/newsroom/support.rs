//! A newsroom with a member of each role, and an article to work on.

use courant_domain::{
    access::{ActorId, Grant, Role, Viewer},
    account::Email,
    article::ArticleContent,
    audit::Act,
    content::Content,
    id::{CategoryId, UserId},
    locale::Locale,
    problem::ProblemCode,
    rich_text::{Format, RichText},
    slug::Slug,
    workflow::{Standing, State},
};
use courant_persistence::{
    Command, Dialect, EntryApprove, EntryCreate, EntryPublish, EntrySave, EntryUnpublish, UserCreate, UserUpdate,
    VersionKey, WriteError, Written,
};
use courant_tests::Portal;
use sea_orm::{ConnectionTrait, Database, QueryResult, Statement};
use serde_json::Value;

pub(crate) struct Newsroom {
    pub(crate) portal: Portal,
    pub(crate) author: Viewer,
    pub(crate) editor: Viewer,
    pub(crate) publisher: Viewer,
    pub(crate) admin: Viewer,
}

async fn user(portal: &Portal, name: &str, grants: Vec<Grant>) -> Viewer {
    let email = Email::parse(&format!("{}@example.org", name.to_lowercase())).unwrap();
    let create = UserCreate { email, name: name.to_owned(), grants, password: None };
    let id = portal.store.accounts().user_create(Command::of(&Viewer::program()), &create).await.unwrap();
    portal.store.accounts().user(id).await.unwrap().unwrap().viewer()
}

/// Somebody without an account.
pub(crate) fn member(name: &str, grants: Vec<Grant>) -> Viewer {
    Viewer { actor: ActorId::user(UserId::generate()), name: name.to_owned(), grants }
}

pub(crate) fn locale(tag: &str) -> Locale {
    Locale::parse(tag).unwrap()
}

pub(crate) fn article(slug: Option<&str>, title: &str, body: &str) -> Content {
    Content::Article(ArticleContent {
        slug: slug.map(|slug| Slug::parse(slug).unwrap()),
        title: Some(title.to_owned()),
        body: (!body.is_empty()).then(|| RichText::new(Format::Markdown, body)),
        ..Default::default()
    })
}

impl Newsroom {
    pub(crate) async fn new(dialect: Dialect) -> Self {
        let portal = Portal::with_samples(dialect).await;
        let one = async |name, role| user(&portal, name, vec![Grant::everywhere(role)]).await;
        Self {
            author: one("Ana", Role::Author).await,
            editor: one("Ed", Role::Editor).await,
            publisher: one("Pia", Role::Publisher).await,
            admin: one("Ada", Role::Admin).await,
            portal,
        }
    }

    /// Somebody else with an account.
    pub(crate) async fn user(&self, name: &str, grants: Vec<Grant>) -> Viewer {
        user(&self.portal, name, grants).await
    }

    /// The category at a path.
    pub(crate) fn category(&self, path: &str) -> CategoryId {
        self.portal.store.reference().categories.by_path(path).unwrap().id
    }

    /// A role in one category.
    pub(crate) fn grant_in(&self, role: Role, path: &str) -> Grant {
        Grant { categories: vec![self.category(path)], ..Grant::everywhere(role) }
    }

    /// Changes what somebody may do.
    pub(crate) async fn set_grants(&self, whose: &Viewer, grants: Vec<Grant>) {
        let update = UserUpdate { grants: Some(grants), ..UserUpdate::of(whose.actor.as_user().unwrap()) };
        self.portal.store.accounts().user_update(Command::of(&Viewer::program()), &update).await.unwrap();
    }

    /// Keeps somebody out.
    pub(crate) async fn disable(&self, whose: &Viewer) {
        let update = UserUpdate { disabled: Some(true), ..UserUpdate::of(whose.actor.as_user().unwrap()) };
        self.portal.store.accounts().user_update(Command::of(&Viewer::program()), &update).await.unwrap();
    }

    /// Sets whether the site wants four eyes on each text.
    pub(crate) async fn four_eyes(&self, wanted: bool) {
        let mut site = self.portal.store.reference().site.clone();
        site.four_eyes = wanted;
        self.portal.store.newsroom().site_put(&site).await.unwrap();
    }

    /// Where a language stands, whole.
    pub(crate) async fn whole_standing(&self, key: VersionKey) -> Standing {
        let found = self.portal.store.newsroom().standings_of_entries(&[key.entry]).await.unwrap();
        found[&key.entry].iter().find(|it| it.locale == key.locale).unwrap().standing.clone()
    }

    pub(crate) fn create_input(&self, tag: &str, content: Content) -> EntryCreate {
        let category = self.portal.store.reference().categories.by_path("politics").unwrap().id;
        EntryCreate { category, tags: Vec::new(), locale: locale(tag), content, comment: None }
    }

    /// An article of the author's, as a draft in English.
    pub(crate) async fn draft(&self, slug: &str) -> VersionKey {
        let input = self.create_input("en", article(Some(slug), "A new bridge", "It **opens** in May."));
        self.portal.store.newsroom().entry_create(Command::of(&self.author), &input).await.unwrap()
    }

    pub(crate) async fn save(
        &self,
        by: &Viewer,
        key: VersionKey,
        based_on: Option<u32>,
        content: Content,
    ) -> Written<VersionKey> {
        let save = EntrySave {
            entry: key.entry,
            locale: key.locale,
            based_on,
            content: content.into(),
            comment: None,
            translated_from: None,
        };
        self.portal.store.newsroom().entry_save(Command::of(by), &save).await
    }

    pub(crate) async fn publish(&self, key: VersionKey, note: Option<&str>) -> Written<VersionKey> {
        self.portal.store.newsroom().entry_publish(Command::of(&self.publisher), &publish(key, note)).await
    }

    pub(crate) async fn unpublish(
        &self,
        key: VersionKey,
        ending: courant_domain::edition::Ending,
    ) -> Written<VersionKey> {
        let input = EntryUnpublish { entry: key.entry, locale: key.locale, ending, at: None };
        self.portal.store.newsroom().entry_unpublish(Command::of(&self.publisher), &input).await
    }

    /// Where a language stands, and its newest revision.
    pub(crate) async fn standing(&self, key: VersionKey) -> (State, u32) {
        let found = self.portal.store.newsroom().standings_of_entries(&[key.entry]).await.unwrap();
        let standing = found[&key.entry].iter().find(|it| it.locale == key.locale).unwrap();
        (standing.standing.state, standing.standing.newest)
    }

    /// What was done to an entry, the oldest first.
    pub(crate) async fn history(&self, key: VersionKey) -> Vec<Act> {
        let connection = Database::connect(&self.portal.database.options.url).await.unwrap();
        let sql = "SELECT act FROM audit_log WHERE subject_id = $1 ORDER BY seq";
        let id = key.entry.uuid();
        let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, [id.into()]);
        let rows = connection.query_all_raw(statement).await.unwrap();
        let word = |row: &QueryResult| serde_json::from_value(row.try_get_by_index::<String>(0).unwrap().into());
        rows.iter().map(|row| word(row).unwrap()).collect()
    }

    /// What is at a path, for a reader.
    pub(crate) async fn route(&self, path: &str) -> Value {
        let query = format!(
            "{{ route(path: {path:?}) {{ __typename \
             ... on Article {{ title publishedAt firstPublishedAt updatedAt body {{ text }} \
             changeNotes {{ note }} withdrawal {{ notice }} }} \
             ... on Redirect {{ target }} }} }}"
        );
        self.portal.query(&query).await.data()["route"].clone()
    }
}

pub(crate) fn publish(key: VersionKey, note: Option<&str>) -> EntryPublish {
    EntryPublish {
        entry: key.entry,
        locale: key.locale,
        revision: None,
        change_note: note.map(str::to_owned),
        published_at: None,
    }
}

/// The codes and fields of a refusal.
pub(crate) fn refused<T: std::fmt::Debug>(written: Written<T>) -> Vec<(ProblemCode, String)> {
    match written {
        Err(WriteError::Refused(problems)) => {
            problems.into_iter().map(|problem| (problem.code, problem.field.join("."))).collect()
        }
        other => panic!("not refused: {other:?}"),
    }
}

/// What was handed in, to be approved whichever revision it is.
pub(crate) fn approve(key: VersionKey) -> EntryApprove {
    EntryApprove { entry: key.entry, locale: key.locale, revision: None }
}
