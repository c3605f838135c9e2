-- Business days that registers have closed (Z). A report is never changed; another one under its number stands
-- beside it.

CREATE TABLE business_day (
    kiosk_id            text NOT NULL REFERENCES kiosk,
    sha256              bytea NOT NULL,
    epoch               text NOT NULL,
    seq                 bigint NOT NULL,
    number              integer NOT NULL,
    day                 date NOT NULL,
    opened_at           timestamptz,
    closed_at           timestamptz NOT NULL,
    after               bigint NOT NULL,
    last                bigint NOT NULL,
    late                bigint NOT NULL,
    disagreements       bigint NOT NULL,
    sheets              jsonb NOT NULL,
    received_at         timestamptz NOT NULL DEFAULT now(),
    -- A restored journal tells the same reports under other places.
    PRIMARY KEY (kiosk_id, sha256)
);
CREATE INDEX business_day_closed ON business_day (closed_at);
COMMENT ON COLUMN business_day.last IS
    'it counts what was committed after the place `after`, up to and with this one: see `committed` of an event';
COMMENT ON COLUMN business_day.late IS 'events of transactions that an earlier day has counted';

-- What a closed day has counted, and what TECS tells of it.
CREATE INDEX event_committed ON event (kiosk_id, ((body->>'committed')::bigint))
    WHERE state_after IN ('APPROVED', 'CANCELLED') AND body ? 'committed';
CREATE INDEX tecs_transaction_original ON tecs_transaction (original_id) WHERE kind = 'cancellation';
