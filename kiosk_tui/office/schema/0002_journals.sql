-- What kiosks have sent. An event is never changed; what contradicts it stands beside it.

CREATE TABLE epoch (
    kiosk_id            text NOT NULL REFERENCES kiosk,
    epoch               text NOT NULL,
    predecessor         text NOT NULL DEFAULT '',
    first_seen          timestamptz NOT NULL DEFAULT clock_timestamp(),
    stored              bigint NOT NULL DEFAULT 0,
    -- Places up to here may be passed over: `/v1/days` has compared them.
    compared            bigint NOT NULL DEFAULT 0,
    -- Days whose transactions are to be listed, or a loss would have no name.
    unlisted            text[] NOT NULL DEFAULT '{}',
    compared_at         timestamptz,
    PRIMARY KEY (kiosk_id, epoch)
);

CREATE TABLE event (
    kiosk_id            text NOT NULL,
    epoch               text NOT NULL,
    seq                 bigint NOT NULL,
    transaction_id      numeric(20, 0) NOT NULL,
    number              integer NOT NULL,
    at                  timestamptz NOT NULL,
    received_at         timestamptz NOT NULL DEFAULT now(),
    event               text NOT NULL,
    state_after         text NOT NULL,
    body                jsonb NOT NULL,
    sha256              bytea NOT NULL,
    PRIMARY KEY (kiosk_id, epoch, seq),
    -- A restored journal, or one that ships again, tells the same events under other places.
    UNIQUE (kiosk_id, transaction_id, number)
) PARTITION BY HASH (kiosk_id);

DO $$
BEGIN
    FOR part IN 0..15 LOOP
        EXECUTE format(
            'CREATE TABLE event_%s PARTITION OF event FOR VALUES WITH (MODULUS 16, REMAINDER %s)', part, part);
    END LOOP;
END
$$;

CREATE TABLE event_conflict (
    conflict_id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kiosk_id            text NOT NULL,
    epoch               text NOT NULL,
    seq                 bigint NOT NULL,
    transaction_id      numeric(20, 0) NOT NULL,
    number              integer NOT NULL,
    received_at         timestamptz NOT NULL DEFAULT now(),
    body                jsonb NOT NULL,
    sha256              bytea NOT NULL,
    stored_epoch        text NOT NULL,
    stored_seq          bigint NOT NULL,
    stored_sha256       bytea NOT NULL,
    UNIQUE (kiosk_id, epoch, seq, sha256)
);

-- The last state of each transaction, by its last event. `minor` is what was charged in all.
CREATE TABLE kiosk_transaction (
    kiosk_id            text NOT NULL,
    transaction_id      numeric(20, 0) NOT NULL,
    epoch               text NOT NULL,
    number              integer NOT NULL,
    state               text NOT NULL,
    operation           text NOT NULL,
    currency            text NOT NULL,
    exponent            smallint NOT NULL,
    minor               bigint NOT NULL,
    tip_minor           bigint,
    sent_minor          bigint NOT NULL,
    terminal            text NOT NULL,
    source_id           text NOT NULL,
    original_id         numeric(20, 0),
    original_terminal   text,
    begun_at            timestamptz NOT NULL,
    changed_at          timestamptz NOT NULL,
    approved_at         timestamptz,
    cancelled_at        timestamptz,
    response_code       text NOT NULL DEFAULT '',
    stan                text NOT NULL DEFAULT '',
    authorization_number text NOT NULL DEFAULT '',
    brand               text NOT NULL DEFAULT '',
    lost_at             timestamptz,
    PRIMARY KEY (kiosk_id, transaction_id)
);
CREATE INDEX kiosk_transaction_terminal ON kiosk_transaction (terminal, transaction_id);
CREATE INDEX kiosk_transaction_begun ON kiosk_transaction (begun_at);
CREATE INDEX kiosk_transaction_open ON kiosk_transaction (state, begun_at)
    WHERE state IN ('AUTHORIZING', 'GIVEN_UP', 'CANCEL_DUE', 'VOID_DUE', 'NEEDS_STAFF');
-- A day's totals: what was approved, was cancelled, or ended without money on it.
CREATE INDEX kiosk_transaction_approved ON kiosk_transaction (approved_at) WHERE approved_at IS NOT NULL;
CREATE INDEX kiosk_transaction_cancelled ON kiosk_transaction (cancelled_at) WHERE cancelled_at IS NOT NULL;
CREATE INDEX kiosk_transaction_not_paid ON kiosk_transaction (changed_at)
    WHERE state IN ('DECLINED', 'NOT_SENT', 'NOTHING_TO_CANCEL');
-- What refers to a transaction; and a transaction by the nine digits on its slip.
CREATE INDEX kiosk_transaction_original ON kiosk_transaction (kiosk_id, original_id) WHERE original_id IS NOT NULL;
CREATE INDEX kiosk_transaction_reference ON kiosk_transaction (mod(transaction_id, 1000000000));
COMMENT ON COLUMN kiosk_transaction.lost_at IS 'when a restored journal was found not to have it any more';
