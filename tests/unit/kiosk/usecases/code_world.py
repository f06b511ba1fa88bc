"""A kiosk without a network, for the tests of offline codes: its files, its cards, its phone."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cardreader.virtual import DEMO_CARD_KEY
from kiosk.domain.errors import PaymentUnavailable
from kiosk.domain.money import Money
from kiosk.domain.payment import PaymentView, TopupLimits
from kiosk.domain.reload_code import CodeRow, code_for
from kiosk.ports import CodeRequests, Journal
from kiosk.store.code_requests import CodeStore
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_read import verify_file
from kiosk.usecases.ask_reload_code import (
    CodeDesk,
    ask_reload_code,
    code_awaited,
)
from kiosk.usecases.redeem_code import RedeemCode
from kiosk.usecases.reload_card import Desk, ReloadCard
from tests.code_requests import CODE_KEY
from tests.plain.cards import VirtualReader
from tests.plain.faces import used_card
from tests.unit.kiosk.usecases.money_world import Moved

AMOUNT = Money(2000)


class CutGateway:
    """ports.PaymentGateway of a kiosk whose network is cut."""

    def _silent(self, *_: object, **__: object) -> PaymentView:
        raise PaymentUnavailable("the network is cut")

    create = find = retrieve = hold = capture = cancel = _silent


@dataclass
class CodeWorld:
    """One kiosk in ``folder``; ``credits``: it may credit a card offline."""

    folder: Path
    credits: bool = True
    clock: Moved = field(default_factory=Moved)
    key: bytes = CODE_KEY

    def __post_init__(self) -> None:
        self.card = used_card(self.clock.now())
        self.reader = VirtualReader()
        self.ids = itertools.count(1)
        self.desk = CodeDesk(
            kiosk="borne-01",
            card_key=DEMO_CARD_KEY,
            topups=TopupLimits(),
            new_id=lambda: f"C-{next(self.ids):012x}",
            new_nonce=lambda: bytes(8),
        )
        self.boot()

    def boot(self) -> None:
        """Start the kiosk's process on what is left of the last one."""
        self.ledger = Ledger(self.folder / "ledger.db", free=lambda _: 10**12)
        self.codes = CodeStore(self.folder / "codes.db")
        self.redeem_over(self.codes, self.ledger)
        self.watch_money(self.ledger)

    def redeem_over(self, codes: CodeRequests, journal: Journal) -> None:
        """Let codes be redeemed over a store and a journal."""
        self.redeemer = RedeemCode(
            codes=codes, journal=journal, clock=self.clock, key=self.key, credits_=self.credits
        )

    def watch_money(self, journal: Journal) -> None:
        """Let the top-ups run over a journal."""
        self.money = ReloadCard(
            journal=journal,
            gateway=CutGateway(),
            clock=self.clock,
            desk=Desk(
                provider="simulator",
                card_key=DEMO_CARD_KEY,
                limits=TopupLimits(),
                new_id=lambda: "T-000000000001",
            ),
        )

    def die(self) -> None:
        self.ledger.close()
        self.codes.close()

    def ask(self, amount: Money = AMOUNT) -> CodeRow:
        face = self.card.face
        return ask_reload_code(face, amount, codes=self.codes, clock=self.clock, desk=self.desk)

    def awaited(self) -> CodeRow | None:
        face = self.card.face
        return code_awaited(face, codes=self.codes, clock=self.clock, desk=self.desk)

    @staticmethod
    def phone(row: CodeRow) -> str:
        """Give the code that the hub shows once the request is paid."""
        return code_for(row.request, CODE_KEY)

    def wrong(self, row: CodeRow) -> str:
        return f"{(int(self.phone(row)) + 1) % 10**12:012d}"

    def lay(self) -> None:
        """Lay the card, and lift it."""
        self.money.card_laid(self.reader.lay(self.card))
        self.money.card_lifted()

    def entries(self) -> list[tuple[str, str]]:
        """Give each entry's kind and subject; the journal must be sound."""
        rows = self.ledger.read("SELECT kind, subject FROM entry ORDER BY seq")
        verdict = verify_file(self.folder / "ledger.db")
        assert verdict.sound, verdict.reason
        return [(row["kind"], row["subject"]) for row in rows]


@contextmanager
def living(folder: Path, *, credits_: bool = True) -> Iterator[CodeWorld]:
    """Give a world that is taken down at the end."""
    world = CodeWorld(folder, credits=credits_)
    try:
        yield world
    finally:
        world.die()
