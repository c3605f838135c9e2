-- One charge that stands twice at TECS. $1, $2 as in compare.sql; $3: within how long.
WITH charge AS MATERIALIZED (
    SELECT t.terminal, t.transaction_id, t.told_by, t.sequence,
           coalesce(t.minor + coalesce(t.tip_minor, 0), t.clearing_minor) AS minor,
           coalesce(nullif(t.currency, ''), t.clearing_currency) AS currency, t.authorization_number, t.stan,
           t.at
    FROM tecs_transaction t
    WHERE t.told_by IN ('history', 'clearing') AND t.kind IN ('', 'charge') AND t.verdict = 'approved'
      AND t.cancelled IS NOT TRUE AND t.at >= $1 AND t.at <= $2
), same_authorization AS (
    SELECT terminal, minor, currency, authorization_number FROM charge
    WHERE authorization_number <> ''
    GROUP BY terminal, minor, currency, authorization_number
    HAVING min(transaction_id) <> max(transaction_id)
), same_stan AS (
    SELECT terminal, minor, currency, stan FROM charge
    WHERE stan <> ''
    GROUP BY terminal, minor, currency, stan
    HAVING min(transaction_id) <> max(transaction_id)
), alike AS (
    SELECT c.*, 'a' || c.authorization_number AS mark FROM charge c
    JOIN same_authorization USING (terminal, minor, currency, authorization_number)
    UNION ALL
    SELECT c.*, 's' || c.stan FROM charge c JOIN same_stan USING (terminal, minor, currency, stan)
), found AS (
    SELECT y.told_by, y.terminal, y.transaction_id, y.at, y.minor, y.currency, x.transaction_id AS other
    FROM alike x JOIN alike y USING (terminal, minor, currency, mark)
    WHERE (y.at, y.transaction_id) > (x.at, x.transaction_id) AND y.transaction_id <> x.transaction_id
      AND y.at - x.at <= $3::interval
    UNION
    SELECT told_by, terminal, transaction_id, max(at), max(minor), max(currency), transaction_id
    FROM charge GROUP BY told_by, terminal, transaction_id HAVING count(*) > 1
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
