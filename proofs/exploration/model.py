"""The world around one transaction, in a few lines: line, card terminal, host, disk, process.

Owns: what may happen next. The register's part is the production lifecycle table; what stands here of
it is only what the table commands and which event each fact becomes. Messages can be lost, late,
doubled and overtake each other; the process can die at any step; the disk can refuse any write, and
keep it all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from kiosk_tui.domain.lifecycle import AWAITING_GOODS, DUE, OPEN, Command, Event, State

Table = Mapping[tuple[State, Event], tuple[State, Command]]


class Line(StrEnum):
    """The payment's own connection, as the living process has it."""

    NONE = "none"
    READY = "ready"
    WAITING = "waiting"
    LISTENING = "listening"


class Host(StrEnum):
    """Where the transaction stands at TECS."""

    NEW = "new"
    CARD = "card"
    HOST = "host"
    CHARGED = "charged"
    DECLINED = "declined"
    REVERSED = "reversed"


class Told(StrEnum):
    """What an answer on its way back says."""

    YES = "approved"
    NO = "declined"
    WHAT = "something that nobody understands"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    NOT_FOUND = "not found"


class World(NamedTuple):
    """Everything there is. `book` is on disk, `mind` is what the living process knows."""

    book: State | None = None
    mind: State | None = None
    up: bool = True
    line: Line = Line.NONE
    copies: int = 0
    """Payment requests under way to TECS."""
    answer: Told | None = None
    host: Host = Host.NEW
    abort_planned: bool = False
    abort_under_way: bool = False
    cancel_planned: bool = False
    asked_in: State | None = None
    """The state in which the cancellation that is being waited for was asked; None: none is."""
    asked_late: bool = False
    cancel_under_way: bool = False
    stray_cancel: bool = False
    """A cancellation that nobody waits for any more is still under way."""
    cancel_answer: Told | None = None
    settled: bool = False
    begun: bool = False
    doubt: bool = False
    """The disk keeps an approval that it refused, and nobody was told of."""
    false_record: bool = False
    """The process was killed while in doubt: see `ASSUMES`. Money is safe, the record is not."""
    contested: bool = False
    """TECS has refused a cancellation, or denied what it had approved: a person has to look."""
    looked_into: bool = False
    """A person has."""
    asked_for: bool = False
    """Staff have been told that the approved payment will be cancelled."""
    gave_up: bool = False
    holds_approval: bool = False
    """The register holds TECS's approval against whatever TECS says later."""
    until_goods: bool = False
    """The payment stays charged only when goods are handed over."""
    handed_over: bool = False
    """Somebody was told that this is on disk."""
    awaited: bool = False
    """The living process counts the time within which they must be handed over."""
    times: int = 0
    """How often that time began."""
    late: bool = False
    """The charge came after the settle window. The line was held, and from here on it holds."""


class Step(NamedTuple):
    """One thing that can happen. `lucky` needs no fault and nobody's will."""

    what: str
    lucky: bool
    after: World


class IllegalError(Exception):
    """The register would meet an event that its table does not have."""


_ENDED: Final = frozenset(State) - OPEN
_CHARGED: Final = AWAITING_GOODS | {State.APPROVED}
_APPROVALS: Final = frozenset(
    {
        Event.APPROVED,
        Event.APPROVED_UNTIL_GOODS,
        Event.APPROVAL_NOT_RECORDED,
        Event.LATE_APPROVAL,
    }
)
_MOST_TIMES: Final = 2
"""How often the time for goods may begin: after the approval, and after one restart."""
_FLOW: Final = frozenset({Host.CARD, Host.HOST})


