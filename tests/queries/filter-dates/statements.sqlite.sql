SELECT
  p.list,
  (
    SELECT count(*)
    FROM (
      SELECT DISTINCT t.entry_id
      FROM timeline_entry t
      WHERE
        t.timeline_id IN (SELECT i.value FROM json_each(p.timelines) i)
        AND t.sort_key >= p.lower_key
        AND t.sort_key < p.upper_key
      LIMIT 10001
    ) n
  )
FROM (
  SELECT
    value ->> 0 AS list,
    value -> 1 AS timelines,
    value -> 2 AS probes,
    (value ->> 4) AS lower_key,
    (value ->> 5) AS upper_key
  FROM json_each($1)
) p;

SELECT t.sort_key, e.entry_id, e.locale, e.title
FROM timeline_entry t
CROSS JOIN edition e ON e.id = t.edition_id
WHERE t.timeline_id = $1 AND (t.sort_key, t.entry_id) > ($2, $3) AND (t.sort_key, t.entry_id) < ($4, $5)
ORDER BY t.sort_key DESC, t.entry_id DESC
LIMIT 20;
