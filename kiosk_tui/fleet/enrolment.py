"""How a kiosk comes into its fleet, stays in it, and leaves it.

Invariant: it is enrolled when `office.json` is there, which is written last and removed first. Each
file is replaced at once and durably, so that a power cut leaves it enrolled or not, and never half.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import shutil
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx
from pydantic import ValidationError

from kiosk_tui.files import reading, writing
from kiosk_tui.fleet import keys, trust
from kiosk_tui.fleet.code import EnrolmentCode
from kiosk_tui.fleet.folder import FleetFolder
from kiosk_tui.fleet.head_office import FleetError, HeadOffice, NotEnrolledError, head_office
from kiosk_tui.fleet.line import LineFailure, OfficeLine
from kiosk_tui.fleet.orders import counter
from kiosk_tui.fleet.register_key import RegisterKey
from kiosk_tui.fleet.unreached import unreached
from kiosk_tui.fleet.wire import Refused, Wire
from kiosk_tui.fleet.wire_enrolment import Enrolled, Enrolment, Renewal

_CONNECT_S: Final = 10.0
_ANSWER_S: Final = 30.0
_TRIES: Final = 3
"""The same request may be sent again: head office gives the same key the same answer."""
_MOST_BYTES: Final = 64 * 1024


async def enroll(
    folder: FleetFolder,
    code: EnrolmentCode,
    *,
    url: str = "",
    authority: Path | None = None,
    journal: Path | None = None,
) -> HeadOffice:
    """Make a key here, get its certificate for a code, and keep both; return the new head office.

    `url` is for a code that does not tell it; `authority` is a PEM file of who vouches for head
    office's server; `journal` is what the register's own key lies beside. Raises `FleetError` with a sentence, and leaves the kiosk as it was.
    """
    url = (url or code.url).rstrip("/")
    _check(url)
    with _alone(folder):
        _refuse_twice(folder)
        with _written(folder):
            key = keys.KioskKey.kept(folder.pending)
            own = "" if journal is None else _register_key(journal)
        believed = await _believed(url, code.fingerprint, authority)
        request = Enrolment(code=code.code, csr=key.request, register_key=own)
        got = await _asked(url, trust.context(believed), request)
        try:
            identity = key.with_certificate(got.certificate)
        except ValueError as error:
            raise FleetError(
                "Head office gave a certificate that is not for this kiosk's key."
            ) from error
        _keep(folder, got, url, identity, believed)
        return head_office(folder)


def _register_key(journal: Path) -> str:
    """Return the public part of the register's own key, which is made where there is none."""
    try:
        return RegisterKey.kept(journal).public
    except ValueError as error:
        raise FleetError(f"The key beside {journal} cannot be read: {error}.") from error


def leave(folder: FleetFolder) -> None:
    """Belong to no head office any more; keys and orders go, logs and bundles stay.

    Raises `FleetError`.
    """
    if not folder.path.exists():
        return
    with _alone(folder), _written(folder):
        _forget(folder)
        folder.pending.unlink(missing_ok=True)


async def renew(folder: FleetFolder, line: OfficeLine) -> None:
    """Get a certificate for a new key, under the old one, which stays until both are on the disk.

    The keys of commands stay as they were at enrolment: whoever holds the line must not be able to
    bring others. Raises `FleetError`.
    """
    key = keys.KioskKey.made()
    got = await line.post("/v1/renew", Renewal(csr=key.request), Enrolled)
    if isinstance(got, LineFailure):
        raise FleetError(got.why)
    with _alone(folder):
        office = head_office(folder)
        try:
            identity = key.with_certificate(got.certificate)
        except ValueError as error:
            raise FleetError("Head office renewed the certificate of another key.") from error
        if got.kiosk_id != office.kiosk_id:
            raise FleetError(
                f"Head office renewed the certificate of another kiosk, {got.kiosk_id}."
            )
        with _written(folder):
            writing.replace(folder.identity, identity)


# -- the folder --------------------------------------------------------------------------------------


