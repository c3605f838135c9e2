-- What comparing begins with, as tables of this transaction: the planner has to know how large they are. Such
-- statements take no parameters: reconciliation.since is from when on, .settled what has settled by then, each read
-- once by a SELECT of its own.

-- Cancellations that stand in TECS's history or clearing by themselves.
CREATE TEMP TABLE cancelled_there ON COMMIT DROP AS
SELECT coalesce(original_terminal, terminal) AS terminal, original_id AS transaction_id,
       bool_or(told_by = 'clearing' OR cleared) AS paid_back
FROM tecs_transaction
WHERE told_by IN ('history', 'clearing') AND kind = 'cancellation' AND verdict = 'approved'
  AND original_id IS NOT NULL AND at >= (SELECT current_setting('reconciliation.since')::timestamptz)
GROUP BY 1, 2;
ANALYZE cancelled_there;

-- Nearly all agree in every word: those are seen off by one narrow join, before anything else is asked.
CREATE TEMP TABLE odd_word ON COMMIT DROP AS
SELECT t.terminal, t.transaction_id, t.told_by, t.sequence, t.story
FROM tecs_transaction t
LEFT JOIN kiosk_transaction j ON j.terminal = t.terminal AND j.transaction_id = t.transaction_id
WHERE t.told_by <> 'status' AND t.at >= (SELECT current_setting('reconciliation.since')::timestamptz)
  AND t.at <= (SELECT current_setting('reconciliation.settled')::timestamptz)
  AND (j.state = 'APPROVED' AND t.verdict = 'approved' AND t.cancelled IS NOT TRUE
       AND t.minor = j.minor AND t.currency = j.currency AND t.clearing_currency IN ('', j.currency)
       AND (t.clearing_minor IS NULL OR t.clearing_minor = j.minor)
       OR j.state = 'DECLINED' AND t.verdict = 'declined') IS NOT TRUE
UNION
SELECT t.terminal, t.transaction_id, t.told_by, t.sequence, t.story
FROM cancelled_there JOIN tecs_transaction t USING (terminal, transaction_id)
WHERE t.told_by <> 'status' AND t.at >= (SELECT current_setting('reconciliation.since')::timestamptz)
  AND t.at <= (SELECT current_setting('reconciliation.settled')::timestamptz);
ANALYZE odd_word;
