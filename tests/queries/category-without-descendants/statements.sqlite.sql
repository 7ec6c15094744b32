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

WITH p AS (SELECT key AS stream, value AS timeline_id FROM json_each($1))
SELECT
  p.stream,
  e.published_at,
  e.entry_id,
  e.locale,
  e.title,
  e.number,
  e.signed_day,
  e.partly_from_day,
  e.from_day,
  e.partly_until_day,
  e.until_day
FROM p
JOIN
  json_each(
    (
      SELECT json_group_array(edition_id)
      FROM (
        SELECT t.sort_key AS key, t.edition_id
        FROM timeline_entry t
        WHERE t.timeline_id = p.timeline_id
        ORDER BY t.sort_key DESC, t.entry_id DESC
        LIMIT 20
      )
    )
  ) i
CROSS JOIN edition e ON e.id = i.value;
