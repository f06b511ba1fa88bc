"""The contract of ports.CardReader and CardSession, on pyscard, pcscd, vpcd and chips."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from cardreader.card_app import Desk, PurseCardSession
from cardreader.desfire.constants import Ins
from cardreader.layout import AID
from cardreader.reader import PcscReader
from cardreader.virtual import things
from cardreader.virtual.cards import authority
from cardreader.virtual.demo_chips import NAMES, empty_chip, used_chip
from cardreader.virtual.mischief import At, Torn
from cardreader.virtual.vpcd import Picc
from kiosk.ports import CardReader, CardSession
from tests.contracts import test_card_reader as contract
from tests.plain.cards import Tear
from tests.stand.ear import Ear
from tests.stand.pcscd import noticed_empty
from tests.stand.things import ANSWER_S, PACE, Hands

watcher = contract.watcher
globals().update({name: case for name, case in vars(contract).items() if name.startswith("test_")})


class PatientStand:
    """Hands and a reader that wait until what they do was told: the contract asks at once."""

    def __init__(self, hands: Hands) -> None:
        desk = Desk(authority=authority(), names=NAMES)
        self._hands, self._ear, self._closed = hands, Ear(), False
        self._reader = PcscReader(
            lambda transport: PurseCardSession(transport, desk),
            aid=AID,
            pace=PACE,
            answer_s=ANSWER_S,
        )
        self._reader.watch(self._ear.on_laid, self._ear.on_lifted)
        self._used, self._empty = Torn(used_chip(contract.NOW)), empty_chip(contract.NOW)

    @property
    def reader(self) -> CardReader:
        return self

    def watch(self, on_laid: Callable[[CardSession], None], on_lifted: Callable[[], None]) -> None:
        def laid(session: CardSession) -> None:
            on_laid(session)
            self._ear.on_laid(session)

        def lifted() -> None:
            on_lifted()
            self._ear.on_lifted()

        self._reader.watch(laid, lifted)

    def close(self) -> None:
        self._closed = True
        self._reader.close()

    def lay_used(self) -> None:
        self._lay(self._used)

    def lay_empty(self) -> None:
        self._lay(self._empty)

    def lay_foreign(self) -> None:
        self._lay(things.bank_card())

    def lift(self) -> None:
        self._hands.lift()
        noticed_empty()
        if not self._closed:
            self._ear.becomes(there=False)

    def tear(self, when: Tear) -> None:
        self._used.tear(At(when=when, ins=Ins.COMMIT_TRANSACTION))

    def _lay(self, thing: Picc) -> None:
        self.lift()
        self._hands.lay(thing)
        if not self._closed:
            self._ear.becomes(there=True)


@pytest.fixture
def stand(hands: Hands) -> Iterator[PatientStand]:
    stand = PatientStand(hands)
    yield stand
    stand.close()
