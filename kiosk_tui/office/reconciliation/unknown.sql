-- Recorded as approved, and TECS does not have it although it tells of that time. $1, $2 as in compare.sql;
-- $3: how far clocks may differ; $4: the operations that move money.
SELECT 'unknown_at_tecs' AS finding, c.told_by, j.kiosk_id, j.terminal,
       j.transaction_id::text AS transaction_id, j.begun_at AS at, j.minor, j.currency, j.exponent,
       'approved' AS here, 'unknown' AS there, NULL AS other_id
FROM (
    SELECT * FROM kiosk_transaction j
    WHERE j.state = 'APPROVED' AND j.operation = ANY($4) AND j.begun_at >= $1 AND j.changed_at <= $2
      AND NOT EXISTS (
          SELECT FROM tecs_transaction t
          WHERE t.terminal = j.terminal AND t.transaction_id = j.transaction_id
            AND t.told_by IN ('history', 'clearing'))
    OFFSET 0
) j
JOIN LATERAL (
    SELECT c.told_by FROM tecs_coverage c
    WHERE c.terminal = j.terminal AND c.from_at <= j.begun_at - $3::interval
      AND c.to_at >= coalesce(j.approved_at, j.begun_at) + $3::interval
    ORDER BY c.told_by DESC
    LIMIT 1
) c ON true
ORDER BY j.begun_at
LIMIT $5
