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

SELECT t.stream, t.key, e.entry_id, e.locale, e.title
FROM (
  SELECT 0 AS stream, t.sort_key AS key, t.entry_id AS entry, t.edition_id
  FROM timeline_entry t
  WHERE t.timeline_id = $1
  UNION ALL
  SELECT 1 AS stream, t.sort_key AS key, t.entry_id AS entry, t.edition_id
  FROM timeline_entry t
  WHERE t.timeline_id = $2
  ORDER BY key DESC, entry DESC
  LIMIT 10
) t
CROSS JOIN edition e ON e.id = t.edition_id;
