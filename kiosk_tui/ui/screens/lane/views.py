"""What the panel shows of an entry in the making, of one that is under way, of how one ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kiosk_tui.domain.lane import Draft
from kiosk_tui.domain.lifecycle import State
from kiosk_tui.domain.one_line import one_line
from kiosk_tui.domain.operations import CardUse, Operation
from kiosk_tui.domain.outcome import TerminalState
from kiosk_tui.domain.progress import TerminalProgress
from kiosk_tui.domain.slip import Slip
from kiosk_tui.domain.transaction import Order, Transaction, reference_of
from kiosk_tui.payment.flow import NotStarted
from kiosk_tui.session.settings import ScreenSettings
from kiosk_tui.text.amounts import amount_text, format_amount
from kiosk_tui.text.texts import _
from kiosk_tui.text.times import format_time
from kiosk_tui.text.wording.lane import band, card, is_beyond, under_way
from kiosk_tui.text.wording.operations import kind
from kiosk_tui.text.wording.states import Mark, standing
from kiosk_tui.ui.screens.giving_up import how_to_answer, keys_of_the_question, question
from kiosk_tui.ui.screens.lane import panel
from kiosk_tui.ui.screens.lane.panel import Line, PanelView, line
from kiosk_tui.ui.shapes import signs
from kiosk_tui.ui.widgets.hints import hints

_SIGNS: Final = {
    panel.APPROVED: (signs.CHECK, Mark.GOOD),
    panel.DECLINED: (signs.CROSS, Mark.BAD),
    panel.STOPPED: (signs.BACK, Mark.NONE),
    panel.LOOK: (signs.BANG, Mark.LOOK),
}


# -- an entry in the making ------------------------------------------------------------------------


def entry(draft: Draft, settings: ScreenSettings) -> PanelView:
    """Show what is typed, and what it is for."""
    told = [line(text) for text in facts(draft, settings.locale)]
    told += [line(text, "dim") for text in _details(draft)]
    return PanelView(
        mood=panel.ENTRY,
        title=kind(draft.operation),
        heading=line(_asked(draft), "dim"),
        amount=amount_text(draft.typed, settings.locale),
        lines=told,
        typed=True,
        faint=not draft.typed and not settings.still,  # a colour costs bytes
    )


def _asked(draft: Draft) -> str:
    if draft.fixed:
        return fixed(draft.operation)
    return _("Type the amount, then Enter.")


def facts(draft: Draft, locale: str) -> list[str]:
    """Say beside the amount what it is for."""
    told = []
    if draft.original is not None:
        told.append(reference_of(draft.original.transaction_id))
    if draft.tip_base is not None:
        told.append(_("Tip on {amount}").format(amount=format_amount(draft.tip_base, locale)))
    elif draft.possible is not None:
        left = format_amount(draft.possible, locale)
        told.append(_("Still possible: {amount}").format(amount=left))
    if draft.tipping:
        told.append(_("Total {total}").format(total=format_amount(draft.charged, locale)))
    return told


def fixed(operation: Operation) -> str:
    """Say that an entry's amount cannot be typed."""
    if not operation.has_amount:
        return _("A balance has no amount: press Enter.")
    return _("It is cancelled as a whole: press Enter.")


def _details(draft: Draft) -> list[str]:
    told = []
    if draft.receipt_number:
        told.append(_("Receipt no. {number}").format(number=draft.receipt_number))
    if draft.reason:
        told.append(draft.reason)
    if draft.beyond:
        told.append(is_beyond())
    return told


# -- questions -------------------------------------------------------------------------------------


def is_question(draft: Draft) -> bool:
    """Whether this entry takes a payment back as a whole: it is asked about, and not typed."""
    return draft.whole


def cancel_question(
    draft: Draft, original: Transaction | None, settings: ScreenSettings
) -> PanelView:
    """Ask whether a payment is to be cancelled, with all that it is known by."""
    told: list[Line] = []
    if draft.original is not None:
        reference = reference_of(draft.original.transaction_id)
        name = kind(original.order.operation) if original is not None else ""
        told.append(line(f"{name} {reference}".strip()))
    if original is not None:
        at = format_time(original.created_at, settings.locale, settings.lane.zone)
        told.append(line(f"{at}  {one_line(original.order.personal_id)}".rstrip(), "dim"))
        told.append(line(card(original), "dim"))
    return PanelView(
        mood=panel.QUESTION,
        title=kind(draft.operation),
        heading=line(_("Cancel this payment?"), "title"),
        amount=amount_text(draft.amount, settings.locale),
        lines=told,
        answers=_answers("   ".join((_("[Enter] cancel it"), _("[Esc] keep it")))),
    )


