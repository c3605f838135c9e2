"""What help pages, the documents, man pages and completions say beyond the parser's own words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kiosk_tui.cli.exits import Exit

PROGRAM: Final = "kiosk-tui"

GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "Take money": (
        *("run", "sale", "refund", "cancel", "preauth", "complete", "moto", "balance", "gratuity"),
        *("recover", "serve", "lanes"),
    ),
    "Look": ("watch", "journal", "receipt", "totals", "day"),
    "Set up": ("config", "doctor", "console", "alert", "completion"),
    "Test": ("simulator", "scenario", "drill"),
    "Fleet": ("ship", "fleet", "office"),
}
"""The commands in the order of the overview; `help` and `version` stand below it."""

EXIT_CODES: Final = "exit-codes"
"""The topic of `kiosk-tui help` that is no command."""

MEANINGS: Final[Mapping[Exit, str]] = {
    Exit.OK: "approved, or done",
    Exit.DECLINED: "declined, or failed; a declined payment charged nothing",
    Exit.USAGE: "the command line is wrong; nothing was sent",
    Exit.BAD_DATA: "a journal, a backup or a scenario is inconsistent",
    Exit.UNAVAILABLE: "unavailable; a payment was never sent, so nothing was charged",
    Exit.SOFTWARE: "a fault of the program; `kiosk-tui journal list` tells the rest",
    Exit.TRY_AGAIN: "try again; a payment is unknown and being cancelled: not paid",
    Exit.CONFIG: "the configuration cannot be used; `kiosk-tui config check` tells why",
    Exit.INTERRUPTED: "interrupted; `kiosk-tui journal list` tells the rest",
}
"""What each exit code means; it is told on one page."""

ANY_OTHER: Final = "Any other code: unknown, `kiosk-tui journal list` tells."

EXAMPLES: Final = """
kiosk-tui  # full screen
kiosk-tui --demo --mode lane  # no money moves
kiosk-tui sale --amount 12.55  # without a screen
kiosk-tui run --config /etc/kiosk-tui/config.toml
kiosk-tui run --demo --mode technician
kiosk-tui run --plain  # lines, for a screen reader
kiosk-tui sale --amount 12.55 --tip 1.25
kiosk-tui sale --amount 12.55 --caller-reference order-4711 --json
kiosk-tui refund --amount 5.00  # the customer presents the card
kiosk-tui refund --amount 5.00 --reference 063654530
kiosk-tui cancel --reference 063654530
kiosk-tui cancel --reference 063654530 --amount 12.55 --terminal 88091106 --source-id 1
kiosk-tui preauth --amount 150.00
kiosk-tui preauth --amount 150.00 --reason "Room 12" --json
kiosk-tui complete --amount 120.00 --reference 063654530
kiosk-tui complete --amount 120.00 --reference 063654530 --json
kiosk-tui moto --amount 30.00 --card-reference @card.txt
pass show card | kiosk-tui moto --amount 30.00 --card-reference - --json
kiosk-tui balance
kiosk-tui balance --json
kiosk-tui gratuity --amount 2.00 --reference 063654530
kiosk-tui gratuity --amount 2.00 --reference 063654530 --json
kiosk-tui recover  # 0: nothing is left, 75: something is still due
kiosk-tui recover --json
kiosk-tui serve --demo  # try it without a terminal
kiosk-tui serve --tcp 127.0.0.1:8701 --token-file /etc/kiosk-tui/api-token
kiosk-tui lanes  # systemd has opened the socket
kiosk-tui lanes --socket /run/user/1000/lanes.sock
kiosk-tui watch
kiosk-tui watch --once  # 69: nothing runs
kiosk-tui watch --json
kiosk-tui journal list --limit 10
kiosk-tui journal list --state needs_staff
kiosk-tui journal show 063654530
kiosk-tui journal show 063654530 --json
kiosk-tui journal settle 063654530 --note "Refunded by hand, anna"
kiosk-tui journal verify
kiosk-tui journal verify --checkpoint z-report-17.txt
kiosk-tui journal key
kiosk-tui journal checkpoint >/media/usb/checkpoint.txt
kiosk-tui journal export --format csv --decimal-comma
kiosk-tui journal export >journal.jsonl
kiosk-tui journal new --note "Disk replaced, ben"
kiosk-tui journal backup /media/usb/journal.db
kiosk-tui journal check-backup /media/usb/journal.db
kiosk-tui journal restore /media/usb/journal.db --note "Disk replaced, ben"
kiosk-tui journal prune --days 400
kiosk-tui journal tidy
kiosk-tui receipt 063654530
kiosk-tui receipt 063654530 --copy merchant --output slip.txt
kiosk-tui receipt 063654530 --print
kiosk-tui totals
kiosk-tui totals --date 2026-11-27
kiosk-tui totals --csv >day.csv
kiosk-tui day report  # X: changes nothing
kiosk-tui day report --csv
kiosk-tui day close  # Z: numbered, and stays
kiosk-tui day close --print
kiosk-tui day list
kiosk-tui day list --json
kiosk-tui day show 12
kiosk-tui day show 12 --csv --decimal-comma
kiosk-tui day compare 12 --total "EUR 1255.00/31"
kiosk-tui day compare --total VISA=1000.00 --total MASTERCARD=255.00
kiosk-tui day compare 12 --file turnover.csv --json
kiosk-tui config init  # asks for what it needs
kiosk-tui config init --url https://tecs.example/rest --terminal 88091105
kiosk-tui config check
kiosk-tui config show
kiosk-tui config show --json
kiosk-tui config schema >kiosk-tui.schema.json
kiosk-tui config pin
kiosk-tui doctor
kiosk-tui doctor --test-sale  # sells 0.01, and cancels it
kiosk-tui doctor --bundle support.zip
kiosk-tui doctor --ask 063654530  # what TECS says of a transaction
kiosk-tui console
kiosk-tui console --json
kiosk-tui alert
kiosk-tui alert --config /etc/kiosk-tui/config.toml
kiosk-tui simulator
kiosk-tui simulator --console  # full screen, a fault at each key
kiosk-tui simulator --port 8800 --card-s 1
kiosk-tui simulator --push http://127.0.0.1:8090/push/push
kiosk-tui scenario run --list
kiosk-tui scenario run refusals --against simulator
kiosk-tui scenario run acceptance.toml --junit report.xml
kiosk-tui drill
kiosk-tui drill --report drill.txt
kiosk-tui ship
kiosk-tui ship --once  # 75: head office could not be reached
kiosk-tui fleet enroll --url https://kiosks.office.example
kiosk-tui fleet enroll --url https://kiosks.office.example --code - --ca office.pem
kiosk-tui fleet status
kiosk-tui fleet status --json
kiosk-tui fleet leave
kiosk-tui fleet leave --json
kiosk-tui office serve --part web
kiosk-tui office serve --part ingest --office-config /etc/kiosk-tui/office.toml
kiosk-tui office demo  # twenty kiosks on the simulator
kiosk-tui office demo --folder /tmp/office --address 127.0.0.1:8090
kiosk-tui office migrate
kiosk-tui office migrate --office-config /etc/kiosk-tui/office.toml
kiosk-tui office user add anna --role command
kiosk-tui office user list
kiosk-tui office user disable ben
kiosk-tui office user password anna
kiosk-tui office enroll car-park-7 --site "Vienna, Opernring"
kiosk-tui office enroll car-park-7 --json
kiosk-tui office revoke car-park-7
kiosk-tui office revoke car-park-7 --json
kiosk-tui office list
kiosk-tui office list --json
kiosk-tui office show car-park-7
kiosk-tui office show car-park-7 063654530
kiosk-tui office due  # the oldest first
kiosk-tui office due --json
kiosk-tui office silent
kiosk-tui office silent --json
kiosk-tui office reasons
kiosk-tui office reasons --json
kiosk-tui office terminals
kiosk-tui office terminals --json
kiosk-tui office versions
kiosk-tui office versions --json
kiosk-tui office alarms
kiosk-tui office alarms --seen 12
kiosk-tui office totals
kiosk-tui office totals --date 2026-11-27 --by kiosk
kiosk-tui office days --kiosk car-park-7
kiosk-tui office days --kiosk car-park-7 --number 12 --json
kiosk-tui office reconcile
kiosk-tui office reconcile --json
kiosk-tui office import history.csv
kiosk-tui office import clearing.csv --as clearing
kiosk-tui office ask 88091105 20261127093654530
kiosk-tui office ask 88091105 20261127093654530 --json
kiosk-tui office commands list
kiosk-tui office commands ask close car-park-7 --body '{"sentence": "Back at noon"}'
kiosk-tui office commands approve 12
kiosk-tui office commands stop 12
kiosk-tui office tidy
kiosk-tui office tidy --json
kiosk-tui completion bash >~/.local/share/bash-completion/completions/kiosk-tui
kiosk-tui completion fish >~/.config/fish/completions/kiosk-tui.fish
kiosk-tui help sale
kiosk-tui help journal list
kiosk-tui help exit-codes
kiosk-tui version
"""
"""Command lines that can be typed; a test reads each with the parser."""


def examples(name: str, most: int = 3) -> list[tuple[str, str]]:
    """Return the first examples of a command, such as `kiosk-tui journal list`, and what each does."""
    split = (line.partition("  # ") for line in EXAMPLES.strip().splitlines())
    found = [(typed, told) for typed, _, told in split if f"{name} " in f"{typed} "]
    return found[:most]
