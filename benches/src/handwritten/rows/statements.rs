//! The statements of variant B.

use super::RowSql;
use crate::{database::Dialect, handwritten::reference::Reference};

/// The most categories a front page can have.
const PAGE: usize = 20;

pub(super) fn of(dialect: Dialect, reference: &Reference) -> RowSql {
    let all = reference.articles;
    let page = "ORDER BY t.sort_key DESC, t.entry_id DESC LIMIT";
    let joined = "FROM timeline_entry t JOIN edition e ON e.id = t.edition_id WHERE t.timeline_id =";
    let news = reference.news.iter().map(|timeline| {
        format!(
            "SELECT * FROM (SELECT sort_key, entry_id, edition_id FROM timeline_entry \
             WHERE timeline_id = {timeline} ORDER BY sort_key DESC, entry_id DESC LIMIT 10) n"
        )
    });
    let news = news.collect::<Vec<_>>().join(" UNION ALL ");
    let (null, no_id) = match dialect {
        Dialect::Sqlite => ("NULL", "NULL"),
        Dialect::Postgres => ("NULL::text", "NULL::uuid"),
    };
    let article = format!(
        "WITH a AS MATERIALIZED (SELECT e.kind, e.title, e.slug, e.published_at, e.summary, e.html, e.details, \
         e.category_id, e.entry_id FROM edition e WHERE e.slug = $1 AND e.locale = '{locale}' AND e.kind = 'ARTICLE') \
         SELECT 0, a.kind, a.title, a.slug, a.published_at, a.summary, a.html, a.details, a.category_id, \
         coalesce(v.views, 0) FROM a LEFT JOIN view_count v ON v.entry_id = a.entry_id \
         UNION ALL SELECT 1, kind, title, slug, published_at, {null}, {null}, {null}, {no_id}, 0 \
         FROM (SELECT e.kind, e.title, e.slug, e.published_at {joined} \
         (SELECT c.timeline_id FROM shelf c WHERE c.id = (SELECT a.category_id FROM a)) {page} 5) r \
         UNION ALL SELECT 2, kind, title, slug, published_at, {null}, {null}, {null}, {no_id}, 0 \
         FROM (SELECT e.kind, e.title, e.slug, e.published_at \
         FROM (SELECT * FROM ({news}) t {page} 10) t JOIN edition e ON e.id = t.edition_id {page} 10) n",
        locale = reference.locale,
    );
    let (front, related) = match dialect {
        Dialect::Postgres => (
            format!(
                "WITH page AS MATERIALIZED (SELECT e.category_id, e.title, e.slug, e.published_at, e.summary \
                 {joined} {all} {page} {PAGE}) \
                 SELECT 0, category_id, title, slug, published_at, summary FROM page \
                 UNION ALL SELECT 1, c.id, r.title, r.slug, r.published_at, NULL \
                 FROM shelf c CROSS JOIN LATERAL (SELECT e.title, e.slug, e.published_at {joined} c.timeline_id {page} 5) r \
                 WHERE c.id IN (SELECT category_id FROM page)"
            ),
            Vec::new(),
        ),
        Dialect::Sqlite => (
            format!("SELECT 0, e.category_id, e.title, e.slug, e.published_at, e.summary {joined} {all} {page} {PAGE}"),
            (0..=PAGE).map(related).collect(),
        ),
    };
    let deep = format!(
        "SELECT t.sort_key, t.entry_id, e.title, e.slug, e.published_at {joined} $1 \
         AND (t.sort_key, t.entry_id) < ($2, $3) {page} 21"
    );
    let titles = format!("SELECT e.title {joined} {all} {page} 100");
    let collation = if dialect == Dialect::Postgres { " COLLATE \"C\"" } else { "" };
    // Categories at the top come before the others.
    let tree = format!("SELECT id, parent_id FROM category ORDER BY parent_id IS NOT NULL, position, slug{collation}");
    RowSql {
        article: article.leak(),
        front: front.leak(),
        related,
        deep: deep.leak(),
        titles: titles.leak(),
        tree: tree.leak(),
    }
}

/// On SQLite, which has no lateral joins: the newest five of each of so many timelines.
fn related(timelines: usize) -> &'static str {
    let selects: Vec<String> = (0..timelines)
        .map(|at| {
            format!(
                "SELECT * FROM (SELECT {at}, NULL, e.title, e.slug, e.published_at \
                 FROM timeline_entry t JOIN edition e ON e.id = t.edition_id WHERE t.timeline_id = ${} \
                 ORDER BY t.sort_key DESC, t.entry_id DESC LIMIT 5)",
                at + 1
            )
        })
        .collect();
    selects.join(" UNION ALL ").leak()
}
