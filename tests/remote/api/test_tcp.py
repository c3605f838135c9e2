"""A port is opened only with tokens, each with its rights, and beyond this machine only with TLS."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from support.api import Api, Served, serving
from support.installation import Installation, installed

from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.rights import PERMISSIONS, Permission

pytestmark = pytest.mark.journey

TOKENS = {one: f"{one}-0123456789abcdef" for one in (*Permission, "all")}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as built:
        yield built


def token_file(shop: Installation, name: str = "all") -> Path:
    file = shop.folder / f"{name}-token"
    file.write_text(f"{TOKENS[name]}\n")
    file.chmod(0o600)
    return file


def with_tokens(shop: Installation, more: str = "", **sections: str) -> None:
    tables = ", ".join(
        f'{{ name = "{one}", token_file = "{token_file(shop, one)}", rights = ["{one}"] }}'
        for one in Permission
    )
    shop.configure(api=f"tokens = [{tables}]\n{more}", **sections)


class TestRefused:
    def test_a_port_without_a_token(self, shop: Installation) -> None:
        done = shop.run("serve", "--tcp", "127.0.0.1:0")
        assert done.returncode == 69
        assert "A port needs a token" in done.stderr
        shop.configure(api='tcp = "127.0.0.1:0"')
        done = shop.run("serve")
        assert (done.returncode, "api.tcp needs a token" in done.stderr) == (78, True)

    @pytest.mark.parametrize("address", ["0.0.0.0:8701", "192.0.2.1:9", "[::]:1"])
    def test_an_address_that_others_reach_without_tls(
        self, shop: Installation, address: str
    ) -> None:
        done = shop.run("serve", "--tcp", address, "--token-file", str(token_file(shop)))
        assert done.returncode == 69
        assert "it needs TLS" in done.stderr
        with_tokens(shop, f'tcp = "{address}"')
        done = shop.run("serve")
        assert (done.returncode, "it needs api.certificate" in done.stderr) == (78, True)

    @pytest.mark.parametrize("address", ["example.org:1", "127.0.0.1", "127.0.0.1:x"])
    def test_what_is_no_address(self, shop: Installation, address: str) -> None:
        done = shop.run("serve", "--tcp", address, "--token-file", str(token_file(shop)))
        assert (done.returncode, "is no address" in done.stderr) == (2, True)

    def test_a_token_that_others_may_read_or_guess(self, shop: Installation) -> None:
        token = token_file(shop)
        token.chmod(0o644)
        done = shop.run("serve", "--tcp", "127.0.0.1:0", "--token-file", str(token))
        assert (done.returncode, "can be read by others" in done.stderr) == (78, True)
        token.chmod(0o600)
        token.write_text("short")
        done = shop.run("serve", "--tcp", "127.0.0.1:0", "--token-file", str(token))
        assert "use 16 characters or more" in done.stderr

    @pytest.mark.parametrize(
        ("api", "why"),
        [
            ('tokens = [{ name = "a b", rights = ["take"] }]', "api.tokens"),
            ('tokens = [{ name = "a", rights = ["settle"] }]', "api.tokens"),
            ('tokens = [{ name = "a", rights = [] }]', "api.tokens"),
            (
                'tokens = [{ name = "a", rights = ["take"] }]',
                "/etc/credstore/kiosk-tui.api_token.a",
            ),
            ('certificate = "x.pem"', "a certificate and its key belong together"),
        ],
    )
    def test_what_is_configured_wrongly(self, shop: Installation, api: str, why: str) -> None:
        shop.configure(api=api)
        done = shop.run("serve")
        assert (done.returncode, why in done.stderr) == (78, True), done.stderr

    def test_a_token_that_two_programs_have(self, shop: Installation) -> None:
        with_tokens(shop)
        done = shop.run("serve", "--token-file", str(token_file(shop, "take")))
        assert "the same token" in done.stderr


class TestRights:
    @pytest.fixture
    def served(self, shop: Installation) -> Iterator[Served]:
        with_tokens(shop)
        with serving(
            shop, "--tcp", "127.0.0.1:0", "--token-file", str(token_file(shop))
        ) as running:
            yield running

    def test_nothing_is_done_without_a_token(self, served: Served) -> None:
        for token in ("", "wrong", "take-0123456789abcdeF"):
            with Api(port=served.port, token=token) as api:
                for told in (api.pay("1"), api.get("/v1/status"), api.get("/v1/events")):
                    assert (told.status, told.problem) == (401, "token")
                    assert told.headers["www-authenticate"] == "Bearer"
        assert served.installed.simulator.ledger.requests == []

    @pytest.mark.parametrize("right", Permission)
    def test_a_token_may_do_what_its_rights_say(self, served: Served, right: Permission) -> None:
        with served.connect() as all_:
            sold = all_.pay("sold").body["id"]
            held = all_.pay("held", "100", operation="preauthorization").body["id"]
        with Api(port=served.port, token=TOKENS[right]) as api:
            # orders without their amount: what may be done is refused for that, and nothing is sent
            for operation in set(Operation) - {Operation.BALANCE}:
                told = api.post("/v1/payments", {"operation": operation}, key=operation)
                allowed = PERMISSIONS[operation.rules.act] is right
                assert told.problem == ("invalid" if allowed else "forbidden"), operation
            expected = {
                f"/v1/payments/{held}/complete": Permission.TAKE,
                f"/v1/payments/{sold}/give-up": Permission.TAKE,
                f"/v1/payments/{sold}/goods": Permission.TAKE,
                f"/v1/payments/{sold}/refund": Permission.GIVE_BACK,
                f"/v1/payments/{sold}/cancel": Permission.GIVE_BACK,
            }
            for path, needed in expected.items():
                told = api.post(
                    path,
                    {"amount": "1.00"} if "refund" in path or "complete" in path else None,
                    key=path,
                )
                assert (told.problem == "forbidden") is (needed is not right), (path, told)
            for path in ("/v1/status", "/v1/totals", "/v1/payments?key=1", f"/v1/payments/{sold}"):
                assert (api.get(path).status == 200) is (right is Permission.LOOK), path

    def test_limits_hold_for_every_token(self, served: Served) -> None:
        with Api(port=served.port, token=TOKENS["all"]) as api:
            assert "more than the largest amount" in api.pay("1", "5000.00").body["detail"]
            assert api.pay("2").body["paid"]

    def test_each_programs_requests_are_told_in_the_log_and_no_token_is(
        self, served: Served
    ) -> None:
        with Api(port=served.port, token=TOKENS["take"]) as api:
            assert api.pay("1").body["paid"]
        log = (served.installed.folder / "kiosk-tui.log").read_text()
        assert "take asks for POST /v1/payments" in log
        assert not any(token in log for token in TOKENS.values())


class TestTls:
    @pytest.fixture
    def authority(self, shop: Installation) -> trustme.CA:
        authority = trustme.CA()
        certificate = authority.issue_cert("127.0.0.1", "till-1.shop.lan")
        pem = shop.folder / "api.crt"
        pem.write_bytes(b"".join(one.bytes() for one in certificate.cert_chain_pems))
        key = shop.folder / "api.key"
        key.write_bytes(certificate.private_key_pem.bytes())
        key.chmod(0o600)
        with_tokens(
            shop,
            'certificate = "api.crt"\ncertificate_key = "api.key"\ntcp = "0.0.0.0:0"\n'
            'hosts = ["till-1.shop.lan"]',
        )
        return authority

    def test_another_host_pays_over_tls_with_a_token(
        self, shop: Installation, authority: trustme.CA
    ) -> None:
        trusted = ssl.create_default_context()
        authority.configure_trust(trusted)
        with serving(shop) as served:
            assert "https://0.0.0.0:" in served.said
            with Api(port=served.port, token=TOKENS["take"], verify=trusted, tls=True) as api:
                assert api.pay("1").body["paid"]
                assert (
                    api.ask("POST", "/v1/payments", {}, key="2", Host="till-1.shop.lan").problem
                    == "invalid"
                )
                assert (
                    api.ask("POST", "/v1/payments", {}, key="2", Host="evil.example").problem
                    == "host"
                )
                for origin, problem in (
                    ("https://evil.example", "origin"),
                    (f"https://127.0.0.1:{served.port}", "invalid"),
                ):
                    told = api.ask("POST", "/v1/payments", {}, key="2", Origin=origin)
                    assert told.problem == problem
            with socket.create_connection(("127.0.0.1", served.port)) as plain:
                plain.settimeout(20)
                plain.sendall(b"GET /v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n")
                assert not plain.recv(100).startswith(b"HTTP")
            with served.connect() as api:  # the Unix socket speaks plainly
                assert api.get("/v1/status").status == 200

    @pytest.mark.parametrize("spoil", ["open", "missing", "nonsense", "other"])
    def test_a_certificate_that_cannot_be_used_is_one_sentence(
        self, shop: Installation, authority: trustme.CA, spoil: str
    ) -> None:
        key = shop.folder / "api.key"
        if spoil == "open":
            key.chmod(0o644)
        elif spoil == "missing":
            key.unlink()
        elif spoil == "nonsense":
            key.write_text("nonsense")
        else:
            key.write_bytes(trustme.CA().issue_cert("x.example").private_key_pem.bytes())
        done = shop.run("serve")
        assert done.returncode in (69, 78)
        assert "api.certificate_key" in done.stderr
        assert len(done.stderr.splitlines()) == 1