class Model:
    """The rules of the world, around a lifecycle table.

    `patient` is our assumption: the settle window does not end before nothing of the payment is under
    way any more. Without it, the exploration must find money that nobody knows of.
    """

    def __init__(self, table: Table, *, patient: bool = True) -> None:
        self._table = table
        self._patient = patient

    def steps(self, w: World) -> Iterator[Step]:
        """Yield everything that can happen next. Raises `IllegalError`."""
        yield from self._network(w)
        yield from self._tecs(w)
        if w.up:
            yield from self._payment(w)
            yield from self._cancellation(w)
            yield from self._goods(w)
            yield from self._people(w)
            yield from self._disk(w)
            if not w.late:
                yield Step("the process is killed", False, _killed(w))
        else:
            yield Step("the process starts again", True, w._replace(up=True))
        under_way = w.line is Line.READY or w.copies > 0 or w.host in _FLOW
        if w.begun and not w.settled:
            if not (self._patient and under_way):
                yield Step("the settle window ends", True, w._replace(settled=True))
            elif w.line is Line.LISTENING and w.host is Host.HOST and w.copies == 0:
                late = w._replace(settled=True, late=True)
                yield Step("the settle window ends before TECS has decided", False, late)

    def over(self, w: World) -> bool:
        """Say whether nothing is under way and nothing is owed."""
        return (
            w.up
            and w.begun
            and w.book is w.mind
            and w.book in _ENDED
            and w.line is Line.NONE
            and w.copies == 0
            and w.host not in _FLOW
            and not w.stray_cancel
            and not w.cancel_under_way
            and w.asked_in is None
        )

    def wrong(self, w: World) -> str:
        """Say what is wrong with a world that is over, or nothing."""
        if w.host is Host.CHARGED and w.book not in (
            State.APPROVED,
            State.NEEDS_STAFF,
            State.SETTLED,
        ):
            return f"TECS holds the money, but the journal says {w.book}."
        if w.book is State.APPROVED and w.host is not Host.CHARGED and not w.false_record:
            return f"The journal says APPROVED, but TECS has it as {w.host.value}."
        if w.book is State.APPROVED and w.gave_up:
            return "The customer gave up, and has paid."
        if w.book is State.APPROVED and w.asked_for:
            return "Staff asked for the cancellation, and it was never made."
        if w.book is State.APPROVED and w.until_goods and not w.handed_over and not w.false_record:
            return "The customer has paid for goods that nobody handed over."
        if w.handed_over and w.book is not State.APPROVED and not w.asked_for:
            return f"The goods were handed over, and the journal says {w.book}."
        return self._untrue(w)

    def told_too_early(self, w: World) -> str:
        """Say so when somebody was told of an approval that is not on disk, at any moment."""
        if w.mind is State.APPROVED and w.book is not State.APPROVED:
            return f"APPROVED is told, but the disk says {w.book}."
        if w.times > _MOST_TIMES:
            return "The time for the goods begins a third time."
        return ""

    def _untrue(self, w: World) -> str:
        """Say which word of the journal is not true, though no money is lost."""
        true = {
            State.DECLINED: w.host is Host.DECLINED,
            State.NOT_SENT: w.host is Host.NEW,
            State.CANCELLED: w.host is Host.REVERSED,
            State.NOTHING_TO_CANCEL: w.host in (Host.NEW, Host.DECLINED),
            State.NEEDS_STAFF: w.contested,
            State.SETTLED: w.looked_into,
        }
        if w.book is None or true.get(w.book, True):
            return ""
        return f"The journal says {w.book}, but TECS has it as {w.host.value}."

    # -- line and TECS --------------------------------------------------------------------------

    def _network(self, w: World) -> Iterator[Step]:
        if w.copies:
            less = w._replace(copies=w.copies - 1)
            if w.host is Host.NEW:
                yield Step("the payment arrives", True, less._replace(host=Host.CARD))
            else:
                yield Step("the payment arrives again: a duplicate", True, less)
            yield Step("a payment request is lost", False, less)
            if w.copies == 1:
                yield Step("the payment request is doubled", False, w._replace(copies=2))
        if w.answer is not None and not w.late:
            yield Step("the answer is lost", False, w._replace(answer=None))
        if w.abort_under_way:
            less = w._replace(abort_under_way=False)
            yield Step("the abort is lost", False, less)
            if w.host is Host.CARD:
                yield Step(
                    "the abort ends the card flow",
                    True,
                    _answered(less._replace(host=Host.DECLINED), Told.NO),
                )
            else:
                yield Step("the abort finds nothing to end", True, less)

    def _tecs(self, w: World) -> Iterator[Step]:
        if w.host is Host.CARD:
            yield Step("the card is read", True, w._replace(host=Host.HOST))
            no = _answered(w._replace(host=Host.DECLINED), Told.NO)
            yield Step("the terminal ends without a card", True, no)
        if w.host is Host.HOST:
            charged = w._replace(host=Host.CHARGED)
            yield Step("TECS charges", True, _answered(charged, Told.YES))
            if not w.late:
                nonsense = _answered(charged, Told.WHAT)
                yield Step("TECS charges, answers nonsense", False, nonsense)
            no = _answered(w._replace(host=Host.DECLINED), Told.NO)
            yield Step("TECS declines", True, no)
        if w.cancel_under_way:
            for what, lucky, host, told in _cancelled(w.host, approved=w.holds_approval):
                done = w._replace(
                    host=host,
                    cancel_under_way=False,
                    cancel_answer=told,
                    contested=w.contested or _contests(w.host, told),
                )
                yield Step(f"the cancellation arrives: {what}", lucky, done)
                lost = done._replace(cancel_answer=None)
                yield Step(f"the cancellation arrives: {what}; the answer is lost", False, lost)
                doubled = done._replace(stray_cancel=True)
                yield Step(f"the cancellation arrives, doubled: {what}", False, doubled)
            lost = w._replace(cancel_under_way=False)
            yield Step("the cancellation is lost", False, lost)
        if w.stray_cancel:
            for what, lucky, host, _ in _cancelled(w.host, approved=False):
                done = w._replace(host=host, stray_cancel=False)
                yield Step(f"a stray cancellation arrives: {what}", lucky, done)

    # -- the register ---------------------------------------------------------------------------

    def _payment(self, w: World) -> Iterator[Step]:
        if not w.begun:
            begun = w._replace(begun=True, book=State.AUTHORIZING)
            known = begun._replace(mind=State.AUTHORIZING, line=Line.READY)
            yield Step("the payment is on disk", True, known)
            until_goods = known._replace(until_goods=True)
            yield Step("the payment until goods is on disk", True, until_goods)
            yield Step("the disk refuses the payment, but keeps it", False, begun)
        if w.line is Line.READY:
            sent = w._replace(line=Line.WAITING, copies=1)
            yield Step("the request leaves", True, sent)
            yield from self._held(w._replace(line=Line.NONE), Event.NOT_SENT, lucky=False)
        if w.line is Line.WAITING:
            closed = w._replace(line=Line.NONE, answer=None)
            if w.answer is not None:
                yield from self._heard(closed, w.answer)
            late = w._replace(line=Line.LISTENING)
            yield from self._held(late, Event.OUTCOME_UNKNOWN, lucky=True)
            yield from self._held(closed, Event.OUTCOME_UNKNOWN, lucky=False)
        if w.line is Line.LISTENING:
            closed = w._replace(line=Line.NONE, answer=None)
            if w.answer is Told.YES:
                yield from self._held(closed, Event.LATE_APPROVAL, lucky=True)
            elif w.copies == 0 and w.host not in _FLOW:
                yield Step("the line is given up", True, closed)
            if not w.late:
                yield Step("the line breaks", False, closed)

    def _heard(self, w: World, answer: Told) -> Iterator[Step]:
        if answer is Told.NO:
            yield from self._held(w, Event.DECLINED, lucky=True)
            return
        if answer is Told.WHAT:
            yield from self._held(w, Event.OUTCOME_UNKNOWN, lucky=True)
            return
        event = Event.APPROVED_UNTIL_GOODS if w.until_goods else Event.APPROVED
        after = None if w.mind is None else self._table.get((w.mind, event), (None,))[0]
        if after not in _CHARGED:
            yield from self._held(w, event, lucky=True)
            return
        approved = self._after(w, event)
        yield Step(f"{event} is on disk and told", True, approved._replace(book=approved.mind))
        void = self._after(w, Event.APPROVAL_NOT_RECORDED)
        yield Step("the disk refuses the approval", False, void)
        kept = void._replace(book=approved.mind, doubt=True)
        yield Step("the disk refuses the approval, but keeps it", False, kept)

    def _goods(self, w: World) -> Iterator[Step]:
        """Let goods be handed over or not, or let the time for that pass."""
        if w.mind not in AWAITING_GOODS:
            return
        handed = self._after(w, Event.GOODS_HANDED_OVER)
        told = handed._replace(book=handed.mind, handed_over=True, awaited=False, doubt=False)
        yield Step("handed over is on disk and told", False, told)
        kept = w._replace(book=handed.mind, doubt=True)
        yield Step("the disk refuses that they were handed over, but keeps it", False, kept)
        failed = Event.APPROVAL_NOT_RECORDED if w.doubt else Event.GOODS_FAILED
        yield from self._held(w._replace(awaited=False), failed, lucky=False)
        if w.awaited:  # only whoever counts the time notices the silence
            silent = Event.APPROVAL_NOT_RECORDED if w.doubt else Event.GOODS_UNCONFIRMED
            yield from self._held(w._replace(awaited=False), silent, lucky=True)

    def _cancellation(self, w: World) -> Iterator[Step]:
        if w.abort_planned:
            gone = w._replace(abort_planned=False, abort_under_way=True)
            yield Step("the abort leaves", True, gone)
        if w.cancel_planned and w.asked_in is None and w.mind in DUE:
            yield Step(
                "the cancellation leaves",
                True,
                w._replace(
                    cancel_planned=False,
                    asked_in=w.mind,
                    asked_late=w.settled,
                    cancel_under_way=True,
                ),
            )
        if w.asked_in is not None:
            yield from self._cancellation_answered(w)

    def _cancellation_answered(self, w: World) -> Iterator[Step]:
        done = w._replace(
            asked_in=None,
            asked_late=False,
            cancel_answer=None,
            cancel_under_way=False,
            stray_cancel=w.stray_cancel or w.cancel_under_way,
        )
        if w.mind is not w.asked_in:  # judged in another state: asked again
            yield Step("the cancellation is asked again", True, done._replace(cancel_planned=True))
            return
        event = {
            Told.CANCELLED: Event.CANCEL_CONFIRMED,
            Told.REFUSED: Event.CANCEL_REFUSED,
            Told.NO: Event.ORIGINAL_DECLINED,
            Told.NOT_FOUND: Event.ORIGINAL_NOT_FOUND
            if w.asked_late
            else Event.ORIGINAL_NOT_FOUND_YET,
        }.get(w.cancel_answer)  # type: ignore[arg-type]
        if event is not None:
            yield from self._held(done, event, lucky=True)
        yield from self._held(done, Event.CANCEL_UNANSWERED, lucky=True)

    def _people(self, w: World) -> Iterator[Step]:
        if w.line in (Line.READY, Line.WAITING) and w.mind is State.AUTHORIZING:
            yield from self._held(w._replace(gave_up=True), Event.GAVE_UP, lucky=False)
        if w.mind in AWAITING_GOODS:
            asked_for = w._replace(asked_for=True, awaited=False)
            event = Event.APPROVAL_NOT_RECORDED if w.doubt else Event.CANCEL_REQUESTED
            yield from self._held(asked_for, event, lucky=False)
        if w.book is w.mind is State.APPROVED:
            asked = self._after(w, Event.CANCEL_REQUESTED)
            told = asked._replace(book=asked.mind, asked_for=True, awaited=False)
            yield Step("staff ask for the cancellation", False, told)
            kept = w._replace(book=asked.mind, mind=None, awaited=False, asked_for=True)
            yield Step("the disk refuses staff's cancellation, but keeps it", False, kept)
        if w.book is w.mind is State.NEEDS_STAFF:
            settled = self._after(w, Event.SETTLED_BY_STAFF)
            yield Step(
                "staff settle it", False, settled._replace(book=settled.mind, looked_into=True)
            )

    def _disk(self, w: World) -> Iterator[Step]:
        if w.mind is None and w.book is not None:
            if w.book in OPEN:
                again = self._after(w._replace(mind=w.book, settled=False), Event.RESTARTED)
                yield Step("what is open is taken up", True, again._replace(book=again.mind))
            else:
                yield Step("what has ended is left alone", True, w._replace(mind=w.book))
        if w.mind is not None and w.book is not w.mind and w.mind not in AWAITING_GOODS:
            if w.doubt and self._table.get((State.APPROVED, Event.APPROVAL_NOT_RECORDED), (None,))[
                0
            ] is not (State.VOID_DUE):
                raise IllegalError("The disk keeps an approval, and the table does not undo it.")
            yield Step("the disk takes what it refused", True, w._replace(book=w.mind, doubt=False))

    # -- the table ------------------------------------------------------------------------------

    def _held(self, w: World, event: Event, *, lucky: bool) -> Iterator[Step]:
        """Feed an event that counts even when the disk refuses it."""
        if event is Event.LATE_APPROVAL and (w.mind, event) not in self._table:
            yield Step("a late approval is not understood", lucky, w)
            return
        after = self._after(w, event)
        written = after._replace(book=after.mind, doubt=False)
        yield Step(f"{event}: {after.mind}", lucky, written)
        if after.mind is not w.book:
            yield Step(f"{event}: {after.mind}, but the disk refuses", False, after)

    def _after(self, w: World, event: Event) -> World:
        if w.mind is None or (w.mind, event) not in self._table:
            raise IllegalError(f"{event} comes in {w.mind}, which the table does not have.")
        state, command = self._table[w.mind, event]
        planned = command in (Command.CANCEL, Command.ABORT_THEN_CANCEL, Command.CANCEL_LATER)
        aborts = command in (Command.ABORT, Command.ABORT_THEN_CANCEL)
        approves = event in _APPROVALS
        begins = command is Command.AWAIT_GOODS and state in AWAITING_GOODS
        return w._replace(
            mind=state,
            holds_approval=w.holds_approval or approves,
            cancel_planned=w.cancel_planned or planned,
            abort_planned=w.abort_planned or aborts,
            awaited=w.awaited or begins,
            times=min(_MOST_TIMES + 1, w.times + begins),
        )


