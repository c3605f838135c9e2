"""Every screen looks as it did when somebody last looked at it and found it good."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.snapshots import ALBUMS, FOLDER, Album, draw, read, use_utc, write

HOW = "look at both; when the new one is better: PYTHONPATH=tests:. python -m support.snapshots"


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    import time  # noqa: PLC0415

    with monkeypatch.context() as zone:
        zone.setenv("TZ", "UTC")
        use_utc()
        yield
    time.tzset()


@pytest.mark.parametrize("album", ALBUMS, ids=lambda album: album.path.stem)
async def test_every_screen_looks_as_it_was_accepted(album: Album) -> None:
    seen, accepted = await draw(album), read(album)
    assert list(seen) == list(accepted), HOW
    changed = [name for name in seen if seen[name] != accepted[name]]
    told = "\n".join(
        f"{name}, accepted, then now:\n{accepted[name]}{seen[name]}" for name in changed
    )
    assert not changed, f"{told}\x1b[m\n{', '.join(changed)}: {HOW}"


def test_no_picture_is_kept_that_nobody_compares() -> None:
    assert {one.name for one in FOLDER.iterdir()} == {one.path.name for one in ALBUMS}


async def test_a_picture_tells_colours_apart_and_is_read_back_as_it_was_written() -> None:
    pictures = await draw(ALBUMS[0], "welcome")
    assert pictures["welcome"] != pictures["welcome_due"]
    assert "\x1b[" in pictures["welcome"]
    assert write(pictures).count("=== ") == len(pictures)
