SELECT (p.stream - 1)::integer, t.key, e.entry_id, e.locale, e.title
FROM unnest($1::integer[], $2::bigint[], $3::uuid[])
WITH ORDINALITY p(timeline_id, upper_key, upper_entry, stream)
CROSS JOIN
  LATERAL (
    SELECT t.sort_key AS key, t.edition_id
    FROM timeline_entry t
    WHERE t.timeline_id = p.timeline_id
      AND (t.sort_key, t.entry_id) < (p.upper_key, p.upper_entry)
    ORDER BY t.sort_key DESC, t.entry_id DESC
    LIMIT 11
  ) t
JOIN edition e ON e.id = t.edition_id;
