SELECT e.entry_id, e.locale, e.kind, e.slug, e.details
FROM edition e
WHERE (e.entry_id) IN (VALUES ($1), ($2), ($3), ($4));

SELECT t.sort_key, e.entry_id, e.locale, e.title
FROM timeline_entry t
CROSS JOIN edition e ON e.id = t.edition_id
WHERE t.timeline_id = $1
ORDER BY t.sort_key DESC, t.entry_id DESC
LIMIT 4;
