SELECT
  t.sort_key,
  e.entry_id,
  e.locale,
  e.number,
  e.signed_day,
  e.partly_from_day,
  e.from_day,
  e.partly_until_day,
  e.until_day
FROM timeline_entry t
CROSS JOIN edition e ON e.id = t.edition_id
WHERE t.timeline_id = $1
ORDER BY t.sort_key DESC, t.entry_id DESC
LIMIT 24;

WITH
k (entry_id, locale) AS (
  VALUES
    ($1, $2),
    ($3, $4),
    ($5, $6),
    ($7, $8),
    ($9, $10),
    ($11, $12),
    ($13, $14),
    ($15, $16),
    ($17, $18),
    ($19, $20),
    ($21, $22),
    ($23, $24),
    ($25, $26),
    ($27, $28),
    ($29, $30),
    ($31, $32),
    ($33, $34),
    ($35, $36),
    ($37, $38),
    ($39, $40),
    ($41, $42),
    ($43, $44)
)
SELECT
  0,
  k.entry_id,
  k.locale,
  d.kind,
  d.on_day,
  d.partial,
  d.note,
  d.position,
  e.entry_id,
  e.locale,
  e.kind,
  e.published_at,
  e.number,
  e.signed_day,
  e.partly_from_day,
  e.from_day,
  e.partly_until_day,
  e.until_day
FROM k
CROSS JOIN decree_relation d ON d.source_id = k.entry_id AND d.locale = k.locale
CROSS JOIN reader_edition r ON r.entry_id = d.target_id AND r.locale = k.locale
CROSS JOIN edition e ON e.id = r.edition_id
UNION ALL
SELECT
  1,
  k.entry_id,
  k.locale,
  d.kind,
  d.on_day,
  d.partial,
  d.note,
  d.position,
  e.entry_id,
  e.locale,
  e.kind,
  e.published_at,
  e.number,
  e.signed_day,
  e.partly_from_day,
  e.from_day,
  e.partly_until_day,
  e.until_day
FROM k
CROSS JOIN decree_relation d ON d.target_id = k.entry_id
CROSS JOIN reader_edition r ON r.entry_id = d.source_id AND r.locale = k.locale
CROSS JOIN edition e ON e.id = r.edition_id AND e.locale = d.locale;
