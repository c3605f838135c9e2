"""What a customer is asked before the terminal: the language, the amount, the tip."""

from __future__ import annotations

from typing import Final

from kiosk_tui.domain.language import Language
from kiosk_tui.domain.money import Currency, Money, MoneyError, example_of, parse_plain
from kiosk_tui.domain.tip import TipOffer, TipPolicy, allowed, asks, highest, offers
from kiosk_tui.domain.transaction import Order
from kiosk_tui.plain.session_dialog import SessionDialog, is_back
from kiosk_tui.text.amounts import format_number, format_percent, parse_amount
from kiosk_tui.text.texts import _, language_of
from kiosk_tui.text.translations import NAMES

_BACK: Final = "9"
"""Never the number of a tip or a preset: there are fewer of them."""


async def ask_order(dialog: SessionDialog) -> Order:
    """Ask for everything that a payment needs."""
    while True:
        await _ask_language(dialog)
        while (amount := await _ask_amount(dialog)) is not None:
            tip = await _ask_tip(dialog, amount)
            if tip is not None:
                return Order.sale(
                    amount,
                    dialog.settings.place,
                    tip=tip,
                    language=Language(language_of(dialog.locale)),
                    until_goods=dialog.settings.until_goods,
                )


async def _ask_language(dialog: SessionDialog) -> None:
    """Let the customer choose, where there is a choice; each language by its own name."""
    languages = dialog.settings.languages
    if len(languages) == 1:
        return
    names = [NAMES.get(language_of(one), one) for one in languages]
    listed = ", ".join(f"{number} {name}" for number, name in enumerate(names, 1))
    while True:
        answer = await dialog.ask(_("Language: {listed}").format(listed=listed))
        chosen = _chosen(answer, len(languages))
        if chosen is not None:
            dialog.speak(languages[chosen])
            return


async def _ask_amount(dialog: SessionDialog) -> Money | None:
    """Return the price, or an amount that the customer chose, or None for the way back."""
    price, presets = dialog.settings.price, dialog.settings.presets
    if price is not None:
        return price if await _price_taken(dialog, price) else None
    if presets:
        return await _ask_preset(dialog, presets)
    return await _ask_typed(dialog)


async def _price_taken(dialog: SessionDialog, price: Money) -> bool:
    """Ask for more than Enter: one that is held down must not start a payment."""
    question = _("You pay {amount}. Type 1, then Enter, to go on.")
    answer = await dialog.ask(question.format(amount=dialog.money(price)), deliberate=True)
    return answer == "1"


async def _ask_preset(dialog: SessionDialog, presets: tuple[Money, ...]) -> Money | None:
    while True:
        dialog.say(_("How much would you like to pay?"))
        for number, preset in enumerate(presets, 1):
            dialog.say(f"{number}: {dialog.money(preset)}")
        dialog.say(": ".join(("0", _("Other amount"))))
        answer = await dialog.ask(_("Type the number of your choice, or 9 to go back."))
        if answer == _BACK or is_back(answer):
            return None
        chosen = _chosen(answer, len(presets))
        if chosen is not None and await _confirmed(dialog, presets[chosen]):
            return presets[chosen]
        if answer == "0" and (typed := await _ask_typed(dialog)) is not None:
            return typed


async def _ask_typed(dialog: SessionDialog) -> Money | None:
    """Return an amount that was read back and confirmed, or None for the way back."""
    least, most = dialog.settings.amount_min, dialog.settings.amount_max
    limits = _("from {least} to {most}").format(least=dialog.money(least), most=dialog.money(most))
    example = format_number(example_of(least.currency), dialog.locale)
    question = _("Amount in {currency}, for example {example}, then Enter:").format(
        currency=least.currency.code, example=example
    )
    while True:
        answer = await dialog.ask(question)
        if answer == "0" or is_back(answer):
            return None
        try:
            amount = read_amount(answer, least.currency, dialog.locale)
        except MoneyError:
            amount = None
        if amount is None or not least <= amount <= most:
            dialog.say(_("Please type an amount {limits}").format(limits=limits))
        elif await _confirmed(dialog, amount):
            return amount


async def _confirmed(dialog: SessionDialog, amount: Money) -> bool:
    told = _("You pay {amount}. Enter to go on, 0 to go back.").format(amount=dialog.money(amount))
    while True:
        answer = await dialog.ask(told, deliberate=True)
        if not answer:
            return True
        if answer == "0" or is_back(answer):
            return False


async def _ask_tip(dialog: SessionDialog, amount: Money) -> Money | None:
    """Return the tip, nothing in money for no tip, or None for the way back."""
    policy = dialog.settings.tip
    offered = offers(policy, amount)
    nothing = Money(0, amount.currency)
    if not asks(policy, amount):
        return nothing
    while True:
        dialog.say(_("Would you like to add a tip?"))
        for row in _choices(dialog, policy, offered):
            dialog.say(row)
        answer = await dialog.ask(_("Type the number of your choice, or 9 to go back."))
        if answer == _BACK or is_back(answer):
            return None
        if answer == "0":
            return nothing
        chosen = _chosen(answer, len(offered) + policy.custom)
        if chosen is not None and chosen < len(offered):
            return offered[chosen].tip
        if chosen is not None:
            tip = await _ask_own_tip(dialog, amount)
            if tip is not None:
                return tip


def _choices(dialog: SessionDialog, policy: TipPolicy, offered: tuple[TipOffer, ...]) -> list[str]:
    rows = []
    for number, offer in enumerate(offered, 1):
        total = _("Total {total}").format(total=dialog.money(offer.total))
        tip = dialog.money(offer.tip)
        if offer.percent is not None:
            tip = f"{format_percent(offer.percent, dialog.locale)}, {tip}"
        rows.append(f"{number}: {tip}. {total}")
    if policy.custom:
        rows.append(": ".join((str(len(offered) + 1), _("another tip"))))
    rows.append(": ".join(("0", _("No tip"))))
    return rows


async def _ask_own_tip(dialog: SessionDialog, amount: Money) -> Money | None:
    policy, currency = dialog.settings.tip, amount.currency
    most = _("The highest tip is {most}").format(most=dialog.money(highest(policy, amount)))
    asked = _("Your tip in {currency}").format(currency=currency.code)
    back = _("0 to go back.")
    while True:
        answer = await dialog.ask(f"{asked}. {most}. {back}")
        if answer == "0" or is_back(answer):
            return None
        try:
            tip = read_amount(answer, currency, dialog.locale)
        except MoneyError:
            continue
        if tip and allowed(policy, amount, tip):
            return tip


def read_amount(text: str, currency: Currency, locale: str) -> Money:
    """Read an amount as the locale writes it, else with a point or a comma. Raises `MoneyError`."""
    try:
        return parse_amount(text, currency, locale)
    except MoneyError:
        return parse_plain(text.replace(",", "."), currency)


def _chosen(answer: str, count: int) -> int | None:
    """Return which of so many was chosen, from nought, or None."""
    if answer.isascii() and answer.isdigit() and 1 <= int(answer) <= count:
        return int(answer) - 1
    return None
