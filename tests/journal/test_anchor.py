"""A journal that should be there and is not is noticed, by what lies outside of its file system."""

from __future__ import annotations

import logging
import os
import re
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.fakes import order
from support.old_journal import old_journal

from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import Event, State
from kiosk_tui.journal.anchor import NO_ANCHOR, Anchor, AnchorState
from kiosk_tui.journal.maintenance.backup import back_up
from kiosk_tui.journal.maintenance.new_journal import JournalWholeError, start_anew
from kiosk_tui.journal.maintenance.restore import restore
from kiosk_tui.journal.reader import Reader
from kiosk_tui.journal.store import Store
from kiosk_tui.journal.watermark import Known, Watermark, WatermarkLine

NOW = datetime(2026, 11, 23, 14, 1, 2, 345000, tzinfo=UTC)
TERMINAL = "88091105"


@dataclass
class Kiosk:
    """A machine with a disk for its journal, and another one for its anchor."""

    folder: Path

    def __post_init__(self) -> None:
        (self.folder / "elsewhere").mkdir(parents=True)
        self.machine.write_text("0123456789abcdef0123456789abcdef\n")

    @property
    def disk(self) -> Path:
        return self.folder / "disk"

    @property
    def path(self) -> Path:
        return self.disk / "journal.db"

    @property
    def file(self) -> Path:
        return self.folder / "elsewhere" / "anchor"

    @property
    def machine(self) -> Path:
        return self.folder / "machine-id"

    def anchor(self, terminal: str = TERMINAL) -> Anchor:
        return Anchor(self.file, terminal, self.machine)

    def store(self) -> Store:
        return Store(self.path, anchor=self.anchor())

    def sell(self, times: int = 1) -> list[str]:
        store = self.store()
        numbers = [store.begin(order(), 1255, NOW)[0].order.receipt_number for _ in range(times)]
        store.close()
        return numbers

    def known(self) -> Known:
        raw = sqlite3.connect(self.path)
        found = Known(
            *raw.execute("SELECT identity, last_id, last_receipt FROM register").fetchone()
        )
        raw.close()
        return found


@pytest.fixture
def kiosk(tmp_path: Path) -> Kiosk:
    return Kiosk(tmp_path / "kiosk")


@pytest.fixture
def sold(kiosk: Kiosk) -> Kiosk:
    """Return a kiosk that has sold, in two processes."""
    kiosk.sell(2)
    kiosk.sell(1)
    return kiosk


def test_it_says_after_each_commit_which_journal_how_far_and_whose(sold: Kiosk) -> None:
    known = sold.known()
    assert sold.file.read_text() == (
        f"{known.identity} {known.last_id:020d} {3:020d} 0123456789abcdef0123456789abcdef {TERMINAL}\n"
    )
    seen = sold.anchor().look()
    assert (seen.standing, seen.known) == (AnchorState.OURS, known)
    assert sold.file.stat().st_mode & 0o777 == 0o600


