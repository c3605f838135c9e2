"""What terminals answer and report, as they were seen or documented: data only.

Sources: xterm's "Control Sequences" (ctlseqs), the VT220 and VT420 programmer references, PuTTY's
terminal.c, Kitty's and foot's documentation of their protocols, the issues of tmux, Windows Terminal and
Textual where such an answer stood in somebody's prompt.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ANSWERS: Final[Mapping[str, Mapping[str, bytes]]] = {
    "xterm": {
        "what it is": b"\x1b[?64;1;2;6;9;15;16;17;18;21;22;28c",
        "which version": b"\x1b[>41;354;0c",
        "its name": b"\x1bP>|XTerm(354)\x1b\\",
        "its unit": b"\x1bP!|00000000\x1b\\",
        "where the cursor is": b"\x1b[24;80R",
        "where the cursor is, with the page": b"\x1b[?24;80;1R",
        "that it works": b"\x1b[0n",
        "its background": b"\x1b]11;rgb:1414/1919/1f1f\x1b\\",
        "its foreground, ended by BEL": b"\x1b]10;rgb:ffff/ffff/ffff\x07",
        "a colour of its palette": b"\x1b]4;12;rgb:5c5c/5c5c/ffff\x1b\\",
        "its size": b"\x1b[8;24;80t",
        "its size in pixels": b"\x1b[4;480;640t",
        "where its window is": b"\x1b[3;120;45t",
        "its title": b"\x1b]lkasse 1: \xc3\x9cbersicht 100%\x1b\\",
        "the name of its icon": b"\x1b]Lxterm\x1b\\",
        "its style": b"\x1bP1$r0;1;31m\x1b\\",
        "its margins": b"\x1bP1$r1;24r\x1b\\",
        "no such setting": b"\x1bP0$r\x1b\\",
        "a string of terminfo": b"\x1bP1+r436F=323536\x1b\\",
        "a mode": b"\x1b[?2026;0$y",
        "a mode of ANSI": b"\x1b[4;2$y",
        "the clipboard": b"\x1b]52;c;MTIzNDU2Nzg5MA==\x1b\\",
        "the mouse moved (SGR)": b"\x1b[<35;12;9M",
        "the mouse pressed (SGR)": b"\x1b[<0;112;29M",
        "the mouse let go (SGR)": b"\x1b[<0;112;29m",
        "the wheel (SGR)": b"\x1b[<65;40;12M",
        "the mouse in pixels": b"\x1b[<35;1204;933M",
        "the mouse of 1984": b"\x1b[M#1!",
        "the mouse of 1984, far to the right": b"\x1b[M \xf1\x84",
        "the locator": b"\x1b[1;2;5;14;0&w",
        "a checksum": b"\x1bP1!~5A3C\x1b\\",
        "focus came": b"\x1b[I",
        "focus went": b"\x1b[O",
        "keys it reports": b"\x1b[>4;2m",
    },
    "xterm with 8-bit controls": {
        "what it is": b"\x9b?64;1;2;6;22c",
        "which version": b"\x9b>41;354;0c",
        "its name": b"\x90>|XTerm(354)\x9c",
        "its background": b"\x9d11;rgb:1414/1919/1f1f\x9c",
        "the mouse moved": b"\x9b<35;12;9M",
    },
    "PuTTY": {
        "what it is": b"\x1b[?6c",
        "which version": b"\x1b[>0;136;0c",
        "what it is, as a VT100": b"\x1b[?1;2c",
        "its size": b"\x1b[8;24;80t",
        "its size on the desktop": b"\x1b[9;50;180t",
        "its title": b"\x1b]lroot@till:~\x1b\\",
        "where the cursor is": b"\x1b[1;1R",
        "the mouse of 1984": b"\x1b[M !!",
    },
    "VT220": {
        "what it is": b"\x1b[?62;1;2;6;7;8;9c",
        "which version": b"\x1b[>1;10;0c",
        "that it works": b"\x1b[0n",
        "its printer": b"\x1b[?13n",
        "its keyboard": b"\x1b[?27;1n",
        "its user keys": b"\x1b[?20n",
        "its parameters": b"\x1b[2;1;1;120;120;1;0x",
    },
    "VT420": {
        "its unit": b"\x1bP!|A1B2C3D4\x1b\\",
        "its state": b"\x1bP1$u1;1;1;@;@;@;0;2;@;BBBB\x1b\\",
        "its tabs": b"\x1bP2$u9/17/25/33/41/49\x1b\\",
        "its keys": b"\x1b[?62;0n",
    },
    "Kitty": {
        "what it is": b"\x1b[?62;52;c",
        "which version": b"\x1b[>1;4000;35c",
        "its name": b"\x1bP>|kitty(0.35.2)\x1b\\",
        "its keyboard's flags": b"\x1b[?25u",
        "a picture taken": b"\x1b_Gi=31,s=1;OK\x1b\\",
        "a key let go": b"\x1b[49;1:3u",
        "Shift alone": b"\x1b[57441;2u",
        "a colour": b"\x1b]21;background=rgb:00/00/00\x1b\\",
        "a size told in band": b"\x1b[48;24;80;480;640t",
        "its colours changed": b"\x1b[?997;1n",
        "its clipboard's kinds": b"\x1b]5522;type=read:status=DATA;MTIz\x1b\\",
    },
    "tmux": {
        "what it is": b"\x1b[?1;2;4c",
        "which version": b"\x1b[>84;0;0c",
        "its name": b"\x1bP>|tmux 3.5a\x1b\\",
        "its foreground": b"\x1b]10;rgb:c5c5/c8c8/c6c6\x1b\\",
        "its background": b"\x1b]11;rgb:0c0c/0c0c/0c0c\x1b\\",
    },
    "screen": {
        "what it is": b"\x1b[?1;2c",
        "which version": b"\x1b[>83;50000;0c",
        "where the cursor is": b"\x1b[12;40R",
    },
    "Windows Terminal": {
        "what it is": b"\x1b[?61;6;7;14;21;22;23;24;28;32;42c",
        "which version": b"\x1b[>0;10;1c",
        "its unit": b"\x1bP!|00000000\x1b\\",
        "a key of Win32": b"\x1b[49;2;49;1;0;1_",
        "a key of Win32 let go": b"\x1b[13;28;13;0;0;1_",
        "its background": b"\x1b]11;rgb:0c0c/0c0c/0c0c\x1b\\",
        "a mode": b"\x1b[?2026;2$y",
    },
    "linux console": {
        "what it is": b"\x1b[?6c",
        "where the cursor is": b"\x1b[25;80R",
        "that it works": b"\x1b[0n",
        "its mouse": b"\x1b[M !!",
    },
    "foot": {
        "what it is": b"\x1b[?62;4;22;28;29c",
        "which version": b"\x1b[>1;12101;0c",
        "its name": b"\x1bP>|foot(1.21.0)\x1b\\",
        "its unit": b"\x1bP!|464f4f54\x1b\\",
        "its background": b"\x1b]11;rgb:2424/2424/2424\x1b\\",
        "its background with transparency": b"\x1b]11;rgba:2424/2424/2424/e5e5\x1b\\",
        "its keyboard's flags": b"\x1b[?0u",
    },
    "iTerm2": {
        "what it is": b"\x1b[?62;4;6;22c",
        "which version": b"\x1b[>64;2500;0c",
        "its name": b"\x1bP>|iTerm2 3.5.10\x1b\\",
        "its cell": b"\x1b]1337;ReportCellSize=17.0;8.0;2.0\x1b\\",
        "a variable": b"\x1b]1337;ReportVariable=MTIzNDU=\x07",
        "its background": b"\x1b]11;rgb:1616/1919/1f1f\x07",
    },
    "rxvt": {
        "what it is": b"\x1b[?1;2c",
        "which version": b"\x1b[>85;95;0c",
        "the mouse moved (urxvt)": b"\x1b[67;12;9M",
        "its background, ended by ESC alone": b"\x1b]11;rgb:0000/0000/0000\x1b",
    },
    "VTE": {
        "what it is": b"\x1b[?65;1;9c",
        "which version": b"\x1b[>65;7600;1c",
        "its name": b"\x1bP>|VTE(7600)\x1b\\",
        "its unit": b"\x1bP!|7E565445\x1b\\",
        "a notice of its shell": b"\x1b]777;notify;a;b\x1b\\",
    },
    "mintty": {
        "which version": b"\x1b[>77;30703;0c",
        "its name": b"\x1bP>|mintty 3.7.3\x1b\\",
        "an ambiguous width": b"\x1b[2W",
    },
    "serial lines": {
        "XON": b"\x11",
        "XOFF": b"\x13",
        "a break": b"\x00",
    },
}


def every() -> list[tuple[str, bytes]]:
    """Return each answer with whose it is."""
    return [
        (f"{terminal}: {what}", data)
        for terminal, answers in ANSWERS.items()
        for what, data in answers.items()
    ]
