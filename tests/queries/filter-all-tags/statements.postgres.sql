SELECT
  p.list,
  (
    SELECT count(*)
    FROM (
      SELECT DISTINCT t.entry_id
      FROM timeline_entry t
      WHERE
        t.timeline_id IN (SELECT i::integer FROM jsonb_array_elements(p.timelines) i)
        AND NOT EXISTS (
          SELECT 1
          FROM jsonb_array_elements(p.probes) c
          WHERE
            NOT EXISTS (
              SELECT 1
              FROM jsonb_array_elements(c) i
              JOIN timeline_entry x ON x.timeline_id = i::integer
                AND x.sort_key = t.sort_key AND x.entry_id = t.entry_id
            )
        )
      LIMIT 10001
    ) n
  )
FROM (SELECT (s ->> 0)::integer AS list, s -> 1 AS timelines, s -> 2 AS probes FROM jsonb_array_elements($1::jsonb) s) p;

SELECT t.sort_key, e.entry_id, e.locale, e.title, e.details
FROM timeline_entry t
JOIN edition e ON e.id = t.edition_id
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
