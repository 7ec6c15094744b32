SELECT r.locale, e.entry_id, e.locale, e.kind, e.title, e.summary, e.details, e.plain
FROM reader_edition r
CROSS JOIN edition e ON e.id = r.edition_id
WHERE (r.entry_id, r.locale) IN (VALUES ($1, $2), ($3, $4), ($5, $6));
