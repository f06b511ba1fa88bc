"""Any order of commands against a model of a few lines, and any bytes against nothing at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from cardreader.apdu import wrap
from cardreader.desfire.constants import Ins
from cardreader.virtual.chip.card import VirtualDesfire
from cardreader.virtual.chip.commands import COMMANDS
from cardreader.virtual.mischief import At, Torn
from kiosk.domain.errors import CardPulled, CardTampered
from tests.unit.cardreader.virtual.chips import (
    AID,
    BACKUP,
    HANDSHAKES,
    PROOF,
    RECORDS,
    VALUE,
    Bench,
    application,
    chip,
    mac_file,
)

SMALL = st.integers(1, 9000)
CEILING = 15_000


@dataclass(frozen=True, slots=True)
class Model:
    """What the files hold; ``debited`` is what the next commit makes refundable."""

    value: int = 1000
    refundable: int = 0
    debited: int = 0
    backup: bytes = bytes(4)
    records: tuple[bytes, ...] = ()

    def settled(self) -> Model:
        """Give the state that a commit leaves."""
        if not self.debited:
            return self
        return replace(self, refundable=self.debited, debited=0)


class Card(RuleBasedStateMachine):
    """One EV2 session after another; what waits is None or the state that a commit would leave."""

    def __init__(self) -> None:
        super().__init__()
        app = application()
        self.torn = Torn(chip(replace(app, files={**app.files, PROOF: mac_file()})))
        self.bench = Bench(self.torn)
        self.committed = Model()
        self.waiting: Model | None = None
        self.tap()

    @property
    def begun(self) -> Model:
        return self.waiting or self.committed

    @rule()
    def tap(self) -> None:
        self.bench.lay()
        self.bench.enter(3)
        self.waiting = None

    @rule(cents=SMALL)
    def debit(self, cents: int) -> None:
        begun = self.begun
        if cents > begun.value:
            self._refused(lambda: self.bench.card.debit(VALUE, cents))
            return
        self.bench.card.debit(VALUE, cents)
        self.waiting = replace(begun, value=begun.value - cents, debited=begun.debited + cents)

    @rule(cents=SMALL)
    def credit(self, cents: int) -> None:
        begun = self.begun
        if cents > CEILING - begun.value:
            self._refused(lambda: self.bench.card.credit(VALUE, cents))
            return
        self.bench.card.credit(VALUE, cents)
        self.waiting = replace(begun, value=begun.value + cents)

    @rule(cents=SMALL)
    def refund(self, cents: int) -> None:
        begun = self.begun
        if cents > min(begun.refundable, CEILING - begun.value):
            self._refused(lambda: self.bench.card.limited_credit(VALUE, cents))
            return
        self.bench.card.limited_credit(VALUE, cents)
        self.waiting = replace(begun, value=begun.value + cents, refundable=0)

    @rule(data=st.binary(min_size=4, max_size=4))
    def write(self, data: bytes) -> None:
        self.bench.card.write_data(BACKUP, data)
        self.waiting = replace(self.begun, backup=data)

    @rule(data=st.binary(min_size=8, max_size=8))
    def record(self, data: bytes) -> None:
        self.bench.card.write_record(RECORDS, data)
        self.waiting = replace(self.begun, records=(*self.committed.records, data)[-3:])

    @rule()
    def commit(self) -> None:
        if self.waiting is None:
            self._refused(self.bench.card.commit_silently)
            return
        self.bench.card.commit_silently()
        self._settle()

    @rule(when=st.sampled_from(["before", "after"]))
    def tear_the_commit(self, when: Literal["before", "after"]) -> None:
        self.torn.tear(At(when=when, ins=Ins.COMMIT_TRANSACTION))
        with pytest.raises(CardPulled):
            self.bench.card.commit_silently()
        if when == "after":
            self._settle()
        self.tap()

    @rule()
    def abort(self) -> None:
        self.bench.card.abort()
        self.waiting = None

    @rule()
    def fail(self) -> None:
        self._refused(lambda: self.bench.card.value(0x1E))

    @invariant()
    def what_is_read_is_what_is_committed(self) -> None:
        card = self.bench.card
        assert card.value(VALUE) == self.committed.value
        assert card.read_data(BACKUP, 4) == self.committed.backup
        if self.committed.records:
            found = card.read_records(RECORDS, 8, count=0, records_max=3)
            assert tuple(found) == self.committed.records

    def _settle(self) -> None:
        self.committed, self.waiting = self.begun.settled(), None

    def _refused(self, step: Callable[[], object]) -> None:
        """A refusal ends the session and gives the transaction up."""
        with pytest.raises(CardTampered):
            step()
        self.tap()


Card.TestCase.settings = settings(max_examples=25, stateful_step_count=20)
TestCard = Card.TestCase


@dataclass
class Fed:
    """A bench in one of the states from which bytes may come."""

    bench: Bench[VirtualDesfire] = field(default_factory=lambda: Bench(chip()))

    def begin(self, state: str) -> None:
        if state in HANDSHAKES:
            self.bench = Bench(chip(), state)
            self.bench.enter(3)
        elif state == "selected":
            self.bench.enter(None)
        elif state == "shaking":
            self.bench.raw(Ins.AUTHENTICATE_AES, b"\0")
        elif state == "answering":
            self.bench.raw(Ins.GET_VERSION)


STATES = ["fresh", "selected", "shaking", "answering", *HANDSHAKES]
BODIES = st.binary(max_size=80)
INSTRUCTIONS = st.one_of(
    st.sampled_from([*COMMANDS, 0xAF, 0xAA, 0x71, 0x77, 0x5A]), st.integers(0, 255)
)
FRAMES = st.one_of(
    st.binary(max_size=300),
    st.builds(wrap, INSTRUCTIONS, BODIES),
    st.builds(lambda ins, file, body: wrap(ins, bytes((file,)) + body), INSTRUCTIONS,
              st.sampled_from([0, 1, 2, 5, 7, 8]), BODIES),
)  # fmt: skip


@given(state=st.sampled_from(STATES), apdus=st.lists(FRAMES, max_size=6))
def test_any_bytes_get_two_status_bytes_and_raise_nothing(state: str, apdus: list[bytes]) -> None:
    fed = Fed()
    fed.begin(state)
    for apdu in apdus:
        assert len(fed.bench.chip.answer(apdu)) >= 2


@given(state=st.sampled_from(sorted(HANDSHAKES)), apdus=st.lists(FRAMES, max_size=6))
def test_no_forged_command_changes_a_value_or_a_key(state: str, apdus: list[bytes]) -> None:
    fed = Fed()
    fed.begin(state)
    before = fed.bench.chip.memory.applications[AID]
    for apdu in apdus:
        fed.bench.chip.answer(apdu)
    after = fed.bench.chip.memory.applications.get(AID)
    assert after is not None
    assert after.keys == before.keys
    assert after.files[VALUE] == before.files[VALUE]
