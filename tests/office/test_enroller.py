"""The enroller gives a certificate for a code, once, and believes nothing that a request says of itself."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from support import machines

from kiosk_tui.fleet import code as codes_of_kiosks
from kiosk_tui.office import database, enroller
from kiosk_tui.office.authority import authority as authorities
from kiosk_tui.office.authority.answers import answer_next
from kiosk_tui.office.authority.authority import Authority
from kiosk_tui.office.enrolment import codes
from kiosk_tui.office.errors import OfficeError
from kiosk_tui.office.ingest.identity import serial_text
from kiosk_tui.office.settings import OfficeSettings


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return authorities.make(tmp_path / "enroller")


@pytest.fixture
async def connection(pool: database.Pool) -> AsyncIterator[database.Connection]:
    async with pool.acquire() as one:
        yield one


async def _asked(
    connection: database.Connection, authority: Authority, **row: object
) -> x509.Certificate | str:
    """Ask, let the enroller answer; return the certificate, or why not."""
    names = ", ".join(row)
    places = ", ".join(f"${n}" for n in range(1, len(row) + 1))
    n = await connection.fetchval(
        f"INSERT INTO certificate_request ({names}) VALUES ({places}) RETURNING request_id",
        *row.values(),
    )
    assert await answer_next(connection, authority, 90)
    answer = await connection.fetchrow("SELECT * FROM certificate_request WHERE request_id = $1", n)
    assert answer is not None
    if answer["refused"]:
        assert answer["certificate"] == ""
        return str(answer["refused"])
    return x509.load_pem_x509_certificate(answer["certificate"].encode())


async def _digest(
    connection: database.Connection, kiosk_id: str = "graz-1", **more: object
) -> bytes:
    made = await codes.invite(connection, OfficeSettings(), kiosk_id, by="anna", **more)  # type: ignore[arg-type]
    return codes_of_kiosks.read(made.line).digest()


async def _enrolled(
    connection: database.Connection, authority: Authority, kiosk_id: str = "graz-1"
) -> x509.Certificate:
    made = await _asked(
        connection, authority, code_sha256=await _digest(connection, kiosk_id), csr=machines.csr()
    )
    assert isinstance(made, x509.Certificate)
    return made


async def test_a_code_gives_the_kiosk_that_it_was_made_for_a_clients_certificate(
    connection: database.Connection, authority: Authority
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    digest = await _digest(connection, site="Graz, Hauptplatz")
    made = await _asked(
        connection,
        authority,
        code_sha256=digest,
        csr=machines.csr(key, "wien-7"),
        register_key="K" * 43,
    )
    assert await connection.fetchval("SELECT register_key FROM kiosk") == "K" * 43
    assert isinstance(made, x509.Certificate)
    made.verify_directly_issued_by(authority.certificate)
    assert [one.value for one in made.subject] == ["graz-1"]
    assert made.public_key() == key.public_key()
    uses = made.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(uses) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    assert not made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    left = made.not_valid_after_utc - datetime.now(UTC)
    assert timedelta(days=89) < left <= timedelta(days=90)

    row = await connection.fetchrow("SELECT * FROM certificate NATURAL JOIN kiosk")
    assert row is not None
    assert (row["serial"], row["kiosk_id"]) == (serial_text(made.serial_number), "graz-1")
    assert (row["site"], row["not_after"]) == ("Graz, Hauptplatz", made.not_valid_after_utc)


async def test_two_certificates_have_serials_that_nobody_guesses(
    connection: database.Connection, authority: Authority
) -> None:
    first, second = [await _enrolled(connection, authority, one) for one in ("graz-1", "graz-2")]
    assert first.serial_number != second.serial_number
    assert min(first.serial_number, second.serial_number).bit_length() > 100


async def test_a_code_is_used_once(connection: database.Connection, authority: Authority) -> None:
    digest = await _digest(connection)
    assert not isinstance(
        await _asked(connection, authority, code_sha256=digest, csr=machines.csr()), str
    )
    why = await _asked(connection, authority, code_sha256=digest, csr=machines.csr())
    assert "has been used" in str(why)
    assert await connection.fetchval("SELECT count(*) FROM certificate") == 1


async def test_an_answer_that_was_lost_on_its_way_is_given_again_to_the_same_key(
    connection: database.Connection, authority: Authority
) -> None:
    digest, request = await _digest(connection), machines.csr()
    first = await _asked(connection, authority, code_sha256=digest, csr=request)
    assert await _asked(connection, authority, code_sha256=digest, csr=request) == first
    assert await connection.fetchval("SELECT count(*) FROM certificate") == 1


async def test_a_refused_request_uses_no_code_up(
    connection: database.Connection, authority: Authority
) -> None:
    digest = await _digest(connection)
    assert isinstance(await _asked(connection, authority, code_sha256=digest, csr="nonsense"), str)
    made = await _asked(connection, authority, code_sha256=digest, csr=machines.csr())
    assert isinstance(made, x509.Certificate)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ("expires_at = now() - interval '1 second'", "expired"),
        ("used_at = now()", "has been used"),
        ("code_sha256 = '\\x00'", "does not know"),
    ],
)
async def test_a_code_that_does_not_hold_is_refused_in_a_sentence(
    connection: database.Connection, authority: Authority, changed: str, why: str
) -> None:
    digest = await _digest(connection)
    await connection.execute(f"UPDATE enrolment_code SET {changed}")
    told = await _asked(connection, authority, code_sha256=digest, csr=machines.csr())
    assert why in str(told)
    assert await connection.fetchval("SELECT count(*) FROM kiosk") == 0


def _rsa() -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "kiosk")])
    made = x509.CertificateSigningRequestBuilder().subject_name(name)
    signed = made.sign(rsa.generate_private_key(65537, 2048), hashes.SHA256())
    return signed.public_bytes(Encoding.PEM).decode()


def _of_somebody_else() -> str:
    """A request whose signature is another request's."""
    first, second = [x509.load_pem_x509_csr(machines.csr().encode()) for _ in range(2)]
    der = first.public_bytes(Encoding.DER).replace(first.signature, second.signature)
    if len(first.signature) != len(second.signature):
        return _of_somebody_else()
    return x509.load_der_x509_csr(der).public_bytes(Encoding.PEM).decode()


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (lambda: "nonsense", "no certificate request"),
        (_rsa, "P-256"),
        (lambda: machines.csr(ec.generate_private_key(ec.SECP384R1())), "P-256"),
        (_of_somebody_else, "not signed with its own key"),
    ],
)
async def test_a_request_that_proves_no_key_is_refused_in_a_sentence(
    connection: database.Connection, authority: Authority, made: Callable[[], str], why: str
) -> None:
    digest = await _digest(connection)
    told = await _asked(connection, authority, code_sha256=digest, csr=made())
    assert why in str(told)


