SELECT (p.stream - 1)::integer, t.key, e.entry_id, e.locale, e.category_id, e.title, e.details
FROM unnest($1::integer[])
WITH ORDINALITY p(timeline_id, stream)
CROSS JOIN
  LATERAL (
    SELECT t.sort_key AS key, t.edition_id
    FROM timeline_entry t
    WHERE t.timeline_id = p.timeline_id
    ORDER BY t.sort_key DESC, t.entry_id DESC
    LIMIT 7
  ) t
JOIN edition e ON e.id = t.edition_id;

SELECT e.entry_id, e.locale, e.kind, e.category_id, e.slug, e.details
FROM edition e
WHERE e.slug = $1 AND e.locale = $2 AND e.kind = $3;
