-- Whoever waits for a kiosk's commands is told at once, and so is who is served under a revoked certificate.

CREATE FUNCTION notify_kiosk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('kiosk', NEW.kiosk_id);
    RETURN NULL;
END
$$;

CREATE TRIGGER command_notices AFTER INSERT ON command FOR EACH ROW EXECUTE FUNCTION notify_kiosk();
CREATE TRIGGER certificate_notices AFTER UPDATE OF revoked_at ON certificate
    FOR EACH ROW WHEN (NEW.revoked_at IS NOT NULL) EXECUTE FUNCTION notify_kiosk();
