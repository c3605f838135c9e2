"""Controls: registers and disks with one thing wrong. The simulation must catch each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from kiosk_tui.domain.fiscal import OwedSignature, Signature, SignerUnavailable
from kiosk_tui.domain.identity import Original, TransactionId
from kiosk_tui.domain.journal_errors import JournalUnavailableError
from kiosk_tui.domain.lifecycle import AWAITING_GOODS, DUE, Command, Event, State
from kiosk_tui.domain.outcome import Answer, Declined, OutcomeUnknown, PaymentOutcome
from kiosk_tui.domain.transaction import Exchange, Order, Transaction
from kiosk_tui.journal.signatures import SignatureLog
from kiosk_tui.journal.store import Store
from kiosk_tui.journal.writer import JournalWriter
from kiosk_tui.payment.ports import Terminal
from kiosk_tui.payment.register import Register
from proofs.simulation.schedule import PATIENCE, Parts


class _GivesUpCancelling(Register):
    """One cancellation attempt has to do."""

    most = 1

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        attempt = self._recovery._attempt

        async def some(transaction_id: TransactionId) -> None:
            known = self._ledger.live(transaction_id)
            if known is not None and known.attempts >= self.most:
                self._recovery._next_at[transaction_id] = float("inf")
                return
            await attempt(transaction_id)

        self._recovery._attempt = some  # type: ignore[method-assign]


class _GivesUpInTheEnd(_GivesUpCancelling):
    """Fifty have to do: only an old world has so many."""

    most = 50


class _TakesUpAHundred(Register):
    """Of what an earlier process left, only the first hundred are taken up."""

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        all_open = self._ledger.open_ones

        async def first() -> tuple[Transaction, ...]:
            return (await all_open())[:100]

        self._ledger.open_ones = first  # type: ignore[method-assign]


class _OnlyWhatIsCertain(Store):
    """A refund or completion without an answer is taken for none."""

    def referring_to(self, original: Original) -> tuple[Transaction, ...]:
        found = super().referring_to(original)
        return tuple(one for one in found if one.state not in (State.NEEDS_STAFF, *DUE))


class _ByTheLetter(Store):
    """What names its original in another spelling is taken for another one's."""

    def referring_to(self, original: Original) -> tuple[Transaction, ...]:
        spelled = original.place.source_id
        return tuple(
            one
            for one in super().referring_to(original)
            if one.order.original is not None and one.order.original.place.source_id == spelled
        )


class _PollsTakeSpareIds(Store):
    """Status polls have the ids that recovery takes when the disk refuses."""

    def begin(  # noqa: PLR0917
        self,
        order: Order,
        amount_sent: int,
        now: datetime,
        why: str = "",
        reserve: int = 0,
        token: str | None = None,
    ) -> tuple[Transaction, Exchange]:
        begun, payment = super().begin(order, amount_sent, now, why, 0, token)
        self._reserved = begun.id, iter(self._spare[:reserve])
        return begun, payment


class _PollsCountOn(Store):
    """Status polls have ids that no commit has taken: the next ones, as long as the process lives."""

    def begin(  # noqa: PLR0917
        self,
        order: Order,
        amount_sent: int,
        now: datetime,
        why: str = "",
        reserve: int = 0,
        token: str | None = None,
    ) -> tuple[Transaction, Exchange]:
        begun, payment = super().begin(order, amount_sent, now, why, 0, token)
        self._reserved = begun.id, iter(range(self._spare.stop, self._spare.stop + reserve))
        return begun, payment


class _ForgetsRestarts(Register):
    """What a killed process left open is not taken up."""

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)

        async def nothing() -> None:
            pass

        self._watch.take_up = nothing  # type: ignore[method-assign]


class _TellsBeforeTheCommit(Register):
    """The screen hears of an approval before the disk has it."""

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        change = self._ledger.change

        async def hasty(
            transaction_id: TransactionId, event: Event, *more: Any, **named: Any
        ) -> Any:
            known = self._ledger.live(transaction_id)
            if known is not None and event is Event.APPROVED:
                self._on_change(known.after(event, self._clock.now())[0])
            return await change(transaction_id, event, *more, **named)

        self._ledger.change = hasty  # type: ignore[method-assign]