async def test_a_renewal_is_for_the_kiosk_of_the_certificate_that_it_comes_under(
    connection: database.Connection, authority: Authority
) -> None:
    old = await _enrolled(connection, authority)
    serial = serial_text(old.serial_number)
    made = await _asked(connection, authority, serial=serial, csr=machines.csr(named="wien-7"))
    assert isinstance(made, x509.Certificate)
    assert [one.value for one in made.subject] == ["graz-1"]
    assert made.serial_number != old.serial_number


@pytest.mark.parametrize(
    "changed",
    [
        "revoked_at = now()",
        "not_after = now() - interval '1 second'",
        "serial = 'dead'",
    ],
)
async def test_nothing_is_renewed_under_a_certificate_that_does_not_hold(
    connection: database.Connection, authority: Authority, changed: str
) -> None:
    serial = serial_text((await _enrolled(connection, authority)).serial_number)
    await connection.execute(f"UPDATE certificate SET {changed}")
    told = await _asked(connection, authority, serial=serial, csr=machines.csr())
    assert "does not hold" in str(told)


async def test_a_kiosk_that_is_enrolled_anew_loses_the_certificates_that_it_had(
    connection: database.Connection, authority: Authority
) -> None:
    old, new = [await _enrolled(connection, authority) for _ in range(2)]
    revoked = await connection.fetch("SELECT serial FROM certificate WHERE revoked_at IS NOT NULL")
    assert [one["serial"] for one in revoked] == [serial_text(old.serial_number)]
    assert old.serial_number != new.serial_number


