WITH
s0 (key, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9) AS (
  SELECT
    t.sort_key,
    e.entry_id,
    e.locale,
    e.title,
    e.number,
    e.signed_day,
    e.partly_from_day,
    e.from_day,
    e.partly_until_day,
    e.until_day,
    e.details
  FROM timeline_entry t
  CROSS JOIN edition e ON e.id = t.edition_id
  WHERE t.timeline_id = $1 AND e.signed_day >= 18628 AND e.signed_day < 20089
  ORDER BY t.sort_key DESC, t.entry_id DESC
  LIMIT 20
),
s1 (key, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9) AS (
  SELECT
    t.sort_key,
    e.entry_id,
    e.locale,
    e.title,
    e.number,
    e.signed_day,
    e.partly_from_day,
    e.from_day,
    e.partly_until_day,
    e.until_day,
    e.details
  FROM timeline_entry t
  CROSS JOIN edition e ON e.id = t.edition_id
  WHERE t.timeline_id = $2 AND e.number = $3
  ORDER BY t.sort_key DESC, t.entry_id DESC
  LIMIT 20
)
SELECT 0, 0, CAST(key AS bigint), c0, c1, c2, c3, c4, c5, c6, c7, c8, c9
FROM s0
UNION ALL
SELECT 1, 0, CAST(key AS bigint), c0, c1, c2, c3, c4, c5, c6, c7, c8, c9
FROM s1;
