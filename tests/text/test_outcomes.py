"""How a customer is told that a payment ended: a row per state, reason and whether it was given up."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from support.fakes import EUR
from support.showcase import DONE, REASONS, UNTIL_GOODS

from kiosk_tui.domain.lifecycle import AWAITING_GOODS, DUE, TABLE, Event, State
from kiosk_tui.domain.money import Money
from kiosk_tui.domain.outcome import Answer
from kiosk_tui.domain.transaction import Transaction
from kiosk_tui.payment.flow import NotStarted, Refusal
from kiosk_tui.text.translations import NAMES, speak, texts_in
from kiosk_tui.text.wording.outcomes import ended_without_goods, words

NOTHING = "Nothing was charged."
HANDING_OVER = "Your goods are being handed over. Without them you pay nothing."
BANK = "Use another card, or ask your bank."
OTHER = "Please use another card."

DECLINES = {
    "funds": ("bad", "Declined", "The card's limit or balance does not allow it.", BANK, True),
    "wrong_pin": ("bad", "Declined", "The PIN was wrong.", "", True),
    "pin_tries": ("bad", "Declined", "The PIN was wrong too often.", OTHER, True),
    "expired": ("bad", "Declined", "The card has expired.", OTHER, True),
    "other_card": ("bad", "Declined", "The card was declined.", OTHER, True),
    "not_permitted": ("bad", "Declined", "The card cannot be used for this.", OTHER, True),
    "other": ("bad", "Declined", "The card was declined.", BANK, True),
    "cancelled": ("neutral", "Stopped", "The payment was cancelled.", "", True),
    "terminal": ("warn", "Not paid", "The terminal read no card.", "Please try again.", True),
    "timeout": ("warn", "Not paid", "It took too long.", "Please try again.", True),
    "busy": ("warn", "Not paid", "The terminal is busy.", "Please try again in a moment.", False),
    "host": (
        "warn",
        "Not paid",
        "The card's bank cannot be reached.",
        "Please try again later.",
        False,
    ),
}
BEING = "Any charge is being reversed, reference 140 102 345."
STATES = {
    (State.NOT_SENT, False): ("warn", "Not paid", f"The payment could not begin. {NOTHING}", False),
    (State.NOT_SENT, True): ("neutral", "Stopped", f"You stopped this payment. {NOTHING}", False),
    (State.CANCELLED, False): (
        *("neutral", "Reversed", "Your payment was reversed. Nothing to pay.", False),
    ),
    (State.CANCELLED, True): (
        *("neutral", "Reversed", "Your payment was reversed. Nothing to pay.", True),
    ),
    (State.NOTHING_TO_CANCEL, False): (
        *("neutral", "Not completed", "Nothing to pay. No charge was found.", False),
    ),
    (State.NOTHING_TO_CANCEL, True): (
        *("neutral", "Stopped", "Nothing to pay. No charge was found.", False),
    ),
    **{
        (state, given_up): ("neutral", "Please wait", HANDING_OVER, False)
        for state in sorted(AWAITING_GOODS)
        for given_up in (False, True)
    },
    **{
        (state, given_up): (
            ("neutral", "Stopped", f"You stopped this payment. {BEING}", False)
            if given_up
            else ("warn", "Not completed", f"Nothing to pay. {BEING}", False)
        )
        for state in (State.AUTHORIZING, State.GIVEN_UP, State.CANCEL_DUE, State.VOID_DUE)
        for given_up in (False, True)
    },
    **{
        (state, given_up): (
            *("warn", "Not completed", "Please contact staff and tell them this reference.", False),
        )
        for state in (State.NEEDS_STAFF, State.SETTLED)
        for given_up in (False, True)
    },
}
NOT_MOVED = {
    state for (_, event), (state, _) in TABLE.items() if event in (Event.DECLINED, Event.NOT_SENT)
}
"""States in which no money has moved: TECS declined, or no byte left. Nothing leads out of them."""


def ended(state: State, reason: str = "other", *, tip: int = 0) -> Transaction:
    answer = Answer("1", response_text="TECS SAYS", reason=reason)
    order = replace(DONE.order, tip=Money(tip, EUR) if tip else None)
    return replace(DONE, order=order, state=state, answer=answer)


def test_an_approval_says_what_was_paid_by_which_card_and_under_which_reference() -> None:
    told = words(DONE, "en", again=True)
    assert (told.ground, told.word, told.text) == ("ok", "Approved", "Thank you!")
    assert told.amount == Money(1255, EUR)
    assert told.line == ""
    assert told.dim == "Card •••• 1111  •  Approval 123456  •  Reference 140 102 345"
    assert not told.again


@pytest.mark.parametrize(
    ("locale", "line"),
    [("en", "Amount €12.55 + tip €1.26"), ("fr", "Amount 12,55 € + tip 1,26 €")],
)
def test_an_approval_with_a_tip_tells_both(locale: str, line: str) -> None:
    told = words(ended(State.APPROVED, tip=126), locale)
    assert (told.amount, told.line) == (Money(1381, EUR), line)


@pytest.mark.parametrize("card", ["", "REF12345X", "411111******", "4111 11.. .... 11"])
def test_what_is_no_card_s_last_four_digits_is_not_shown(card: str) -> None:
    fields = {"card_number": card}
    told = words(replace(DONE, answer=Answer("0", fields=fields)), "en")
    assert told.dim == "Reference 140 102 345"


@pytest.mark.parametrize("reason", REASONS)
def test_a_decline_says_why_and_what_helps(reason: str) -> None:
    ground, word, why, advice, again = DECLINES[reason]
    told = words(ended(State.DECLINED, reason, tip=126), "en", again=True)
    assert (told.ground, told.word, told.text) == (ground, word, f"{why} {NOTHING}")
    assert told.line == "not paid  •  nothing was charged"
    assert told.advice == advice
    assert told.dim == "  •  ".join(filter(None, (advice, "Reference 140 102 345")))
    assert (told.amount, told.again) == (Money(1381, EUR), again)


@pytest.mark.parametrize("reason", REASONS)
def test_whoever_stopped_reads_that_and_not_what_the_terminal_calls_it(reason: str) -> None:
    told = words(ended(State.DECLINED, reason), "en", given_up=True, again=True)
    assert (told.ground, told.word) == ("neutral", "Stopped")
    assert told.text == "You stopped this payment. Nothing was charged."
    assert told.enter == "[Enter] pay €12.55 after all"


@pytest.mark.parametrize(("state", "given_up"), STATES)
def test_each_other_state_is_told(state: State, given_up: bool) -> None:
    told = words(ended(state), "en", given_up=given_up, again=True)
    assert (told.ground, told.word, told.text, told.again) == STATES[state, given_up]


def test_every_state_has_a_row() -> None:
    assert {state for state, _ in STATES} | {State.APPROVED, State.DECLINED} == set(State)
    assert set(DECLINES) == set(REASONS)


@pytest.mark.parametrize("refusal", Refusal)
def test_what_never_began_is_told_without_an_amount_and_offers_nothing(refusal: Refusal) -> None:
    told = words(NotStarted(refusal, "TECS SAYS"), "en", again=True)
    given_up = refusal is Refusal.GIVEN_UP
    said = ("neutral", "Stopped") if given_up else ("warn", "Not paid")
    assert (told.ground, told.word) == said
    assert told.text.endswith(NOTHING)
    assert (told.amount, told.reference, told.again) == (None, "", False)
    assert told.enter == "[Enter] done"


def test_a_register_that_tecs_refuses_is_told_never_as_declined() -> None:
    refused = replace(ended(State.CANCEL_DUE), answer=Answer("", http_status=401))
    told = words(refused, "en")
    assert told.text == f"The payment service refused this register. {BEING}"
    assert told.word == "Not completed"


# -- properties ------------------------------------------------------------------------------------

EVERY = list(product(State, REASONS, (False, True)))


def test_no_money_has_moved_in_two_states_and_for_good() -> None:
    assert {State.DECLINED, State.NOT_SENT} == NOT_MOVED
    assert not NOT_MOVED & {state for state, _ in TABLE}


@pytest.mark.parametrize("language", NAMES)
def test_nothing_was_charged_is_only_said_where_no_money_can_have_moved(language: str) -> None:
    speak(language)
    texts = texts_in(language)
    told = {texts.gettext("Nothing was charged."), texts.gettext("nothing was charged")}
    for state, reason, given_up in EVERY:
        said = words(ended(state, reason), language, given_up=given_up)
        anywhere = f"{said.word} {said.text} {said.line} {said.dim}"
        assert any(one in anywhere for one in told) == (state in NOT_MOVED), (state, anywhere)
    speak("en")


def test_approved_and_declined_are_only_said_of_what_tecs_said() -> None:
    for state, reason, given_up in EVERY:
        said = words(ended(state, reason), "en", given_up=given_up)
        assert (said.word == "Approved") == (state is State.APPROVED)
        assert said.word != "Declined" or state is State.DECLINED


def test_what_is_due_shows_its_reference_large_and_says_that_it_is_being_reversed() -> None:
    for state, reason, given_up in EVERY:
        said = words(ended(state, reason), "en", given_up=given_up)
        assert said.reference == "140 102 345"
        assert said.reference_large == (said.amount is None)
        if state in DUE:
            assert said.reference_large
            assert BEING in said.text


def test_another_try_is_only_offered_where_no_charge_can_stand_nor_come() -> None:
    closed = NOT_MOVED | {State.CANCELLED}
    for state, reason, given_up in EVERY:
        one = ended(state, reason)
        offered = words(one, "en", given_up=given_up, again=True)
        assert not offered.again or state in closed
        assert (offered.enter != "[Enter] done") == offered.again
        assert not words(one, "en", given_up=given_up).again
    # what is closed stays closed, whatever comes in late
    assert {TABLE[step][0] for step in TABLE if step[0] in closed} <= closed


def test_nothing_of_tecs_s_own_words_is_shown() -> None:
    for state, reason, given_up in EVERY:
        assert "TECS SAYS" not in str(words(ended(state, reason), "en", given_up=given_up))


@pytest.mark.parametrize("given_up", [False, True])
@pytest.mark.parametrize("state", list(State))
def test_who_got_no_goods_is_told_so_unless_the_payment_was_given_up(
    state: State, given_up: bool
) -> None:
    one = replace(UNTIL_GOODS, state=state)
    without = ended_without_goods(one)
    assert without == (state in {State.VOID_DUE, State.CANCELLED, State.NEEDS_STAFF})
    told = words(one, "en", given_up=given_up, without_goods=without).text
    assert ("The goods were not handed over." in told) == (without and not given_up)
    assert not ended_without_goods(replace(one, order=DONE.order))


def test_what_was_never_begun_had_no_goods_to_hand_over() -> None:
    nothing = NotStarted(Refusal.CLOSED, "x")
    assert not ended_without_goods(nothing)
    assert words(nothing, "en", without_goods=True) == words(nothing, "en")
