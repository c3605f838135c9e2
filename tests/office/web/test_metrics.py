"""What Prometheus reads, who may, and whether the rules look at what there is."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.office_browser import browser, office

from kiosk_tui.office.web import comparison

RULES = Path(__file__).parents[3] / "distribution" / "office" / "alerts.yml"
TOKEN = "0123456789abcdef"

SEED = """
    INSERT INTO kiosk (kiosk_id, last_seen, health) VALUES
        ('k1', now(), '{"ready": true, "reason": "", "queued": 3}'),
        ('k2', now(), '{"ready": false, "reason": "NO_\\"LINE", "queued": 4}'),
        ('k3', now() - interval '2 days', '{"ready": false, "reason": "DISK"}'),
        ('k4', NULL, NULL);
    INSERT INTO kiosk (kiosk_id, left_at) VALUES ('k5', now());
    INSERT INTO certificate (serial, kiosk_id, not_after) VALUES
        ('1', 'k1', now() + interval '5 days'), ('2', 'k1', now() + interval '60 days'),
        ('3', 'k2', now() + interval '30 days'), ('4', 'k5', now() + interval '1 day');
    INSERT INTO epoch (kiosk_id, epoch, stored) VALUES ('k1', 'aa', 40), ('k2', 'bb', 2);
    INSERT INTO alarm (kind, kiosk_id, sentence) VALUES ('clone', 'k1', 'Two.'), ('gap', 'k2', 'A gap.');
    INSERT INTO kiosk_transaction (kiosk_id, transaction_id, epoch, number, state, operation, currency,
        exponent, minor, sent_minor, terminal, source_id, begun_at, changed_at)
    VALUES ('k1', 1, 'aa', 1, 'CANCEL_DUE', 'sale', 'EUR', 2, 1255, 1255, '88091105', '1',
        now() - interval '2 hours', now()),
        ('k1', 2, 'aa', 1, 'NEEDS_STAFF', 'sale', 'JPY', 0, 900, 900, '88091105', '1',
        now() - interval '1 hour', now()),
        ('k1', 3, 'aa', 1, 'APPROVED', 'sale', 'EUR', 2, 700, 700, '88091105', '1', now(), now());
