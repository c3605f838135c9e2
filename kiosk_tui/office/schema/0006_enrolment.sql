-- How a machine gets its certificate. The web process and the ingest only put requests here; the enroller,
-- which alone can read the authority's key, answers them.

CREATE TABLE enrolment_code (
    code_sha256         bytea PRIMARY KEY,
    kiosk_id            text NOT NULL CHECK (kiosk_id ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
    site                text NOT NULL DEFAULT '',
    made_by             text NOT NULL,
    made_at             timestamptz NOT NULL DEFAULT now(),
    expires_at          timestamptz NOT NULL,
    used_at             timestamptz
);

CREATE TABLE certificate_request (
    request_id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kiosk_id            text,
    code_sha256         bytea,
    serial              text,
    csr                 text NOT NULL,
    asked_at            timestamptz NOT NULL DEFAULT now(),
    answered_at         timestamptz,
    certificate         text NOT NULL DEFAULT '',
    refused             text NOT NULL DEFAULT '',
    CHECK ((code_sha256 IS NULL) <> (serial IS NULL))
);
CREATE INDEX certificate_request_waiting ON certificate_request (request_id) WHERE answered_at IS NULL;

-- Enrolments are the one thing that is taken without a certificate: so many from an address in a minute.
CREATE TABLE enrolment_attempt (
    address             text NOT NULL,
    minute              timestamptz NOT NULL,
    times               integer NOT NULL DEFAULT 1,
    PRIMARY KEY (address, minute)
);

-- The authority that the enroller signs with; nginx reads the same from the enroller's folder.
CREATE TABLE authority (
    certificate         text NOT NULL,
    since               timestamptz NOT NULL DEFAULT now()
);
