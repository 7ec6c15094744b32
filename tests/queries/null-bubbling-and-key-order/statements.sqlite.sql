SELECT e.entry_id, e.locale, e.kind, e.category_id, e.slug, e.title, e.published_at FROM edition e WHERE e.slug = $1 AND e.locale = $2 AND e.kind = $3;