class _ShrugsAtTheDisk(Register):
    """An approval that the disk refused is told all the same."""

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        change = self._ledger.change

        async def shrug(
            transaction_id: TransactionId, event: Event, *more: Any, **named: Any
        ) -> Any:
            known = self._ledger.live(transaction_id)
            try:
                return await change(transaction_id, event, *more, **named)
            except JournalUnavailableError:
                if known is None or event is not Event.APPROVED:
                    raise
                return known.after(event, self._clock.now())

        self._ledger.change = shrug  # type: ignore[method-assign]


class _WaitsForTheSigner(Register):
    """An approval is only written, and told, once the signer was asked again."""

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        conclude = self._flow._conclude

        async def late(transaction: Transaction, *more: Any) -> Any:
            await self.signing.ask(transaction.order)
            return await conclude(transaction, *more)

        self._flow._conclude = late  # type: ignore[assignment, method-assign]


class _CancelsWhatIsNotSigned(Register):
    """A payment whose signature fails is cancelled, although it was approved and told."""

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        signing: Any = self.signing
        finish = signing._finish

        async def strict(owed: OwedSignature) -> Any:
            found = await finish(owed)
            if isinstance(found, SignerUnavailable):
                await self.cancel(owed.transaction.id, "the signer")
            return found

        signing._finish = strict


class _NewestFirst(SignatureLog):
    """What ended last is signed first."""

    async def owed_signature(self) -> OwedSignature | None:
        found = await self._writer.read(lambda connection: connection.execute(_NEWEST).fetchone())
        one = (
            None if found is None else await self._writer.transaction(TransactionId(str(found[0])))
        )
        return None if one is None else OwedSignature(one, found[1], found[2])


class _GivesUpSigning(SignatureLog):
    """What could not be signed at once is taken for signed."""

    def __init__(self, writer: JournalWriter) -> None:
        super().__init__(writer)
        self._asked = ""

    async def owed_signature(self) -> OwedSignature | None:
        found = await super().owed_signature()
        if found is not None and found.key == self._asked:
            await self.sign(found, Signature(), found.transaction.updated_at)
            return await super().owed_signature()
        self._asked = "" if found is None else found.key
        return found


_NEWEST: Final = (
    "SELECT transaction_id, number, event FROM signatures JOIN events USING (transaction_id, number)"
    " WHERE signed IS NULL ORDER BY signatures.seq DESC LIMIT 1"
)


class _TellsGoodsBeforeTheCommit(Register):
    """Answers "handed over" before the disk has it."""

    async def goods(self, transaction_id: TransactionId, **said: Any) -> Any:
        live = self._ledger.live(transaction_id)
        if said["handed_over"] and live is not None and live.state in AWAITING_GOODS:
            self._background.begin(super().goods(transaction_id, **said))  # type: ignore[arg-type]
            return live.after(Event.GOODS_HANDED_OVER, self._clock.now())[0]
        return await super().goods(transaction_id, **said)


class _TakesSilenceForGoods(Register):
    """Where nobody says anything in time, the payment stays."""

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        fail = self._goods._fail

        async def stay(transaction_id: TransactionId, event: Event, why: str) -> None:
            if event is not Event.GOODS_UNCONFIRMED:
                await fail(transaction_id, event, why)
                return
            await self._ledger.hold(transaction_id, Event.GOODS_HANDED_OVER)

        self._goods._fail = stay  # type: ignore[method-assign]


class _WaitsAnewForEver(Register):
    """Each restart gives goods their time anew, also the second."""

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        change = self._ledger.change

        async def again(
            transaction_id: TransactionId, event: Event, *more: Any, **named: Any
        ) -> Any:
            known = await self._ledger._journal.transaction(transaction_id)
            if event is Event.RESTARTED and known and known.state is State.GOODS_DUE_AGAIN:
                return known, Command.AWAIT_GOODS
            return await change(transaction_id, event, *more, **named)

        self._ledger.change = again  # type: ignore[method-assign]


class _TakesGoodsTooLate(Register):
    """Answers "handed over" although the cancellation has begun."""

    async def goods(self, transaction_id: TransactionId, **said: Any) -> Any:
        told = await super().goods(transaction_id, **said)
        live = self._ledger.live(transaction_id)
        if said["handed_over"] and live is not None and live.state in DUE:
            return replace(live, state=State.APPROVED)
        return told


