//! Variant A on SQLite.

use super::JsonSql;
use crate::handwritten::reference::Reference;

/// An instant as RFC 3339 writes it.
fn instant(column: &str) -> String {
    format!("strftime('%Y-%m-%dT%H:%M:%SZ', {column} / 1000000, 'unixepoch')")
}

/// The top of a timeline as an array of title, path and date.
fn top(timeline: &str, locale: &str, limit: u32) -> String {
    format!(
        "(SELECT json_group_array(json_object('title', o.title, 'path', '/{locale}/articles/' || o.slug, \
         'publishedAt', {instant})) \
         FROM (SELECT e.title, e.slug, e.published_at FROM timeline_entry t JOIN edition e ON e.id = t.edition_id \
         WHERE t.timeline_id = {timeline} ORDER BY t.sort_key DESC, t.entry_id DESC LIMIT {limit}) o)",
        instant = instant("o.published_at"),
    )
}

pub(super) fn statements(reference: &Reference) -> JsonSql {
    let locale = reference.locale.as_str();
    let all = reference.articles;
    let instant_e = instant("e.published_at");
    let related = top("c.timeline_id", locale, 5);
    let news: Vec<String> = reference
        .news
        .iter()
        .map(|timeline| {
            format!(
                "SELECT * FROM (SELECT sort_key, entry_id, edition_id FROM timeline_entry \
                 WHERE timeline_id = {timeline} ORDER BY sort_key DESC, entry_id DESC LIMIT 10)"
            )
        })
        .collect();
    let article = format!(
        "SELECT json_object('data', json_object(\
         'article', json_object('title', e.title, 'summary', e.summary, 'publishedAt', {instant_e}, \
         'viewCount', coalesce(v.views, 0), 'body', json_object('html', e.html), \
         'tags', (SELECT json_group_array(json_object('name', g.name)) \
         FROM json_each(e.details, '$.tags') i CROSS JOIN label g ON g.id = unhex(i.value, '-')), \
         'breadcrumbs', json(c.breadcrumbs), \
         'category', json_object('title', c.title, 'path', c.path, 'related', {related})), \
         'feed', json_object('items', json_object('nodes', (SELECT json_group_array(json_object(\
         '__typename', CASE o.kind WHEN 'DECREE' THEN 'Decree' ELSE 'Article' END, 'title', o.title, \
         'path', CASE o.kind WHEN 'DECREE' THEN '/{locale}/decrees/' ELSE '/{locale}/articles/' END || o.slug, \
         'publishedAt', {instant_o})) \
         FROM (SELECT n.kind, n.title, n.slug, n.published_at \
         FROM (SELECT * FROM ({news}) ORDER BY sort_key DESC, entry_id DESC LIMIT 10) t \
         JOIN edition n ON n.id = t.edition_id ORDER BY t.sort_key DESC, t.entry_id DESC LIMIT 10) o))))) \
         FROM edition e JOIN shelf c ON c.id = e.category_id LEFT JOIN view_count v ON v.entry_id = e.entry_id \
         WHERE e.slug = $1 AND e.locale = '{locale}' AND e.kind = 'ARTICLE'",
        instant_o = instant("o.published_at"),
        news = news.join(" UNION ALL "),
    );
    let front = format!(
        "WITH page AS MATERIALIZED (SELECT e.title, e.slug, e.summary, e.published_at, e.category_id \
         FROM timeline_entry t JOIN edition e ON e.id = t.edition_id WHERE t.timeline_id = {all} \
         ORDER BY t.sort_key DESC, t.entry_id DESC LIMIT 20), \
         category AS MATERIALIZED (SELECT c.id, json_object('title', c.title, 'path', c.path, 'related', {related}) AS json \
         FROM shelf c WHERE c.id IN (SELECT category_id FROM page)) \
         SELECT json_object('data', json_object('articles', json_object('nodes', \
         (SELECT json_group_array(json_object('title', e.title, 'path', '/{locale}/articles/' || e.slug, \
         'summary', e.summary, 'publishedAt', {instant_e}, \
         'category', (SELECT json(c.json) FROM category c WHERE c.id = e.category_id))) FROM page e))))"
    );
    let deep = format!(
        "WITH page AS MATERIALIZED (SELECT t.sort_key, t.entry_id, e.title, e.slug, e.published_at \
         FROM timeline_entry t JOIN edition e ON e.id = t.edition_id \
         WHERE t.timeline_id = $1 AND (t.sort_key, t.entry_id) < ($2, $3) \
         ORDER BY t.sort_key DESC, t.entry_id DESC LIMIT 21) \
         SELECT json_object('data', json_object('category', json_object('articles', json_object(\
         'edges', (SELECT json_group_array(json_object('cursor', {cursor}, \
         'node', json_object('title', e.title, 'path', '/{locale}/articles/' || e.slug, 'publishedAt', {instant_e}))) \
         FROM (SELECT * FROM page LIMIT 20) e), \
         'pageInfo', json_object('hasNextPage', json(iif((SELECT count(*) > 20 FROM page), 'true', 'false')), \
         'endCursor', (SELECT {cursor} FROM page e LIMIT 1 OFFSET (SELECT min(count(*), 20) - 1 FROM page)))))))",
        cursor = "e.sort_key || '.' || lower(hex(e.entry_id))",
    );
    let titles = format!(
        "SELECT json_object('data', json_object('articles', json_object('nodes', \
         json_group_array(json_object('title', e.title))))) \
         FROM (SELECT e.title FROM timeline_entry t JOIN edition e ON e.id = t.edition_id \
         WHERE t.timeline_id = {all} ORDER BY t.sort_key DESC, t.entry_id DESC LIMIT 100) e"
    );
    let title = |table: &str| format!("coalesce({table}.title->>'$.{locale}', {table}.slug)");
    let tree = format!(
        "SELECT json_object('data', json_object('categories', json_group_array(json_object(\
         'title', {top_title}, 'path', '/{locale}/categories/' || c.slug, 'children', (SELECT json_group_array(\
         json_object('title', {below_title}, 'path', '/{locale}/categories/' || c.slug || '/' || b.slug)) \
         FROM (SELECT * FROM category b WHERE b.parent_id = c.id ORDER BY b.position, b.slug LIMIT 1000) b))))) \
         FROM (SELECT * FROM category c WHERE c.parent_id IS NULL ORDER BY c.position, c.slug LIMIT 1000) c",
        top_title = title("c"),
        below_title = title("b"),
    );
    JsonSql {
        article: article.leak(),
        front: front.leak(),
        deep: deep.leak(),
        titles: titles.leak(),
        tree: tree.leak(),
    }
}
