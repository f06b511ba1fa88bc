"""The demo's tray: what its buttons do to the virtual reader and to the bank's stand-in."""

from __future__ import annotations

from collections.abc import Sequence

from cardreader.virtual.memory import ForeignThing, VirtualCard, VirtualReader
from payments.simulator.bank import SimulatedBank


class DemoTray:
    """ui.viewmodels.tray.TrayControls over virtual things."""

    def __init__(
        self,
        reader: VirtualReader,
        bank: SimulatedBank,
        things: Sequence[VirtualCard | ForeignThing],
    ) -> None:
        self._reader = reader
        self._bank = bank
        self._things = tuple(things)

    def things(self) -> Sequence[str]:
        """Give the cards' numbers; "" for what is no card."""
        return [
            thing.face.number if isinstance(thing, VirtualCard) else "" for thing in self._things
        ]

    def lay(self, place: int) -> None:
        """Lay the thing at ``place``."""
        self._reader.lay(self._things[place])

    def lift(self) -> None:
        """Lift what lies there."""
        self._reader.lift()

    def answer(self, *, pays: bool) -> None:
        """Pay, or refuse, every payment that waits."""
        tell = self._bank.confirm if pays else self._bank.decline
        for payment in self._bank.payments():
            tell(payment.view.id)

    def tear(self, *, armed: bool) -> None:
        """Arm every card: whichever is written next is torn after its commit."""
        for thing in self._things:
            if isinstance(thing, VirtualCard):
                thing.tear("after" if armed else None)
