SELECT e.entry_id, e.locale, e.kind, e.slug, e.title
FROM edition e
WHERE (e.entry_id, e.locale) IN (VALUES ($1, $2), ($3, $4));

SELECT t.stream, t.key, e.entry_id, e.locale, e.title
FROM (
  SELECT 0 AS stream, t.sort_key AS key, t.entry_id AS entry, t.edition_id
  FROM timeline_entry t
  WHERE t.timeline_id = $1
  UNION ALL
  SELECT 1 AS stream, t.sort_key AS key, t.entry_id AS entry, t.edition_id
  FROM timeline_entry t
  WHERE t.timeline_id = $2
  ORDER BY key DESC, entry DESC
  LIMIT 2
) t
CROSS JOIN edition e ON e.id = t.edition_id;
