SELECT
  e.entry_id,
  e.locale,
  e.kind,
  e.slug,
  e.title,
  e.number,
  e.signed_day,
  e.partly_from_day,
  e.from_day,
  e.partly_until_day,
  e.until_day
FROM edition e
WHERE e.slug = $1 AND e.locale = $2 AND e.kind = $3;

WITH k (entry_id, locale) AS (VALUES ($1, $2))
SELECT
  0,
  k.entry_id,
  k.locale,
  d.kind,
  d.on_day,
  d.partial,
  d.note,
  d.position,
  e.entry_id,
  e.locale,
  e.kind,
  e.published_at,
  e.number,
  e.signed_day,
  e.partly_from_day,
  e.from_day,
  e.partly_until_day,
  e.until_day
FROM k
CROSS JOIN decree_relation d ON d.source_id = k.entry_id AND d.locale = k.locale
CROSS JOIN reader_edition r ON r.entry_id = d.target_id AND r.locale = k.locale
CROSS JOIN edition e ON e.id = r.edition_id
UNION ALL
SELECT
  1,
  k.entry_id,
  k.locale,
  d.kind,
  d.on_day,
  d.partial,
  d.note,
  d.position,
  e.entry_id,
  e.locale,
  e.kind,
  e.published_at,
  e.number,
  e.signed_day,
  e.partly_from_day,
  e.from_day,
  e.partly_until_day,
  e.until_day
FROM k
CROSS JOIN decree_relation d ON d.target_id = k.entry_id
CROSS JOIN reader_edition r ON r.entry_id = d.source_id AND r.locale = k.locale
CROSS JOIN edition e ON e.id = r.edition_id AND e.locale = d.locale;
