SELECT e.entry_id, e.locale, e.kind, e.slug, e.title
FROM edition e
WHERE e.slug = $1 AND e.locale = $2 AND e.kind = $3;
