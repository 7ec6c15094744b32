SELECT
  p.list,
  (
    SELECT count(*)
    FROM (
      SELECT DISTINCT t.entry_id
      FROM timeline_entry t
      WHERE
        t.timeline_id IN (SELECT i.value FROM json_each(p.timelines) i)
        AND NOT EXISTS (
          SELECT 1
          FROM json_each(p.probes) c
          WHERE
            NOT EXISTS (
              SELECT 1
              FROM json_each(c.value) i
              JOIN timeline_entry x ON x.timeline_id = i.value
                AND x.sort_key = t.sort_key AND x.entry_id = t.entry_id
            )
        )
      LIMIT 10001
    ) n
  )
FROM (SELECT value ->> 0 AS list, value -> 1 AS timelines, value -> 2 AS probes FROM json_each($1)) p;

SELECT t.sort_key, e.entry_id, e.locale, e.title, e.details
FROM timeline_entry t
CROSS JOIN edition e ON e.id = t.edition_id
WHERE
  t.timeline_id = $1
  AND EXISTS (
    SELECT 1
    FROM timeline_entry x
    WHERE x.timeline_id IN (51)
      AND x.sort_key = t.sort_key AND x.entry_id = t.entry_id
  )
  AND EXISTS (
    SELECT 1
    FROM timeline_entry x
    WHERE x.timeline_id IN (26)
      AND x.sort_key = t.sort_key AND x.entry_id = t.entry_id
  )
ORDER BY t.sort_key DESC, t.entry_id DESC
LIMIT 20;
