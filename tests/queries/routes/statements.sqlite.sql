SELECT
  e.entry_id,
  e.locale,
  e.kind,
  e.category_id,
  e.slug,
  e.title,
  e.number,
  e.signed_day,
  e.partly_from_day,
  e.from_day,
  e.partly_until_day,
  e.until_day,
  e.word_count,
  coalesce(v.views, 0)
FROM edition e
LEFT JOIN view_count v ON v.entry_id = e.entry_id
WHERE
  (e.slug, e.locale, e.kind) IN (VALUES ($1, $2, $3), ($4, $5, $6), ($7, $8, $9), ($10, $11, $12), ($13, $14, $15), ($16, $17, $18));

SELECT path, target, created_at
FROM redirect
WHERE path IN ($1) AND NOT hidden;

SELECT path, target, created_at
FROM redirect
WHERE path IN ($1, $2, $3, $4) AND NOT hidden;
