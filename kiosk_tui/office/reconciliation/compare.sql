-- What each of TECS's words that `prepare.sql` left over says against the journals. $1: what has settled by then;
-- $2: two charges so close are one.
-- A word that is told by history or clearing counts; one of a push asks.
WITH pair AS (
    SELECT t.*, j.kiosk_id, j.state, j.operation, j.minor AS here_minor, j.sent_minor AS here_sent,
           j.currency AS here_currency, j.exponent, j.cancelled_at,
           coalesce(t.cancelled, false) OR (c.transaction_id IS NOT NULL AND t.told_by <> 'push') AS gone,
           coalesce(c.paid_back, false) AND t.told_by <> 'push' AS paid_back,
           -- whether TECS tells cancellations at all: else their absence means nothing
           t.cancelled IS NOT NULL OR EXISTS (SELECT FROM cancelled_there) AS tells_cancellations
    FROM odd_word JOIN tecs_transaction t USING (terminal, transaction_id, told_by, sequence, story)
    LEFT JOIN kiosk_transaction j ON j.terminal = t.terminal AND j.transaction_id = t.transaction_id
    LEFT JOIN cancelled_there c ON c.terminal = t.terminal AND c.transaction_id = t.transaction_id
    WHERE j.changed_at IS NULL OR j.changed_at <= $1
), judged AS (
    SELECT *, CASE
        WHEN kiosk_id IS NULL THEN CASE
            WHEN kind NOT IN ('cancellation', 'other') AND verdict <> 'declined'
                 AND (NOT gone OR (cleared AND NOT paid_back)) THEN 'charged_without_record' END
        -- what is open is listed as such, and what staff has settled is settled
        WHEN state NOT IN ('APPROVED', 'CANCELLED', 'NOTHING_TO_CANCEL', 'DECLINED', 'NOT_SENT') THEN NULL
        WHEN kind IN ('cancellation', 'other') THEN CASE
            WHEN state = 'APPROVED' AND verdict = 'declined' THEN 'state_differs' END
        WHEN cleared AND NOT paid_back AND state IN ('CANCELLED', 'NOTHING_TO_CANCEL')
            THEN 'cancelled_here_cleared_there'
        WHEN state = 'CANCELLED' THEN CASE
            WHEN told_by <> 'push' AND verdict = 'approved' AND NOT gone AND tells_cancellations
                 AND last_told_at >= cancelled_at THEN 'state_differs' END
        WHEN state <> 'APPROVED' THEN CASE
            WHEN verdict = 'approved' AND NOT gone THEN 'state_differs' END
        WHEN verdict <> 'approved' OR gone THEN 'state_differs'
        WHEN currency NOT IN ('', here_currency) OR clearing_currency NOT IN ('', here_currency)
            THEN 'currency_differs'
        -- whether TECS's amount holds the tip is not published: either counts, where it is told apart
        WHEN told_by <> 'clearing' AND minor <> here_minor AND minor + coalesce(tip_minor, 0) <> here_minor
             AND NOT (tip_minor IS NULL AND minor = here_sent) THEN 'amount_differs'
        WHEN operation <> 'preauthorization' AND clearing_minor <> here_minor
             AND clearing_minor + coalesce(tip_minor, 0) <> here_minor THEN 'amount_differs'
    END AS finding
    FROM pair
), found AS MATERIALIZED (
    SELECT * FROM judged WHERE finding IS NOT NULL
)
SELECT f.finding, f.told_by, f.kiosk_id, f.terminal, f.transaction_id::text AS transaction_id, f.at,
       CASE f.finding
           WHEN 'amount_differs' THEN abs(CASE WHEN f.told_by = 'clearing' OR f.minor IS NULL
               THEN f.clearing_minor ELSE f.minor + coalesce(f.tip_minor, 0) END - f.here_minor)
           ELSE coalesce(f.here_minor, f.minor + coalesce(f.tip_minor, 0), f.clearing_minor, 0)
       END AS minor,
       coalesce(f.here_currency, nullif(f.currency, ''), f.clearing_currency) AS currency, f.exponent,
       CASE WHEN f.kiosk_id IS NULL THEN 'no record'
            WHEN f.finding = 'amount_differs' THEN f.here_minor::text
            WHEN f.finding = 'currency_differs' THEN f.here_currency
            ELSE lower(replace(f.state, '_', ' ')) END AS here,
       CASE WHEN f.finding = 'amount_differs' THEN CASE WHEN f.told_by = 'clearing' OR f.minor IS NULL
               THEN f.clearing_minor ELSE f.minor + coalesce(f.tip_minor, 0) END::text
            WHEN f.finding = 'currency_differs'
               THEN CASE WHEN f.currency IN ('', f.here_currency) THEN f.clearing_currency ELSE f.currency END
            WHEN f.cleared THEN 'cleared'
            WHEN f.gone THEN 'cancelled'
            ELSE trim(f.verdict || ' ' || f.response_code) END AS there,
       twin.transaction_id::text AS other_id
FROM found f
LEFT JOIN LATERAL (
    -- a charge that no journal has, beside the same one that it has: the customer was charged twice
    SELECT k.transaction_id FROM kiosk_transaction k
    WHERE f.finding = 'charged_without_record' AND f.kind IN ('', 'charge') AND k.terminal = f.terminal
      AND k.state = 'APPROVED' AND k.currency = f.currency AND k.minor = f.minor + coalesce(f.tip_minor, 0)
      AND (k.brand = '' OR f.brand = '' OR lower(k.brand) = lower(f.brand))
      AND k.begun_at BETWEEN f.at - $2::interval AND f.at + $2::interval
    LIMIT 1
) twin ON true
-- its kind is not told, and its original is cancelled: it is that cancellation
WHERE NOT (f.kiosk_id IS NULL AND f.kind = '' AND EXISTS (
      SELECT FROM kiosk_transaction o
      WHERE o.terminal = coalesce(f.original_terminal, f.terminal) AND o.transaction_id = f.original_id
        AND o.state <> 'APPROVED'))
  -- cancelled at TECS by another kiosk, which has that on record
  AND NOT (f.state = 'APPROVED' AND f.gone AND f.verdict = 'approved' AND EXISTS (
      SELECT FROM kiosk_transaction o
      WHERE o.operation = 'cancellation' AND o.state = 'APPROVED' AND o.original_id = f.transaction_id
        AND coalesce(o.original_terminal, o.terminal) = f.terminal))
  -- what history or clearing has told since then needs no push
  AND NOT (f.told_by = 'push' AND EXISTS (
      SELECT FROM tecs_transaction s
      WHERE s.terminal = f.terminal AND s.transaction_id = f.transaction_id
        AND s.told_by IN ('history', 'clearing') AND s.last_told_at >= f.first_told_at))
ORDER BY f.at
LIMIT $3
