SELECT
  d.signed_day,
  e.entry_id,
  e.locale,
  e.title,
  e.number,
  e.signed_day,
  e.partly_from_day,
  e.from_day,
  e.partly_until_day,
  e.until_day,
  e.details
FROM edition d
CROSS JOIN timeline_entry t
CROSS JOIN edition e ON e.id = t.edition_id
WHERE
  d.signed_day IS NOT NULL
  AND t.timeline_id = $1
  AND t.sort_key = d.published_at
  AND t.entry_id = d.entry_id
  AND t.edition_id = d.id
ORDER BY d.signed_day DESC, d.entry_id DESC
LIMIT 9;

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
