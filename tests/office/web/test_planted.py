"""What a kiosk, TECS or a person may send is text on every page, whatever it looks like.

Each text column is filled beside the checks that stand before it, and every page of the application's own
list is asked for: a page that comes later is looked at, too.
"""

from __future__ import annotations

import csv
import io
import re

import pytest
from office.web.test_every_route import filled, routes
from starlette.applications import Starlette
from support.office_browser import browser

PLANTED = """'"><script>alert(1)</script>{{7*7}}"""
FORMULA = "=HYPERLINK(1)"

SEED = (
    """INSERT INTO kiosk (kiosk_id, site, version, boot, epoch, last_seen, skew_ms, health, health_at)
    VALUES ('k1', $1, $1, $1, 'aa', now(), 0, jsonb_build_object('ready', false, 'reason', $1::text,
        'version', $1::text, 'mode', $1::text, 'terminal', $1::text, 'terminal_state', $1::text,
        'due', 1, 'queued', 2), now()),
    ('k2', $1, $1, $1, 'bb', now() - interval '9 days', 0, NULL, NULL)""",
    "INSERT INTO epoch (kiosk_id, epoch, predecessor, stored) VALUES ('k1', 'aa', $1, 9)",
    """INSERT INTO certificate (serial, kiosk_id, not_after, revoked_by)
    VALUES ($1, 'k1', now() + interval '9 days', $1)""",
    """INSERT INTO alarm (kind, kiosk_id, subject, sentence, details)
    VALUES ($1, 'k1', $1, $1, jsonb_build_object('here', $1::text))""",
    """INSERT INTO alarm (kind, kiosk_id, subject, sentence, seen_at, seen_by)
    VALUES ($1, 'k1', $1, $1, now(), $1)""",
    """INSERT INTO kiosk_transaction (kiosk_id, transaction_id, epoch, number, state, operation, currency,
        exponent, minor, sent_minor, terminal, source_id, original_id, original_terminal, begun_at,
        changed_at, response_code, stan, authorization_number, brand, lost_at)
    SELECT 'k1', 20261128120000 + n, 'aa', 1, state, 'sale', 'EUR', 2, 1255, 1255, $1, $1, 7, $1,
        now() - interval '2 hours', now(), $1, $1, $1, $1, now()
    FROM unnest(ARRAY['CANCEL_DUE', 'NEEDS_STAFF', 'APPROVED', 'DECLINED']) WITH ORDINALITY AS one (state, n)""",
    """INSERT INTO event (kiosk_id, epoch, seq, transaction_id, number, at, event, state_after, body, sha256)
    VALUES ('k1', 'aa', 1, 20261128120001, 1, now(), $1, $1, jsonb_build_object('event', $1::text,
        'brand', $1::text, 'response_code', $1::text, 'verdict', $1::text, 'exchange', $1::text,
        'stan', $1::text, 'authorization_number', $1::text, 'operation', 'sale', 'terminal', $1::text,
        'currency', 'EUR', 'exponent', 2, 'minor', 1255, 'sent_minor', 1255, 'tip_minor', NULL), '')""",
    """INSERT INTO business_day (kiosk_id, sha256, epoch, seq, number, day, closed_at, after, last, late,
        disagreements, sheets) SELECT 'k1', '', $1, 1, 1, now(), now(), 0, 1, 0, 0, '[]'""",
    """INSERT INTO checkpoint (kiosk_id, epoch, seq, link, at, line, wrong)
    VALUES ('k1', 'aa', 1, $1, $1, $1, $1)""",
    """INSERT INTO tecs_transaction (terminal, transaction_id, source_id, told_by, kind, response_code, minor,
        currency, authorization_number, stan, brand, at, clearing_status, clearing_batch, clearing_minor,
        cleared_at)
    SELECT $1, n, $1, told_by, 'charge', $1, 1255, 'EUR', $1, $1, $1, now() - interval '3 hours', $1, $1,
        1255, now()
    FROM unnest(ARRAY['push', 'history', 'clearing']) AS told_by, generate_series(7, 8) AS n""",
    "INSERT INTO enrolment_code (code_sha256, kiosk_id, site, made_by, expires_at)"
    " VALUES ('', 'k1', $1, $1, now() + interval '1 day')",
    """INSERT INTO command_request (verb, body, body_sha256, kiosks, asked_by, expires_at, reason, stopped_why)
    VALUES ($1, jsonb_build_object('sentence', $1::text), '', ARRAY['k1', $1], $1, now() + interval '1 h',
        $1, $1)""",
    """INSERT INTO command (kiosk_id, n, request_id, verb, payload, signature, key_id, expires_at, done_at,
        ok, outcome) VALUES ('k1', 1, 1, $1, '', '', $1, now(), now(), false, $1)""",
    "INSERT INTO command_approval (request_id, approved_by, body_sha256) VALUES (1, $1, '')",
    "INSERT INTO action (name, what, subject, details)"
    " VALUES ($1, $1, $1, jsonb_build_object($1::text, $1::text))",
)


@pytest.mark.parametrize("planted", [PLANTED, FORMULA])
async def test_what_was_sent_is_text_on_every_page(app: Starlette, planted: str) -> None:
    for statement in SEED:
        await app.state.pool.execute(statement, planted)
    shown = set()
    async with browser(app, "command") as one:
        for method, path in routes(app):
            if method != "GET":
                continue
            for query in ({}, {"text": planted, "site": planted, "name": planted, "what": planted}):
                answer = await one.http.get(filled(path), params=query)
                assert answer.status_code == 200, (path, answer.text[-500:])
                kind = answer.headers["content-type"]
                if kind.startswith("text/csv"):
                    assert answer.headers["content-disposition"].startswith("attachment"), path
                    cells = [cell for row in csv.reader(io.StringIO(answer.text)) for cell in row]
                    assert not [cell for cell in cells if cell.startswith(("=", "@", "+"))], path
                    continue
                if kind == "application/json":
                    assert answer.headers["content-disposition"].startswith("attachment"), path
                    continue
                assert kind == "text/html; charset=utf-8", path
                assert PLANTED not in answer.text, path
                assert "<script>alert" not in answer.text, path
                assert "49" not in re.findall(r"script&gt;(\d*)", answer.text), path
                assert not re.search(r"\sstyle=|<style|<script(?! src=)|\son\w+=", answer.text), (
                    path
                )
                if "alert(1)" in answer.text or FORMULA in answer.text:
                    shown.add(path)
    assert {"/log", "/enrolment", "/commands", "/commands/{request_id:int}"} <= shown
