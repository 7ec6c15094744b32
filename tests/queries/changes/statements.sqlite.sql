SELECT seq, at, subject, subject_id, locale, kind, path, action, touched, told
FROM change_log
WHERE seq >= $1 AND seq <= $2 AND (seq = $1 OR subject IN ($3, $4))
ORDER BY seq
LIMIT 1001;