@contextlib.contextmanager
def _alone(folder: FleetFolder) -> Iterator[None]:
    """Keep two that enrol, renew or leave at once apart. Raises `FleetError`."""
    with _written(folder):
        journals = folder.path.parent
        if os.geteuid() == 0 and journals.exists() and journals.stat().st_uid != 0:
            # what root made there, the register could not read
            raise PermissionError(errno.EPERM, "it is another user's")
        writing.make_folder(folder.path)
        held = os.open(folder.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise FleetError(
            f"Another process is changing {folder.path}: wait until it ends."
        ) from error
    finally:
        os.close(held)


@contextlib.contextmanager
def _written(folder: FleetFolder) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FleetError(
            f"{folder.path} cannot be written ({error.strerror or error}): run this as the user that"
            " the register runs as (`sudo -u kiosk-tui ...`)."
        ) from error


def _check(url: str) -> None:
    """Raise `FleetError` for an address that a code must not be sent to."""
    if not url:
        raise FleetError("The code does not say where head office is: add --url https://...")
    found = urlsplit(url)
    here = found.scheme == "http" and found.hostname in {"127.0.0.1", "::1", "localhost"}
    if not found.hostname or (found.scheme != "https" and not here):
        raise FleetError(f"'{url}' is no address of a head office: it begins with https://.")


def _refuse_twice(folder: FleetFolder) -> None:
    """Raise `FleetError` where there is a head office; a file that is damaged is none."""
    with contextlib.suppress(NotEnrolledError):
        office = head_office(folder)
        raise FleetError(
            f"This kiosk is enrolled as {office.kiosk_id} at {office.url} already:"
            " `kiosk-tui fleet leave` first."
        )


def _keep(
    folder: FleetFolder, got: Enrolled, url: str, identity: str, authority: str | None
) -> None:
    office = HeadOffice(url=url, kiosk_id=got.kiosk_id, command_keys=got.command_keys)
    with _written(folder):
        _forget(folder)
        if authority is not None:
            writing.replace(folder.authority, authority)
        writing.replace(folder.identity, identity)
        counter.write(folder.counter, counter.OrderCounter(got.commands))
        writing.replace(folder.office, office.model_dump_json())
        folder.pending.unlink(missing_ok=True)


def _forget(folder: FleetFolder) -> None:
    """Remove everything that belongs to one head office; that there is one, first."""
    with _written(folder):
        _removed(folder.office)
        drafts = folder.path.glob(".*")  # of writes that were cut off
        for one in (
            *drafts,
            folder.identity,
            folder.authority,
            folder.cursor,
            folder.counter,
            folder.contact,
        ):
            one.unlink(missing_ok=True)
        for one in (folder.orders, folder.outcomes):
            with contextlib.suppress(FileNotFoundError):
                shutil.rmtree(one)


def _removed(path: Path) -> None:
    """Remove a file, durably: it must not come back with a power cut when the keys are gone."""
    try:
        path.unlink()
    except FileNotFoundError:
        return
    writing.sync(path.parent)


# -- the line ----------------------------------------------------------------------------------------


async def _believed(url: str, fingerprint: str, file: Path | None) -> str | None:
    """Return the PEM of who vouches for head office's server; None: whom this machine believes.

    With a fingerprint the authority is asked of head office itself, over a line that nobody vouches
    for: only the very certificate that the code names is taken, and nothing else is said on that line.
    """
    if file is not None:
        try:
            return reading.decoded(reading.read(file, _MOST_BYTES))
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or "it is no text"
            raise FleetError(f"{file} cannot be read: {why}.") from error
    if not fingerprint:
        return None
    blind = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    blind.check_hostname = False
    blind.verify_mode = ssl.CERT_NONE
    answer = await _sent(url, blind, "GET", "/v1/authority", None)
    try:
        text = answer.content.decode("ascii")
        found = hashlib.sha256(ssl.PEM_cert_to_DER_cert(text)).hexdigest()
    except ValueError:
        found = ""
    if found != fingerprint:
        raise FleetError(
            "What answers at head office's address is not what the code names: check the code, and who"
            " is on the line."
        )
    return text


async def _asked(url: str, context: ssl.SSLContext, request: Enrolment) -> Enrolled:
    answer = await _sent(url, context, "POST", "/v1/enroll", request)
    if not answer.is_success:
        raise FleetError(_refusal(answer))
    try:
        return Enrolled.model_validate_json(answer.content)
    except ValidationError as error:
        raise FleetError(f"What answers at {url} is no head office: check the address.") from error


async def _sent(
    url: str, context: ssl.SSLContext, method: str, path: str, message: Wire | None
) -> httpx.Response:
    """Send a request, again where its answer was lost on the way. Raises `FleetError`."""
    timeout = httpx.Timeout(_ANSWER_S, connect=_CONNECT_S)
    content = None if message is None else message.model_dump_json()
    headers = {"Content-Type": "application/json"}
    for left in reversed(range(_TRIES)):
        try:
            async with (
                httpx.AsyncClient(verify=context, timeout=timeout, trust_env=False) as client,
                client.stream(method, f"{url}{path}", content=content, headers=headers) as answer,
            ):
                return await _bounded(answer)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            if not left or isinstance(error, (httpx.ConnectError, httpx.InvalidURL)):
                raise FleetError(unreached(url, error)) from error
    raise AssertionError  # the last try has returned or raised


async def _bounded(answer: httpx.Response) -> httpx.Response:
    """Return an answer with its content: head office's are short, and whose this is is not known yet."""
    found = b""
    async for part in answer.aiter_raw():
        found += part
        if len(found) > _MOST_BYTES:
            raise FleetError("What answers is no head office: its answer is too long.")
    return httpx.Response(answer.status_code, content=found)


def _refusal(answer: httpx.Response) -> str:
    try:
        return Refused.model_validate_json(answer.content).why
    except ValidationError:
        return (
            f"Head office refused with HTTP status {answer.status_code}, and did not say why: check the"
            " address."
        )