async def test_revoked_is_everything_that_a_kiosk_has(
    connection: database.Connection, authority: Authority
) -> None:
    await _enrolled(connection, authority)
    await _enrolled(connection, authority, "wien-7")
    digest = await _digest(connection)
    assert await codes.revoke(connection, "graz-1", by="anna") == 1
    assert await codes.revoke(connection, "graz-1", by="anna") == 0
    told = await _asked(connection, authority, code_sha256=digest, csr=machines.csr())
    assert "expired" in str(told)
    still = await connection.fetchval("SELECT kiosk_id FROM certificate WHERE revoked_at IS NULL")
    assert still == "wien-7"
    logged = await connection.fetch("SELECT DISTINCT name, what, subject FROM action")
    assert ("anna", "revoke", "graz-1") in [tuple(one) for one in logged]


async def test_a_kiosk_that_nobody_knows_is_told(connection: database.Connection) -> None:
    with pytest.raises(OfficeError, match="knows no kiosk"):
        await codes.revoke(connection, "graz-1", by="anna")


@pytest.mark.parametrize(
    ("name", "hours"), [("Graz 1", 24), ("", 24), ("graz-1", 0), ("graz-1", 721)]
)
async def test_a_code_that_cannot_be_is_told(
    connection: database.Connection, name: str, hours: int
) -> None:
    with pytest.raises(OfficeError):
        await codes.invite(connection, OfficeSettings(), name, by="anna", hours=hours)


async def test_nothing_of_a_code_is_kept_but_its_digest(connection: database.Connection) -> None:
    made = await codes.invite(connection, OfficeSettings(), "graz-1", by="anna")
    code = codes_of_kiosks.read(made.line)
    kept = str(await connection.fetch("SELECT * FROM enrolment_code, action"))
    assert code.code not in kept
    assert str(code).rpartition("#")[2] not in kept
    assert code.code not in repr(code)


# -- the authority -----------------------------------------------------------------------------------


async def _started(settings: OfficeSettings) -> None:
    """Run an enroller until it answers requests."""
    async with machines.enrolling(settings):
        pass


async def test_the_authority_is_made_once_and_published(database_url: str, tmp_path: Path) -> None:
    settings = machines.settings(database_url, tmp_path)
    await _started(settings)
    key = settings.keys.enroller / authorities.KEY
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.parent.stat().st_mode & 0o777 == 0o700
    before = key.read_bytes()
    await _started(settings)
    assert key.read_bytes() == before
    connection = await database.connect(database_url)
    published = await connection.fetch("SELECT certificate FROM authority")
    await connection.close()
    assert [one["certificate"] for one in published] == [authorities.load(key.parent).pem]


async def test_a_key_that_others_can_read_is_refused(authority: Authority, tmp_path: Path) -> None:
    key = tmp_path / "enroller" / authorities.KEY
    key.chmod(0o640)
    with pytest.raises(OfficeError, match="read by others"):
        authorities.load(key.parent)


async def test_an_authority_that_is_gone_or_another_is_not_made_anew(
    database_url: str, tmp_path: Path
) -> None:
    settings = machines.settings(database_url, tmp_path)
    await _started(settings)
    folder = settings.keys.enroller
    (folder / authorities.KEY).unlink()
    with pytest.raises(OfficeError, match="backup"):
        await enroller.run(settings)
    authorities.make(folder)
    with pytest.raises(OfficeError, match="not the one"):
        await enroller.run(settings)


@pytest.mark.parametrize("name", [authorities.KEY, authorities.CERTIFICATE])
def test_an_authority_that_is_damaged_is_told(
    authority: Authority, tmp_path: Path, name: str
) -> None:
    file = tmp_path / "enroller" / name
    file.write_text("nonsense")
    with pytest.raises(OfficeError, match="cannot be read"):
        authorities.load(file.parent)


def test_a_key_and_a_certificate_that_do_not_belong_together_are_told(
    authority: Authority, tmp_path: Path
) -> None:
    authorities.make(tmp_path / "another")
    (tmp_path / "another" / authorities.KEY).replace(tmp_path / "enroller" / authorities.KEY)
    with pytest.raises(OfficeError, match="belong together"):
        authorities.load(tmp_path / "enroller")
