"""The journeys of card and money, step by step, for looking at the screens one by one.

Each step is played by the real use case over a throw-away journal, virtual cards and the bank's
stand-in; what comes out is the ``Wallet`` that the screens show then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from cardreader.virtual import DEMO_CARD_KEY
from kiosk.domain.money import Money
from kiosk.domain.payment import TopupLimits
from kiosk.domain.receipt import receipt_code
from kiosk.ports import CardSession
from kiosk.store.ledger import Ledger
from kiosk.usecases.reload_card import Desk, ReloadCard
from payments.simulator.bank import SimulatedBank
from tests.plain.cards import ForeignThing, VirtualCard, VirtualReader
from tests.plain.faces import bank_card, used_card
from tests.signers import OURS
from ui.card_desk import looked
from ui.context import Context
from ui.qr import code_of, matrix_of
from ui.views.receipt import carried, receipt_lines, receipt_of
from ui.wallet import Given, Wallet, draft_of

LIMITS = TopupLimits(proposed=(Money(1000), Money(2000), Money(5000)))
AMOUNT = Money(2000)
CODE = "AB12-CD34"


class Play:
    """One citizen's journey under way."""

    def __init__(self, context: Context, folder: Path) -> None:
        clock = context.clock
        self._context = context
        self.bank = SimulatedBank(clock=clock, environment="", new_code=lambda: CODE)
        self.card = used_card(clock.now())
        self.reader = VirtualReader()
        self.ledger = Ledger(folder / "ledger.db")
        desk = Desk(
            provider="simulator", card_key=DEMO_CARD_KEY, limits=LIMITS, new_id=lambda: "T-1042"
        )
        self.money = ReloadCard(journal=self.ledger, gateway=self.bank, clock=clock, desk=desk)
        self.wallet = Wallet(limits=LIMITS, simulated=True)

    def lay(self, thing: VirtualCard | ForeignThing | None = None) -> Play:
        """Lay a thing, the citizen's own card without one."""
        return self._look(self.reader.lay(thing or self.card))

    def lift(self) -> Play:
        """Lift what lies there."""
        self.reader.lift()
        self.wallet = self.wallet.lifted()
        return self._look(None)

    def choose(self) -> Play:
        """Choose the sum."""
        self.wallet = replace(self.wallet, draft=draft_of(AMOUNT))
        return self

    def ask(self) -> Play:
        """Ask for the payment."""
        progress = self.money.start(self.card.face, AMOUNT)
        self.wallet = replace(self.choose().wallet, progress=progress)
        return self

    def answer(self, *, pays: bool) -> Play:
        """Pay on the phone, or refuse."""
        tell = self.bank.confirm if pays else self.bank.decline
        for payment in self.bank.payments():
            tell(payment.view.id)
        self.wallet = replace(self.wallet, progress=self.money.poll())
        return self

    def _look(self, session: CardSession | None) -> Play:
        day = self._context.here_now().date()
        seen = looked(self.money, session, today=day, limits=LIMITS)
        self.wallet = replace(
            self.wallet,
            lying=session is not None,
            reading=seen.reading,
            problem=seen.problem,
            progress=seen.progress or self.wallet.progress,
            last_four=self.card.face.last_four if seen.reading else self.wallet.last_four,
        )
        return self


def _torn(play: Play) -> Play:
    play.lay().ask().card.tear("after")
    return play.answer(pays=True).lift()


STEPS: Mapping[str, Callable[[Play], Play]] = {
    "card-none": lambda play: play,
    "card": lambda play: play.lay(),
    "card-foreign": lambda play: play.lay(bank_card()),
    "topup-amount": lambda play: play.lay().choose(),
    "topup-pay": lambda play: play.lay().ask(),
    "topup-card": lambda play: play.lay().ask().lift().answer(pays=True),
    "topup-torn": _torn,
    "topup-declined": lambda play: play.lay().ask().lift().answer(pays=False),
    "receipt": lambda play: play.lay().ask().answer(pays=True).lay(),
}


def _carried(context: Context, wallet: Wallet) -> Wallet:
    """Give the receipt to the phone, signed with the tests' key."""
    assert wallet.progress is not None
    receipt = receipt_of(context, wallet.progress, kiosk="borne", copies=0)
    lines = receipt_lines(context, receipt)
    matrix = matrix_of(*carried(lines, receipt_code(receipt, OURS), ""))
    given = Given(entry=receipt.entry, copies=1, lines=lines, qr=code_of(matrix))
    return replace(wallet, receipt="qr", given_receipt=given)


# Steps that only another look at the same moment parts from one above.
VARIANTS: Mapping[str, tuple[str, Callable[[Context, Wallet], Wallet]]] = {
    "card-masked": ("card", lambda _, wallet: replace(wallet, masked=True)),
    "topup-typed": ("topup-amount", lambda _, wallet: replace(wallet, draft="12,5", pad=True)),
    "topup-counter": ("topup-pay", lambda _, wallet: replace(wallet, counter=True)),
    "receipt-qr": ("receipt", _carried),
}
NAMES = (*STEPS, *VARIANTS)


def play(name: str, context: Context) -> str:
    """Put the wallet of the step ``name`` into ``context``; gives the route that shows it."""
    step, look = VARIANTS.get(name, (name, _same))
    with TemporaryDirectory(prefix="alveole-steps-") as folder:
        played = Play(context, Path(folder))
        with played.ledger:
            wallet = STEPS[step](played).wallet
    context.wallet = wallet
    context.wallet = look(context, wallet)
    return "card" if name.startswith("card") else "topup"


def _same(_: Context, wallet: Wallet) -> Wallet:
    return wallet
