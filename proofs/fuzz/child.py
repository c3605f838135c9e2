"""The process that fuzzes: libFuzzer ends it when it has found something.

Started by its path, not as a module of its package: that would load the targets, and what they are
about, before they could be instrumented, and the fuzzer would be blind.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["kiosk_tui"]):
    from proofs.fuzz.targets import TARGETS

if __name__ == "__main__":
    target = TARGETS[sys.argv.pop(1)]
    atheris.Setup(sys.argv, target.run)
    atheris.Fuzz()
