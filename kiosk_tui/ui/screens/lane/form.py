"""A few fields to type into: a reason, a reference, a name and a PIN.

Invariant: what is secret is never shown whole, and lives no longer than the form.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

from textual.widget import Widget
from textual.widgets import Static

from kiosk_tui.domain.references import name_of
from kiosk_tui.records import dataclass
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.texts import _
from kiosk_tui.text.wording.typed import cut_off, digits_only, look_first, no_reference
from kiosk_tui.ui.messages import FormFilled, FormLeft
from kiosk_tui.ui.screens.lane.dialog import LaneDialog
from kiosk_tui.ui.stylesheets import sheet

_LABEL: Final = 20
_SHOWN: Final = 4
"""So many characters at the end of something secret are shown, where it is long."""


@dataclass(frozen=True, slots=True)
class FormField:
    """One line to type into. A `pin` shows nothing but stars; a `secret` its last characters.

    A `reference` names an earlier payment: of a code that is scanned it takes what names one.
    """

    name: str
    label: str
    longest: int
    value: str = ""
    digits: bool = False
    secret: bool = False
    pin: bool = False
    needed: bool = True
    reference: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """What a form asks, why, and what it fills in."""

    purpose: str
    title: str
    fields: Sequence[FormField]
    call: str = ""
    said: str = ""
    is_door: bool = False
    """Whether there is nothing behind it to go back to: whoever leaves it leaves the program."""


class Form(LaneDialog):
    """Takes the fields one after the other; Enter on the last one tells them all."""

    CSS_PATH = sheet("form")
    TYPING: ClassVar[bool] = True

    def __init__(self, settings: ScreenSettings, content: Content) -> None:
        super().__init__(settings)
        self._content = content
        self._values = [one.value for one in content.fields]
        self._place = 0
        self._told = False

    def body(self) -> Iterator[Widget]:
        yield Static(self._content.title, classes="title", markup=False)
        yield Static(self._content.call, id="call", markup=False)
        for place in range(len(self._values)):
            yield Static(self._line(place), id=f"field{place}", classes="line", markup=False)
        yield Static(self._content.said, id="said", classes="warn", markup=False)

    def hint(self) -> str:
        return "   ".join((_("[Enter] next"), _("[<-] correct"), _("[Esc] back")))

    def is_deaf(self) -> bool:
        """Hear letters at once, too. An Enter that is held down only meets what is needed."""
        return False

    def on_mount(self) -> None:
        """Mark the field that is typed into."""
        super().on_mount()
        self._mark()

    def write(self, character: str) -> bool:
        one = self._content.fields[self._place]
        if self._told or (one.digits and not (character.isascii() and character.isdigit())):
            return False
        if len(self._values[self._place]) < one.longest:
            self._set(self._values[self._place] + character)
        return True

    def burst(self, text: str, *, entered: bool) -> None:
        """Take the characters of a scan; its Enter goes to no other field, and sends nothing."""
        self._take(text, look_first() if entered else "")

    def paste(self, text: str) -> None:
        self._take(text, "")

    def _take(self, text: str, said: str) -> None:
        one, value = self._content.fields[self._place], self._values[self._place]
        if self._told or not text:
            return
        if one.digits and not (text.isascii() and text.isdigit()):
            self._say(digits_only())
        elif one.reference and not name_of(value + text):
            self._say(no_reference())
        else:
            whole = name_of(value + text) if one.reference else value + text
            self._set(whole[: one.longest])
            self._say(cut_off() if len(whole) > one.longest and not one.pin else said)

    def erase(self) -> None:
        if not self._told:
            self._set(self._values[self._place][:-1])

    def press(self, key: str) -> None:
        steps = {"up": -1, "shift+tab": -1, "down": 1, "tab": 1}
        if key in steps:
            self._go((self._place + steps[key]) % len(self._values))
        else:
            super().press(key)

    def enter(self) -> None:
        one, value = self._content.fields[self._place], self._values[self._place]
        if self._told:
            return
        if one.needed and not value.strip():
            self._say(_("Please type: {field}").format(field=one.label))
        elif self._place + 1 < len(self._values):
            self._go(self._place + 1)
        else:
            self._tell()

    def back(self) -> None:
        if self._content.is_door:
            self.leave()
        else:
            self.tell_last(FormLeft(self._content.purpose))

    def refuse(self, sentence: str) -> None:
        """Say why what was filled in cannot be used; PINs and secrets are typed anew."""
        self._told = False
        for place, one in enumerate(self._content.fields):
            if one.pin or one.secret:
                self._values[place] = ""
                self._show(place)
        pins = [place for place, one in enumerate(self._content.fields) if one.pin]
        self._go(pins[0] if pins else 0)
        self._say(sentence)

    def _tell(self) -> None:
        self._told = True
        names = [one.name for one in self._content.fields]
        values = [value.strip() for value in self._values]
        self.post_message(FormFilled(self._content.purpose, dict(zip(names, values, strict=True))))

    def _go(self, place: int) -> None:
        before, self._place = self._place, place
        self._mark()
        self._show(before)
        self._show(place)
        self._say("")

    def _mark(self) -> None:
        for place in range(len(self._values)):
            self.query_one(f"#field{place}").set_class(place == self._place, "now")

    def _set(self, value: str) -> None:
        self._values[self._place] = value
        self._show(self._place)
        self._say("")

    def _show(self, place: int) -> None:
        self.query_one(f"#field{place}", Static).update(self._line(place), layout=False)

    def _say(self, text: str) -> None:
        said = self.query_one("#said", Static)
        if str(said.render()) != text:
            said.update(text)

    def _line(self, place: int) -> str:
        one, value = self._content.fields[place], self._values[place]
        if one.pin:
            value = "*" * len(value)
        elif one.secret:
            seen = value[-_SHOWN:] if len(value) > 2 * _SHOWN else ""
            value = "*" * (len(value) - len(seen)) + seen
        mark = "_" if place == self._place else " "
        return f"{one.label:<{_LABEL}} {value}{mark}"
