SELECT c.views, e.entry_id, e.locale, e.title, e.details, coalesce(v.views, 0)
FROM view_count c
CROSS JOIN reader_edition r
CROSS JOIN timeline_entry t
CROSS JOIN edition e ON e.id = t.edition_id
LEFT JOIN view_count v ON v.entry_id = e.entry_id
WHERE
  r.entry_id = c.entry_id
  AND r.locale = 'en'
  AND t.timeline_id = $1
  AND t.sort_key = r.published_at
  AND t.entry_id = r.entry_id
  AND EXISTS (
    SELECT 1
    FROM timeline_entry x
    WHERE x.timeline_id IN (64, 65)
      AND x.sort_key = t.sort_key AND x.entry_id = t.entry_id
  )
ORDER BY c.views DESC, c.entry_id DESC
LIMIT 4;

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
