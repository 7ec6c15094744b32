SELECT
  d.signed_day,
  e.entry_id,
  e.locale,
  e.number,
  e.signed_day,
  e.partly_from_day,
  e.from_day,
  e.partly_until_day,
  e.until_day
FROM edition d
CROSS JOIN timeline_entry t
CROSS JOIN edition e ON e.id = t.edition_id
WHERE
  d.signed_day IS NOT NULL
  AND t.timeline_id = $1
  AND t.sort_key = d.published_at
  AND t.entry_id = d.entry_id
  AND t.edition_id = d.id
  AND (d.signed_day, d.entry_id) < ($2, $3)
ORDER BY d.signed_day DESC, d.entry_id DESC
LIMIT 3;
