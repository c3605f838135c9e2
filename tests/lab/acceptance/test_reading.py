"""A scenario file is read whole, or refused with one sentence that says what is wrong and where."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.fakes import EUR

from kiosk_tui.domain.money import Currency, Money
from kiosk_tui.domain.operations import Operation
from kiosk_tui.lab.acceptance.models import StepTable
from kiosk_tui.lab.acceptance.reading import ScenarioError, read
from kiosk_tui.lab.acceptance.scenario import Ending, Scenario, Side
from kiosk_tui.simulator.faults import Behaviour, Fault

SALE = '[[step]]\nname = "sale1"\noperation = "sale"\namount = "12.55"\n'


def refused(text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        read(text, "shop.toml", EUR)
    said = str(caught.value)
    assert "\n" not in said
    assert said.endswith(".")
    assert len(said) < 420
    return said


def accepted(text: str, currency: Currency = EUR) -> Scenario:
    return read(text, "shop.toml", currency)


def test_a_step_is_read_whole() -> None:
    text = (
        f'title = "A shop"\n{SALE}'
        '[[step]]\nname = "back"\noperation = "referenced_refund"\nof = "sale1"\namount = 5\n'
        'expect = "declined"\ncode = "0051"\nkeep = true\nask = "Present a card."\n'
        'simulator = { decline = "51", options = { cleared = true, terminals = ["1"] } }\n'
    )
    scenario = accepted(text)
    sale, back = scenario.steps
    assert scenario.title == "A shop"
    assert (sale.operation, sale.amount, sale.expect) == (
        Operation.SALE,
        Money(1255, EUR),
        Ending.APPROVED,
    )
    assert (back.of, back.amount, back.code, back.keep) == (sale, Money(500, EUR), "51", True)
    assert back.simulated is not None
    assert back.simulated.behaviour == Behaviour(decline="51")
    assert back.simulated.options == {"cleared": True, "terminals": ("1",)}
    assert back.side is None


def test_a_step_that_only_the_simulator_can_play_takes_those_with_it_that_refer_to_it() -> None:
    text = (
        f'{SALE}simulator = {{ fault = "cut" }}\n'
        '[[step]]\noperation = "cancellation"\nof = "sale1"\n'
        '[[step]]\nname = "asked"\noperation = "sale"\namount = "1"\nask = "Press the red key."\n'
        'simulator = { customer = "cancels" }\n'
    )
    scenario = accepted(text)
    assert [one.name for one in scenario.played_on(Side.TERMINAL)] == ["asked"]
    assert len(scenario.played_on(Side.SIMULATOR)) == 3
    (lost, cancel, _) = scenario.steps
    assert lost.simulated is not None
    assert lost.simulated.behaviour.fault is Fault.CUT
    assert cancel.expect is Ending.CANCELLED


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (SALE.replace("amount", "amuont"), "line 4, step 1 'sale1': 'amuont' is not a key"),
        (SALE.replace("amount", "amuont"), "did you mean 'amount'"),
        (SALE.replace('"sale"', '"sael"'), "line 3, step 1 'sale1': operation = 'sael' is unknown"),
        (SALE.replace('"sale"', '"sael"'), "did you mean 'sale'"),
        (SALE.replace('operation = "sale"\n', ""), "'operation' is missing: there are sale, "),
        (
            SALE.replace("12.55", "12.5O"),
            "line 4, step 1 'sale1': amount: '12.5O' is not an amount",
        ),
        (SALE.replace("12.55", "-1"), "'-1' is not an amount"),
        (SALE.replace("12.55", "0"), "amount is zero"),
        (SALE.replace("12.55", "12.555"), "'12.555' has 3 decimals, but EUR has 2"),
        (SALE.replace('"12.55"', "12.55"), 'amount stands in quotes, such as amount = "12.55"'),
        (SALE.replace('amount = "12.55"\n', ""), "step 1 'sale1': a sale needs 'amount'"),
        (SALE + 'tip = "1"\n', "line 5, step 1 'sale1': a sale has no 'tip'"),
        (SALE + 'expect = "aproved"\n', "did you mean 'approved'"),
        (SALE + "code = 51\n", "a code is a response code in quotes"),
        (SALE + 'keep = "yes"\n', "line 5, step 1 'sale1': keep is true or false"),
        (SALE + "give_up_after_s = -1\n", "give_up_after_s is a number of seconds"),
        (SALE + "give_up_after_s = nan\n", "give_up_after_s is a number of seconds"),
        (SALE + "give_up_after_s = true\n", "give_up_after_s is a number of seconds"),
        (SALE + 'only = "here"\n', "only = 'here' is unknown: there are simulator, terminal"),
        (SALE + 'only = "terminal"\nsimulator = {}\n', "has nothing for the simulator"),
        (SALE + 'ask = ""\n', "ask is empty"),
        (SALE + f'ask = "{"x" * 71}"\n', "ask is a text of one line with up to 70 characters"),
        (SALE + 'simulator = { fault = "cutt" }\n', "'cutt' is not a fault: did you mean 'cut'"),
        (SALE + 'simulator = { falt = "cut" }\n', "'falt' is not a key of 'simulator'"),
        (SALE + 'simulator = "cut"\n', "simulator: it is a table"),
        (SALE + 'simulator = { decline = "no" }\n', "decline = 'no' is not a code"),
        (SALE + 'simulator = { decline = "0" }\n', "decline = '0' is not a code"),
        (SALE + 'simulator = { after_s = "soon" }\n', "simulator: after_s is a number of seconds"),
        (SALE + "simulator = { after_s = -1 }\n", "after_s is a number of seconds, from 0 on"),
        (SALE + "simulator = { times = 1.5 }\n", "simulator: times is a whole number, from 0 on"),
        (SALE + "simulator = { options = 1 }\n", "simulator: options is a table, such as"),
        (SALE + "simulator = { options = { card_s = true } }\n", "card_s has a value of the wrong"),
        (
            SALE + "simulator = { options = { token_user = 'x' } }\n",
            "'token_user' is not an option",
        ),
        (SALE + SALE, "line 6, step 2 'sale1': there is a step 'sale1' already"),
        (SALE.replace("sale1", "sale 1"), "line 2, step 1: a name has 1 to 20 letters"),
        (
            '[[step]]\noperation = "cancellation"\nof = "sale1"\n',
            "line 3, step 1: there is no step",
        ),
        (
            f'[[step]]\noperation = "cancellation"\nof = "sale1"\n{SALE}',
            "line 3, step 1: the step 'sale1' comes later",
        ),
        (
            f'{SALE}[[step]]\nname = "x"\noperation = "cancellation"\nof = "x"\n',
            "a step cannot refer to itself",
        ),
        (f'{SALE}[[step]]\noperation = "cancellation"\nof = "slae1"\n', "did you mean 'sale1'"),
        (
            f'{SALE}[[step]]\nname = "c"\noperation = "cancellation"\nof = "sale1"\n'
            '[[step]]\noperation = "cancellation"\nof = "c"\n',
            "'c' is a cancellation: nothing can refer to it",
        ),
        (
            f'{SALE}[[step]]\noperation = "cancellation"\nof = "sale1"\ncode = "0"\n',
            "a cancellation has no 'code'",
        ),
        (
            f'{SALE}[[step]]\noperation = "cancellation"\nof = "sale1"\ngive_up_after_s = 1\n',
            "nobody gives up a cancellation",
        ),
        (
            f'{SALE}[[step]]\noperation = "cancellation"\nof = "sale1"\n'
            'simulator = { decline = "5" }\n',
            "a cancellation meets a 'fault', and nothing else",
        ),
        (
            '[[step]]\noperation = "sale_and_tip"\namount = "999999999"\ntip = "999999999"\n',
            "out of range",
        ),
        ('[[step]]\noperation = "moto"\namount = "1"\n', "a moto needs 'card_reference'"),
        (
            'titel = "x"\n' + SALE,
            "line 1: 'titel' is not a key of a scenario: did you mean 'title'",
        ),
        ('title = "x"\n', "shop.toml has no step"),
        ("step = 1\n", "shop.toml has no step"),
        ("step = [1]\n", "step 1: it is not a table"),
        ("title = 1\n" + SALE, "title is a text"),
        ("[[step]\n", "shop.toml is not valid TOML: Expected ']]' at the end"),
        (SALE + "amount = 1\n", "Cannot overwrite a value (at line 5"),
        (SALE * 201, "shop.toml has 201 steps: at most 200 are played"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, words: str) -> None:
    assert words in refused(text)


ODD = ("true", "7", "-1", "1.5", "nan", '""', '"x"', "[]", "[1]", "{}", "{ a = 1 }", "1979-05-27")


@pytest.mark.parametrize("key", StepTable.model_fields)
def test_a_value_of_another_kind_is_told_in_the_model_s_own_words(key: str) -> None:
    step = {"operation": '"moto"', "amount": '"1"', "card_reference": '"REF1"'}
    for value in ODD:
        lines = (f"{name} = {what}\n" for name, what in (step | {key: value}).items())
        try:
            accepted("[[step]]\n" + "".join(lines))
        except ScenarioError as error:
            what = str(error).partition(": ")[2]
            assert key in what or "table" in what or "card number" in what, (value, what)
            assert "{value}" not in what


def test_a_card_number_is_refused_and_not_repeated() -> None:
    text = '[[step]]\noperation = "moto"\namount = "1"\ncard_reference = "4111 1111 1111 1111"\n'
    said = refused(text)
    assert "never a card number" in said
    assert "4111" not in said


def test_a_line_is_not_told_where_the_file_does_not_show_it_plainly() -> None:
    said = refused('step = [{ operation = "sael" }]\n')
    assert said.startswith("shop.toml, step 1: operation = 'sael'")


def test_amounts_are_in_the_currency_of_the_register() -> None:
    yen = Currency("JPY", 0)
    assert accepted(SALE.replace("12.55", "500"), yen).steps[0].amount == Money(500, yen)
    with pytest.raises(ScenarioError, match="JPY has 0"):
        accepted(SALE, yen)


def test_control_characters_of_a_file_stay_out_of_the_sentence() -> None:
    assert "\x1b" not in refused(SALE + '"\\u001b[31m" = 1\n')


@given(st.text(alphabet=string.printable, max_size=300) | st.text(max_size=100))
def test_no_text_makes_anything_else_than_a_scenario_or_a_sentence(text: str) -> None:
    for whole in (text, f"{SALE}{text}"):
        try:
            read(whole, "any.toml", EUR)
        except ScenarioError as error:
            assert str(error).endswith(".")  # noqa: PT017 - either way is right