def test_a_payment_costs_no_second_sync(sold: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    store = sold.store()
    store.check_writable(NOW)
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    monkeypatch.setattr(os, "fdatasync", synced.append)
    store.begin(order(), 1255, NOW)
    assert synced == []
    assert sold.anchor().known() == sold.known()
    store.close()


# -- a journal that is not what the anchor says ------------------------------------------------


def _empty_disk(kiosk: Kiosk) -> None:
    """As when ext4 comes back without its folders."""
    shutil.rmtree(kiosk.disk)


def _emptied(kiosk: Kiosk) -> None:
    kiosk.path.write_bytes(b"")
    Watermark(kiosk.path).path.unlink()


def _last_weeks_disk(kiosk: Kiosk) -> None:
    kept = kiosk.folder / "kept"
    shutil.copytree(kiosk.disk, kept)
    kiosk.sell()
    shutil.rmtree(kiosk.disk)
    kept.rename(kiosk.disk)


def _another(kiosk: Kiosk) -> None:
    other = Kiosk(kiosk.folder / "other")
    other.sell(9)
    shutil.rmtree(kiosk.disk)
    shutil.move(other.disk, kiosk.disk)


def _another_path(kiosk: Kiosk) -> None:
    """The configuration names another path, at which there never was a journal."""
    kiosk.disk.rename(kiosk.folder / "before")


def _other_receipts(kiosk: Kiosk) -> None:
    raw = sqlite3.connect(kiosk.path)
    raw.execute("UPDATE register SET last_receipt = 1")
    raw.commit()
    raw.close()
    Watermark(kiosk.path).path.unlink()


LOSSES: dict[str, tuple[Callable[[Kiosk], object], str]] = {
    "its file system came back empty": (_empty_disk, "is gone, but its anchor .* says"),
    "it is empty, and its mark gone": (_emptied, "is gone, but its anchor .* says"),
    "the path has changed, the journal stayed": (_another_path, "is gone, but its anchor .* says"),
    "an older copy of the whole disk": (_last_weeks_disk, "by its anchor .* had come to id"),
    "another journal with its mark": (_another, "is another one than its anchor .* names"),
    "receipts would be numbered again": (_other_receipts, "and receipt 1, but .* and receipt 3"),
}


@pytest.mark.parametrize(("lose", "words"), LOSSES.values(), ids=LOSSES)
def test_a_register_stays_closed_and_says_what_to_do(
    sold: Kiosk, lose: Callable[[Kiosk], object], words: str
) -> None:
    lose(sold)
    store, line = sold.store(), sold.file.read_text()
    before = sorted(sold.disk.rglob("*"))
    for _ in range(2):
        with pytest.raises(JournalUnavailableError, match=words) as caught:
            store.begin(order(), 1, NOW)
        assert "journal new --note" in str(caught.value)
        assert str(sold.path) in str(caught.value)
        assert str(sold.file) in str(caught.value)
        assert "\n" not in str(caught.value)
    assert sold.file.read_text() == line
    assert [one for one in sorted(sold.disk.rglob("*")) if one.suffix == ".db"] == [
        one for one in before if one.suffix == ".db"
    ]


@pytest.mark.parametrize(("lose", "words"), LOSSES.values(), ids=LOSSES)
def test_whoever_only_reads_is_told_the_same(
    sold: Kiosk, lose: Callable[[Kiosk], object], words: str
) -> None:
    lose(sold)
    try:
        reader = Reader(sold.path, anchor=sold.anchor())
    except JournalUnavailableError as error:
        told = str(error)
    else:
        (told,) = reader.verify()
        reader.close()
    with pytest.raises(JournalUnavailableError, match=words) as caught:
        sold.store().check_writable(NOW)
    assert str(caught.value) == told


@pytest.mark.parametrize("lose", [one for one, _ in LOSSES.values()], ids=LOSSES)
def test_a_person_starts_a_new_one_which_the_anchor_names_and_no_number_comes_again(
    sold: Kiosk, lose: Callable[[Kiosk], object]
) -> None:
    lose(sold)
    before = sold.anchor().known()
    assert before is not None
    sold.disk.mkdir(exist_ok=True)
    start_anew(sold.path, "somebody looked at TECS, Anna", NOW, sold.anchor())
    assert sold.anchor().known() == sold.known()
    assert sold.known().identity != before.identity
    store = sold.store()
    begun, _ = store.begin(order(), 1, datetime(2020, 1, 1, tzinfo=UTC))
    store.close()
    assert int(begun.id) > before.last_id
    assert int(begun.order.receipt_number) > before.last_receipt


def _finish(path: Path) -> None:
    """A backup is not made while a payment is under way, nor put in the place of what is due."""
    store = Store(path)
    for one in store.in_states([State.AUTHORIZING]):
        after, _ = one.after(Event.DECLINED, NOW)
        store.record(State.AUTHORIZING, after, Event.DECLINED)
    store.close()


@pytest.mark.parametrize("lose", [_empty_disk, _another], ids=["gone", "another"])
def test_a_backup_is_restored_and_the_anchor_names_it(
    sold: Kiosk, lose: Callable[[Kiosk], object]
) -> None:
    backup = sold.folder / "backup.db"
    _finish(sold.path)
    back_up(sold.path, backup)
    sold.sell(1)
    before = sold.known()
    lose(sold)
    sold.disk.mkdir(exist_ok=True)
    if lose is _another:
        _finish(sold.path)
    restore(sold.path, backup, "disk broken, Anna", NOW, sold.anchor())
    assert sold.anchor().known() == sold.known()
    (number,) = sold.sell()
    assert int(number) > before.last_receipt
    assert sold.known().last_id > before.last_id


def test_nothing_is_wrong_where_the_journal_moved_with_its_path(sold: Kiosk) -> None:
    moved = sold.folder / "moved.db"
    sold.path.rename(moved)  # without its mark: a person moves the file
    store = Store(moved, anchor=sold.anchor())
    begun, _ = store.begin(order(), 1, NOW)
    store.close()
    assert begun.order.receipt_number == "4"
    known = sold.anchor().known()
    assert known is not None
    assert known.last_receipt == 4


def test_a_new_journal_is_not_started_while_the_old_one_is_whole(sold: Kiosk) -> None:
    with pytest.raises(JournalWholeError):
        start_anew(sold.path, "for fun", NOW, sold.anchor())
    assert sold.sell() == ["4"]


# -- an anchor that is not as it should be -----------------------------------------------------


def _garbage(kiosk: Kiosk) -> None:
    kiosk.file.write_bytes(b"\xff\x00 torn")


def _short(kiosk: Kiosk) -> None:
    kiosk.file.write_text("0123456789abcdef 00000000000000000007\n")


def _folder(kiosk: Kiosk) -> None:
    kiosk.file.unlink()
    kiosk.file.mkdir()


def _pipe(kiosk: Kiosk) -> None:
    kiosk.file.unlink()
    os.mkfifo(kiosk.file)


def _no_folder(kiosk: Kiosk) -> None:
    shutil.rmtree(kiosk.file.parent)


def _loop(kiosk: Kiosk) -> None:
    kiosk.file.unlink()
    kiosk.file.symlink_to(kiosk.file)


def _missing(kiosk: Kiosk) -> None:
    kiosk.file.unlink()


def _empty(kiosk: Kiosk) -> None:
    kiosk.file.write_bytes(b"")


def _other_machine(kiosk: Kiosk) -> None:
    text = kiosk.file.read_text()
    kiosk.file.write_text("f" * 16 + text[16:].replace("0123456789abcdef" * 2, "e" * 32))


def _other_terminal(kiosk: Kiosk) -> None:
    kiosk.file.write_text("f" * 16 + kiosk.file.read_text()[16:].replace(TERMINAL, "11460019"))


def _copied_machine(kiosk: Kiosk) -> None:
    """The same journal on another machine: its disk was moved, or an image copied."""
    kiosk.machine.write_text("d" * 32)


def _no_machine_id(kiosk: Kiosk) -> None:
    kiosk.machine.unlink()


STRANGE: dict[str, tuple[Callable[[Kiosk], object], str, bool]] = {
    # how it became so, what is told, and whether it is the journal's own anchor afterwards
    "unreadable": (_garbage, "cannot be read: .* It is written anew.", True),
    "of another form": (
        _short,
        "cannot be read: it is no anchor's line. It is written anew.",
        True,
    ),
    "a link to itself": (_loop, "cannot be read: Too many levels .* It is written anew.", True),
    "a folder": (_folder, "cannot be written", False),
    "a pipe": (_pipe, "cannot be read: it is no file. It is written anew.", True),
    "no folder for it": (_no_folder, "cannot be written .*No such file", False),
    "not there": (_missing, "", True),
    "made by somebody, empty": (_empty, "", True),
    "another machine's": (_other_machine, "belongs to another machine", False),
    "another terminal's": (_other_terminal, "belongs to another terminal", False),
    "this journal's, of another machine": (_copied_machine, "belongs to another machine", True),
    "this journal's, of a machine without an id": (_no_machine_id, "another machine", True),
}


@pytest.mark.parametrize(("become", "told", "ours"), STRANGE.values(), ids=STRANGE)
def test_it_is_told_and_stops_no_payment_of_a_journal_that_is_whole(
    sold: Kiosk,
    caplog: pytest.LogCaptureFixture,
    become: Callable[[Kiosk], object],
    told: str,
    ours: bool,
) -> None:
    become(sold)
    foreign = sold.file.read_text() if become in (_other_machine, _other_terminal) else ""
    with caplog.at_level(logging.WARNING):
        assert sold.sell(3) == ["4", "5", "6"]
    said = " ".join(one.getMessage() for one in caplog.records)
    assert re.search(told, said) if told else not said
    assert (sold.anchor().known() == sold.known()) is ours
    assert not foreign or sold.file.read_text() == foreign


@pytest.mark.parametrize(
    ("become", "closed"),
    [
        (_garbage, True),
        (_short, True),
        (_pipe, True),
        (_missing, False),
        (_empty, False),
        (_no_folder, False),
        (_other_machine, False),
        (_other_terminal, False),
        (_copied_machine, False),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_beside_no_journal_only_ours_or_one_that_cannot_be_read_keeps_a_register_closed(
    sold: Kiosk, become: Callable[[Kiosk], object], closed: bool
) -> None:
    become(sold)
    shutil.rmtree(sold.disk)
    if closed:
        with pytest.raises(JournalUnavailableError, match="is gone, but its anchor"):
            sold.sell()
        assert not sold.path.exists()
        sold.disk.mkdir(exist_ok=True)
        start_anew(sold.path, "somebody looked at TECS, Anna", NOW, sold.anchor())
    assert len(sold.sell()) == 1


def test_one_that_cannot_be_written_is_told_once_and_not_with_each_payment(
    sold: Kiosk, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = sold.store()
    store.check_writable(NOW)
    real = os.pwrite

    def refuse(file: int, data: bytes, at: int) -> int:
        if TERMINAL.encode() in data:
            raise OSError(30, "Read-only file system")
        return real(file, data, at)

    monkeypatch.setattr(os, "pwrite", refuse)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            store.begin(order(), 1, NOW)
    (record,) = caplog.records
    assert "(Read-only file system): payments go on" in record.getMessage()
    store.close()


def test_where_only_the_file_may_be_written_it_is_written_in_place(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk.file.write_text("x" * 190)

    def no_draft(_line: WatermarkLine, _known: Known) -> None:
        raise OSError(13, "Permission denied")

    monkeypatch.setattr(WatermarkLine, "make", no_draft)
    anchor = kiosk.anchor()
    anchor.move(Known("0123456789abcdef", 5, 2))
    assert anchor.known() == Known("0123456789abcdef", 5, 2)


def test_a_journal_new_that_was_broken_off_before_the_anchor_moved_is_known_all_the_same(
    sold: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new journal says which one it follows; so does one that was made while the anchor was away."""
    sold.path.write_bytes(b"noise" * 1000)
    monkeypatch.setattr(Anchor, "move", lambda *_: None)
    start_anew(sold.path, "card broken, Anna", NOW, sold.anchor())
    monkeypatch.undo()
    assert sold.anchor().known() != sold.known()
    assert len(sold.sell()) == 1
    assert sold.anchor().known() == sold.known()


def test_a_new_journal_made_while_the_anchor_was_away_is_known_when_it_comes_back(
    sold: Kiosk,
) -> None:
    away = sold.file.rename(sold.folder / "away")
    sold.path.write_bytes(b"noise" * 1000)
    start_anew(sold.path, "card broken, Anna", NOW, sold.anchor())
    away.rename(sold.file)
    assert len(sold.sell()) == 1
    assert sold.anchor().known() == sold.known()


@pytest.mark.parametrize("become", [_other_machine, _other_terminal])
def test_a_new_journal_leaves_anothers_anchor_alone_and_says_so(
    sold: Kiosk, caplog: pytest.LogCaptureFixture, become: Callable[[Kiosk], object]
) -> None:
    become(sold)
    line = sold.file.read_text()
    sold.path.write_bytes(b"noise" * 1000)
    with caplog.at_level(logging.WARNING):
        start_anew(sold.path, "card broken, Anna", NOW, sold.anchor())
    assert sold.file.read_text() == line
    assert "belongs to another" in caplog.text
    assert len(sold.sell()) == 1


@pytest.mark.parametrize(("version", "told"), [(1, 0), (2, 1), (3, 1)])
def test_whoever_reads_another_journal_of_an_older_format_is_told(
    kiosk: Kiosk, version: int, told: int
) -> None:
    """Format 1 had no identity by which to know it."""
    kiosk.disk.mkdir()
    old_journal(kiosk.path, version, {})
    kiosk.anchor().move(Known("0123456789abcdef", 5))
    reader = Reader(kiosk.path, anchor=kiosk.anchor())
    assert sum("another one than its anchor" in one for one in reader.verify()) == told
    reader.close()


def test_a_store_without_an_anchor_works_as_before(kiosk: Kiosk) -> None:
    store = Store(kiosk.path)
    store.begin(order(), 1, NOW)
    store.close()
    assert not kiosk.file.exists()


def test_a_reader_takes_a_journal_as_whole_that_its_anchor_lags_behind_or_does_not_know(
    sold: Kiosk,
) -> None:
    for known in (Known(sold.known().identity, 7, 1), None):
        if known is None:
            sold.file.unlink()
        else:
            sold.anchor().move(known)
        reader = Reader(sold.path, anchor=sold.anchor())
        assert reader.verify() == []
        reader.close()


class TestAdvice:
    def test_is_given_for_what_is_not_well(self, sold: Kiosk) -> None:
        assert "own file system" in sold.anchor().advice(sold.path)
        _garbage(sold)
        assert "cannot be read" in sold.anchor().advice(sold.path)
        _missing(sold)
        assert "not there yet" in sold.anchor().advice(sold.path)
        assert "journal.anchor" in NO_ANCHOR

    def test_is_not_given_where_all_is_well(
        self, sold: Kiosk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = Path.stat

        def on_two_disks(path: Path, **options: bool) -> os.stat_result:
            found = real(path, **options)
            if path != sold.file:
                return found
            return os.stat_result((*found[:2], found.st_dev + 1, *found[3:]))

        monkeypatch.setattr(Path, "stat", on_two_disks)
        assert sold.anchor().advice(sold.path) == ""
