"""The questions of `kiosk-tui config init`, in plain words, and how a technician is asked them.

Each answer is checked at once; a wrong one is told why and asked again. Secrets are typed unseen.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from typing import Any, Final

from kiosk_tui.cli import output
from kiosk_tui.cli.asking import ask, ask_unseen
from kiosk_tui.config.answers import Answers
from kiosk_tui.config.models import Config
from kiosk_tui.config.pin import PinError, hash_pin
from kiosk_tui.config.rules import amount, currency_of
from kiosk_tui.config.settings import settings
from kiosk_tui.domain.money import MoneyError
from kiosk_tui.records import dataclass
from kiosk_tui.text.translations import NAMES

BACK: Final = "<"

Read = Callable[[str], Any]
Usual = Callable[[Config], str]


class WrongAnswerError(ValueError):
    """An answer that means nothing; the text is a sentence."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question: the setting, the words, what Enter alone means, and how an answer is read."""

    key: str
    words: str
    usual: Usual = lambda _: ""
    read: Read = str
    asked: Callable[[Config], bool] = lambda _: True
    may_be_empty: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far along somebody is: what was answered may ask for more, such as a second secret."""

    answers: Answers
    given: Mapping[str, str]

    def tell(self, number: int) -> None:
        """Say which step this is, and of how many."""
        output.say("")
        output.say(f"{number} of {self.questions + len(secrets_of(self.answers.config)) + 1}")

    @property
    def questions(self) -> int:
        """How many questions come before the secrets and the PIN."""
        return sum(self.asks(one) for one in QUESTIONS)

    def asks(self, question: Question) -> bool:
        """Say whether a question is asked, as far as is known."""
        return question.key not in self.given and question.asked(self.answers.config)


def secrets_of(config: Config) -> Mapping[str, str]:
    """Return the settings that name a secret's file, with what to call the secret."""
    names = {"raw": "Authorization key", "bearer": "Token"}
    own = {"auth.key_file": names.get(config.auth.scheme, "Password")}
    more = {"auth.client_secret_file": "Client secret"}
    return own | more if _is_oauth(config) else own


def interview(progress: Progress) -> None:
    """Ask what was not given, and go back where somebody wants to."""
    output.say("Enter alone takes what stands in [brackets]; < goes back; Ctrl-C writes nothing.")
    at, way = 0, list[int]()
    while at < len(QUESTIONS):
        question = QUESTIONS[at]
        if not progress.asks(question):
            at += 1
            continue
        progress.tell(len(way) + 1)
        if _asked(question, progress.answers):
            way.append(at)
            at += 1
        elif way:
            at = way.pop()


def _asked(question: Question, answers: Answers) -> bool:
    """Ask until the answer can be taken; False to go back to the question before."""
    usual = question.usual(answers.config)
    while True:
        shown = f" [{usual}]" if usual else ""
        typed = ask(f"{question.words}{shown}: ").strip() or usual
        if typed == BACK:
            return False
        if not typed and not question.may_be_empty:
            output.say("  An answer is needed.")
            continue
        try:
            wrong = answers.give(question.key, question.read(typed))
        except WrongAnswerError as error:
            wrong = str(error)
        if not wrong:
            return True
        output.say(f"  {wrong}")


def ask_pin(config: Config) -> str:
    """Ask for a service PIN, twice and unseen; return its hash, or nothing for none."""
    if config.kiosk.mode == "kiosk":
        output.say("Without a service PIN nobody can leave the kiosk.")
    while True:
        pin = ask_unseen("Service PIN, 4 to 12 digits; Enter for none: ").strip()
        if not pin:
            return ""
        try:
            hashed = hash_pin(pin)
        except PinError as error:
            output.say(f"  {error}")
            continue
        if ask_unseen("The same PIN again: ").strip() == pin:
            return hashed
        output.say("  These were two different PINs.")


def ask_secret(what: str) -> str:
    """Ask for a secret, unseen; return it, or nothing where it comes later."""
    while True:
        secret = ask_unseen(f"{what}, not shown (Enter: it comes later): ").strip()
        if not secret or (secret.isascii() and secret.isprintable()):
            if secret:
                output.say(f"  {len(secret)} characters.")
            return secret
        output.say("  It is one line of plain characters: letters, digits, signs.")


