SELECT e.entry_id, e.locale, e.kind, e.slug, e.details
FROM edition e
WHERE (e.slug, e.locale, e.kind) IN (VALUES ($1, $2, $3), ($4, $5, $6));
