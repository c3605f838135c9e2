"""The grammar of what a terminal sends (ECMA-48, and xterm's "Control Sequences"), byte by byte.

Whatever is not a known key is swallowed whole, however late, however cut, and told as `Unreadable`:

- A sequence that has begun is waited for, CUT_S after its last byte. Only Enter, ESC and other controls
  end it earlier; that Enter is swallowed, for digits may have gone before it.
- ESC alone becomes the Escape key after ESCAPE_S. When the rest of a sequence comes after that, it is
  known by how it begins, as the very first thing after that ESC. Digits and most letters begin none.
- ESC and a digit, a blank or Enter at once is Alt with a key: nobody's, and nothing that came with it.
- Bytes that are no UTF-8 are dropped, but 8-bit controls begin sequences as their 7-bit forms do. One
  that stands alone is forgotten after ESCAPE_S: it may have been any character of another encoding.
- XON and XOFF mean nothing anywhere: serial terminals send them on their own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from kiosk_tui.domain.burst import BURST_S
from kiosk_tui.ui.keyboard import keys
from kiosk_tui.ui.keyboard.answers import is_asked_for, pointed
from kiosk_tui.ui.keyboard.paste import END, Clipping
from kiosk_tui.ui.keyboard.times import CUT_S, ESCAPE_S, PASTE_S
from kiosk_tui.ui.keyboard.tokens import Pointed, Token, Unreadable

_NUL, _BEL, _LF, _CR, _ESC, _DEL = 0x00, 0x07, 0x0A, 0x0D, 0x1B, 0x7F
_FLOW: Final = frozenset((0x11, 0x13))
_ENDS: Final = frozenset((_LF, _CR, 0x18, 0x1A))
"""What ends a string that never ended: a new line, CAN, SUB."""
_C1: Final = {
    0x8E: "N",
    0x8F: "O",
    0x90: "P",
    0x98: "X",
    0x9B: "[",
    0x9D: "]",
    0x9E: "^",
    0x9F: "_",
}
_ST: Final = 0x9C
_TAILS: Final = frozenset("[]_^PXON<")
"""How the rest of a sequence may begin whose ESC was taken for the Escape key."""
_MARKS: Final = frozenset("<=>?")
"""How the rest may begin whose 8-bit control was forgotten, as far as a person does not type that."""
_LETTERED: Final = frozenset("PX")
"""Tails that a word may begin like: no letter follows in a terminal's answer."""
_LONGEST: Final = 256
"""So many bytes of parameters are kept; with more it is no key."""
_MOUSE_BYTES: Final = 3

State = Callable[[int, float], None]


