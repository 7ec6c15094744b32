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

WITH
s0 (stream, key, c0, c1, c2, c3) AS (
  WITH
  p AS MATERIALIZED (
    SELECT
      key AS stream,
      value ->> 0 AS timeline_id,
      value ->> 1 AS lower_key,
      unhex(value ->> 2) AS lower_entry,
      value ->> 3 AS upper_key,
      unhex(value ->> 4) AS upper_entry,
      value -> 5 AS probes,
      value ->> 6 AS reader
    FROM json_each($1)
  )
  SELECT p.stream, e.published_at, e.entry_id, e.locale, e.title, e.details
  FROM p
  JOIN
    json_each(
      (
        SELECT json_group_array(edition_id)
        FROM (
          SELECT t.sort_key AS key, t.edition_id
          FROM timeline_entry t
          WHERE
            t.timeline_id = p.timeline_id
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
          ORDER BY t.sort_key DESC, t.entry_id DESC
          LIMIT 3
        )
      )
    ) i
  CROSS JOIN edition e ON e.id = i.value
),
s1 (stream, key, c0, c1, c2, c3) AS (
  WITH p AS (SELECT key AS stream, value AS timeline_id FROM json_each($2))
  SELECT p.stream, e.published_at, e.entry_id, e.locale, e.title, e.details
  FROM p
  JOIN
    json_each(
      (
        SELECT json_group_array(edition_id)
        FROM (
          SELECT t.sort_key AS key, t.edition_id
          FROM timeline_entry t
          WHERE t.timeline_id = p.timeline_id
          ORDER BY t.sort_key ASC, t.entry_id ASC
          LIMIT 1
        )
      )
    ) i
  CROSS JOIN edition e ON e.id = i.value
)
SELECT 0, stream, CAST(key AS bigint), c0, c1, c2, c3
FROM s0
UNION ALL
SELECT 1, stream, CAST(key AS bigint), c0, c1, c2, c3
FROM s1;
