SELECT r.locale, e.entry_id, e.locale, e.kind, e.title
FROM reader_edition r
CROSS JOIN edition e ON e.id = r.edition_id
WHERE r.entry_id = $1 AND r.locale = $2;
