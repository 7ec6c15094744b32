SELECT
  p.list,
  (
    SELECT count(*)
    FROM (
      SELECT DISTINCT t.entry_id
      FROM timeline_entry t
      WHERE t.timeline_id IN (SELECT i::integer FROM jsonb_array_elements(p.timelines) i)
      LIMIT 10001
    ) n
  )
FROM (SELECT (s ->> 0)::integer AS list, s -> 1 AS timelines, s -> 2 AS probes FROM jsonb_array_elements($1::jsonb) s) p;

SELECT t.sort_key, e.entry_id, e.locale, e.title
FROM timeline_entry t
JOIN edition e ON e.id = t.edition_id
WHERE t.timeline_id = $1
ORDER BY t.sort_key DESC, t.entry_id DESC
LIMIT 4;
