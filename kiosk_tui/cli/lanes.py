"""`kiosk-tui lanes`: the parent that lanes over SSH are forked from (`kiosk_tui.lanes`)."""

from __future__ import annotations

import argparse
import os
import socket

from kiosk_tui.cli.afterwards import give_back_at_the_end
from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.cli.main import main
from kiosk_tui.lanes import child, preload
from kiosk_tui.lanes.parent import forked
from kiosk_tui.remote.sockets.passed import passed
from kiosk_tui.remote.sockets.places import SocketError, listening
from kiosk_tui.session.signals import begin_anew_by
from kiosk_tui.start import early


def run(arguments: argparse.Namespace) -> int:
    """Fork lanes until somebody says stop; in a lane, return its exit code."""
    if os.geteuid() == 0:
        raise CommandError(
            Exit.UNAVAILABLE,
            "Lanes are never root's: start this as the user whose lanes it forks (kiosk-lane).",
        )
    listener = _listener(arguments)
    preload.load()
    connection = forked(listener)
    return Exit.TRY_AGAIN if connection is None else _lane(connection)


def _lane(connection: socket.socket) -> int:
    try:
        lane = child.begun(connection)
    except child.NoLaneError as none:
        return none.code
    begin_anew_by(lane.again)
    give_back_at_the_end(early.give_back)
    try:
        code = main(lane.arguments)
    finally:
        early.give_back()
    lane.ended(code)
    return code


def _listener(arguments: argparse.Namespace) -> socket.socket:
    try:
        found = [made for _, made in passed(os.environ, os.getpid())]
        if found:
            return found[0]
        if arguments.socket is not None:
            return listening(arguments.socket)
    except SocketError as error:
        raise CommandError(Exit.UNAVAILABLE, str(error)) from error
    raise CommandError(Exit.USAGE, "systemd has passed no socket: name one with --socket PATH.")
