SELECT e.entry_id, e.locale, e.kind
FROM edition e
WHERE e.entry_id = $1;

SELECT e.entry_id, e.locale, e.kind, e.slug
FROM edition e
WHERE e.slug = $1 AND e.locale = $2 AND e.kind = $3;
