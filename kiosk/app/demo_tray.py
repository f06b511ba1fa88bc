"""The demo's tray: what its buttons do to the chips, the reader and the bank's stand-in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cardreader.desfire.constants import Ins
from cardreader.virtual.chip.card import VirtualDesfire
from cardreader.virtual.chip.memory import Memory
from cardreader.virtual.demo_chips import EMPTY_NUMBER, USED_NUMBER, empty_chip, used_chip
from cardreader.virtual.mischief import At, Torn
from cardreader.virtual.things import bank_card, library_badge, phone, second_badge, staff_badge
from cardreader.virtual.tray import TrayReader
from cardreader.virtual.vpcd import Picc
from kiosk.app.demo_papers import LABELS, DemoPapers
from kiosk.app.demo_phone import pay_by_phone
from kiosk.devices.scanner_simulator import ScannerStandIn
from kiosk.domain.errors import PaymentUnavailable
from payments.simulator.bank import SimulatedBank
from ui.words import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class TrayThing:
    """One thing of the tray: ``number`` is a card's own, ``label`` what anything else is."""

    chip: Picc
    number: str = ""
    label: str = ""


def demo_things(now: datetime) -> tuple[TrayThing, ...]:
    """Give the set of the demonstration, in the order of the tray."""
    return (
        TrayThing(chip=used_chip(now), number=USED_NUMBER),
        TrayThing(chip=empty_chip(now), number=EMPTY_NUMBER),
        TrayThing(chip=bank_card(), label=N_("Carte bancaire")),
        TrayThing(chip=phone(), label=N_("Téléphone")),
        TrayThing(chip=staff_badge(), label=N_("Badge d’agent")),
        TrayThing(chip=VirtualDesfire(Memory(uid=BLANK_UID)), label=N_("Carte vierge")),
        TrayThing(chip=library_badge(), label=N_("Badge de médiathèque")),
        TrayThing(chip=second_badge(), label=N_("Badge du second agent")),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TrayGate:
    """What the tray has at a gate: papers, and the stand-in of the scanner that reads them."""

    scanner: ScannerStandIn
    papers: DemoPapers


BLANK_UID = bytes.fromhex("04D3E1CA4DB1A0")


class DemoTray:
    """ui.viewmodels.tray.TrayControls over virtual chips."""

    def __init__(
        self,
        reader: TrayReader,
        bank: SimulatedBank,
        things: Sequence[TrayThing],
        gate: TrayGate | None = None,
    ) -> None:
        """``gate`` has the scanner and its papers, None on a device without a scanner."""
        self._reader = reader
        self._bank = bank
        self._gate = gate
        self._things = [(thing, Torn(thing.chip)) for thing in things]

    def things(self) -> Sequence[tuple[str, str]]:
        """Give each thing's card number ("" for what is no card) and label."""
        papers = LABELS if self._gate is not None else ()
        things = [(thing.number, thing.label) for thing, _ in self._things]
        return [*things, *(("", label) for label in papers)]

    def lay(self, place: int) -> bool:
        """Lay the thing at ``place``, or show the paper that stands there to the scanner."""
        paper = place - len(self._things)
        if paper < 0:
            self._reader.lay(self._things[place][1])
        elif self._gate is not None:
            self._gate.scanner.show(self._gate.papers.code(paper))
        return paper < 0

    def lift(self) -> None:
        """Lift what lies there."""
        self._reader.lift()

    def answer(self, *, pays: bool) -> None:
        """Pay, or refuse, every payment that waits."""
        tell = self._bank.confirm if pays else self._bank.decline
        for payment in self._bank.payments():
            tell(payment.view.id)

    def cut(self, *, cut: bool) -> None:
        """Cut the network between kiosk and hub, or mend it."""
        self._bank.cut = cut

    def phone(self, url: str) -> str:
        """Pay what an offline kiosk asks for; gives the code, "" when it didn't go through."""
        try:
            return pay_by_phone(url)
        except PaymentUnavailable:
            return ""

    def tear(self, *, armed: bool) -> None:
        """Arm every card: whichever is written next is torn after its commit."""
        for _, chip in self._things:
            chip.tear(At(when="after", ins=Ins.COMMIT_TRANSACTION) if armed else None)
