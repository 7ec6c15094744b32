SELECT
  p.list,
  (
    SELECT count(*)
    FROM (
      SELECT DISTINCT t.entry_id
      FROM timeline_entry t
      WHERE
        t.timeline_id IN (SELECT i.value FROM json_each(p.timelines) i)
        AND EXISTS (SELECT 1 FROM edition e WHERE e.id = t.edition_id AND e.locale = 'tk')
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

SELECT t.sort_key, e.entry_id, e.locale, e.title
FROM timeline_entry t
CROSS JOIN edition e ON e.id = t.edition_id
WHERE t.timeline_id = $1 AND e.locale = 'tk'
ORDER BY t.sort_key DESC, t.entry_id DESC
LIMIT 3;
