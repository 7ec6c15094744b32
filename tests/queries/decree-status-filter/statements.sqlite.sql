SELECT
  p.list,
  (
    SELECT count(*)
    FROM (
      SELECT DISTINCT t.entry_id
      FROM timeline_entry t
      WHERE
        t.timeline_id IN (SELECT i.value FROM json_each(p.timelines) i)
        AND EXISTS (
          SELECT 1
          FROM edition e
          WHERE
            e.id = t.edition_id
            AND e.kind = 'DECREE'
            AND (
              (
                NOT coalesce(e.until_day <= 20758, FALSE)
                AND NOT coalesce(e.from_day <= 20758, FALSE)
                AND NOT coalesce(e.partly_from_day <= 20758, FALSE)
              )
            )
        )
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
      WHERE
        t.timeline_id IN (SELECT i.value FROM json_each(p.timelines) i)
        AND EXISTS (
          SELECT 1
          FROM edition e
          WHERE
            e.id = t.edition_id
            AND e.kind = 'DECREE'
            AND (
              (
                NOT coalesce(e.until_day <= 20850, FALSE)
                AND (
                  (coalesce(e.from_day <= 20850, FALSE) AND coalesce(e.partly_until_day <= 20850, FALSE))
                  OR (NOT coalesce(e.from_day <= 20850, FALSE) AND coalesce(e.partly_from_day <= 20850, FALSE))
                )
              )
            )
        )
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
      WHERE
        t.timeline_id IN (SELECT i.value FROM json_each(p.timelines) i)
        AND EXISTS (
          SELECT 1
          FROM edition e
          WHERE
            e.id = t.edition_id
            AND e.kind = 'DECREE'
            AND (
              (
                coalesce(e.from_day <= 18536, FALSE)
                AND NOT coalesce(e.partly_until_day <= 18536, FALSE)
                AND NOT coalesce(e.until_day <= 18536, FALSE)
              )
            )
        )
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
      WHERE
        t.timeline_id IN (SELECT i.value FROM json_each(p.timelines) i)
        AND EXISTS (
          SELECT 1
          FROM edition e
          WHERE e.id = t.edition_id
            AND e.kind = 'DECREE' AND (coalesce(e.until_day <= 20758, FALSE))
        )
      LIMIT 10001
    ) n
  )
FROM (SELECT value ->> 0 AS list, value -> 1 AS timelines, value -> 2 AS probes FROM json_each($1)) p;

WITH
s0 (key, c0, c1, c2, c3, c4, c5, c6, c7, c8) AS (
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
    e.until_day
  FROM timeline_entry t
  CROSS JOIN edition e ON e.id = t.edition_id
  WHERE
    t.timeline_id = $1
    AND e.kind = 'DECREE'
    AND (
      (
        NOT coalesce(e.until_day <= 20758, FALSE)
        AND NOT coalesce(e.from_day <= 20758, FALSE)
        AND NOT coalesce(e.partly_from_day <= 20758, FALSE)
      )
    )
  ORDER BY t.sort_key DESC, t.entry_id DESC
  LIMIT 20
),
s1 (key, c0, c1, c2, c3, c4, c5, c6, c7, c8) AS (
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
    e.until_day
  FROM timeline_entry t
  CROSS JOIN edition e ON e.id = t.edition_id
  WHERE
    t.timeline_id = $2
    AND e.kind = 'DECREE'
    AND (
      (
        NOT coalesce(e.until_day <= 20850, FALSE)
        AND (
          (coalesce(e.from_day <= 20850, FALSE) AND coalesce(e.partly_until_day <= 20850, FALSE))
          OR (NOT coalesce(e.from_day <= 20850, FALSE) AND coalesce(e.partly_from_day <= 20850, FALSE))
        )
      )
    )
  ORDER BY t.sort_key DESC, t.entry_id DESC
  LIMIT 20
),
s2 (key, c0, c1, c2, c3, c4, c5, c6, c7, c8) AS (
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
    e.until_day
  FROM timeline_entry t
  CROSS JOIN edition e ON e.id = t.edition_id
  WHERE
    t.timeline_id = $3
    AND e.kind = 'DECREE'
    AND (
      (
        coalesce(e.from_day <= 18536, FALSE)
        AND NOT coalesce(e.partly_until_day <= 18536, FALSE)
        AND NOT coalesce(e.until_day <= 18536, FALSE)
      )
    )
  ORDER BY t.sort_key DESC, t.entry_id DESC
  LIMIT 20
),
s3 (key, c0, c1, c2, c3, c4, c5, c6, c7, c8) AS (
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
    e.until_day
  FROM timeline_entry t
  CROSS JOIN edition e ON e.id = t.edition_id
  WHERE t.timeline_id = $4 AND e.kind = 'DECREE' AND (coalesce(e.until_day <= 20758, FALSE))
  ORDER BY t.sort_key DESC, t.entry_id DESC
  LIMIT 20
)
SELECT 0, 0, CAST(key AS bigint), c0, c1, c2, c3, c4, c5, c6, c7, c8
FROM s0
UNION ALL
SELECT 1, 0, CAST(key AS bigint), c0, c1, c2, c3, c4, c5, c6, c7, c8
FROM s1
UNION ALL
SELECT 2, 0, CAST(key AS bigint), c0, c1, c2, c3, c4, c5, c6, c7, c8
FROM s2
UNION ALL
SELECT 3, 0, CAST(key AS bigint), c0, c1, c2, c3, c4, c5, c6, c7, c8
FROM s3;
