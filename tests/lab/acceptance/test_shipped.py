"""The shipped scenarios hold what their names promise, for every currency."""

from __future__ import annotations

import inspect
import re

import pytest

from kiosk_tui.domain.money import Currency
from kiosk_tui.domain.operations import Operation
from kiosk_tui.lab.acceptance.reading import read
from kiosk_tui.lab.acceptance.scenario import Ending, Scenario, Side
from kiosk_tui.lab.acceptance.shipping import NoScenarioError, find, shipped
from kiosk_tui.simulator import host, tecs
from kiosk_tui.simulator.faults import TRIGGERS, Fault
from kiosk_tui.simulator.options import Options
from kiosk_tui.simulator.terminal import Customer
from kiosk_tui.tecs.codes import CodeTable, PaymentVerdict


def shelf(name: str, currency: Currency | None = None) -> Scenario:
    return read(*find(name), currency or Currency("EUR", 2))


@pytest.mark.parametrize("name", shipped())
@pytest.mark.parametrize("currency", [Currency("EUR", 2), Currency("JPY", 0), Currency("KWD", 3)])
def test_each_is_read_in_every_currency_and_fits_the_columns(name: str, currency: Currency) -> None:
    for step in shelf(name, currency).steps:
        assert len(step.name) <= 12
        assert len(step.asked) <= 16 or currency.exponent > 2
        assert len(step.expected) <= 13


def test_all_operations_are_all_operations_and_the_terminal_plays_most() -> None:
    scenario = shelf("all-operations")
    assert {step.operation for step in scenario.steps} == set(Operation)
    played = scenario.played_on(Side.TERMINAL)
    left_out = [step for step in scenario.steps if step not in played]
    assert {step.operation for step in left_out} == {
        Operation.MOTO,
        Operation.BALANCE,
        Operation.GRATUITY,
    }
    assert any(step.give_up_after_s for step in scenario.steps)
    assert {step.expect for step in scenario.steps} == {
        Ending.APPROVED,
        Ending.CANCELLED,
        Ending.DECLINED,
        Ending.REFUSED,
    }


def test_the_refusals_are_all_that_the_simulator_can_decline_with() -> None:
    codes = {one.decline for one, _ in TRIGGERS.values() if one.decline}
    assert {one.customer for one, _ in TRIGGERS.values()} == set(Customer)
    codes |= {Options().no_card, Options().aborted_sale}
    for module in (host, tecs):  # what its host and its front door answer by themselves
        codes |= set(re.findall(r'(?:return|else) "(\d+)"', inspect.getsource(module)))
        codes |= set(re.findall(r'_bare\(request, "(\d+)"\)', inspect.getsource(module)))
    assert {"5", "13", "9014", "9021", "9028", "9096"} <= codes
    verdicts = CodeTable()
    declines = {code for code in codes if verdicts.payment(code) is PaymentVerdict.DECLINED}
    # 8002 is an answer to aborts and status queries only
    told = {step.code for step in shelf("refusals").steps if step.expect is Ending.DECLINED}
    assert declines - {"8002"} <= told


def test_lost_answers_are_all_faults_and_only_the_simulator_has_them() -> None:
    scenario = shelf("lost-answers")
    faults = {one.simulated.behaviour.fault for one in scenario.steps if one.simulated}
    assert faults == set(Fault)
    assert not [one for one in scenario.played_on(Side.TERMINAL) if one.simulated]


def test_on_site_every_card_flow_says_what_to_do() -> None:
    scenario = shelf("on-site")
    assert scenario.played_on(Side.TERMINAL) == scenario.steps
    assert all(
        step.ask
        for step in scenario.steps
        if step.operation in (Operation.SALE, Operation.SALE_AND_TIP)
    )


def test_an_unknown_name_is_told_with_those_that_there_are() -> None:
    with pytest.raises(NoScenarioError, match="did you mean refusals"):
        find("refusal")
    with pytest.raises(NoScenarioError, match=r"/nowhere/x\.toml cannot be read: No such file"):
        find("/nowhere/x.toml")
