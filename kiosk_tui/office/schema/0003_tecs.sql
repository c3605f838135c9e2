-- What TECS tells: its pushes, its history, its clearing. Allow-listed before it comes here.
-- A push may be forged: it raises a question and never settles one.

CREATE TABLE tecs_transaction (
    terminal            text NOT NULL,
    transaction_id      numeric(20, 0) NOT NULL,
    source_id           text NOT NULL DEFAULT '',
    told_by             text NOT NULL CHECK (told_by IN ('push', 'history', 'clearing', 'status')),
    sequence            integer NOT NULL DEFAULT 0,
    kind                text NOT NULL DEFAULT '',
    original_id         numeric(20, 0),
    response_code       text NOT NULL DEFAULT '',
    minor               bigint,
    tip_minor           bigint,
    currency            text NOT NULL DEFAULT '',
    authorization_number text NOT NULL DEFAULT '',
    stan                text NOT NULL DEFAULT '',
    brand               text NOT NULL DEFAULT '',
    at                  timestamptz,
    cancelled           boolean,
    clearing_status     text NOT NULL DEFAULT '',
    clearing_batch      text NOT NULL DEFAULT '',
    clearing_minor      bigint,
    cleared_at          timestamptz,
    first_told_at       timestamptz NOT NULL DEFAULT now(),
    last_told_at        timestamptz NOT NULL DEFAULT now(),
    times_told          integer NOT NULL DEFAULT 1,
    PRIMARY KEY (terminal, transaction_id, told_by, sequence)
);
CREATE INDEX tecs_transaction_at ON tecs_transaction (at);
CREATE INDEX tecs_transaction_batch ON tecs_transaction (clearing_batch) WHERE clearing_batch <> '';