def yes(question: str, *, usual: bool) -> bool:
    """Ask a question that is answered with yes or no."""
    while True:
        typed = ask(f"{question} (y/n) [{'y' if usual else 'n'}]: ").strip().lower()
        if typed in ("", "y", "yes", "n", "no"):
            return typed[:1] == "y" if typed else usual
        output.say("  y or n.")


def _choice(key: str) -> Read:
    def read(typed: str) -> str:
        names = [str(name) for name in settings()[key].allowed]
        if typed.isdigit() and typed.isascii() and 1 <= int(typed) <= len(names):
            return names[int(typed) - 1]
        if typed in names:
            return typed
        raise WrongAnswerError(f"A digit from 1 to {len(names)}, or one of: {', '.join(names)}.")

    return read


def _yes_or_no(typed: str) -> bool:
    if typed.lower() not in ("y", "yes", "n", "no"):
        raise WrongAnswerError("y or n.")
    return typed.lower().startswith("y")


def _words(typed: str) -> list[str]:
    return typed.replace(",", " ").split()


def _numbers(typed: str) -> list[int]:
    try:
        return [int(one) for one in _words(typed.replace("%", " "))]
    except ValueError:
        raise WrongAnswerError("Whole numbers with spaces between, such as 5 10 15.") from None


def _machine(_config: Config) -> str:
    return socket.gethostname()[:40] or "kiosk"


def _least(config: Config) -> str:
    """Return the smallest usual amount that the currency has."""
    try:
        return str(amount("0.01", currency_of(config))) and "0.01"
    except MoneyError:
        return "1"


def _needs_user(config: Config) -> bool:
    return config.auth.scheme in ("basic", "oauth")


def _is_oauth(config: Config) -> bool:
    return config.auth.scheme == "oauth"


QUESTIONS: Final = (
    Question(
        "kiosk.mode",
        "Who stands in front of it?\n  1 customers alone (kiosk)\n  2 a cashier (lane)\n"
        "  3 a technician\nWhich",
        lambda _: "1",
        _choice("kiosk.mode"),
    ),
    Question("kiosk.id", "A name for this register, as support will call it", _machine),
    Question(
        "kiosk.name",
        "The name that customers see, on the screen and on slips (Museum of Time; Enter for none)"
        "\nName",
        may_be_empty=True,
    ),
    Question(
        "terminal.url",
        "Address of the TECS service, as your contract names it"
        "\n  (https://.../tecsclientrest)\nAddress",
    ),
    Question("terminal.number", "Terminal number, 8 digits, on the terminal's label"),
    Question("terminal.source_id", "Source id, from your contract", lambda _: "1"),
    Question(
        "terminal.place",
        "Where it stands, as TECS's requests tell: postcode and town, at most 13 characters"
        "\n  (1010 Vienna; Enter for none)\nPlace",
        may_be_empty=True,
    ),
    Question("terminal.currency", "Currency", lambda _: "EUR", str.upper),
    Question(
        "auth.scheme",
        "How does TECS want the key?\n  1 as it is (raw)\n  2 user and password (basic)\n"
        "  3 a token (bearer)\n  4 a token that is fetched (oauth)\nWhich",
        lambda _: "1",
        _choice("auth.scheme"),
    ),
    Question("auth.user", "User name at TECS", asked=_needs_user),
    Question("auth.client_id", "Client id at TECS", asked=_is_oauth),
    Question("auth.token_url", "Address where the token is fetched", asked=_is_oauth),
    Question(
        "kiosk.languages",
        f"Languages, the first is the kiosk's own ({' '.join(NAMES)})",
        lambda _: "en",
        _words,
    ),
    Question("terminal.amount_min", "Smallest amount", _least),
    Question("terminal.amount_max", "Largest amount", lambda _: "1000"),
    Question("tip.ask", "Ask customers for a tip? (y/n)", lambda _: "y", _yes_or_no),
    Question(
        "tip.percent",
        "Tips offered, in percent",
        lambda _: "5 10 15",
        _numbers,
        lambda config: config.tip.ask,
    ),
    Question(
        "receipt.printer",
        "Receipt printer; Enter for none\n  (tcp://192.0.2.7:9100, usb://04b8:0202,"
        " file:///dev/usb/lp0)\nPrinter",
        may_be_empty=True,
    ),
    Question(
        "journal.path",
        "Where the journal lies; Enter for the usual place of the user that runs it\nPath",
        may_be_empty=True,
    ),
)
