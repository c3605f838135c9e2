-- One charge that stands twice at TECS. $1, $2 as in compare.sql; $3: within how many seconds.
WITH charge AS NOT MATERIALIZED (
    SELECT t.terminal, t.transaction_id, t.told_by, t.sequence, coalesce(t.minor, t.clearing_minor) AS minor,
           coalesce(nullif(t.currency, ''), t.clearing_currency) AS currency, t.authorization_number,
           t.stan, t.at, extract(epoch FROM t.at)::bigint AS second
    FROM tecs_transaction t
    WHERE t.told_by IN ('history', 'clearing') AND t.kind IN ('', 'charge') AND t.verdict = 'approved'
      AND t.cancelled IS NOT TRUE AND t.at >= $1 AND t.at <= $2
), alike AS MATERIALIZED (
    -- Counted by hashes, which are quick; what meets by chance parts below. An authorization number stays rare for
    -- a month. A terminal's STAN begins anew each day: so with the time, in two rows of slots, of which one holds
    -- any two that are no further apart than $3.
    SELECT hashtextextended(told_by || terminal || authorization_number, 0) AS hash, 'a' AS by
    FROM charge WHERE authorization_number <> '' GROUP BY 1 HAVING count(*) > 1
    UNION ALL
    SELECT hashtextextended(told_by || terminal || stan, second / (2 * $3)), 's'
    FROM charge WHERE stan <> '' GROUP BY 1 HAVING count(*) > 1
    UNION ALL
    SELECT hashtextextended(told_by || terminal || stan, (second + $3) / (2 * $3)), 't'
    FROM charge WHERE stan <> '' GROUP BY 1 HAVING count(*) > 1
), member AS MATERIALIZED (
    SELECT c.*, 'a' || c.authorization_number AS mark FROM charge c
    JOIN alike a ON a.by = 'a' AND a.hash = hashtextextended(c.told_by || c.terminal || c.authorization_number, 0)
    UNION
    SELECT c.*, 's' || c.stan FROM charge c
    JOIN alike a ON a.by = 's' AND a.hash = hashtextextended(c.told_by || c.terminal || c.stan, c.second / (2 * $3))
    UNION
    SELECT c.*, 's' || c.stan FROM charge c
    JOIN alike a ON a.by = 't'
        AND a.hash = hashtextextended(c.told_by || c.terminal || c.stan, (c.second + $3) / (2 * $3))
), found AS (
    SELECT y.told_by, y.terminal, y.transaction_id, y.at, y.minor, y.currency, x.transaction_id AS other
    FROM member x JOIN member y USING (told_by, terminal, mark)
    WHERE (y.at, y.transaction_id) > (x.at, x.transaction_id) AND y.transaction_id <> x.transaction_id
      AND x.mark NOT IN ('a', 's') AND y.second - x.second <= $3 AND y.minor = x.minor AND y.currency = x.currency
    UNION
    -- one id twice: where TECS counts nothing there is one row for it
    SELECT y.told_by, y.terminal, y.transaction_id, y.at, y.minor, y.currency, y.transaction_id
    FROM charge y JOIN charge x USING (told_by, terminal, transaction_id)
    WHERE y.sequence <> 0 AND x.sequence < y.sequence
)
SELECT 'charged_twice' AS finding, f.told_by, j.kiosk_id, f.terminal,
       f.transaction_id::text AS transaction_id, f.at, f.minor, f.currency, j.exponent,
       coalesce(lower(replace(j.state, '_', ' ')), 'no record') AS here, 'approved twice' AS there,
       f.other::text AS other_id
FROM found f
LEFT JOIN kiosk_transaction j ON j.terminal = f.terminal AND j.transaction_id = f.transaction_id
WHERE NOT EXISTS (
    SELECT FROM tecs_transaction c
    WHERE c.told_by IN ('history', 'clearing') AND c.kind = 'cancellation' AND c.verdict = 'approved'
      AND coalesce(c.original_terminal, c.terminal) = f.terminal
      AND c.original_id IN (f.transaction_id, f.other))
ORDER BY f.at
LIMIT $4
