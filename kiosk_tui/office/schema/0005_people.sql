-- Who may look, operate and command, and what each of them did.

CREATE TABLE account (
    name                text PRIMARY KEY CHECK (name ~ '^[a-z0-9][a-z0-9._-]{0,39}$'),
    password_hash       text NOT NULL,
    role                text NOT NULL CHECK (role IN ('look', 'operate', 'command')),
    added_at            timestamptz NOT NULL DEFAULT now(),
    added_by            text NOT NULL DEFAULT '',
    disabled_at         timestamptz,
    password_at         timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE login_session (
    token_sha256        bytea PRIMARY KEY,
    name                text NOT NULL REFERENCES account,
    form_token          text NOT NULL,
    began_at            timestamptz NOT NULL DEFAULT now(),
    last_at             timestamptz NOT NULL DEFAULT now(),
    ended_at            timestamptz,
    address             text NOT NULL DEFAULT '',
    said                text NOT NULL DEFAULT ''
);
CREATE INDEX login_session_name ON login_session (name) WHERE ended_at IS NULL;
COMMENT ON COLUMN login_session.said IS 'what the next page tells: what came of the form before it';

CREATE TABLE login_failure (
    failure_id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name                text NOT NULL,
    address             text NOT NULL,
    at                  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX login_failure_name ON login_failure (name, at);
CREATE INDEX login_failure_address ON login_failure (address, at);

CREATE TABLE action (
    action_id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at                  timestamptz NOT NULL DEFAULT now(),
    name                text NOT NULL,
    what                text NOT NULL,
    subject             text NOT NULL DEFAULT '',
    details             jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX action_at ON action (at);