def _answered(w: World, told: Told) -> World:
    """Let TECS answer, as far as there is a line to answer on."""
    open_ = w.up and w.line in (Line.WAITING, Line.LISTENING)
    return w._replace(answer=told) if open_ else w


def _killed(w: World) -> World:
    # the disk says that goods are due, and the cancellation has begun: see `ASSUMES`
    unrecorded = w.book in AWAITING_GOODS and w.mind not in AWAITING_GOODS and w.mind is not None
    return World(
        book=w.book,
        up=False,
        copies=w.copies,
        host=w.host,
        abort_under_way=w.abort_under_way,
        stray_cancel=w.stray_cancel or w.cancel_under_way,
        settled=w.settled,
        begun=w.begun,
        false_record=w.false_record or w.doubt or unrecorded,
        contested=w.contested,
        looked_into=w.looked_into,
        asked_for=w.asked_for and not (w.doubt or unrecorded),
        gave_up=w.gave_up,
        holds_approval=w.holds_approval and w.book in _CHARGED | {State.VOID_DUE},
        until_goods=w.until_goods,
        handed_over=w.handed_over,
        times=w.times,
    )


def _cancelled(host: Host, *, approved: bool) -> Iterator[tuple[str, bool, Host, Told]]:
    if host in (Host.NEW, Host.CARD, Host.HOST):
        yield "not found", True, host, Told.NOT_FOUND
    elif host is Host.CHARGED:
        yield "reversed", True, Host.REVERSED, Told.CANCELLED
        yield "refused", True, host, Told.REFUSED
        if approved:  # against an approval that the register holds, a lie can be seen through
            yield "denied (not found)", False, host, Told.NOT_FOUND
            yield "denied (declined)", False, host, Told.NO
    elif host is Host.REVERSED:
        yield "reversed already", True, host, Told.CANCELLED
    else:
        yield "was declined", True, host, Told.NO


def _contests(host: Host, told: Told) -> bool:
    return host is Host.CHARGED and told is not Told.CANCELLED
