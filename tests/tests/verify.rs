//! What a database must keep: whatever Courant does keeps it, and whatever breaks it is found.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use courant_domain::{
    access::Viewer,
    article::ArticleContent,
    category::Category,
    content::Content,
    edition::Ending,
    locale::Locale,
    patch::Patch,
    rich_text::{Format, RichText},
    slug::Slug,
    text::Localized,
};
use courant_persistence::{
    CategoryMerge, CategoryMove, CategoryUpdate, Checked, Command, Dialect, EntryCreate, EntryPublish, EntrySave,
    EntrySchedule, EntryUnpublish, FeedPin, NewParent, ReferenceData, Rule, Store, VersionKey, verify,
};
use courant_tests::{TestDatabase, apply, both_databases};
use courant_workers::{Follower, followers::RelatedLists};
use jiff::{SignedDuration, Timestamp};
use sea_orm::{ConnectOptions, ConnectionTrait, Database};

/// Something that is nowhere.
const NOBODY: &str = "00000000-0000-7000-8000-00000000000a";

/// The samples, and a few articles in each state that an editor left behind.
async fn portal(dialect: Dialect) -> TestDatabase {
    let database = TestDatabase::migrated(dialect).await;
    let store = database.open().await;
    courant_fixtures::samples::seed(&store).await.unwrap();
    edit(&store).await;
    RelatedLists::new(store.clone()).rebuild().await.unwrap();
    store.close().await.unwrap();
    database
}

async fn edit(store: &Store) {
    let program = Viewer::program();
    let by = || Command::of(&program);
    let draft = article(store, "draft", 1).await;
    let save = EntrySave {
        entry: draft.entry,
        locale: draft.locale,
        based_on: Some(1),
        content: content("draft", 2).into(),
        comment: None,
        translated_from: None,
    };
    store.newsroom().entry_save(by(), &save).await.unwrap();
    let live = article(store, "live", 1).await;
    publish(store, live).await;
    let moved = EntrySave { entry: live.entry, content: content("moved", 2).into(), ..save.clone() };
    store.newsroom().entry_save(by(), &moved).await.unwrap();
    publish(store, live).await;
    let russian = EntrySave { locale: Locale::parse("ru").unwrap(), based_on: None, ..moved };
    let russian = store.newsroom().entry_save(by(), &russian).await.unwrap();
    publish(store, russian).await;
    for (slug, ending) in [
        ("noticed", Ending::Notice("A hoax.".to_owned())),
        ("redirected", Ending::Redirect("/en/articles/live".to_owned())),
        ("gone", Ending::Gone),
        ("vanished", Ending::Vanish),
    ] {
        let key = article(store, slug, 1).await;
        publish(store, key).await;
        let input = EntryUnpublish { entry: key.entry, locale: key.locale, ending, at: None };
        store.newsroom().entry_unpublish(by(), &input).await.unwrap();
    }
    let scheduled = article(store, "scheduled", 1).await;
    let at = Timestamp::from_second(Timestamp::now().as_second()).unwrap() + SignedDuration::from_hours(1);
    let (entry, locale) = (scheduled.entry, scheduled.locale);
    let input = EntrySchedule { entry, locale, at, revision: None, change_note: Patch::Keep };
    store.newsroom().entry_schedule(by(), &input).await.unwrap();
    let end = at + SignedDuration::from_hours(1);
    let input = EntryUnpublish { entry, locale, ending: Ending::Gone, at: Some(end) };
    store.newsroom().entry_unpublish(by(), &input).await.unwrap();
    store.newsroom().entry_archive(by(), article(store, "archived", 1).await).await.unwrap();
    store.newsroom().entry_delete(by(), article(store, "deleted", 1).await.entry).await.unwrap();
}

fn content(slug: &str, revision: u32) -> Content {
    Content::Article(ArticleContent {
        slug: Some(Slug::parse(slug).unwrap()),
        title: Some(format!("Of {slug}, {revision}")),
        body: Some(RichText::new(Format::Markdown, format!("# One\n\nText *{revision}* of {slug}."))),
        ..Default::default()
    })
}

