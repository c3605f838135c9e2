-- Each clearing batch of a terminal beside the journals. $1: from when on; $2: operations that charge; $3: that pay
-- back.
WITH cleared AS MATERIALIZED (
    -- history names the batch, too: each transaction once, as clearing tells it where that does
    SELECT DISTINCT ON (terminal, transaction_id) terminal, transaction_id, clearing_batch AS batch, at,
           coalesce(nullif(clearing_currency, ''), currency) AS currency,
           CASE WHEN kind IN ('refund', 'cancellation') THEN -1 ELSE 1 END
               * coalesce(clearing_minor, minor + coalesce(tip_minor, 0), 0) AS minor
    FROM tecs_transaction
    WHERE told_by IN ('history', 'clearing') AND clearing_batch <> '' AND verdict <> 'declined' AND at >= $1
    ORDER BY terminal, transaction_id, (told_by = 'clearing') DESC, as_of DESC
), recorded AS (
    SELECT terminal, transaction_id, begun_at, currency, exponent,
           CASE WHEN operation = ANY($2) THEN minor WHEN operation = ANY($3) THEN -minor ELSE 0 END AS minor
    FROM kiosk_transaction WHERE state = 'APPROVED' AND operation = ANY($2 || $3)
), batch AS (
    SELECT c.terminal, c.batch, c.currency, max(j.exponent) AS exponent, min(c.at) AS first_at, max(c.at) AS last_at,
           count(*) AS cleared, sum(c.minor)::bigint AS cleared_minor, count(j.minor) AS recorded,
           coalesce(sum(j.minor), 0)::bigint AS recorded_minor
    FROM cleared c
    LEFT JOIN recorded j ON j.terminal = c.terminal AND j.transaction_id = c.transaction_id
        AND j.currency = c.currency
    GROUP BY c.terminal, c.batch, c.currency
)
SELECT b.*, coalesce(m.missing, 0) AS missing, coalesce(m.missing_minor, 0)::bigint AS missing_minor
FROM batch b
LEFT JOIN (
    -- recorded between a batch's first and last transaction, and in no batch at all
    SELECT b.terminal, b.batch, b.currency, count(*) AS missing, sum(j.minor) AS missing_minor
    FROM (
        SELECT * FROM recorded j WHERE j.begun_at >= $1 AND NOT EXISTS (
            SELECT FROM cleared c WHERE c.terminal = j.terminal AND c.transaction_id = j.transaction_id)
    ) j
    JOIN batch b ON b.terminal = j.terminal AND b.currency = j.currency
        AND j.begun_at BETWEEN b.first_at AND b.last_at
    GROUP BY b.terminal, b.batch, b.currency
) m USING (terminal, batch, currency)
ORDER BY b.last_at DESC, b.terminal, b.batch, b.currency
