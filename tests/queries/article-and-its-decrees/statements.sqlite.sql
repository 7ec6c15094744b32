SELECT e.entry_id, e.locale, e.kind, e.slug, e.title
FROM edition e
WHERE e.slug = $1 AND e.locale = $2 AND e.kind = $3;

SELECT
  r.locale,
  e.entry_id,
  e.locale,
  e.kind,
  e.title,
  e.number,
  e.signed_day,
  e.partly_from_day,
  e.from_day,
  e.partly_until_day,
  e.until_day
FROM reader_edition r
CROSS JOIN edition e ON e.id = r.edition_id
WHERE (r.entry_id, r.locale) IN (VALUES ($1, $2), ($3, $4), ($5, $6), ($7, $8));

SELECT t.sort_key, e.entry_id, e.locale, e.title, e.details
FROM timeline_entry t
CROSS JOIN edition e ON e.id = t.edition_id
WHERE t.timeline_id = $1
ORDER BY t.sort_key DESC, t.entry_id DESC
LIMIT 20;
