"""A journal that is gone, as people meet it: on the command line and on the kiosk's own screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.installation import Installation, installed
from support.terminal import Terminal, running


@pytest.fixture(scope="module")
def sold(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Return a installed in which a payment was lost and the journal then deleted."""
    with installed(tmp_path_factory.mktemp("installed")) as built:
        code, _ = built.json("sale", "--amount", "12.55")
        assert code == 0
        built.journal.unlink()
        return built


@pytest.mark.parametrize(
    "command", [("recover",), ("sale", "--amount", "1"), ("journal", "list"), ("journal", "verify")]
)
def test_every_command_says_so_sends_nothing_and_makes_no_new_one(
    sold: Installation, command: tuple[str, ...]
) -> None:
    requests = len(sold.simulator.ledger.requests)
    done = sold.run(*command)
    assert done.returncode == 69
    assert done.stdout == ""
    (sentence,) = done.stderr.splitlines()
    assert f"The journal {sold.journal} is gone" in sentence
    assert "kiosk-tui journal new --note" in sentence
    assert not sold.journal.exists()
    assert len(sold.simulator.ledger.requests) == requests


def test_a_person_starts_a_new_one_and_its_ids_go_on(tmp_path: Path) -> None:
    with installed(tmp_path) as built:
        _, first = built.json("sale", "--amount", "12.55")
        whole = built.run("journal", "new", "--note", "for fun")
        assert whole.returncode == 2
        assert "is whole" in whole.stderr
        built.journal.write_bytes(b"noise" * 1000)
        empty = built.run("journal", "new", "--note", " ")
        assert empty.returncode == 2
        code, new = built.json("journal", "new", "--note", "card broken, Anna")
        assert code == 0
        assert new["journal"] == str(built.journal)
        assert Path(new["moved"][0]).read_bytes() == b"noise" * 1000
        code, second = built.json("sale", "--amount", "1")
        assert code == 0
        assert int(second["id"]) > int(first["id"])


@pytest.mark.journey
def test_the_kiosk_is_out_of_service_with_the_reason_until_it_is_put_back(tmp_path: Path) -> None:
    with installed(tmp_path) as built:
        built.json("sale", "--amount", "12.55")
        kept = built.journal.rename(tmp_path / "kept.db")
        with running("--config", str(built.config), folder=tmp_path) as kiosk:
            assert isinstance(kiosk, Terminal)
            kiosk.wait("is gone or empty")
            assert not built.journal.exists()
            kept.rename(built.journal)
            kiosk.until(lambda: "gone" not in kiosk.text, "the kiosk open again")
