-- What each process of head office may do in the database. `office migrate` gives these rights anew each
-- time, to the roles that there are: distribution/office/roles.sql makes them, once.
-- `kiosk-office`, who owns the tables, migrates and tidies.
-- A process that is broken into can do no more than this: the pages cannot write a signed command, nor a
-- certificate; the doors for machines cannot ask for a command, nor approve one.

DO $$
DECLARE
    given record;
BEGIN
    FOR given IN
        SELECT rolname FROM pg_roles
        WHERE rolname IN ('office_web', 'office_ingest', 'office_push', 'office_signer', 'office_enroller')
    LOOP
        EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA public FROM %I', given.rolname);
    END LOOP;
    FOR given IN
        SELECT role, rights FROM (VALUES
            -- The pages, and the commands of `office` that people type.
            ('office_web', 'SELECT ON ALL TABLES IN SCHEMA public'),
            ('office_web', 'INSERT, UPDATE ON account, login_session'),
            ('office_web', 'INSERT, DELETE ON login_failure'),
            ('office_web', 'INSERT ON action, command_approval, alarm'),
            ('office_web', 'UPDATE (seen_at, seen_by, times, last_at, sentence, details) ON alarm'),
            ('office_web', 'INSERT (verb, body, body_sha256, kiosks, asked_by, expires_at, reason)'
                ' ON command_request'),
            ('office_web', 'UPDATE (stopped_at, stopped_why) ON command_request'),
            ('office_web', 'INSERT, UPDATE (expires_at) ON enrolment_code'),
            ('office_web', 'UPDATE (revoked_at, revoked_by) ON certificate'),
            ('office_web', 'UPDATE (site, left_at) ON kiosk'),
            ('office_web', 'INSERT, UPDATE ON tecs_transaction, tecs_import, tecs_coverage'),

            -- The door for TECS's pushes.
            ('office_push', 'SELECT ON schema_version'),
            ('office_push', 'SELECT, INSERT, UPDATE ON tecs_transaction'),

            -- The door for kiosks.
            ('office_ingest', 'SELECT ON schema_version'),
            ('office_ingest', 'SELECT ON kiosk, certificate, command, signing_key, authority'),
            ('office_ingest', 'UPDATE (last_seen, skew_ms, epoch, boot, version, health, health_at,'
                ' health_kept_at, register_key) ON kiosk'),
            ('office_ingest', 'SELECT, INSERT ON event, event_conflict, business_day, boot, health,'
                ' checkpoint, signature'),
            ('office_ingest', 'SELECT, INSERT, UPDATE ON epoch, kiosk_transaction, enrolment_attempt'),
            ('office_ingest', 'SELECT, INSERT ON alarm'),
            ('office_ingest', 'UPDATE (times, last_at, sentence, details) ON alarm'),
            ('office_ingest', 'UPDATE (delivered_at, done_at, ok, outcome) ON command'),
            ('office_ingest', 'SELECT, INSERT (csr, code_sha256, serial, register_key) ON certificate_request'),

            -- The signer.
            ('office_signer', 'SELECT ON schema_version'),
            ('office_signer', 'SELECT ON command_request, command_approval, command, kiosk, signing_key,'
                ' alarm'),
            ('office_signer', 'SELECT (name, role, disabled_at) ON account'),
            ('office_signer', 'UPDATE (stage, stopped_at, stopped_why) ON command_request'),
            ('office_signer', 'INSERT ON command, signing_key, alarm'),
            ('office_signer', 'UPDATE (done_at, ok, outcome) ON command'),
            ('office_signer', 'UPDATE (times, last_at, sentence, details) ON alarm'),

            -- The enroller.
            ('office_enroller', 'SELECT ON schema_version'),
            ('office_enroller', 'SELECT, INSERT ON kiosk, certificate, authority'),
            ('office_enroller', 'SELECT, UPDATE, DELETE ON certificate_request'),
            ('office_enroller', 'SELECT, DELETE ON enrolment_attempt'),
            ('office_enroller', 'SELECT, UPDATE (used_at) ON enrolment_code'),
            ('office_enroller', 'UPDATE (site, left_at, register_key) ON kiosk'),
            ('office_enroller', 'UPDATE (revoked_at, revoked_by) ON certificate')
        ) AS every (role, rights)
        JOIN pg_roles ON rolname = role
    LOOP
        EXECUTE format('GRANT %s TO %I', given.rights, given.role);
    END LOOP;
END
$$;
