SELECT e.entry_id, e.locale, e.kind, e.details
FROM edition e
WHERE e.entry_id = $1;

SELECT
  e.entry_id,
  e.locale,
  e.kind,
  e.published_at,
  e.slug,
  e.title,
  e.first_published_at,
  e.updated_at,
  e.version,
  e.details
FROM edition e
WHERE (e.slug, e.locale, e.kind) IN (VALUES ($1, $2, $3), ($4, $5, $6));
