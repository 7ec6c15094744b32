SELECT
  e.entry_id,
  e.locale,
  e.kind,
  e.category_id,
  e.slug,
  e.number,
  e.signed_day,
  e.partly_from_day,
  e.from_day,
  e.partly_until_day,
  e.until_day,
  e.details,
  e.outline,
  e.word_count
FROM edition e
WHERE e.slug = $1 AND e.locale = $2 AND e.kind = $3;

SELECT
  p.list,
  (
    SELECT count(*)
    FROM (
      SELECT DISTINCT t.entry_id
      FROM timeline_entry t
      WHERE t.timeline_id IN (SELECT i.value FROM json_each(p.timelines) i)
      LIMIT 10001
    ) n
  )
FROM (SELECT value ->> 0 AS list, value -> 1 AS timelines, value -> 2 AS probes FROM json_each($1)) p;

SELECT t.sort_key, e.entry_id, e.locale, e.slug, e.title
FROM timeline_entry t
CROSS JOIN edition e ON e.id = t.edition_id
WHERE t.timeline_id = $1
ORDER BY t.sort_key DESC, t.entry_id DESC
LIMIT 5;

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
  e.slug,
  e.title,
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
  e.slug,
  e.title,
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
