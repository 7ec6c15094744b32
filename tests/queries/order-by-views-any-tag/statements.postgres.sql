SELECT c.views, e.entry_id, e.locale, e.title, e.details, coalesce(v.views, 0)
FROM view_count c
CROSS JOIN reader_edition r
CROSS JOIN timeline_entry t
JOIN edition e ON e.id = t.edition_id
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
