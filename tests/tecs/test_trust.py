"""A file of authorities: PEM or DER, with whatever text around it; else a sentence, and never a wait."""

from __future__ import annotations

import os
import ssl
from pathlib import Path

import pytest
import trustme
import truststore

from kiosk_tui.tecs.client import Endpoint, transport_to
from kiosk_tui.tecs.trust import AuthoritiesError, tls_context


@pytest.fixture(scope="module")
def authority() -> bytes:
    return trustme.CA().cert_pem.bytes()


def _believed(file: Path) -> int:
    context = tls_context(str(file))
    assert isinstance(context, truststore.SSLContext)
    return len(context._ctx.get_ca_certs())


def test_without_a_file_the_machines_authorities_are_believed() -> None:
    assert isinstance(tls_context(None), ssl.SSLContext)


def test_pem_is_taken_with_marks_comments_and_other_line_ends(
    tmp_path: Path, authority: bytes
) -> None:
    file = tmp_path / "ca.pem"
    for content in (
        authority,
        b"\xef\xbb\xbf" + authority,
        "Größe: € \n".encode() + authority,
        authority.replace(b"\n", b"\r\n"),
        authority.replace(b" CERTIFICATE", b" X509 CERTIFICATE"),
    ):
        file.write_bytes(content)
        assert _believed(file) == 1


def test_several_are_taken_and_der_too(tmp_path: Path, authority: bytes) -> None:
    file = tmp_path / "ca"
    file.write_bytes(authority + trustme.CA().cert_pem.bytes())
    assert _believed(file) == 2
    file.write_bytes(ssl.PEM_cert_to_DER_cert(authority.decode()))
    assert _believed(file) == 1


def test_what_is_no_authority_is_one_sentence_that_names_setting_and_file(
    tmp_path: Path, authority: bytes
) -> None:
    file = tmp_path / "ca.pem"
    key = b"-----BEGIN EC PRIVATE KEY-----\nx\n-----END EC PRIVATE KEY-----\n"
    broken = b"-----BEGIN CERTIFICATE-----\n%\n-----END CERTIFICATE-----\n"
    for content, words in {
        b"": "it is empty",
        b" \r\n": "it is empty",
        b"hello\n": "it holds no certificate",
        key: "no certificate, but a private key",
        authority[:200]: "it holds no certificate",
        broken: "no whole certificate",
        broken.replace(b"%", b"A"): "no whole certificate",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----": "no whole certificate",
        b"\x30\x82\x01\x00": "no whole certificate",
        authority.decode().encode("utf-16"): "it holds no certificate",
    }.items():
        file.write_bytes(content)
        with pytest.raises(AuthoritiesError) as caught:
            tls_context(str(file))
        assert words in str(caught.value)
        assert str(caught.value).startswith(f"terminal.ca_file = {file} cannot be used: ")


def test_what_is_no_file_is_told_before_any_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk_tui.files.reading.read.__defaults__", (0.0,))
    os.mkfifo(tmp_path / "pipe")
    for path, words in {
        tmp_path / "gone": "No such file",
        tmp_path: "it is a folder",
        tmp_path / "pipe": "did not come within",
        Path("/dev/zero"): "device",
    }.items():
        with pytest.raises(AuthoritiesError, match=words):
            transport_to(Endpoint("https://test.tecs.at/x", ca_file=str(path)))
