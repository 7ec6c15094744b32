//! What somebody may do to a database by hand.

use courant_persistence::Rule;

/// Something somebody does to the tables by hand, and the rules that it breaks.
pub(crate) type Case = (&'static [Rule], &'static str);

pub(crate) const CASES: &[Case] = &[
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
    (
        &[Rule::Orphans],
        "INSERT INTO waiting_path (path, entry_id, created_at) SELECT '/old', id, 0 FROM category WHERE slug = 'politics'",
    ),
    (
        &[Rule::WaitingPaths],
        "INSERT INTO waiting_path (path, entry_id, created_at) SELECT '/old/', entry_id, 0 FROM edition WHERE id = {edition}",
    ),
    (
        &[Rule::WaitingPaths],
        "INSERT INTO redirect (path, target, created_at, meant, entry_id) SELECT '/old', '/en', 0, '/en', entry_id FROM edition \
         WHERE id = {edition}; INSERT INTO waiting_path (path, entry_id, created_at) SELECT '/old', entry_id, 0 FROM edition WHERE id = {edition}",
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
    (&[Rule::WebhookOutbox], "DELETE FROM webhook"),
    (&[Rule::WebhookOutbox], "DELETE FROM webhook_delivery WHERE state = 'DELIVERED'"),
    (&[Rule::WebhookOutbox], "DELETE FROM webhook_delivery WHERE state = 'WAITING'"),
    (&[Rule::WebhookOutbox], "DELETE FROM webhook_lane"),
    (
        &[Rule::WebhookOutbox],
        "UPDATE webhook_delivery SET state = 'WAITING', settled_at = NULL WHERE state = 'DELIVERED'",
    ),
    (&[Rule::WebhookOutbox], "UPDATE webhook_delivery SET settled_at = NULL WHERE state = 'DELIVERED'"),
    (&[Rule::WebhookOutbox], "UPDATE webhook_delivery SET tries = 0 WHERE state = 'DELIVERED'"),
    (&[Rule::WebhookOutbox], "UPDATE webhook_delivery SET state = 'LOST' WHERE state = 'WAITING'"),
    (&[Rule::WebhookOutbox], "UPDATE webhook_delivery SET seq = 999999 WHERE state = 'WAITING'"),
    (&[Rule::WebhookOutbox], "UPDATE follower SET seq = 999999 WHERE name = 'webhooks'"),
    // The first change, at another time than it was made.
    (&[Rule::WebhookOutbox], "UPDATE webhook SET stopped_after = 'AQAAAAAAAAABAAAAAAAAAAE'"),
    (&[Rule::Readable], "UPDATE webhook SET stopped_after = 'x'"),
    (&[Rule::Readable], "UPDATE webhook SET filter = '{'"),
];
