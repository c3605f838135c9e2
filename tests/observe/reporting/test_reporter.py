"""The reporter beside a real register, with real files and real commands."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support.fakes import LOST, Bench

from kiosk_tui.domain.outcome import CancelVerdict, TerminalState
from kiosk_tui.observe.reporting import alarm, hook, textfile
from kiosk_tui.observe.reporting.alarm import AlarmLimits, Alert, Cause, Tone
from kiosk_tui.observe.reporting.reporter import Reporter, ReporterSettings
from kiosk_tui.payment.clock import SystemClock
from kiosk_tui.payment.notifications import ReadinessChanged, TerminalTold
from kiosk_tui.payment.policy import Timeouts
from kiosk_tui.payment.readiness import ClosingNotice, Obstacle, Readiness

SCRIPT = """#!/bin/sh
{{ env | grep ^KIOSK_TUI | sort; cat; echo --; }} >> {heard}
{then}
"""


class Post:
    """A reporter around a register, and what its command heard."""

    def __init__(self, folder: Path, then: str = "exit 0", **more: object) -> None:
        self.heard_in, self.metrics = folder / "heard", folder / "kiosk_tui.prom"
        command = folder / "alert"
        command.write_text(SCRIPT.format(heard=self.heard_in, then=then))
        command.chmod(0o755)
        settings: dict[str, object] = {
            "journal": folder / "journal.db",
            "metrics": self.metrics,
            "command": (str(command),),
            "limits": AlarmLimits(0.0, 0.0),
            "who": {"kiosk": "lobby-1", "terminal": "88091105"},
            "most_often_s": 0.01,
        }
        self.where = ReporterSettings(**settings | more)  # type: ignore[arg-type]
        self.bench = Bench(folder, clock=SystemClock(), timeouts=Timeouts(status_every_s=1000))
        self.reporter = Reporter(self.where, SystemClock())

    def alerts(self) -> list[dict[str, str]]:
        if not self.heard_in.exists():
            return []
        lines = self.heard_in.read_text().splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def figure(self, name: str) -> float:
        lines = dict(one.rsplit(" ", 1) for one in self.metrics.read_text().splitlines())
        return float(lines[f"kiosk_tui_{name}"])


async def _until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.01)


async def test_a_payment_is_in_the_file_soon_and_the_file_is_for_everyone(tmp_path: Path) -> None:
    post = Post(tmp_path)
    post.reporter.start()
    post.reporter.start()
    post.reporter.attach(post.bench.register)
    await post.bench.register.look()
    await post.bench.pay()
    await _until(
        lambda: (
            post.metrics.exists()
            and post.figure('transactions_total{outcome="approved"}') == 1
            and post.figure("ready") == 1
        )
    )
    assert post.metrics.stat().st_mode & 0o777 == 0o644
    assert post.figure("disk_free_bytes") > 0
    await post.reporter.close()
    assert not [name for name in os.listdir(tmp_path) if name.startswith(".kiosk")]  # noqa: PTH208
    assert post.figure("ready") == 0  # nobody can pay where nothing runs
    again = Reporter(post.where, SystemClock())
    again.start()
    await again.close()
    assert post.figure('transactions_total{outcome="approved"}') == 1
    assert post.figure("starts_total") == 2


async def test_what_is_due_and_then_needs_staff_is_told_and_so_is_that_it_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIOSK_TUI_AUTH__KEY", "k3y-that-must-not-leak")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", "/run/credentials/secret")
    post = Post(tmp_path)
    bench, reporter = post.bench, post.reporter
    reporter.attach(bench.register)
    await bench.register.look()
    await reporter.status()
    bench.terminal.answer = LOST
    bench.terminal.always = CancelVerdict.REFUSED
    one = await bench.pay()
    await reporter.alert()
    due, closed = post.alerts()
    assert (due["cause"], due["tone"], due["transactions"]) == (
        "cancellation_due",
        "raised",
        one.id,
    )
    assert (closed["cause"], closed["kiosk"], closed["terminal"]) == (
        "out_of_service", "lobby-1", "88091105",
    )  # fmt: skip
    assert datetime.fromisoformat(due["at"]).tzinfo is not None
    await reporter.alert()
    assert len(post.alerts()) == 2  # not before an hour has passed
    await bench.register.replay()
    await reporter.alert()
    assert [(one["cause"], one["tone"]) for one in post.alerts()[2:]] == [
        ("needs_staff", "raised"),
        ("cancellation_due", "cleared"),
        ("out_of_service", "cleared"),
    ]
    await bench.register.settle(one.id, "paid back in cash, Anna")
    await reporter.alert()
    assert post.alerts()[5]["why"] == "Nothing needs staff any more."
    text = post.heard_in.read_text()
    assert f"KIOSK_TUI_ALERT_TRANSACTIONS={one.id}" in text
    assert "must-not-leak" not in text
    assert "credentials" not in text


async def test_a_process_that_starts_over_neither_repeats_nor_forgets(tmp_path: Path) -> None:
    post = Post(tmp_path)
    post.reporter.heard(ReadinessChanged(Readiness(Obstacle.JOURNAL, "The journal is damaged.")))
    await post.reporter.close(alerting=True)
    for _ in range(3):
        again = Reporter(post.where, SystemClock())
        again.heard(ReadinessChanged(Readiness(Obstacle.JOURNAL, "The journal is damaged.")))
        await again.alert()
    assert len(post.alerts()) == 1
    again.heard(ReadinessChanged(Readiness(None)))
    again.heard(TerminalTold(TerminalState.READY))
    await again.alert()
    assert [one["tone"] for one in post.alerts()] == ["raised", "cleared"]
    assert alarm.remembered(post.where.told.read_text()) == {}


async def test_what_an_earlier_process_left_is_told_with_its_age(tmp_path: Path) -> None:
    first = Bench(tmp_path, clock=SystemClock())
    await first.register.look()
    first.terminal.answer = LOST
    one = await first.pay()
    first.store.close()

    class Later(SystemClock):
        def now(self) -> datetime:
            return super().now() + timedelta(hours=2)

    post = Post(tmp_path, limits=AlarmLimits(3600.0, 3600.0))
    reporter = Reporter(post.where, Later())
    reporter.attach(post.bench.register)
    await post.bench.register.look()
    status = await reporter.status()
    assert status.due == (one.id,)
    assert 7200 <= status.oldest_due_s < 7300
    await reporter.alert()
    assert "the oldest for 120 minutes" in post.alerts()[0]["why"]


@pytest.mark.parametrize(
    ("then", "words"),
    [("exit 3", "ended with 3"), ("sleep 1000 & sleep 1000", "did not end within 0.5 seconds")],
    ids=["fails", "hangs"],
)
async def test_a_command_that_was_not_heard_is_called_again(
    tmp_path: Path, then: str, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    post = Post(tmp_path, then=then, timeout_s=0.5)
    post.reporter.heard(ReadinessChanged(Readiness(Obstacle.JOURNAL, "Damaged.")))
    assert not await post.reporter.alert()
    assert words in caplog.text
    assert not await post.reporter.alert()
    assert [one["tone"] for one in post.alerts()] == ["raised", "raised"]
    assert not post.where.told.exists()


@pytest.mark.parametrize("program", ["/nowhere/alert", "/etc/passwd", "/with\0zero"])
async def test_a_command_that_cannot_be_run_is_told_in_a_sentence(program: str) -> None:
    told = hook.facts(Alert(Cause.TEST, Tone.RAISED, "A test."), {})
    wrong = await hook.call([program], told, 1.0)
    assert wrong.startswith(f"{program} cannot be run")


async def test_a_command_that_reads_nothing_and_says_much_holds_nobody_up(tmp_path: Path) -> None:
    post = Post(
        tmp_path, then="exec 0<&-; head -c 10000000 /dev/zero; head -c 1000000 /dev/zero >&2"
    )
    alert = Alert(Cause.TEST, Tone.RAISED, "x" * 100_000)
    assert await post.reporter.call(alert) in {"", f"{post.where.command[0]} ended with 1."}


async def test_while_a_command_hangs_figures_are_written_and_payments_taken(tmp_path: Path) -> None:
    post = Post(tmp_path, then="sleep 1000")
    post.reporter.heard(ReadinessChanged(Readiness(Obstacle.JOURNAL, "Damaged.")))
    post.reporter.start()
    await _until(post.alerts)
    post.reporter.attach(post.bench.register)
    await post.bench.register.look()
    for _ in range(3):
        await post.bench.pay()
    await _until(lambda: post.figure('transactions_total{outcome="approved"}') == 3)
    await post.reporter.close()
    assert len(post.alerts()) == 1


async def test_a_disk_that_refuses_costs_a_line_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    post = Post(tmp_path, metrics=tmp_path / "nowhere" / "kiosk_tui.prom")
    post.where.told.mkdir()
    post.reporter.attach(post.bench.register)
    post.reporter.heard(ReadinessChanged(Readiness(Obstacle.JOURNAL, "Damaged.")))
    await post.reporter.close(alerting=True)
    assert "kiosk_tui.prom cannot be written: No such file" in caplog.text
    assert f"{post.where.told} cannot be written" in caplog.text
    assert len(post.alerts()) == 1


async def test_a_disk_that_hangs_does_not_hold_the_end_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk_tui.observe.reporting.reporter.LAST_S", 0.05)
    post, hanging = Post(tmp_path), threading.Event()
    monkeypatch.setattr(textfile, "write", lambda *_: hanging.wait(30))
    await post.reporter.close()
    assert not post.metrics.exists()
    hanging.set()


async def test_a_folder_that_is_gone_has_no_free_bytes_and_a_journal_that_fails_no_staff(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = Post(tmp_path, journal=tmp_path / "gone" / "journal.db")
    assert (await post.reporter.status()).disk_free_bytes is None
    (tmp_path / "journal.db").write_bytes(b"noise" * 1000)
    post.reporter.attach(post.bench.register)
    assert (await post.reporter.status()).needs_staff == ()


async def test_a_fault_of_ours_is_logged_and_the_duty_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("kiosk_tui.observe.reporting.reporter.AGAIN_S", 0.01)
    post = Post(tmp_path, command=())
    written: list[str] = []
    write = textfile.write

    def once_broken(path: Path, text: str) -> None:
        written.append(text)
        if len(written) == 1:
            raise RuntimeError("a fault of ours")
        write(path, text)

    monkeypatch.setattr(textfile, "write", once_broken)
    post.reporter.start()
    await _until(post.metrics.exists)
    await post.reporter.close()
    assert "reporting failed and is taken up again" in caplog.text


def test_half_a_file_is_never_left_under_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "kiosk_tui.prom"
    textfile.write(path, "old\n")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fchmod", full)
    with pytest.raises(OSError, match="No space"):
        textfile.write(path, "new\n")
    assert textfile.read(path) == "old\n"
    assert list(tmp_path.iterdir()) == [path]


async def test_what_head_office_has_closed_alerts_nobody_and_counts_as_no_time_out_of_service(
    tmp_path: Path,
) -> None:
    post = Post(tmp_path)
    post.reporter.attach(post.bench.register)
    await post.bench.register.look()
    post.bench.register.closed_by_office(ClosingNotice("Back at noon."))
    status = await post.reporter.status()
    assert (status.obstacle, status.closed_s) == (Obstacle.CLOSED_BY_OFFICE, 0.0)
    await post.reporter.alert()
    assert not post.alerts()
    await post.reporter.close()
