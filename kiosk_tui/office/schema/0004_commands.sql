-- Orders to kiosks: asked for by one person, approved by another, signed by the signer, done once.

CREATE TABLE command_request (
    request_id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    verb                text NOT NULL,
    body                jsonb NOT NULL,
    body_sha256         bytea NOT NULL,
    kiosks              text[] NOT NULL,
    asked_by            text NOT NULL,
    asked_at            timestamptz NOT NULL DEFAULT now(),
    expires_at          timestamptz NOT NULL,
    reason              text NOT NULL DEFAULT '',
    stage               text NOT NULL DEFAULT 'asked',
    stopped_at          timestamptz,
    stopped_why         text NOT NULL DEFAULT ''
);

-- An approval holds for exactly the bytes that were looked at.
CREATE TABLE command_approval (
    request_id          bigint NOT NULL REFERENCES command_request,
    approved_by         text NOT NULL,
    body_sha256         bytea NOT NULL,
    approved_at         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (request_id, approved_by)
);

CREATE TABLE command (
    kiosk_id            text NOT NULL REFERENCES kiosk,
    n                   bigint NOT NULL,
    request_id          bigint NOT NULL REFERENCES command_request,
    verb                text NOT NULL,
    payload             bytea NOT NULL,
    signature           bytea NOT NULL,
    key_id              text NOT NULL,
    signed_at           timestamptz NOT NULL DEFAULT now(),
    expires_at          timestamptz NOT NULL,
    delivered_at        timestamptz,
    done_at             timestamptz,
    ok                  boolean,
    outcome             text NOT NULL DEFAULT '',
    PRIMARY KEY (kiosk_id, n)
);
-- No kiosk gets an order twice.
CREATE UNIQUE INDEX command_once ON command (request_id, kiosk_id);
CREATE INDEX command_waiting ON command (kiosk_id, n) WHERE done_at IS NULL;

CREATE TABLE signing_key (
    key_id              text PRIMARY KEY,
    public              bytea NOT NULL,
    since               timestamptz NOT NULL DEFAULT now(),
    until               timestamptz
);
