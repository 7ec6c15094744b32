SELECT
  p.list,
  (
    SELECT count(*)
    FROM (
      SELECT DISTINCT t.entry_id
      FROM timeline_entry t
      WHERE t.timeline_id IN (SELECT i::integer FROM jsonb_array_elements(p.timelines) i)
      LIMIT 10001
    ) n
  )
FROM (SELECT (s ->> 0)::integer AS list, s -> 1 AS timelines, s -> 2 AS probes FROM jsonb_array_elements($1::jsonb) s) p;

WITH
s0 (stream, key, c0, c1, c2, c3) AS (
  SELECT (p.stream - 1)::integer, t.key, e.entry_id, e.locale, e.title, e.details
  FROM unnest($1::integer[], $2::text[])
  WITH ORDINALITY p(timeline_id, probes, stream)
  CROSS JOIN
    LATERAL (
      SELECT t.sort_key AS key, t.edition_id
      FROM timeline_entry t
      WHERE
        t.timeline_id = p.timeline_id
        AND NOT EXISTS (
          SELECT 1
          FROM jsonb_array_elements(p.probes::jsonb) c
          WHERE
            NOT EXISTS (
              SELECT 1
              FROM jsonb_array_elements(c) i
              JOIN timeline_entry x ON x.timeline_id = i::integer
                AND x.sort_key = t.sort_key AND x.entry_id = t.entry_id
            )
        )
      ORDER BY t.sort_key DESC, t.entry_id DESC
      LIMIT 3
    ) t
  JOIN edition e ON e.id = t.edition_id
),
s1 (stream, key, c0, c1, c2, c3) AS (
  SELECT (p.stream - 1)::integer, t.key, e.entry_id, e.locale, e.title, e.details
  FROM unnest($3::integer[])
  WITH ORDINALITY p(timeline_id, stream)
  CROSS JOIN
    LATERAL (
      SELECT t.sort_key AS key, t.edition_id
      FROM timeline_entry t
      WHERE t.timeline_id = p.timeline_id
      ORDER BY t.sort_key ASC, t.entry_id ASC
      LIMIT 1
    ) t
  JOIN edition e ON e.id = t.edition_id
)
SELECT 0, stream, CAST(key AS bigint), c0, c1, c2, c3
FROM s0
UNION ALL
SELECT 1, stream, CAST(key AS bigint), c0, c1, c2, c3
FROM s1;
