"""Who signs: a program or a service, and a service without TLS only on this machine."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from kiosk_tui.config.models.fiscal import FiscalSettings


@pytest.mark.parametrize(
    "url", ["", "http://127.0.0.1:1200/sign", "http://[::1]/", "https://signer.shop.example/"]
)
def test_a_service_is_taken(url: str) -> None:
    assert FiscalSettings(url=url).signs is bool(url)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://signer.shop.example/", "without TLS"),
        ("ftp://127.0.0.1/", "no address of a service"),
        ("https://me:secret@signer.example/", "no address of a service"),
        ("https://[::1/", "no address"),
        ("https://signer.example:99999/", "no address"),
        ("http:///", "no address"),
    ],
)
def test_what_is_no_service_is_refused(url: str, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        FiscalSettings(url=url)


def test_a_program_and_a_service_are_one_too_many() -> None:
    assert FiscalSettings(command=["/bin/true"]).signs
    with pytest.raises(ValidationError, match="not both"):
        FiscalSettings(command=["/bin/true"], url="http://127.0.0.1/")
