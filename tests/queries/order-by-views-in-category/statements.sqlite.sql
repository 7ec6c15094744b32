WITH
s0 (key, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10) AS (
  WITH
  f AS MATERIALIZED (
    SELECT t.sort_key, t.entry_id, t.edition_id
    FROM timeline_entry t
    WHERE t.timeline_id = $1 AND t.sort_key >= $2 AND t.sort_key < $3
    LIMIT 1000 + 1
  )
  SELECT
    t.key,
    e.entry_id,
    e.locale,
    e.published_at,
    e.title,
    e.number,
    e.signed_day,
    e.partly_from_day,
    e.from_day,
    e.partly_until_day,
    e.until_day,
    coalesce(v.views, 0)
  FROM (
    SELECT c.views AS key, t.edition_id
    FROM f t
    CROSS JOIN view_count c ON c.entry_id = t.entry_id
    WHERE
      TRUE
      AND EXISTS (
        SELECT 1
        FROM edition e
        WHERE e.id = t.edition_id
          AND e.published_at >= 1577836800000000 AND e.published_at < 1640995200000000
      )
    ORDER BY c.views DESC, c.entry_id DESC
    LIMIT (SELECT CASE WHEN count(*) <= 1000 THEN 4 ELSE 0 END FROM f)
  ) t
  CROSS JOIN edition e ON e.id = t.edition_id
  LEFT JOIN view_count v ON v.entry_id = e.entry_id
  UNION ALL
  SELECT *
  FROM (
    SELECT
      c.views,
      e.entry_id,
      e.locale,
      e.published_at,
      e.title,
      e.number,
      e.signed_day,
      e.partly_from_day,
      e.from_day,
      e.partly_until_day,
      e.until_day,
      coalesce(v.views, 0)
    FROM view_count c
    CROSS JOIN reader_edition r
    CROSS JOIN timeline_entry t
    CROSS JOIN edition e ON e.id = t.edition_id
    LEFT JOIN view_count v ON v.entry_id = e.entry_id
    WHERE
      r.entry_id = c.entry_id
      AND r.locale = 'en'
      AND t.timeline_id = $4
      AND t.sort_key = r.published_at
      AND t.entry_id = r.entry_id
      AND e.published_at >= 1577836800000000
      AND e.published_at < 1640995200000000
    ORDER BY c.views DESC, c.entry_id DESC
    LIMIT (SELECT CASE WHEN count(*) > 1000 THEN 4 ELSE 0 END FROM f)
  ) s
),
s1 (key, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10) AS (
  WITH
  f AS MATERIALIZED (SELECT t.sort_key, t.entry_id, t.edition_id FROM timeline_entry t WHERE t.timeline_id = $5 LIMIT 1000 + 1)
  SELECT
    t.key,
    e.entry_id,
    e.locale,
    e.published_at,
    e.title,
    e.number,
    e.signed_day,
    e.partly_from_day,
    e.from_day,
    e.partly_until_day,
    e.until_day,
    coalesce(v.views, 0)
  FROM (
    SELECT d.signed_day AS key, t.edition_id
    FROM f t
    CROSS JOIN edition d ON d.id = t.edition_id
      AND d.signed_day IS NOT NULL
    WHERE TRUE
    ORDER BY d.signed_day ASC, d.entry_id ASC
    LIMIT (SELECT CASE WHEN count(*) <= 1000 THEN 4 ELSE 0 END FROM f)
  ) t
  CROSS JOIN edition e ON e.id = t.edition_id
  LEFT JOIN view_count v ON v.entry_id = e.entry_id
  UNION ALL
  SELECT *
  FROM (
    SELECT
      d.signed_day,
      e.entry_id,
      e.locale,
      e.published_at,
      e.title,
      e.number,
      e.signed_day,
      e.partly_from_day,
      e.from_day,
      e.partly_until_day,
      e.until_day,
      coalesce(v.views, 0)
    FROM edition d
    CROSS JOIN timeline_entry t
    CROSS JOIN edition e ON e.id = t.edition_id
    LEFT JOIN view_count v ON v.entry_id = e.entry_id
    WHERE
      d.signed_day IS NOT NULL
      AND t.timeline_id = $6
      AND t.sort_key = d.published_at
      AND t.entry_id = d.entry_id
      AND t.edition_id = d.id
    ORDER BY d.signed_day ASC, d.entry_id ASC
    LIMIT (SELECT CASE WHEN count(*) > 1000 THEN 4 ELSE 0 END FROM f)
  ) s
)
SELECT 0, 0, CAST(key AS bigint), c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10
FROM s0
UNION ALL
SELECT 1, 0, CAST(key AS bigint), c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10
FROM s1;