async fn article(store: &Store, slug: &str, revision: u32) -> VersionKey {
    let category = store.reference().categories.by_path("politics").unwrap().id;
    let content = content(slug, revision);
    let input = EntryCreate { category, tags: Vec::new(), locale: Locale::ENGLISH, content, comment: None };
    store.newsroom().entry_create(Command::of(&Viewer::program()), &input).await.unwrap()
}

async fn publish(store: &Store, key: VersionKey) {
    let (entry, locale) = (key.entry, key.locale);
    let input = EntryPublish { entry, locale, revision: None, change_note: None, published_at: None };
    store.newsroom().entry_publish(Command::of(&Viewer::program()), &input).await.unwrap();
}

/// Something somebody does to the tables by hand, and the rules that it breaks.
type Case = (&'static [Rule], &'static str);

const CASES: &[Case] = &[
    (
        &[Rule::Readable, Rule::ReaderEditions, Rule::Timelines, Rule::Sitemaps],
        "UPDATE edition SET details = '{' WHERE id = {edition}",
    ),
    (&[Rule::Readable], "UPDATE standing SET document = 'x' WHERE state = 'SCHEDULED'"),
    (&[Rule::Readable], "UPDATE feed SET document = '' WHERE slug = 'last-news'"),
    (
        &[Rule::ChangeLogNumbers],
        "DELETE FROM change_log WHERE seq = (SELECT min(seq) FROM change_log WHERE subject = 'TAG')",
    ),
    (&[Rule::ChangeLogNumbers], "UPDATE change_head SET seq = seq + 1"),
    (&[Rule::LiveAsLogged], "UPDATE edition SET version = version - 1 WHERE id = {edition}"),
    (
        &[Rule::LiveAsLogged],
        "INSERT INTO change_log (seq, at, subject, subject_id, locale, kind, action) SELECT (SELECT seq + 1 FROM change_head), 0, \
         'EDITION', entry_id, locale, kind, 'REMOVED' FROM edition WHERE id = {edition}; UPDATE change_head SET seq = seq + 1",
    ),
    (
        &[Rule::LiveAsLogged],
        "INSERT INTO change_log (seq, at, subject, subject_id, locale, kind, action) SELECT (SELECT seq + 1 FROM change_head), 0, \
         'EDITION', entry_id, locale, 'ARTICLE', 'PUT' FROM standing WHERE state = 'ARCHIVED'; UPDATE change_head SET seq = seq + 1",
    ),
    (
        &[Rule::ChangeLogDays],
        "INSERT INTO change_log (seq, at, subject, subject_id, locale, kind, action, told) SELECT (SELECT seq + 1 FROM change_head), 0, \
         'EDITION', entry_id, locale, 'DECREE', 'PUT', '{\"day\":\"2026-11-29\"}' FROM edition WHERE id = {edition}; UPDATE change_head SET seq = seq + 1",
    ),
    (&[Rule::LiveRevision, Rule::WorkflowStates], "UPDATE edition SET revision = 99 WHERE id = {edition}"),
    (
        &[Rule::LiveRevision],
        "UPDATE revision SET content = '{\"ARTICLE\":{}}' WHERE entry_id = {entry} AND locale = 'en' AND number = 2",
    ),
    (&[Rule::LiveContent], "UPDATE edition SET title = 'Another one' WHERE id = {edition}"),
    (&[Rule::LiveContent], "UPDATE edition SET html = html || '<script>' WHERE id = {edition}"),
    (&[Rule::LiveContent], "UPDATE edition SET plain = '', word_count = 0 WHERE id = {edition}"),
    (&[Rule::LiveContent], "UPDATE edition SET outline = '[]' WHERE id = {edition}"),
    (
        &[Rule::LiveContent],
        "UPDATE edition SET details = replace(details, '{', '{\"kicker\":\"By hand\",') WHERE id = {edition}",
    ),
    (&[Rule::LiveContent], "UPDATE edition SET signed_day = 1 WHERE id = {edition}"),
    (&[Rule::ReaderEditions], "DELETE FROM reader_edition WHERE edition_id = {edition} AND locale = 'en'"),
    (&[Rule::ReaderEditions], "UPDATE reader_edition SET published_at = 1 WHERE edition_id = {edition}"),
    (
        &[Rule::ReaderEditions],
        "INSERT INTO reader_edition (entry_id, locale, edition_id, published_at) \
         SELECT entry_id, 'fr', id, published_at FROM edition WHERE id = {edition}",
    ),
    (&[Rule::Timelines], "DELETE FROM timeline_entry WHERE edition_id = {edition}"),
    (&[Rule::Timelines], "UPDATE timeline_entry SET sort_key = sort_key - 1 WHERE edition_id = {edition}"),
    (&[Rule::Timelines], "UPDATE timeline_entry SET edition_id = 1 WHERE edition_id = {edition}"),
    (
        &[Rule::Timelines],
        "INSERT INTO timeline_entry (timeline_id, sort_key, entry_id, edition_id) SELECT 99999, 1, entry_id, id FROM edition \
         WHERE id = {edition}",
    ),
    (
        &[Rule::Timelines],
        "DELETE FROM timeline_entry WHERE timeline_id IN (SELECT id FROM timeline WHERE scope LIKE 'PINNED:%')",
    ),
    (
        &[Rule::ForceDates],
        "UPDATE edition SET until_day = 1 WHERE id = (SELECT min(id) FROM edition WHERE kind = 'DECREE')",
    ),
    (
        &[Rule::ForceDates],
        "UPDATE edition SET partly_from_day = 1 WHERE id = (SELECT max(id) FROM edition WHERE kind = 'DECREE')",
    ),
    (&[Rule::DecreeRelations], "DELETE FROM decree_relation WHERE kind = 'CITES'"),
    (&[Rule::DecreeRelations], "UPDATE decree_relation SET note = 'By hand' WHERE kind = 'AMENDS'"),
    (
        &[Rule::DecreeRelations],
        "INSERT INTO decree_relation (source_id, locale, position, kind, target_id, partial) \
         SELECT source_id, locale, 99, 'CITES', target_id, FALSE FROM decree_relation WHERE position = 0",
    ),
    (&[Rule::RevisionNumbers], "UPDATE revision SET based_on = number WHERE entry_id = {entry} AND number = 2"),
    (&[Rule::RevisionNumbers], "DELETE FROM revision WHERE entry_id = {entry} AND locale = 'en' AND number = 1"),
    (&[Rule::Standings], "UPDATE standing SET newest = 7 WHERE state = 'SCHEDULED'"),
    (&[Rule::Standings], "UPDATE standing SET waiting_for = NULL WHERE state = 'DRAFT'"),
    (&[Rule::Standings], "UPDATE standing SET expires_at = 5 WHERE state = 'SCHEDULED'"),
    (&[Rule::Standings], "DELETE FROM standing WHERE state = 'ARCHIVED'"),
    (&[Rule::Standings, Rule::WorkflowStates], "DELETE FROM standing WHERE entry_id = {entry}"),
    (&[Rule::WorkflowStates], "UPDATE standing SET scheduled_at = NULL WHERE state = 'SCHEDULED'"),
    (&[Rule::WorkflowStates], "UPDATE standing SET scheduled_at = 5 WHERE state = 'ARCHIVED'"),
    (&[Rule::WorkflowStates], "UPDATE standing SET state = 'ARCHIVED' WHERE entry_id = {entry}"),
    (&[Rule::WorkflowStates], "UPDATE standing SET state = 'PUBLISHED' WHERE state = 'ARCHIVED'"),
    (&[Rule::WasPublished], "UPDATE entry SET was_published = FALSE WHERE id = {entry}"),
    (
        &[Rule::LiveSlugs, Rule::LiveContent],
        "DROP INDEX edition_slug; UPDATE edition SET slug = 'same' WHERE locale = 'en' AND kind = 'ARTICLE'",
    ),
    (&[Rule::EntryReferences], "UPDATE entry SET tags = '[\"{nobody}\"]' WHERE id = {entry}"),
    (
        &[Rule::EntryReferences, Rule::LiveContent],
        "UPDATE edition SET details = '{\"related\":[\"{nobody}\"],' || substr(details, 2) WHERE slug = 'noticed'",
    ),
    (&[Rule::EntryReferences], "DELETE FROM person WHERE slug = (SELECT min(slug) FROM person)"),
    (
        &[Rule::Orphans],
        "UPDATE view_count SET entry_id = (SELECT id FROM category WHERE slug = 'politics') WHERE entry_id = {entry}",
    ),
    (
        &[Rule::Orphans],
        "INSERT INTO read_bucket (entry_id, span, start, reads) SELECT id, 1, 0, 7 FROM category WHERE slug = 'politics'",
    ),
    (
        &[Rule::CategoryTree],
        "UPDATE category SET parent_id = (SELECT c.id FROM category c WHERE c.parent_id = category.id ORDER BY c.slug LIMIT 1) \
         WHERE parent_id IS NULL AND EXISTS (SELECT 1 FROM category c WHERE c.parent_id = category.id)",
    ),
    (&[Rule::LiveNames], "UPDATE tag SET live = NOT live WHERE slug = 'budget'"),
    (&[Rule::LiveNames], "UPDATE person SET live = NOT live WHERE slug = (SELECT min(slug) FROM person)"),
    (
        &[Rule::FeedReferences],
        "UPDATE feed SET document = replace(document, '\"tags\":[', '\"tags\":[\"{nobody}\"') WHERE slug = 'last-news'",
    ),
    (
        &[Rule::FeedReferences],
        "UPDATE feed SET document = replace(document, '\"pinned\":[', '\"pinned\":[\"{nobody}\"') WHERE slug = 'last-news'",
    ),
    (&[Rule::RedirectPaths], "INSERT INTO redirect (path, target, created_at) VALUES ('/en/articles/none/', '/en', 0)"),
    (
        &[Rule::RedirectPaths],
        "INSERT INTO redirect (path, target, created_at) VALUES ('/en/articles/none', 'javascript:x()', 0)",
    ),
    (
        &[Rule::RedirectChains],
        "INSERT INTO redirect (path, target, created_at) VALUES ('/en/articles/a', '/en/articles/b', 0), ('/en/articles/b', '/en', 0)",
    ),
    (
        &[Rule::RedirectChains],
        "INSERT INTO redirect (path, target, created_at) VALUES ('/en/articles/a', '/en/articles/a', 0)",
    ),
    (
        &[Rule::RedirectsMeant],
        "INSERT INTO redirect (path, target, created_at, meant) VALUES ('/en/articles/a', '/en', 0, '/en/articles/live')",
    ),
    (
        &[Rule::RedirectsFromLive],
        "INSERT INTO redirect (path, target, created_at) VALUES ('/en/articles/noticed', '/en', 0)",
    ),
    (
        &[Rule::RedirectsFromLive],
        "INSERT INTO redirect (path, target, created_at) VALUES ('/ru/categories/politics', '/en', 0)",
    ),
    (&[Rule::AuditLogNumbers], "DELETE FROM audit_log WHERE seq = 1"),
    (&[Rule::AuditLogNumbers], "DELETE FROM audit_log WHERE seq = 3"),
    (
        &[Rule::SignIns],
        "INSERT INTO session (id, account_id, created_at, expires_at) SELECT id, id, 0, 0 FROM category WHERE slug = 'politics'",
    ),
    (
        &[Rule::SignIns],
        "INSERT INTO refresh_token (hash, session_id, created_at) SELECT 'a', id, 0 FROM category WHERE slug = 'politics'",
    ),
    (&[Rule::ReservedSlugs], "UPDATE category SET slug = 'search' WHERE slug = 'sport'"),
    (
        &[Rule::Derivation],
        "UPDATE edition SET derivation = 0, html = '<p id=\"root\">', outline = '[]' WHERE id = {edition}",
    ),
    (
        &[Rule::RelatedLists],
        "INSERT INTO related (entry_id, other_id, likeness) SELECT entry_id, entry_id, 1 FROM related_list WHERE entry_id = {entry}",
    ),
    (
        &[Rule::RelatedLists],
        "INSERT INTO related (entry_id, other_id, likeness) SELECT entry_id, '{nobody}', 1 FROM related_list WHERE entry_id = {entry}",
    ),
    (&[Rule::RelatedLists], "DELETE FROM related_list WHERE entry_id = (SELECT entry_id FROM related LIMIT 1)"),
    (&[Rule::RelatedLists], "UPDATE related_state SET version = 0"),
    (&[Rule::RelatedLists], "DELETE FROM related_word WHERE entry_id = {entry}"),
    (&[Rule::Readable, Rule::RelatedLists], "UPDATE related_profile SET profile = '{}' WHERE entry_id = {entry}"),
    (&[Rule::Sitemaps], "UPDATE sitemap_day SET texts = texts + 1"),
    (&[Rule::Sitemaps], "DELETE FROM sitemap_day WHERE locale = 'en'"),
    (&[Rule::Sitemaps], "UPDATE sitemap_day SET month = month + 1"),
    (
        &[Rule::Sitemaps],
        "INSERT INTO sitemap_day (locale, month, day, kind, texts, moved_at, changed_at) VALUES ('en', 23640, 0, 'ARTICLE', 1, 0, 0)",
    ),
];