def keys_of_the_cancellation() -> str:
    """Say which keys answer whether a payment is to be cancelled."""
    return "   ".join((_("[Enter] cancel the payment"), _("[Esc] keep it")))


def keys_of_the_goods() -> str:
    """Say which keys tell what became of the goods."""
    handed = " ".join(("[+]", _("handed over")))
    return "   ".join((handed, _("[Esc] stop the payment")))


def _answers(keys: str, looks: Sequence[str] = ("danger", "")) -> list[Line]:
    """Write the keys that answer, each in the colour of what it does."""
    found = hints(keys)
    wide = max(len(one.cap) for one in found)
    return [
        ((f" {one.cap.center(wide)} ", "cap"), (f" {one.does}", look))
        for one, look in zip(found, looks, strict=False)
    ]


# -- what is under way -----------------------------------------------------------------------------


def running(
    order: Order,
    settings: ScreenSettings,
    *,
    given_up: bool,
    asked: bool,
    goods_due: bool,
    progress: TerminalProgress,
    left_s: float | None,
) -> PanelView:
    """Show the amount that is being paid, what the terminal told, and how long is left."""
    state = State.GOODS_DUE if goods_due else State.AUTHORIZING
    view = PanelView(
        mood=panel.RUNNING,
        title=f"{kind(order.operation)}: {standing(state).word}",
        lean_title=kind(order.operation),  # the list says so, too
        heading=line(_waiting(order), "title"),
        amount=amount_text(order.charged, settings.locale),
        left_s=left_s,
    )
    if given_up:
        return view._replace(heading=line(_("Stopping the payment. Please wait."), "title"))
    if asked:
        return view._replace(
            mood=panel.QUESTION,
            heading=line(question(), "title"),
            answers=_answers(keys_of_the_question()),
            said=how_to_answer(),
        )
    if goods_due:
        told = line(under_way(state), "title")
        return view._replace(heading=told, answers=_answers(keys_of_the_goods(), ("ok", "danger")))
    if order.operation.rules.card is not CardUse.PRESENTED:
        return view
    return view._replace(lines=_steps(progress), sign=panel.WAVES)


def _waiting(order: Order) -> str:
    if order.operation.rules.card is not CardUse.PRESENTED:
        return _("Asking TECS. Please wait.")
    return _("Customer at terminal")


def _steps(progress: TerminalProgress) -> Sequence[Line]:
    """Write the steps that the terminal told, and no other."""
    if progress.now is TerminalState.CARD_READ:
        done, now = _("card read"), _("One moment, please")
        return [
            line(f"{Mark.GOOD.console} {done}", "ok"),
            line(f"{Mark.RUNNING.console} {now}", "accent"),
        ]
    if progress.now is TerminalState.WAITING_FOR_CARD:
        now = _("card awaited")
        return [line(f"{Mark.RUNNING.console} {now}", "accent")]
    return []


# -- how one ended ---------------------------------------------------------------------------------


def ended(
    result: Transaction, settings: ScreenSettings, slip: Slip | None, *, rich: bool
) -> PanelView:
    """Show how an entry ended or stands."""
    told = band(result, settings.locale, settings.lane.zone, slip)
    sign, mark = _SIGNS[told.mood]
    shown = mark.rich if rich else mark.console
    return PanelView(
        mood=told.mood,
        title=told.what,
        heading=line(f"{shown} {told.title}", "title"),
        amount=amount_text(result.charged, settings.locale),
        lines=[line(one) for one in told.facts],
        then=told.then,
        sign=sign,
    )


def not_started(result: NotStarted, draft: Draft, settings: ScreenSettings) -> PanelView:
    """Show that nothing was sent, and why; what was typed stands to be tried again."""
    told = band(result, settings.locale, settings.lane.zone)
    return entry(draft, settings)._replace(
        mood=panel.LOOK,
        heading=line(f"{Mark.LOOK.console} {told.title}", "warn"),
        lines=(),
        said=" ".join(filter(None, (told.what, told.then))),
    )
