SELECT c.views, e.entry_id, e.locale, e.title, coalesce(v.views, 0)
FROM view_count c
CROSS JOIN reader_edition r
CROSS JOIN timeline_entry t
CROSS JOIN edition e ON e.id = t.edition_id
LEFT JOIN view_count v ON v.entry_id = e.entry_id
WHERE
  r.entry_id = c.entry_id
  AND r.locale = 'en'
  AND t.timeline_id = $1
  AND t.sort_key = r.published_at
  AND t.entry_id = r.entry_id
  AND (c.views, c.entry_id) < ($2, $3)
ORDER BY c.views DESC, c.entry_id DESC
LIMIT 4;
