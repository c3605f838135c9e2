-- Machines, their certificates, how they stand, and what somebody must look at.

CREATE TABLE kiosk (
    kiosk_id            text PRIMARY KEY CHECK (kiosk_id ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
    site                text NOT NULL DEFAULT '',
    added_at            timestamptz NOT NULL DEFAULT now(),
    left_at             timestamptz,
    last_seen           timestamptz,
    skew_ms             bigint,
    version             text NOT NULL DEFAULT '',
    boot                text NOT NULL DEFAULT '',
    epoch               text,
    health              jsonb,
    health_at           timestamptz,
    health_kept_at      timestamptz
);
COMMENT ON COLUMN kiosk.skew_ms IS 'the kiosk''s clock minus ours';
COMMENT ON COLUMN kiosk.epoch IS 'the journal that spoke last';
COMMENT ON COLUMN kiosk.health_kept_at IS 'when the table health got its last row of this kiosk';

-- A connection is taken only under a certificate that stands here and is not revoked.
CREATE TABLE certificate (
    serial              text PRIMARY KEY,
    kiosk_id            text NOT NULL REFERENCES kiosk,
    issued_at           timestamptz NOT NULL DEFAULT now(),
    not_after           timestamptz NOT NULL,
    revoked_at          timestamptz,
    revoked_by          text NOT NULL DEFAULT ''
);
CREATE INDEX certificate_kiosk ON certificate (kiosk_id);

-- Every boot of a machine, so that one which comes back after another shows a second machine.
CREATE TABLE boot (
    kiosk_id            text NOT NULL REFERENCES kiosk,
    boot                text NOT NULL,
    first_seen          timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (kiosk_id, boot)
);

CREATE TABLE health (
    kiosk_id            text NOT NULL REFERENCES kiosk,
    at                  timestamptz NOT NULL DEFAULT now(),
    snapshot            jsonb NOT NULL,
    PRIMARY KEY (kiosk_id, at)
);
CREATE INDEX health_at ON health USING brin (at);

-- What is wrong until a person has seen it: a clone, a conflict, a gap, a loss. One open row for each thing.
CREATE TABLE alarm (
    alarm_id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind                text NOT NULL,
    kiosk_id            text REFERENCES kiosk,
    subject             text NOT NULL DEFAULT '',
    sentence            text NOT NULL,
    details             jsonb NOT NULL DEFAULT '{}',
    first_at            timestamptz NOT NULL DEFAULT now(),
    last_at             timestamptz NOT NULL DEFAULT now(),
    times               bigint NOT NULL DEFAULT 1,
    seen_at             timestamptz,
    seen_by             text NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX alarm_open ON alarm (kind, coalesce(kiosk_id, ''), subject) WHERE seen_at IS NULL;
