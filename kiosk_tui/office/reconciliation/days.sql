-- Closed days beside what TECS tells of the same transactions, a row for each day and currency. $1, $2: kiosks and
-- digests of the reports; $3: operations that charge; $4: that pay back; $5: how far clocks may differ.
-- What belongs to a day is what its journal counted, whatever any clock says; only for what no journal has as
-- approved TECS's time decides.
WITH z AS MATERIALIZED (
    SELECT d.kiosk_id, d.sha256, d.epoch, d.after, d.last, d.opened_at, d.closed_at
    FROM business_day d JOIN unnest($1::text[], $2::bytea[]) AS asked (kiosk_id, sha256) USING (kiosk_id, sha256)
), counted AS (
    SELECT z.sha256, e.kiosk_id, e.transaction_id, e.number, e.state_after
    FROM z JOIN event e ON e.kiosk_id = z.kiosk_id AND e.epoch = z.epoch AND e.state_after IN ('APPROVED', 'CANCELLED')
        AND e.body ? 'committed' AND (e.body->>'committed')::bigint > z.after
        AND (e.body->>'committed')::bigint <= z.last
    UNION ALL
    -- another journal of the kiosk (one was restored) has places of its own: what it told, and no day of it has
    -- counted, belongs to the day in whose time it came
    SELECT z.sha256, e.kiosk_id, e.transaction_id, e.number, e.state_after
    FROM z JOIN epoch p ON p.kiosk_id = z.kiosk_id AND p.epoch <> z.epoch
    JOIN event e ON e.kiosk_id = p.kiosk_id AND e.epoch = p.epoch AND e.state_after IN ('APPROVED', 'CANCELLED')
        AND e.body ? 'committed' AND e.at <= z.closed_at AND (z.opened_at IS NULL OR e.at > z.opened_at)
    WHERE NOT EXISTS (
        SELECT FROM business_day d WHERE d.kiosk_id = e.kiosk_id AND d.epoch = e.epoch
            AND d.last >= (e.body->>'committed')::bigint)
), moved AS MATERIALIZED (
    SELECT e.sha256, e.kiosk_id, e.transaction_id, bool_or(e.state_after = 'APPROVED') AS approved,
           bool_or(e.state_after = 'CANCELLED') AS cancelled
    FROM counted e
    WHERE NOT EXISTS (
        SELECT FROM event x WHERE x.kiosk_id = e.kiosk_id AND x.transaction_id = e.transaction_id
            AND x.number < e.number AND x.state_after = e.state_after)
    GROUP BY 1, 2, 3
), ours AS MATERIALIZED (
    SELECT m.sha256, k.terminal, k.transaction_id, k.currency, k.exponent, k.minor, k.tip_minor, k.sent_minor,
           k.state, k.begun_at, coalesce(k.approved_at, k.begun_at) AS approved_at, m.approved,
           m.cancelled AND k.approved_at IS NOT NULL AS cancelled,
           CASE WHEN k.operation = ANY($3) THEN 1 ELSE -1 END AS sign
    FROM moved m JOIN kiosk_transaction k USING (kiosk_id, transaction_id)
    WHERE k.operation = ANY($3 || $4) AND (m.approved OR k.approved_at IS NOT NULL)
), told AS (
    SELECT o.*, w.told_by, w.verdict, coalesce(w.currency, '') AS there_currency,
           CASE WHEN w.told_by IS NULL THEN 0
                -- whether TECS's amount holds the tip is not published: either counts
                WHEN o.minor IN (w.minor, w.minor + coalesce(w.tip_minor, 0), w.clearing_minor,
                                 w.clearing_minor + coalesce(w.tip_minor, 0))
                     OR w.tip_minor IS NULL AND w.minor = o.sent_minor THEN o.minor
                ELSE coalesce(w.clearing_minor, w.minor + coalesce(w.tip_minor, 0), 0) END AS there,
           coalesce(g.gone, false) AS gone,
           w.cancelled IS NOT NULL OR EXISTS (
               SELECT FROM tecs_transaction t WHERE t.kind = 'cancellation' AND t.original_id IS NOT NULL
                   AND t.told_by IN ('history', 'clearing')) AS tells_cancellations,
           EXISTS (
               SELECT FROM tecs_coverage c WHERE c.terminal = o.terminal
                   AND c.from_at <= o.begun_at - $5::interval AND c.to_at >= o.approved_at + $5::interval) AS covered
    FROM ours o
    LEFT JOIN LATERAL (
        SELECT t.told_by, t.verdict, t.minor, t.tip_minor, t.clearing_minor, t.cancelled,
               coalesce(nullif(t.clearing_currency, ''), t.currency) AS currency
        FROM tecs_transaction t
        WHERE t.terminal = o.terminal AND t.transaction_id = o.transaction_id
            AND t.told_by IN ('history', 'clearing') AND t.kind IN ('', 'charge', 'refund')
        ORDER BY (t.told_by = 'clearing') DESC, t.as_of DESC LIMIT 1
    ) w ON true
    LEFT JOIN LATERAL (
        SELECT true AS gone FROM tecs_transaction t
        WHERE t.told_by IN ('history', 'clearing') AND (
            t.terminal = o.terminal AND t.transaction_id = o.transaction_id AND t.cancelled)
        UNION ALL
        SELECT true FROM tecs_transaction t
        WHERE t.told_by IN ('history', 'clearing') AND t.kind = 'cancellation' AND t.verdict = 'approved'
            AND t.original_id = o.transaction_id AND coalesce(t.original_terminal, t.terminal) = o.terminal
        LIMIT 1
    ) g ON true
), weighed AS (
    SELECT *, sign * minor * (approved::int - cancelled::int) AS here_minor,
           CASE WHEN told_by IS NULL OR verdict <> 'approved' OR there_currency NOT IN ('', currency) THEN 0
                WHEN approved AND NOT cancelled THEN CASE WHEN gone AND state <> 'CANCELLED' THEN 0 ELSE sign * there END
                WHEN approved THEN CASE WHEN gone OR NOT tells_cancellations THEN 0 ELSE sign * there END
                ELSE CASE WHEN gone OR NOT tells_cancellations THEN -sign * there ELSE 0 END
           END AS there_minor
    FROM told
), known AS (
    SELECT sha256, terminal, transaction_id, currency, exponent, here_minor, there_minor,
           CASE WHEN here_minor = there_minor THEN NULL
                WHEN told_by IS NULL AND covered THEN 'unknown_at_tecs'
                WHEN told_by IS NULL THEN 'not_told_yet'
                WHEN verdict <> 'approved' THEN 'declined_at_tecs'
                WHEN there_currency NOT IN ('', currency) THEN 'currency_differs'
                WHEN approved AND NOT cancelled AND there_minor = 0 THEN 'cancelled_at_tecs'
                WHEN cancelled AND NOT gone AND tells_cancellations THEN 'not_cancelled_at_tecs'
                ELSE 'amount_differs' END AS finding
    FROM weighed
), span AS (
    SELECT z.*, coalesce(z.opened_at, least(min(o.begun_at), z.closed_at - interval '1 day')) AS from_at
    FROM z LEFT JOIN ours o USING (sha256)
    GROUP BY z.kiosk_id, z.sha256, z.epoch, z.after, z.last, z.opened_at, z.closed_at
), terminal AS (
    SELECT sha256, terminal FROM ours
    UNION
    SELECT s.sha256, k.terminal FROM span s JOIN kiosk_transaction k ON k.kiosk_id = s.kiosk_id
        AND k.begun_at > s.from_at AND k.begun_at <= s.closed_at
), unrecorded AS (
    SELECT DISTINCT ON (s.sha256, t.terminal, t.transaction_id) s.sha256, t.terminal, t.transaction_id,
           coalesce(nullif(t.currency, ''), nullif(t.clearing_currency, ''), 'XXX') AS currency, k.exponent::smallint AS exponent,
           0::bigint AS here_minor,
           CASE t.kind WHEN 'refund' THEN -1 ELSE 1 END
               * coalesce(t.clearing_minor, t.minor + coalesce(t.tip_minor, 0), 0) AS there_minor,
           CASE WHEN k.state IS NULL THEN 'no_record' ELSE 'not_approved_here' END AS finding
    FROM span s JOIN terminal n USING (sha256)
    JOIN tecs_transaction t ON t.terminal = n.terminal AND t.at > s.from_at AND t.at <= s.closed_at
    LEFT JOIN LATERAL (
        SELECT k.state, k.exponent, k.approved_at FROM kiosk_transaction k
        WHERE k.terminal = t.terminal AND k.transaction_id = t.transaction_id
        ORDER BY k.approved_at NULLS LAST LIMIT 1
    ) k ON true
    WHERE t.told_by IN ('history', 'clearing') AND t.kind IN ('', 'charge', 'refund') AND t.verdict <> 'declined'
        -- of an unknown kind, and it names another: it is that one's cancellation
        AND NOT (t.kind = '' AND t.original_id IS NOT NULL)
        AND t.cancelled IS NOT TRUE AND k.approved_at IS NULL
        AND NOT EXISTS (
            SELECT FROM tecs_transaction c
            WHERE c.told_by IN ('history', 'clearing') AND c.kind = 'cancellation' AND c.verdict = 'approved'
                AND c.original_id = t.transaction_id AND coalesce(c.original_terminal, c.terminal) = t.terminal)
    ORDER BY s.sha256, t.terminal, t.transaction_id, (t.told_by = 'clearing') DESC, t.as_of DESC
)
SELECT sha256, currency, max(exponent) AS exponent, sum(here_minor)::bigint AS here_minor,
       sum(there_minor)::bigint AS there_minor,
       coalesce(jsonb_agg(jsonb_build_object('kind', finding, 'terminal', terminal,
           'transaction_id', transaction_id::text, 'here', here_minor, 'there', there_minor)
           ORDER BY transaction_id, terminal) FILTER (WHERE finding IS NOT NULL), '[]') AS found
FROM (SELECT * FROM known UNION ALL SELECT * FROM unrecorded) AS every
GROUP BY sha256, currency
