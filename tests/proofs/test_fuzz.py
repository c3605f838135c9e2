"""The fuzzer's targets: every input of the corpus keeps the rule, and a naive parser does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from proofs.fuzz import CORPUS
from proofs.fuzz.targets import TARGETS, RuleBrokenError

INPUTS = sorted(path for path in CORPUS.rglob("*") if path.is_file())


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_every_input_of_the_corpus_keeps_the_rule(path: Path) -> None:
    TARGETS[path.parent.name].run(path.read_bytes())


def test_a_parser_that_looks_for_words_breaks_it() -> None:
    with pytest.raises(RuleBrokenError):
        TARGETS["naive"].run((CORPUS / "answers" / "no_id").read_bytes())