"""


def samples(text: str) -> dict[str, float]:
    """Read the format, strictly."""
    found: dict[str, float] = {}
    typed: set[str] = set()
    for line in text.splitlines():
        if line.startswith("#"):
            kind = re.fullmatch(r"# (HELP|TYPE) (\w+) (.+)", line)
            assert kind is not None, line
            typed.add(kind[2])
            continue
        one = re.fullmatch(
            r'(\w+)(\{\w+="(?:[^"\\]|\\.)*"(?:,\w+="(?:[^"\\]|\\.)*")*\})? (\S+)', line
        )
        assert one is not None, line
        assert one[1] in typed, line
        name = one[1] + (one[2] or "")
        assert name not in found, line
        found[name] = float(one[3])
    return found


@pytest.fixture
def token(tmp_path: Path) -> Path:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    return file


async def test_everything_is_measured(database_url: str, token: Path) -> None:
    async with office(database_url, metrics_token_file=token) as app, browser(app) as one:
        await app.state.pool.execute(SEED)
        answer = await one.get("/metrics", authorization=f"Bearer {TOKEN}")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
        found = {
            name.removeprefix("kiosk_office_"): at for name, at in samples(answer.text).items()
        }
    assert found['kiosks{state="ready"}'] == 1
    assert found['kiosks{state="closed"}'] == 1
    assert found['kiosks{state="silent"}'] == 1
    assert found['kiosks{state="new"}'] == 1
    assert 'kiosks{state="left"}' not in found
    assert found['out_of_service{reason="NO_\\"LINE"}'] == 1
    assert 'out_of_service{reason="DISK"}' not in found  # what a silent one said is old
    assert found['unsettled{currency="EUR",kind="due"}'] == 1
    assert found['unsettled{currency="JPY",kind="staff"}'] == 1
    assert found['unsettled_amount{currency="EUR"}'] == 12.55
    assert found['unsettled_amount{currency="JPY"}'] == 900
    assert 7190 < found['unsettled_oldest_seconds{currency="EUR"}'] < 7400
    assert found['disagreements{kind="charged_without_record"}'] == 0
    assert found['alarms_open{kind="clone"}'] == 1
    assert found["events_stored"] == 42
    assert found["events_queued"] == 7
    assert 0 <= found["heard_seconds"] < 60
    assert 29 < found["certificate_days"] < 31  # k1 has renewed, k5 has left
    assert found["commands_waiting"] == 0


async def test_an_office_without_kiosks_is_measured_too(database_url: str, token: Path) -> None:
    async with office(database_url, metrics_token_file=token) as app, browser(app) as one:
        answer = await one.get("/metrics", authorization=f"Bearer {TOKEN}")
        found = samples(answer.text)
    assert found["kiosk_office_events_stored"] == 0
    assert "kiosk_office_heard_seconds" not in found


@pytest.mark.parametrize(
    "given", ["", "Bearer ", "Bearer 0123456789abcdeg", TOKEN, "Basic " + TOKEN]
)
async def test_only_the_token_opens_it(database_url: str, token: Path, given: str) -> None:
    async with office(database_url, metrics_token_file=token) as app, browser(app, "look") as one:
        answer = await one.get("/metrics", **({"authorization": given} if given else {}))
        assert answer.status_code == 401
        assert "kiosk_office" not in answer.text


async def test_it_is_closed_without_a_token_and_with_a_short_one(
    database_url: str, tmp_path: Path
) -> None:
    token = tmp_path / "token"
    token.write_bytes(b"short")
    async with office(database_url, metrics_token_file=token) as app, browser(app) as one:
        answer = await one.get("/metrics", authorization="Bearer short")
        assert answer.status_code == 401
        app.state.settings = app.state.settings.model_copy(
            update={"web": app.state.settings.web.model_copy(update={"metrics_token_file": None})}
        )
        assert (await one.get("/metrics", authorization="Bearer short")).status_code == 404


async def test_tecs_is_not_compared_with_anew_at_each_scrape(
    database_url: str, token: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    async def counted(*given: object) -> tuple[()]:
        asked.append(given)
        return ()

    monkeypatch.setattr(comparison, "disagreements", counted)
    async with office(database_url, metrics_token_file=token) as app, browser(app) as one:
        for _ in range(3):
            await one.get("/metrics", authorization=f"Bearer {TOKEN}")
        assert len(asked) == 1
        app.state.comparison.forget()
        await one.get("/metrics", authorization=f"Bearer {TOKEN}")
        assert len(asked) == 2


async def test_the_rules_look_at_what_is_measured(database_url: str, token: Path) -> None:
    """Not whether Prometheus takes them: that is the next test's, where its tool is installed."""
    rules: list[dict[str, Any]] = [
        rule
        for group in yaml.safe_load(RULES.read_text("utf-8"))["groups"]
        for rule in group["rules"]
    ]
    assert len({rule["alert"] for rule in rules}) == len(rules) >= 10
    async with office(database_url, metrics_token_file=token) as app, browser(app) as one:
        await app.state.pool.execute(SEED)
        text = (await one.get("/metrics", authorization=f"Bearer {TOKEN}")).text
    names = {name.partition("{")[0] for name in samples(text)}
    for rule in rules:
        asked = set(re.findall(r"kiosk_office_\w+", rule["expr"]))
        assert asked <= names, rule["alert"]
        assert asked or rule["expr"].startswith("up{"), rule["alert"]
        assert rule["labels"]["severity"] in ("page", "warning")
        assert rule["annotations"]["summary"].endswith(".")


@pytest.mark.skipif(shutil.which("promtool") is None, reason="apt install prometheus")
def test_prometheus_takes_the_rules() -> None:
    done = subprocess.run(["promtool", "check", "rules", RULES], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