class _ForgetsWhatTheDiskKept(Register):
    """Takes "handed over" that the disk refused for not recorded, whatever it kept."""

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)

        class Nothing(set[TransactionId]):
            def add(self, _one: TransactionId) -> None:
                pass

        self._goods._doubtful = Nothing()


class _LeavesWhatFailed(Register):
    """Goods that failed are waited for no longer, and nothing is cancelled."""

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        plan = self._goods._plan

        def not_now(one: Transaction, command: Command, at: float) -> None:
            if command is not Command.CANCEL:
                plan(one, command, at)

        self._goods._plan = not_now


class _Line:
    """Hands everything on to the real client."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal

    def __getattr__(self, name: str) -> Any:
        return getattr(self._terminal, name)


class _Resends(_Line):
    """A payment without an answer is sent once more."""

    async def pay(self, order: Order, exchange: Exchange) -> PaymentOutcome:
        outcome = await self._terminal.pay(order, exchange)
        if isinstance(outcome, OutcomeUnknown):
            return await self._terminal.pay(order, exchange)
        return outcome


class _CallsItDeclined(_Line):
    """No answer is taken for "no"."""

    async def pay(self, order: Order, exchange: Exchange) -> PaymentOutcome:
        outcome = await self._terminal.pay(order, exchange)
        return Declined(Answer("91")) if isinstance(outcome, OutcomeUnknown) else outcome


class _CancelsAnother(_Line):
    """The cancellation names the wrong transaction."""

    async def cancel(self, transaction: Transaction, exchange: Exchange) -> Any:
        wrong = replace(transaction, id=TransactionId(str(int(transaction.id) - 1)))
        return await self._terminal.cancel(wrong, exchange)


def _line(kind: type[_Line]) -> Callable[[Terminal], Terminal]:
    def wrap(terminal: Terminal) -> Terminal:
        found: Any = kind(terminal)
        return found  # type: ignore[no-any-return]

    return wrap


CONTROLS: Final[dict[str, Parts]] = {
    "gives up cancelling after one attempt": Parts(register=_GivesUpCancelling),
    "gives up cancelling after fifty attempts": Parts(register=_GivesUpInTheEnd),
    "takes up only the first hundred": Parts(register=_TakesUpAHundred),
    "counts only refunds that were answered": Parts(store=_OnlyWhatIsCertain),
    "takes 1 and 01 for two terminals": Parts(store=_ByTheLetter),
    "takes spare ids for status polls": Parts(store=_PollsTakeSpareIds),
    "takes ids for status polls that no commit has taken": Parts(store=_PollsCountOn),
    "does not take up what a killed process left": Parts(register=_ForgetsRestarts),
    "tells an approval before its commit": Parts(register=_TellsBeforeTheCommit),
    "tells an approval that the disk refused": Parts(register=_ShrugsAtTheDisk),
    "sends a payment again when no answer came": Parts(terminal=_line(_Resends)),
    "takes a missing answer for a decline": Parts(terminal=_line(_CallsItDeclined)),
    "cancels another transaction": Parts(terminal=_line(_CancelsAnother)),
    'believes "not found" at once': Parts(timeouts=replace(PATIENCE, settle_s=0.0)),
    "lets an approval wait for the signer": Parts(signed=True, register=_WaitsForTheSigner),
    "cancels an approval that is not signed": Parts(signed=True, register=_CancelsWhatIsNotSigned),
    "signs what ended last first": Parts(signed=True, queue=_NewestFirst),
    "takes for signed what failed": Parts(signed=True, queue=_GivesUpSigning),
    "tells that goods were handed over before the commit": Parts(
        register=_TellsGoodsBeforeTheCommit
    ),
    "takes silence for goods that were handed over": Parts(register=_TakesSilenceForGoods),
    "gives goods their time anew at each restart": Parts(register=_WaitsAnewForEver),
    "takes goods as handed over after the cancellation began": Parts(register=_TakesGoodsTooLate),
    "cancels nothing when goods failed": Parts(register=_LeavesWhatFailed),
    "forgets that the disk may have kept it": Parts(register=_ForgetsWhatTheDiskKept),
    "loses the last commit when killed": Parts(forgets=True),
}
