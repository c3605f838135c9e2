-- Head office's database with a role for each of its parts, named as the machine's users are: PostgreSQL's
-- own "peer" lets each part in as what it is, without a password. `office migrate` gives the rights.
--   sudo -u postgres psql -f /usr/share/kiosk-tui/distribution/office/roles.sql
CREATE ROLE "kiosk-office" LOGIN;
CREATE DATABASE kiosk_office OWNER "kiosk-office" TEMPLATE template0 ENCODING 'UTF8';
CREATE ROLE office_web;
CREATE ROLE office_ingest;
CREATE ROLE office_push;
CREATE ROLE office_signer;
CREATE ROLE office_enroller;
CREATE ROLE "kiosk-office-web" LOGIN IN ROLE office_web;
CREATE ROLE "kiosk-office-ingest" LOGIN IN ROLE office_ingest;
CREATE ROLE "kiosk-office-push" LOGIN IN ROLE office_push;
CREATE ROLE "kiosk-office-signer" LOGIN IN ROLE office_signer;
CREATE ROLE "kiosk-office-enroller" LOGIN IN ROLE office_enroller;