class Sequences:
    """Takes bytes one by one, and gives each token to `give` with the time of the byte that completed it."""

    def __init__(self, give: Callable[[Token, float], None]) -> None:
        self._give = give
        self.pointing = False
        """Whether the mouse was asked for; otherwise what it says cannot be read."""
        self._pressed: Pointed | None = None
        self._state: State = self._ground
        self._due: float | None = None
        self._overdue: Callable[[float], None] = self._lost
        self._last = float("-inf")
        self._body = bytearray()
        self._spoilt = False  # whatever it turns out to be, it is none
        self._doubled = False
        self._tails: frozenset[str] = frozenset()
        self._tail_until = float("-inf")
        self._dropping = False
        self._returned = False
        self._continues = 0
        self._held = ""
        self._eight_bits = False
        self._clipping = Clipping()

    @property
    def deadline(self) -> float | None:
        """When what is pending is given up."""
        return self._due

    def take(self, byte: int, now: float) -> None:
        """Take the next byte."""
        if byte in _FLOW:
            return
        if self._eight_bits and byte >= 0x80 and byte != _ST:  # noqa: PLR2004 - no ASCII
            self._lost(now)  # no terminal's: noise, or another encoding's text
        self._state(byte, now)
        self._last, self._returned = now, byte == _CR

    def tick(self, now: float) -> None:
        """Give up what has been pending for too long."""
        if self._due is not None and now >= self._due:
            overdue = self._overdue
            self._rest()
            overdue(now)

    # -- between sequences ---------------------------------------------------------------------------

    def _wait(
        self, state: State, now: float, wait_s: float, then: Callable[[float], None] | None = None
    ) -> None:
        self._state, self._due, self._overdue = state, now + wait_s, then or self._lost

    def _rest(self) -> None:
        self._state, self._due, self._eight_bits = self._ground, None, False

    def _lost(self, now: float) -> None:
        """Swallow what was pending."""
        self._rest()
        self._give(Unreadable(), now)

    def _ground(self, byte: int, now: float) -> None:
        expected = now < self._tail_until
        self._tail_until = float("-inf")
        if byte == _ESC:
            self._begin_escape(now)
        elif self._drops(byte, now):
            return
        elif expected and chr(byte) in self._tails:
            self._begin_tail(chr(byte), now)
        elif byte < 0x20 or byte == _DEL:  # noqa: PLR2004 - the controls
            self._control(byte, now)
        elif byte < _DEL:
            self._give(keys.press(chr(byte)), now)
        else:
            self._high(byte, now)

    def _drops(self, byte: int, now: float) -> bool:
        """Whether a byte goes with what was swallowed just before it."""
        self._dropping = (
            self._dropping and now - self._last < BURST_S and (byte >= 0x20 or byte in (_CR, _LF))  # noqa: PLR2004 - the controls
        )
        return self._dropping

    def _control(self, byte: int, now: float) -> None:
        if self._returned and byte in (_LF, _NUL):
            return  # Enter of a terminal that sends CR LF or, over telnet, CR NUL
        if byte in keys.CONTROLS:
            self._give(keys.press(keys.CONTROLS[byte]), now)
        else:
            self._lost(now)

    # -- UTF-8, and what is none ---------------------------------------------------------------------

    def _high(self, byte: int, now: float) -> None:
        if 0xC2 <= byte <= 0xF4:  # noqa: PLR2004 - what may begin a character
            self._body[:] = (byte,)
            self._wait(self._character, now, CUT_S)
        else:
            self._begin_c1(byte, now, raw=True)

    def _character(self, byte: int, now: float) -> None:
        if not 0x80 <= byte <= 0xBF:  # noqa: PLR2004 - what may continue a character
            self._lost(now)
            self._ground(byte, now)
            return
        self._body.append(byte)
        self._due = now + CUT_S
        if len(self._body) < _length(self._body[0]):
            return
        self._rest()
        character = self._body.decode("utf-8", "ignore")
        if character and character.isprintable():
            self._give(keys.press(character), now)
        else:
            self._begin_c1(ord(character) if character else 0, now, raw=False)

    def _begin_c1(self, code: int, now: float, *, raw: bool) -> None:
        if code in _C1:
            self._begin(_C1[code], now)
            self._due, self._overdue = now + ESCAPE_S, self._forgotten
            self._eight_bits = raw
        else:
            self._lost(now)

    def _forgotten(self, now: float) -> None:
        self._lost(now)
        self._expect(_MARKS, now)

    def _expect(self, tails: frozenset[str], now: float) -> None:
        self._tails, self._tail_until = tails, now + CUT_S

    # -- ESC -----------------------------------------------------------------------------------------

    def _begin_escape(self, now: float) -> None:
        self._doubled = self._dropping = False
        self._wait(self._escape, now, ESCAPE_S, self._escaped)

    def _escaped(self, now: float) -> None:
        self._give(keys.press("escape"), now)
        self._expect(_TAILS, now)

    def _escape(self, byte: int, now: float) -> None:
        if byte == _ESC:
            self._doubled = True  # Windows sends two for one Escape; before a sequence it is Alt
        elif chr(byte) in _INTRODUCERS:
            self._begin(chr(byte), now, spoilt=self._doubled)
        elif 0x20 <= byte < 0x30:  # noqa: PLR2004 - intermediates
            self._wait(self._designate, now, CUT_S)
        elif byte != _NUL:
            self._lost(now)
            self._dropping = not 0x40 <= byte < _DEL  # noqa: PLR2004 - the finals of xterm's own

    def _designate(self, byte: int, now: float) -> None:
        """Swallow up to the final byte; a digit that comes later is a person's."""
        if 0x20 <= byte < 0x30:  # noqa: PLR2004 - intermediates
            self._due = now + CUT_S
        elif 0x30 <= byte < 0x40 and now - self._last >= ESCAPE_S:  # noqa: PLR2004 - digits
            self._lost(now)
            self._ground(byte, now)
        else:
            self._inside(byte, now)

    def _begin(self, introducer: str, now: float, *, spoilt: bool = False) -> None:
        self._body.clear()
        self._spoilt, self._continues, self._eight_bits = spoilt, 0, False
        self._wait(self._of(introducer), now, CUT_S)

    def _of(self, introducer: str) -> State:
        return {"[": self._csi, "O": self._ss3, "N": self._one_more}.get(introducer, self._string)

    def _begin_tail(self, first: str, now: float) -> None:
        self._begin("[" if first in _MARKS else first, now, spoilt=True)
        if first in _MARKS:
            self._body += first.encode()
        elif first in _LETTERED:
            self._held = first
            self._wait(self._tail, now, CUT_S)

    def _tail(self, byte: int, now: float) -> None:
        """Tell an answer's rest from a word that begins with the same letter."""
        if chr(byte).isalpha() or byte >= 0x80:  # noqa: PLR2004 - no ASCII
            self._rest()
            self._give(keys.press(self._held), self._last)
            self._ground(byte, now)
        else:
            self._wait(self._string, now, CUT_S)
            self._string(byte, now)

    def _inside(self, byte: int, now: float) -> None:
        """Take a byte that cannot stand inside of a sequence, or that ends it."""
        if byte in (_NUL, _DEL):
            return
        if byte in _C1:
            self._give(Unreadable(), now)
            self._begin_c1(byte, now, raw=True)
        elif byte >= 0x80:  # noqa: PLR2004 - no ASCII
            self._spoilt = True
        else:
            self._lost(now)
            if byte == _ESC:
                self._begin_escape(now)

    # -- what the introducers begin ------------------------------------------------------------------

    def _csi(self, byte: int, now: float) -> None:
        self._wait(self._csi, now, CUT_S)
        if not self._body and byte == ord("["):
            self._wait(self._linux, now, CUT_S)
        elif not self._body and byte == ord("M"):
            self._wait(self._mouse, now, CUT_S)
        elif 0x20 <= byte < 0x40:  # noqa: PLR2004 - parameters and intermediates
            self._parameter(byte, now)
        elif 0x40 <= byte < _DEL:  # noqa: PLR2004 - finals
            self._finish(chr(byte), now)
        else:
            self._inside(byte, now)

    def _parameter(self, byte: int, now: float) -> None:
        if self._body and self._body[-1] < 0x30 <= byte:  # noqa: PLR2004 - behind an intermediate
            self._lost(now)
            self._ground(byte, now)
        elif byte == ord("$") and not self._spoilt and (key := keys.shifted(self._text)):
            self._key(key, now)
        elif len(self._body) < _LONGEST:
            self._body.append(byte)
        else:
            self._spoilt = True

    @property
    def _text(self) -> str:
        return self._body.decode("ascii")

    def _finish(self, final: str, now: float) -> None:
        parameters, spoilt = self._text, self._spoilt
        self._rest()
        if spoilt:
            self._give(Unreadable(), now)
        if (parameters, final) == ("200", "~"):
            self._clipping = Clipping()
            self._wait(self._paste, now, PASTE_S, self._pasted)
        elif not spoilt and not is_asked_for(parameters, final):
            at = self._clicked(parameters, final) if self.pointing else None
            self._key(keys.sequence(parameters, final) if at is None else at, now)

    def _clicked(self, parameters: str, final: str) -> Token | None:
        """Read a button; one that is let go elsewhere than it was pressed is none: a line garbles both.

        Where a digit of either is lost, nothing is clicked, and nothing else either.
        """
        at, before = pointed(parameters, final), self._pressed
        self._pressed = at if isinstance(at, Pointed) and at.down else None
        if not isinstance(at, Pointed) or at.down:
            return at
        return at if before == replace(at, down=True) else None

    def _key(self, key: Token | None, now: float) -> None:
        self._rest()
        self._give(Unreadable() if key is None else key, now)

    def _linux(self, byte: int, now: float) -> None:
        if 0x20 < byte < _DEL:  # noqa: PLR2004 - visible
            name = None if self._spoilt else keys.LINUX.get(chr(byte))
            self._key(None if name is None else keys.press(name), now)
        else:
            self._inside(byte, now)

    def _mouse(self, byte: int, now: float) -> None:
        """Swallow the three bytes of a mouse report of 1984: a button, a column, a row."""
        if byte < 0x20:  # noqa: PLR2004 - each is 32 or more
            self._inside(byte, now)
            return
        self._due = now + CUT_S
        self._body.append(byte)
        if len(self._body) == _MOUSE_BYTES:
            self._lost(now)

    def _ss3(self, byte: int, now: float) -> None:
        if 0x30 <= byte < 0x40:  # noqa: PLR2004 - parameters: with Shift or Ctrl
            self._spoilt, self._due = True, now + CUT_S
        elif 0x20 <= byte < _DEL:  # noqa: PLR2004 - visible
            name = None if self._spoilt else keys.SS3.get(chr(byte))
            self._key(None if name is None else keys.press(name), now)
        else:
            self._inside(byte, now)

    def _one_more(self, byte: int, now: float) -> None:
        self._lost(now) if 0x20 <= byte < _DEL else self._inside(byte, now)  # noqa: PLR2004

    # -- strings -------------------------------------------------------------------------------------

    def _string(self, byte: int, now: float) -> None:
        """Swallow up to BEL or ST; 0x9c is one only where it is no part of a character."""
        self._wait(self._string, now, CUT_S)
        if self._continues and 0x80 <= byte < 0xC0:  # noqa: PLR2004 - continues a character
            self._continues -= 1
            return
        self._continues = _length(byte) - 1
        if byte in (_BEL, _ST) or byte in _ENDS:
            self._lost(now)
        elif byte == _ESC:
            self._wait(self._string_escape, now, CUT_S)

    def _string_escape(self, byte: int, now: float) -> None:
        """End the string at ST; at an ESC alone, too, which is all of it that some rxvt sends."""
        self._lost(now)
        if byte == ord("\\"):
            return
        if now - self._last < ESCAPE_S:
            self._begin_escape(now)
            self._escape(byte, now)
        else:
            self._expect(_TAILS, now)
            self._ground(byte, now)

    # -- pastes --------------------------------------------------------------------------------------

    def _paste(self, byte: int, now: float) -> None:
        self._due = now + PASTE_S
        if self._clipping.take(byte):
            self._rest()
            self._pasted(now)

    def _pasted(self, now: float) -> None:
        """Tell what was pasted; where its end was cut, the rest of that may still come."""
        self._give(self._clipping.pasted(), now)
        begun = self._clipping.begun_end
        if begun == bytes((_ESC,)):
            self._expect(_TAILS, now)
        elif begun and begun != END:
            self._begin("[", now, spoilt=True)
            self._body += begun[2:]


_INTRODUCERS: Final = frozenset(_C1.values())


def _length(lead: int) -> int:
    """Return of how many bytes a character is that begins with this one."""
    return 4 if lead >= 0xF0 else 3 if lead >= 0xE0 else 2 if lead >= 0xC2 else 1  # noqa: PLR2004
