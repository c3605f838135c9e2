-- What TECS tells: its pushes, its history, its clearing. Allow-listed before it comes here.
-- A push may be forged: it raises a question and never settles one.

CREATE TABLE tecs_transaction (
    terminal            text NOT NULL,
    transaction_id      numeric(20, 0) NOT NULL,
    told_by             text NOT NULL CHECK (told_by IN ('push', 'history', 'clearing', 'status')),
    sequence            integer NOT NULL DEFAULT 0,
    story               text NOT NULL DEFAULT '',
    source_id           text NOT NULL DEFAULT '',
    kind                text NOT NULL DEFAULT ''
                        CHECK (kind IN ('', 'charge', 'reserve', 'refund', 'cancellation', 'other')),
    original_id         numeric(20, 0),
    original_terminal   text,
    response_code       text NOT NULL DEFAULT '',
    verdict             text NOT NULL DEFAULT 'approved' CHECK (verdict IN ('approved', 'declined', 'unknown')),
    minor               bigint,
    tip_minor           bigint,
    currency            text NOT NULL DEFAULT '',
    authorization_number text NOT NULL DEFAULT '',
    stan                text NOT NULL DEFAULT '',
    brand               text NOT NULL DEFAULT '',
    at                  timestamptz NOT NULL DEFAULT now(),
    cancelled           boolean,
    cleared             boolean NOT NULL DEFAULT false,
    clearing_status     text NOT NULL DEFAULT '',
    clearing_batch      text NOT NULL DEFAULT '',
    clearing_minor      bigint,
    clearing_currency   text NOT NULL DEFAULT '',
    cleared_at          timestamptz,
    as_of               timestamptz NOT NULL DEFAULT now(),
    digest              bytea NOT NULL DEFAULT '',
    first_told_at       timestamptz NOT NULL DEFAULT now(),
    last_told_at        timestamptz NOT NULL DEFAULT now(),
    times_told          integer NOT NULL DEFAULT 1,
    PRIMARY KEY (terminal, transaction_id, told_by, sequence, story)
);
CREATE INDEX tecs_transaction_at ON tecs_transaction (at);
CREATE INDEX tecs_transaction_batch ON tecs_transaction (terminal, clearing_batch) WHERE clearing_batch <> '';
COMMENT ON COLUMN tecs_transaction.story IS
    'of a push: a digest of what it says of money, so that another push cannot take it back; else empty';
COMMENT ON COLUMN tecs_transaction.cancelled IS 'NULL where it was not told';
COMMENT ON COLUMN tecs_transaction.cleared IS 'whether its money has gone to clearing';
COMMENT ON COLUMN tecs_transaction.as_of IS
    'the latest moment that it names, by TECS''s clock: what is older never replaces what is newer';

-- Each file that was taken, and of which terminals it tells what time: only what is covered can be missing.
CREATE TABLE tecs_import (
    import_id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    told_by             text NOT NULL CHECK (told_by IN ('history', 'clearing')),
    sha256              bytea NOT NULL,
    taken               bigint NOT NULL,
    refused             bigint NOT NULL,
    imported_at         timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE tecs_coverage (
    import_id           bigint NOT NULL REFERENCES tecs_import ON DELETE CASCADE,
    terminal            text NOT NULL,
    told_by             text NOT NULL,
    from_at             timestamptz NOT NULL,
    to_at               timestamptz NOT NULL,
    PRIMARY KEY (import_id, terminal)
);
CREATE INDEX tecs_coverage_terminal ON tecs_coverage (terminal, from_at);
