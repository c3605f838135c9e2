"""What lanes, staff and watchers are told of money and words that no single payment could hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from support.fakes import EUR, PLACE, order, transaction
from support.showcase import SETTINGS
from support.virtual import START

from kiosk_tui.domain.follow_up import remaining
from kiosk_tui.domain.lane import Draft
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.money import MAX_MINOR, Money, Total
from kiosk_tui.domain.operations import Operation
from kiosk_tui.domain.outcome import Answer
from kiosk_tui.domain.transaction import Order, Transaction
from kiosk_tui.payment.policy import Exposure
from kiosk_tui.payment.readiness import beyond
from kiosk_tui.remote.link import status
from kiosk_tui.text.wording.lane import band, due
from kiosk_tui.text.wording.whereabouts import whereabouts
from kiosk_tui.ui.screens.lane.entries import row
from kiosk_tui.ui.screens.lane.views import ended, facts
from kiosk_tui.ui.screens.service.lines import lines
from kiosk_tui.ui.screens.service.story import story

EVIL = "0.00\nforged\x0bA\u2028B\x85C\x1b[2J\x9b31m\u202eD"


def _one(minor: int, state: State = State.CANCEL_DUE, **fields: str) -> Transaction:
    return transaction(order(minor), state, answer=Answer("0", fields=fields))


def test_due_cancellations_come_to_more_than_one_payment_can_be() -> None:
    many = [_one(60_000_000_000)] * 2
    assert "€1,200,000,000.00" in due(many, START, "en")
    assert status.totals(many) == {"EUR": "1200000000.00"}
    assert beyond(Exposure(count=9, minor=119_999_999_999), many)
    assert not beyond(Exposure(count=9, minor=120_000_000_000), many)


def test_a_tip_typed_at_the_terminal_counts_wherever_an_amount_is_told() -> None:
    tipped = _one(1255, State.APPROVED, ecr_data="TIP=150;")
    assert status.brief(tipped).total == "14.05"
    assert status.totals([tipped]) == {"EUR": "14.05"}
    assert beyond(Exposure(count=9, minor=1404), [tipped])
    for text in (
        row(tipped, "en", None).text,
        str(ended(tipped, SETTINGS, None, rich=False).amount),
        whereabouts(tipped, "en").details,
        lines(tipped, "en", START),
        due([tipped], START, "en"),
    ):
        assert "€14.05" in text
    assert "Tip               €1.50" in story(tipped, "en")


def test_a_conversion_is_in_the_story_of_a_payment() -> None:
    one = _one(1255, foreign_tx_amount="USD 13,57", exchange_rate="1,0812", ex_fee="3,00 %")
    told = "\n".join(story(one, "en"))
    for value in ("USD 13,57", "1,0812", "3,00 %"):
        assert value in told


def test_an_entry_that_is_too_much_so_far_can_be_shown_while_it_is_typed() -> None:
    most = Money(MAX_MINOR, EUR)
    draft = Draft(Operation.SALE_AND_TIP, most, tip=most, tipping=True)
    assert draft.charged == Total(2 * MAX_MINOR, EUR)
    assert "€1,999,999,999.98" in " ".join(facts(draft, "en"))


def test_a_completion_of_more_than_was_reserved_ends_at_what_one_payment_can_be() -> None:
    hold = replace(
        _one(MAX_MINOR, State.APPROVED),
        order=Order(Operation.PREAUTHORIZATION, Money(MAX_MINOR, EUR), PLACE),
    )
    assert remaining(Operation.COMPLETION, hold, (), 115) == Money(MAX_MINOR, EUR)


def test_no_words_of_an_old_journal_end_a_line_of_a_screen() -> None:
    fields = dict.fromkeys(("card_number", "authorization_number", "stan", "ex_fee"), EVIL)
    evil = replace(_one(1255, State.SETTLED, **fields), why=EVIL, note=EVIL)
    evil = replace(evil, order=replace(evil.order, personal_id=EVIL, reason=EVIL))
    told = band(evil, "en", None)
    once = (
        told.title,
        told.what,
        *told.facts,
        told.then,
        row(evil, "en", None).text,
        *story(evil, "en"),
    )
    assert all(text.isprintable() for text in once)
    assert len(lines(evil, "en", START + timedelta(hours=1)).splitlines()) == 2
