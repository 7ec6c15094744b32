SELECT e.entry_id, e.locale, e.kind, e.category_id, e.slug, e.title, e.published_at, e.details FROM edition e WHERE e.entry_id = $1;
SELECT e.entry_id, e.locale, e.kind, e.category_id, e.slug, e.title, e.published_at, e.first_published_at, e.updated_at, e.version, e.details FROM edition e WHERE (e.slug, e.locale, e.kind) IN (VALUES ($1, $2, $3), ($4, $5, $6));
