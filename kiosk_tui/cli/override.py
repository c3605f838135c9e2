"""`--override-limits`: who answers for an amount or a tip beyond the limits.

A person at a lane's machine may, never an unattended kiosk. Whoever `[lane] pin` and
`[lane] second_person` name has to agree, as on the lane; PINs are read from the terminal or standard
input, never from the command line, which every user of a machine can see.
"""

from __future__ import annotations

import argparse
import os

from kiosk_tui.cli.exits import CommandError, Exit
from kiosk_tui.cli.secret_input import line
from kiosk_tui.config.pin import person_fits, pin_fits
from kiosk_tui.domain.rights import Act, Approval, may_agree, rights_of, signature
from kiosk_tui.domain.transaction import Order
from kiosk_tui.session.launch import Launch


def overridden_by(arguments: argparse.Namespace, launch: Launch, order: Order) -> str:
    """Return who answers for it; empty where nobody was asked to. Raises `CommandError`."""
    if not getattr(arguments, "override_limits", False):
        return ""
    config = launch.config
    if config.kiosk.mode == "kiosk":
        raise CommandError(
            Exit.USAGE, 'Limits are never overridden at a kiosk (kiosk.mode = "kiosk").'
        )
    rights = rights_of(config.lane.pin, config.lane.second_person)
    second = ""
    for leave in rights.asked(order.operation.rules.act, Act.OVERRIDE):
        if leave is Approval.SERVICE_PIN:
            if not pin_fits(
                config.kiosk.service_pin_hash, line("Service PIN: ", "The service PIN")
            ):
                raise CommandError(Exit.USAGE, "That PIN is wrong.")
        else:
            second = _second_person(arguments, launch)
    return signature(order.personal_id, second) or f"user {os.geteuid()}"


def _second_person(arguments: argparse.Namespace, launch: Launch) -> str:
    second: str = arguments.second_person or ""
    if not arguments.personal_id or not may_agree(arguments.personal_id, second):
        raise CommandError(
            Exit.USAGE,
            "Going beyond the limits needs two people: name the cashier with --personal-id and"
            " another one with --second-person.",
        )
    if not person_fits(
        launch.config.lane.people, second, line(f"PIN of {second}: ", f"The PIN of {second}")
    ):
        raise CommandError(Exit.USAGE, "That id or PIN is wrong.")
    return second
