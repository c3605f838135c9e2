"""A simulated signer for fiscal law, for tests and for whoever tries `[fiscal]` without a device.

`python -m kiosk_tui.simulator.signer --ledger FILE` answers one question on its input, as `[fiscal] command`;
with `--port N` it is a service on this machine, as `[fiscal] url`. Its signatures are worth nothing: each is the
SHA-256 of the one before and of its key. The same key gets the same signature.

Faults are for the file that `--faults` names: a word in it is what goes wrong from then on (`FAULTS`).
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import sys
import time
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

FAULTS: Final = {
    "slow": "answers after an hour",
    "refuses": "refuses each payment, and signs nothing",
    "dies": "ends, or hangs up, without an answer",
    "garbage": "answers with what is no JSON",
    "forgets": "signs, and dies before it answers",
}
_SLOW_S: Final = 3600.0


class DeadError(Exception):
    """It ends without an answer."""


class SimulatedSigner:
    """Signs into a ledger: a line of JSON for each signature, in the order in which they were given."""

    def __init__(self, ledger: Path, faults: Path | None = None) -> None:
        self._ledger = ledger
        self._faults = faults

    def answer(self, question: bytes) -> bytes:
        """Answer a question. Raises `DeadError`."""
        fault = self._fault()
        if fault == "slow":
            time.sleep(_SLOW_S)
        if fault == "dies":
            raise DeadError
        if fault == "garbage":
            return b"\xff{not json"
        asked = json.loads(question)
        if fault == "refuses":
            return _written({"answer": "refused", "why": "The simulated signer refuses."})
        if asked["request"] == "begin":
            return _written({"answer": "begun", "token": f"T-{asked['at']}"})
        signed = self._signed(asked)
        if fault == "forgets":
            raise DeadError
        return _written(signed)

    def _fault(self) -> str:
        try:
            return "" if self._faults is None else self._faults.read_text("ascii").strip()
        except FileNotFoundError:
            return ""

    def _signed(self, asked: dict[str, Any]) -> dict[str, Any]:
        with self._ledger.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            given = [json.loads(line) for line in file]
            for one in given:
                if one["key"] == asked["key"]:
                    return dict(one)
            before = given[-1]["code"] if given else ""
            digest = hashlib.sha256(f"{before}{asked['key']}".encode()).hexdigest()
            number = len(given) + 1
            told = {
                "answer": "signed",
                "key": asked["key"],
                "text": f"SIMULATED SIGNER\n{asked['event']} No. {number}",
                "code": f"_SIM_{number}_{asked['at']}_{asked['total']}_{digest[:32]}",
            }
            file.write(_written(told) + b"\n")
            return told


def _written(value: dict[str, Any]) -> bytes:
    return json.dumps(value).encode()


def service(signer: SimulatedSigner, port: int) -> ThreadingHTTPServer:
    """Return a service on this machine; port 0 is any that is free."""

    class _Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers.get("content-length", "0"))
            try:
                answer = signer.answer(self.rfile.read(size))
            except DeadError:
                self.close_connection = True
                return
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_told: object) -> None:
            """Log nothing."""

    return ThreadingHTTPServer(("127.0.0.1", port), _Handler)


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer one question, or serve."""
    parser = argparse.ArgumentParser("kiosk_tui.simulator.signer", description=__doc__)
    parser.add_argument("--ledger", type=Path, required=True, help="the file of given signatures")
    told = ", ".join(f"{word} ({what})" for word, what in FAULTS.items())
    parser.add_argument("--faults", type=Path, help=f"the file with what goes wrong: {told}")
    parser.add_argument("--port", type=int, help="serve on this port of this machine")
    asked = parser.parse_args(arguments)
    signer = SimulatedSigner(asked.ledger, asked.faults)
    if asked.port is not None:
        with service(signer, asked.port) as server:
            server.serve_forever()
    try:
        sys.stdout.buffer.write(signer.answer(sys.stdin.buffer.read()))
    except DeadError:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
