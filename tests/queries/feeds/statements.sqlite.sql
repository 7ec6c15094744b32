WITH
s0 (stream, key, c0, c1, c2) AS (
  WITH p AS (SELECT key AS stream, value AS timeline_id FROM json_each($1))
  SELECT p.stream, i.value ->> 0, e.entry_id, e.locale, e.title
  FROM p
  JOIN
    json_each(
      (
        SELECT json_group_array(json_array(key, edition_id))
        FROM (
          SELECT t.sort_key AS key, t.edition_id
          FROM timeline_entry t
          WHERE t.timeline_id = p.timeline_id
          ORDER BY t.sort_key DESC, t.entry_id DESC
          LIMIT 10
        )
      )
    ) i
  CROSS JOIN edition e ON e.id = i.value ->> 1
),
s1 (key, c0, c1, c2) AS (
  SELECT c.views, e.entry_id, e.locale, e.title
  FROM view_count c
  CROSS JOIN reader_edition r
  CROSS JOIN timeline_entry t
  CROSS JOIN edition e ON e.id = t.edition_id
  WHERE
    r.entry_id = c.entry_id
    AND r.locale = 'en'
    AND t.timeline_id = $2
    AND t.sort_key = r.published_at
    AND t.entry_id = r.entry_id
  ORDER BY c.views DESC, c.entry_id DESC
  LIMIT 4
)
SELECT 0, stream, CAST(key AS bigint), c0, c1, c2
FROM s0
UNION ALL
SELECT 1, 0, CAST(key AS bigint), c0, c1, c2
FROM s1;
