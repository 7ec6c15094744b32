WITH p AS (SELECT key AS stream, value AS timeline_id FROM json_each($1))
SELECT p.stream, e.published_at, e.entry_id, e.locale, e.title
FROM p
JOIN
  json_each(
    (
      SELECT json_group_array(edition_id)
      FROM (
        SELECT t.sort_key AS key, t.edition_id
        FROM timeline_entry t
        WHERE t.timeline_id = p.timeline_id
        ORDER BY t.sort_key DESC, t.entry_id DESC
        LIMIT 4
      )
    )
  ) i
CROSS JOIN edition e ON e.id = i.value;
