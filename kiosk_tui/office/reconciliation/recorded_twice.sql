-- One terminal's transaction in the journals of two kiosks. $1, $2 as in compare.sql.
SELECT 'recorded_twice' AS finding, 'journal' AS told_by, kiosk_id, terminal,
       transaction_id::text AS transaction_id, begun_at AS at,
       CASE WHEN state = 'APPROVED' THEN minor ELSE 0 END AS minor, currency, exponent,
       'also at ' || others AS here, '' AS there, transaction_id::text AS other_id
FROM (
    SELECT min(kiosk_id) AS kiosk_id, terminal, transaction_id,
           string_agg(kiosk_id, ', ' ORDER BY kiosk_id)
               FILTER (WHERE kiosk_id > first) AS others,
           min(begun_at) AS begun_at, min(state) AS state, max(minor) AS minor, min(currency) AS currency,
           min(exponent) AS exponent
    FROM (
        SELECT k.*, d.first
        FROM (
            SELECT terminal, transaction_id, min(kiosk_id) AS first FROM kiosk_transaction
            WHERE begun_at >= $1 AND changed_at <= $2
            GROUP BY terminal, transaction_id HAVING count(*) > 1
        ) d JOIN kiosk_transaction k USING (terminal, transaction_id)
    ) k
    GROUP BY terminal, transaction_id
) twice
ORDER BY begun_at
LIMIT $3
