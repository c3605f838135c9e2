-- Signed ends of kiosks' journals. They prove later that nothing up to them was changed or cut off, and one
-- that does not follow on the one before it is kept beside it, with what is wrong.

ALTER TABLE kiosk ADD COLUMN register_key text NOT NULL DEFAULT '';
COMMENT ON COLUMN kiosk.register_key IS 'Ed25519, base64url: given at enrolment, else with the first checkpoint';
ALTER TABLE certificate_request ADD COLUMN register_key text NOT NULL DEFAULT '';

CREATE TABLE checkpoint (
    checkpoint_id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kiosk_id            text NOT NULL REFERENCES kiosk,
    epoch               text NOT NULL,
    seq                 bigint NOT NULL,
    link                text NOT NULL,
    at                  text NOT NULL,
    line                text NOT NULL,
    received_at         timestamptz NOT NULL DEFAULT now(),
    wrong               text NOT NULL DEFAULT '',
    UNIQUE (kiosk_id, epoch, line)
);
CREATE INDEX checkpoint_newest ON checkpoint (kiosk_id, epoch, checkpoint_id);
