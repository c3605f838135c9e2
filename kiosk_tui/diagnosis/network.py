"""The way to the server: its name, a connection, its certificate."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from kiosk_tui.diagnosis.chain import Link
from kiosk_tui.diagnosis.findings import Finding, bad, behind, good, left_out, look
from kiosk_tui.diagnosis.subject import Subject
from kiosk_tui.domain.evidence import Certificate, Handshake, TlsTrouble

FEW_DAYS: Final = 21
"""Certificates are renewed earlier than this; one that is not will run out."""

_INSIDE: Final = "nothing to look at: the demo's TECS is inside this program"


async def dns(subject: Subject) -> Finding:
    """See whether the server's name has an address."""
    if subject.line is None:
        return behind(Link.DNS, Link.CONFIGURATION)
    if subject.line.mounted:
        return left_out(Link.DNS, _INSIDE)
    seen = await subject.line.resolve()
    if not seen.addresses:
        setting = seen.through or "terminal.url"
        return bad(
            Link.DNS,
            f"{seen.host} has no address. {seen.trouble}",
            f"Look for a slip in {setting}; if other names fail too (getent hosts debian.org), mend"
            " this machine's network or name server.",
        )
    shown = ", ".join(seen.addresses[:3])
    told = "is an address already" if seen.addresses == (seen.host,) else f"is {shown}"
    return good(Link.DNS, f"{seen.host} {told}{_through(seen.through)}", "name")


async def tcp(subject: Subject) -> Finding:
    """See whether the server takes a connection."""
    if subject.line is None:
        return behind(Link.TCP, Link.CONFIGURATION)
    if subject.line.mounted:
        return left_out(Link.TCP, _INSIDE)
    seen = await subject.line.connect()
    if seen.address:
        return good(
            Link.TCP,
            f"{seen.address}:{seen.port} takes it{_through(seen.through)}",
            f"port {seen.port}",
        )
    setting = seen.through or "terminal.url"
    if seen.refused:
        do = (
            f"Nobody listens on port {seen.port} there: look at the port in {setting}, or a firewall"
            " refuses it."
        )
    else:
        do = f"A firewall drops it, or the way there is down: ask for {seen.host}:{seen.port}."
    return bad(Link.TCP, f"{seen.host}:{seen.port} cannot be reached: {seen.trouble}", do)


async def tls(subject: Subject) -> Finding:
    """See whether the server's certificate is believed, and for how long."""
    if subject.line is None:
        return behind(Link.TLS, Link.CONFIGURATION)
    if subject.line.mounted:
        return left_out(Link.TLS, _INSIDE)
    seen = await subject.line.handshake()
    now = subject.now()
    if not seen.encrypted:
        return look(Link.TLS, "none: terminal.url begins with http", "Use https but for a test.")
    if seen.trouble is not None:
        text, do = _trouble(seen, seen.trouble, now)
        return bad(Link.TLS, text, do)
    if seen.certificate is None:
        return good(Link.TLS, seen.protocol)
    left = (seen.certificate.ends - now).days
    text = f"{seen.protocol}, issued by {seen.certificate.issuer}, {left} days left"
    if left < FEW_DAYS:
        return look(Link.TLS, text, "Whoever runs the server has to renew its certificate.")
    return good(Link.TLS, text, f"to {seen.certificate.ends:%Y}")


def _trouble(seen: Handshake, trouble: TlsTrouble, now: datetime) -> tuple[str, str]:
    about = seen.certificate
    clock = f"this machine's clock says {now:%Y-%m-%d %H:%M} UTC"
    if trouble is TlsTrouble.EXPIRED:
        return (
            f"The server's certificate has expired{_when(about, ends=True)}; {clock}.",
            "If that clock is right, the server needs a new certificate: tell who runs it.",
        )
    if trouble is TlsTrouble.NOT_YET_VALID:
        return (
            f"The server's certificate is not valid yet{_when(about, ends=False)}; {clock}.",
            "Set this machine's clock, or let it find a time server.",
        )
    if trouble is TlsTrouble.OTHER_NAME:
        names = ", ".join(about.names[:4]) if about and about.names else "another name"
        return (
            f"The server's certificate is for {names}, not for {seen.host}.",
            "Look for a slip in terminal.url; if it is right, somebody else answers here.",
        )
    if trouble is TlsTrouble.UNKNOWN_ISSUER:
        return (
            f"Nobody known vouches for the server's certificate ({seen.why}).",
            "Install ca-certificates; an authority of your own is named in terminal.ca_file.",
        )
    if trouble is TlsTrouble.AUTHORITIES:
        return (
            seen.why,
            "Put the certificate of the server's authority there, or leave terminal.ca_file out.",
        )
    return (
        f"TLS does not come about: {seen.why}",
        "Look whether terminal.url names an https port, and whether a firewall opens TLS.",
    )


def _when(about: Certificate | None, *, ends: bool) -> str:
    if about is None:
        return ""
    return f" on {about.ends:%Y-%m-%d}" if ends else f" before {about.begins:%Y-%m-%d}"


def _through(setting: str) -> str:
    return f" ({setting})" if setting else ""