/// Does it, past the database's own rules.
async fn tamper(database: &TestDatabase, dialect: Dialect, sql: &str) {
    let mut options = ConnectOptions::new(database.options.url.clone());
    options.max_connections(1);
    let connection = Database::connect(options).await.unwrap();
    let unbound = match dialect {
        Dialect::Sqlite => "PRAGMA foreign_keys = OFF",
        Dialect::Postgres => "SET session_replication_role = replica",
    };
    connection.execute_unprepared(unbound).await.unwrap();
    let edition = "(SELECT id FROM edition WHERE slug = 'moved' AND locale = 'en')";
    let entry = "(SELECT entry_id FROM edition WHERE slug = 'moved' AND locale = 'en')";
    let sql = sql.replace("{edition}", edition).replace("{entry}", entry).replace("{nobody}", NOBODY);
    connection.execute_unprepared(&sql).await.unwrap();
    connection.close().await.unwrap();
}

async fn every_rule_is_watched(dialect: Dialect) {
    let whole = portal(dialect).await;
    assert_eq!(whole.broken().await, [""; 0], "{dialect:?}");
    let mut wrong = Vec::new();
    for (rules, sql) in CASES {
        let database = TestDatabase::copy_of(&whole, dialect).await;
        tamper(&database, dialect, sql).await;
        let mut found = Vec::new();
        let checked = verify(&database.options, |finding| found.push(finding)).await.unwrap();
        assert_eq!(checked.broken + checked.notes, found.len() as u64);
        assert_eq!(checked.broken == 0, found.iter().all(|finding| finding.rule.is_note()));
        let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
        let mut names: Vec<&str> = found.iter().map(|finding| finding.rule.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let mut wanted: Vec<&str> = rules.iter().map(|rule| rule.as_str()).collect();
        wanted.sort_unstable();
        if names != wanted {
            wrong.push(format!("{sql}\nshould break {wanted:?}, but:\n{}", lines.join("\n")));
        }
    }
    assert!(wrong.is_empty(), "{dialect:?}: {}", wrong.join("\n\n"));
}

#[tokio::test]
async fn every_rule_is_watched_on_sqlite() {
    every_rule_is_watched(Dialect::Sqlite).await;
}

#[tokio::test]
async fn every_rule_is_watched_on_postgres() {
    every_rule_is_watched(Dialect::Postgres).await;
}

#[test]
fn every_rule_is_broken_by_some_case_and_in_the_docs() {
    let docs = include_str!("../../docs/operations.md");
    for rule in Rule::ALL {
        // SQLite's alone, and not to be broken by statements: crates/cli/tests/verifying.rs.
        let elsewhere = rule == Rule::Storage;
        assert!(elsewhere || CASES.iter().any(|(rules, _)| rules.contains(&rule)), "no case breaks {}", rule.as_str());
        assert!(
            docs.contains(&format!("| `{}` |", rule.as_str())),
            "docs/operations.md does not name {}",
            rule.as_str()
        );
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn whatever_reorders_the_newsroom_keeps_the_rules(dialect: Dialect) {
    let database = TestDatabase::migrated(dialect).await;
    let store = database.open().await;
    courant_fixtures::samples::seed(&store).await.unwrap();
    edit(&store).await;
    let program = Viewer::program();
    let by = || Command::of(&program);
    let at = |path: &str| store.reference().categories.by_path(path).unwrap().id;
    let tops: Vec<_> = store.reference().categories.children(None).map(|top| top.id).collect();
    let politics = at("politics");
    let other = *tops.iter().find(|id| **id != politics).unwrap();
    let slug = |slug: &str| Some(Slug::parse(slug).unwrap());
    let rename = CategoryUpdate { id: politics, slug: slug("state"), title: None, description: None };
    store.newsroom().category_update(by(), &rename).await.unwrap();
    let put = CategoryMove { id: politics, parent: NewParent::Under(other), position: None };
    store.newsroom().category_move(by(), &put).await.unwrap();
    assert_eq!(database.broken().await, [""; 0], "{dialect:?}: moved");
    let put = CategoryMove { id: politics, parent: NewParent::Top, position: None };
    store.newsroom().category_move(by(), &put).await.unwrap();
    let rename = CategoryUpdate { slug: slug("politics"), ..rename };
    store.newsroom().category_update(by(), &rename).await.unwrap();
    assert_eq!(database.broken().await, [""; 0], "{dialect:?}: and back");
    let draft = article(&store, "pinned", 1).await.entry;
    let feed = store.reference().feed_by_slug(&Slug::parse("last-news").unwrap()).unwrap().id;
    store.newsroom().feed_pin(by(), &FeedPin { feed, entry: draft, position: None }).await.unwrap();
    let deleted = store.newsroom().entry_delete(by(), draft).await.unwrap();
    assert_eq!(database.broken().await, [""; 0], "{dialect:?}: deleted {deleted}, which was pinned");
    let merge = CategoryMerge { sources: vec![politics], target: other };
    store.newsroom().category_merge(by(), &merge).await.unwrap();
    assert_eq!(database.broken().await, [""; 0], "{dialect:?}: merged");
    let data = ReferenceData {
        categories: vec![Category {
            id: politics,
            parent: None,
            position: 1,
            slug: Slug::parse("politics").unwrap(),
            title: Localized::single(Locale::ENGLISH, "Politics"),
            description: Localized::default(),
        }],
        ..ReferenceData::default()
    };
    store.newsroom().reference_put(&data).await.unwrap();
    assert_eq!(database.broken().await, [""; 0], "{dialect:?}: what led away from what was imported again");
}

#[apply(both_databases)]
#[tokio::test]
async fn whatever_makes_live_rows_keeps_the_rules(dialect: Dialect) {
    let database = TestDatabase::migrated(dialect).await;
    let checked = verify(&database.options, |finding| panic!("{finding}")).await.unwrap();
    let from_the_start = Checked { feeds: 2, changes: 2, ..Checked::default() };
    assert_eq!(checked, from_the_start, "{dialect:?}: nothing else is there yet");
    let store = database.open().await;
    courant_fixtures::samples::seed(&store).await.unwrap();
    edit(&store).await;
    let site = store.reference().site.clone();
    let mut other = site.clone();
    for locale in &mut other.locales {
        locale.fallbacks.clear();
    }
    store.newsroom().site_put(&other).await.unwrap();
    assert_eq!(database.broken().await, [""; 0], "{dialect:?}: without fallbacks");
    other.locales.retain(|locale| locale.tag.as_str() != "tk");
    store.newsroom().site_put(&other).await.unwrap();
    assert_eq!(database.broken().await, [""; 0], "{dialect:?}: without a language");
    store.newsroom().site_put(&site).await.unwrap();
    assert_eq!(database.broken().await, [""; 0], "{dialect:?}: and back");
    let later = Timestamp::now() + SignedDuration::from_hours(3);
    assert_eq!(store.newsroom().due_run(later).await.unwrap().len(), 2);
    let checked = verify(&database.options, |finding| panic!("{finding}")).await.unwrap();
    assert!(checked.entries > 100 && checked.editions > 200 && checked.places > 1000, "{checked:?}");
    assert!(checked.redirects > 3 && checked.audits > 20, "{checked:?}");
}
