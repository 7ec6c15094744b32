SELECT e.entry_id, e.locale, e.kind, e.published_at, e.category_id, e.slug, e.title, e.html, coalesce(v.views, 0)
FROM edition e
LEFT JOIN view_count v ON v.entry_id = e.entry_id
WHERE e.slug = $1 AND e.locale = $2 AND e.kind = $3;

SELECT e.entry_id, e.locale, e.kind, e.slug, e.title
FROM edition e
WHERE e.entry_id = $1;

SELECT t.sort_key, e.entry_id, e.locale, e.slug, e.title
FROM timeline_entry t
CROSS JOIN edition e ON e.id = t.edition_id
WHERE t.timeline_id = $1
ORDER BY t.sort_key DESC, t.entry_id DESC
LIMIT 5;

SELECT t.stream, t.key, e.entry_id, e.locale, e.slug, e.title
FROM (
  SELECT 0 AS stream, t.sort_key AS key, t.entry_id AS entry, t.edition_id
  FROM timeline_entry t
  WHERE t.timeline_id = $1
  UNION ALL
  SELECT 1 AS stream, t.sort_key AS key, t.entry_id AS entry, t.edition_id
  FROM timeline_entry t
  WHERE t.timeline_id = $2
  ORDER BY key DESC, entry DESC
  LIMIT 10
) t
CROSS JOIN edition e ON e.id = t.edition_id;
