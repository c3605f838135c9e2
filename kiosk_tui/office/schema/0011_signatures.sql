-- What kiosks' fiscal signers gave for their events. The first that was told stays.

CREATE TABLE signature (
    kiosk_id            text NOT NULL REFERENCES kiosk,
    transaction_id      numeric(20, 0) NOT NULL,
    number              integer NOT NULL,
    at                  timestamptz NOT NULL,
    text                text NOT NULL,
    code                text NOT NULL,
    received_at         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (kiosk_id, transaction_id, number)
);
