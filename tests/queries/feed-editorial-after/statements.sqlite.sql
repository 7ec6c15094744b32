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
          AND (t.sort_key, t.entry_id) < (p.upper_key, p.upper_entry)
        ORDER BY t.sort_key DESC, t.entry_id DESC
        LIMIT 11
      )
    )
  ) i
CROSS JOIN edition e ON e.id = i.value ->> 1;
