-- Payments that wait for goods are not settled: the index of what is open holds them, too.

DROP INDEX kiosk_transaction_open;
CREATE INDEX kiosk_transaction_open ON kiosk_transaction (state, begun_at)
    WHERE state IN (
        'AUTHORIZING', 'GIVEN_UP', 'GOODS_DUE', 'GOODS_DUE_AGAIN', 'CANCEL_DUE', 'VOID_DUE', 'NEEDS_STAFF');
