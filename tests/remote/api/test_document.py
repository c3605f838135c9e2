"""The OpenAPI document, its page, and docs/api.md say what really happens."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from support.api import DEADLINE_S, Api, serving
from support.installation import Installation, installed
from support.pages import PageReader

from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.rights import PERMISSIONS, Act, Permission
from kiosk_tui.payment.flow import Refusal
from kiosk_tui.remote.api.app import BODY_S, LONGEST_BODY
from kiosk_tui.remote.api.calls import MOST_STREAMS
from kiosk_tui.remote.api.connections import LONGEST_HEAD, MOST_CONNECTIONS, MOST_UNKNOWN, Deadlines
from kiosk_tui.remote.api.days import MOST_DAYS
from kiosk_tui.remote.api.desk import REFUSALS
from kiosk_tui.remote.api.events import MOST_WAITING
from kiosk_tui.remote.api.headers import MOST_WAIT_S
from kiosk_tui.remote.api.models import PaymentAnswer, PaymentRequest
from kiosk_tui.remote.api.openapi import document
from kiosk_tui.remote.api.page import page
from kiosk_tui.remote.api.problems import Problem
from kiosk_tui.remote.api.routes import ROUTES

TEXT = (Path(__file__).parents[3] / "docs" / "api.md").read_text("utf-8")
TOKEN = "0123456789abcdef"


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)


class TestTheDocument:
    def test_it_is_openapi_3_1(self) -> None:
        OpenAPIV31SpecValidator(document()).validate()
        assert document()["openapi"].startswith("3.1.")

    def test_it_holds_what_the_table_holds(self) -> None:
        paths = document()["paths"]
        assert {(one.method, one.path) for one in ROUTES} == {
            (method.upper(), path) for path, methods in paths.items() for method in methods
        }
        for one in ROUTES:
            told = paths[one.path][one.method.lower()]
            named = {each["name"] for each in told["parameters"] if each["required"]}
            assert ("Idempotency-Key" in named) is one.keyed

    def test_every_post_that_may_move_money_needs_a_key(self) -> None:
        unkeyed = {one.path for one in ROUTES if one.method == "POST" and not one.keyed}
        assert unkeyed == {"/v1/days"}

    def test_every_act_but_those_of_people_has_a_permission(self) -> None:
        assert set(Act) - PERMISSIONS.keys() == {Act.SETTLE, Act.OVERRIDE}
        assert set(PERMISSIONS.values()) == set(Permission)

    def test_problems_have_a_name_of_their_own(self) -> None:
        assert len({one.code for one in Problem}) == len(Problem)

    def test_whatever_keeps_a_payment_from_beginning_has_a_problem(self) -> None:
        assert set(Refusal) == REFUSALS.keys()


def test_the_page_has_no_script_and_nothing_from_elsewhere() -> None:
    read = PageReader(page().decode())
    assert read.needs_nothing_but("/openapi.json", "/docs/page.css")
    assert {one.uri.partition("#")[2] for one in Problem} <= read.ids


@pytest.mark.journey
class TestTheServedDocument:
    @pytest.fixture(scope="class")
    def api(self, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
        with (
            installed(tmp_path_factory.mktemp("api")) as shop,
            serving(shop) as served,
            served.connect() as api,
        ):
            yield api

    def test_it_is_served_with_its_page(self, api: Api) -> None:
        assert api.get("/openapi.json").body == document()
        shown = api.client.get("/docs")
        assert shown.headers["content-type"].startswith("text/html")
        assert "script-src" not in shown.headers["content-security-policy"]
        assert shown.headers["content-security-policy"].startswith(
            "default-src 'none'; style-src 'self'"
        )
        assert "section" in api.client.get("/docs/page.css").text

    def test_a_transaction_is_told_with_every_field_that_commands_tell(self, api: Api) -> None:
        told = api.pay("fields").body
        commands = api.get("/v1/payments?key=fields").body["payments"][0]
        assert told.keys() == commands.keys() == PaymentAnswer.model_fields.keys()


def holds(told: Any, shown: Any) -> bool:
    """Say whether an answer holds what is shown of it."""
    if isinstance(shown, dict):
        return isinstance(told, dict) and all(
            name in told and holds(told[name], value) for name, value in shown.items()
        )
    if isinstance(shown, list):
        return len(told) == len(shown) and all(map(holds, told, shown))
    return bool(told == shown)


def play(api: Api, text: str) -> int:
    """Send what stands above each answer; return how many there were."""
    seen = 0
    parts = iter([one for one in text.strip().split("\n\n") if one])
    for asked in parts:
        (first, *rest), answer = asked.splitlines(), next(parts)
        method, path = first.split(" ", 1)
        for key in re.findall(r"\{(.+?)\}", path):
            (named,) = api.get(f"/v1/payments?key={key}").body["payments"]
            path = path.replace(f"{{{key}}}", named["id"])
        headers = dict(one.split(": ", 1) for one in rest if not one.startswith("{"))
        body = [json.loads(one) for one in rest if one.startswith("{")]
        told = api.ask(method, path, *body, **headers)
        status, shown = answer.split(" ", 1)
        assert (told.status, holds(told.body, json.loads(shown))) == (int(status), True), (
            f"{asked}\nwas answered with {told}"
        )
        seen += 1
    return seen


@pytest.mark.journey
class TestTheGuide:
    def test_the_examples_are_what_happens(self, tmp_path: Path) -> None:
        with installed(tmp_path) as shop, serving(shop) as served, served.connect() as api:
            assert sum(play(api, one) for one in blocks("api")) > 12
            assert sum(one.minor for one in shop.simulator.ledger.movements) == 1380 - 300 + 250

    def test_the_clients_of_ten_lines_work(self, tmp_path: Path) -> None:
        with installed(tmp_path) as shop:
            token = _token(shop)
            with serving(shop, "--tcp", "127.0.0.1:0", "--token-file", str(token)) as served:
                environment = shop.environment | {
                    "API": f"http://127.0.0.1:{served.port}",
                    "TOKEN_FILE": str(token),
                }
                (shell,) = blocks("sh")
                shell = shell.replace("/run/kiosk-tui/api.sock", str(served.path))
                assert _output(["bash", "-eu", "-c", shell], environment) == "paid: hand it out\n"
                simple, vending = blocks("python")
                assert _output([sys.executable, "-c", simple], environment) == "paid\n"
                controller = [sys.executable, "-c", vending]
                for _ in range(2):
                    assert _output([*controller, "m/1", "dropped"], environment) == "paid\n"
                    assert _output([*controller, "m/2", "jammed"], environment) == "not paid\n"
            assert [one.minor for one in shop.simulator.ledger.movements] == [
                *(1255, 1380),
                *(250, 250, -250),
            ]

    def test_every_path_operation_right_problem_and_bound_is_in_it(self) -> None:
        for one in ROUTES:
            assert f"{one.method} {one.path}" in TEXT or one.path == "/v1/events", one.path
        for operation in set(Operation) - {Operation.SALE_AND_TIP}:
            assert f"`{operation}`" in TEXT, operation
        for name in (*Permission, *PaymentRequest.model_fields):
            assert f"`{name}`" in TEXT, name
        deadlines = Deadlines()
        assert (
            f"{MOST_CONNECTIONS} connections at each socket, {MOST_STREAMS} of them streams" in TEXT
        )
        assert f"at a port {MOST_UNKNOWN} more" in TEXT
        assert LONGEST_BODY == LONGEST_HEAD
        assert deadlines.head_s == BODY_S
        assert f"within {BODY_S:g} seconds each, {LONGEST_BODY} bytes each" in TEXT
        assert f"does not read for {deadlines.read_s:g} seconds" in TEXT
        assert f"{MOST_WAITING} events wait" in TEXT
        assert f"{MOST_DAYS} in one answer; `?before={MOST_DAYS + 1}`" in TEXT
        assert f"closed after {deadlines.idle_s} seconds" in TEXT
        assert f"after {MOST_WAIT_S} seconds at the latest" in TEXT
        assert get_args(PaymentAnswer.model_fields["state"].annotation) == ()
        assert PaymentAnswer.model_fields["state"].annotation is State


def _token(shop: Installation) -> Path:
    token = shop.folder / "token"
    token.write_text(f"{TOKEN}\n")
    token.chmod(0o600)
    return token


def _output(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=DEADLINE_S, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
