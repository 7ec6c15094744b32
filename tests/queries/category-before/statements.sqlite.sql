SELECT t.sort_key, e.entry_id, e.locale, e.title
FROM timeline_entry t
CROSS JOIN edition e ON e.id = t.edition_id
WHERE t.timeline_id = $1 AND (t.sort_key, t.entry_id) > ($2, $3)
ORDER BY t.sort_key ASC, t.entry_id ASC
LIMIT 4;
