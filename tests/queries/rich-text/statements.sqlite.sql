SELECT
  e.entry_id,
  e.locale,
  e.kind,
  e.slug,
  e.details,
  e.html,
  e.plain,
  e.format,
  e.source,
  e.outline,
  e.word_count
FROM edition e
WHERE e.slug = $1 AND e.locale = $2 AND e.kind = $3;
