"""The secure module: its ceiling falls with credits and rises with the hub's refills only."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from cardreader.authority import HolderAuthority
from cardreader.card_app import Desk, PurseCardSession
from cardreader.desfire.constants import CommMode, Ins
from cardreader.desfire.messaging import Command, SecureSession
from cardreader.issue import MoveKeys
from cardreader.keys import KeyChange
from cardreader.layout import Key
from cardreader.opened import OpenCard, Tap
from cardreader.sam import ENTRY_CENTS, Sam, SamIns, SamStatus, refill_message
from cardreader.virtual.mischief import At
from cardreader.virtual.sam import CEILING_MAX, Ceiling, VirtualSam
from kiosk.domain.errors import (
    AlveoleError,
    CardPulled,
    CardTampered,
    CreditSpent,
    KeyAbsent,
    ReaderAbsent,
)
from tests.unit.cardreader.cards import (
    NAMES,
    UID,
    CardStand,
    debit,
    entry,
    issued,
    keep,
    key_set,
    load,
)

MODULE = b"ALVSAM01"
HUB = Ed25519PrivateKey.from_private_bytes(bytes(32))


def module(left_cents: int = 0, refills: int = 0) -> VirtualSam:
    ceiling = Ceiling(left_cents=left_cents, refills=refills)
    return VirtualSam(MODULE, key_set(), HUB.public_key(), ceiling=ceiling)


def signed(cents: int, number: int, *, of: bytes = MODULE) -> bytes:
    return HUB.sign(refill_message(of, cents, number))


def session(stand: CardStand, sam: VirtualSam) -> PurseCardSession:
    desk = Desk(authority=HolderAuthority(Sam(sam)), names=NAMES)
    return PurseCardSession(stand.lay(), desk)


@pytest.fixture
def stand() -> CardStand:
    return issued(cents=1500, entries=7)


def test_a_credit_lowers_the_ceiling(stand: CardStand) -> None:
    sam = module(5000)
    assert session(stand, sam).write_load(load(1)).balance.cents == 3500
    assert sam.ceiling.left_cents == 3000


def test_a_debit_leaves_the_ceiling_alone(stand: CardStand) -> None:
    sam = module(5000)
    session(stand, sam).spend(debit(0), keep)
    assert sam.ceiling.left_cents == 5000


def test_a_credit_over_the_ceiling_is_refused_whole(stand: CardStand) -> None:
    sam = module(1999)
    with pytest.raises(CreditSpent):
        session(stand, sam).write_load(load(1))
    assert sam.ceiling.left_cents == 1999
    assert stand.session().read().balance.cents == 1500


def test_entries_count_against_the_ceiling(stand: CardStand) -> None:
    sam = module(ENTRY_CENTS)
    session(stand, sam).spend(entry(0, +1), keep)
    assert sam.ceiling.left_cents == 0
    with pytest.raises(CreditSpent):
        session(stand, sam).spend(entry(1, +1), keep)


def test_a_torn_credit_costs_the_ceiling_all_the_same(stand: CardStand) -> None:
    sam = module(2000)
    laid = session(stand, sam)
    stand.torn.tear(At(when="before", ins=Ins.COMMIT_TRANSACTION))
    with pytest.raises(CardPulled):
        laid.write_load(load(1))
    assert sam.ceiling.left_cents == 0


def test_a_refill_of_the_hub_raises_the_ceiling() -> None:
    status = Sam(module(500, refills=3)).refill(2000, 4, signed(2000, 4))
    assert status == SamStatus(version=1, left_cents=2500, refills=4, module=MODULE)


@pytest.mark.parametrize(
    ("cents", "number", "signature"),
    [
        (2000, 3, signed(2000, 3)),
        (2000, 5, signed(2000, 5)),
        (9000, 4, signed(2000, 4)),
        (2000, 4, signed(2000, 4, of=b"ALVSAM02")),
        (2000, 4, bytes(64)),
        (CEILING_MAX, 4, signed(CEILING_MAX, 4)),
    ],
)
def test_no_other_refill_raises_it(cents: int, number: int, signature: bytes) -> None:
    sam = module(500, refills=3)
    with pytest.raises(KeyAbsent):
        Sam(sam).refill(cents, number, signature)
    assert sam.ceiling == Ceiling(left_cents=500, refills=3)


def test_a_refill_is_good_only_once() -> None:
    driver = Sam(module())
    driver.refill(2000, 1, signed(2000, 1))
    with pytest.raises(KeyAbsent):
        driver.refill(2000, 1, signed(2000, 1))


def test_a_module_changes_no_keys_and_issues_no_cards(stand: CardStand) -> None:
    driver = Sam(module(5000))
    with pytest.raises(KeyAbsent):
        HolderAuthority(driver).run(stand.transport, MoveKeys())
    handshake = driver.handshake(Key.DEBIT, UID, 1, None)
    with pytest.raises(CardTampered):
        handshake.answer(b"short")
    change = KeyChange(uid=UID, key=Key.DEBIT, from_version=1, to_version=2)
    opened = _opened(driver, stand)
    with pytest.raises(KeyAbsent):
        driver.wrap_key_change(opened, change)
    with pytest.raises(KeyAbsent):
        driver.wrap_proof_file(opened, UID)


def _opened(driver: Sam, stand: CardStand) -> SecureSession:
    card = OpenCard(stand.lay(), driver, Tap(bound=None, versions={}, durable=keep))
    session = card.use(Key.DEBIT).session
    assert session is not None
    return session


@pytest.mark.parametrize("mode", [CommMode.PLAIN, CommMode.FULL])
def test_a_module_wraps_no_key_change_and_nothing_plain(stand: CardStand, mode: CommMode) -> None:
    opened = _opened(Sam(module(5000)), stand)
    with pytest.raises(KeyAbsent):
        opened.wrap(Command(ins=Ins.CHANGE_KEY, header=b"\x02", data=bytes(17), mode=mode))


def test_a_credit_of_another_shape_is_never_wrapped(stand: CardStand) -> None:
    opened = _opened(Sam(module(5000)), stand)
    with pytest.raises(ReaderAbsent, match="6700"):
        opened.wrap(Command(ins=Ins.CREDIT, header=b"", data=bytes(5), mode=CommMode.FULL))


def test_a_module_that_is_pulled_is_a_reader_that_is_absent(stand: CardStand) -> None:
    class Gone:
        def __init__(self, sam: VirtualSam) -> None:
            self.sam, self.here = sam, True

        def transmit(self, apdu: bytes) -> bytes:
            if not self.here:
                raise CardPulled("the module")
            return self.sam.transmit(apdu)

    slot = Gone(module(5000))
    authority = HolderAuthority(Sam(slot))
    slot.here = False
    with pytest.raises(ReaderAbsent):
        PurseCardSession(stand.lay(), Desk(authority=authority, names=NAMES)).read()


def test_a_status_of_another_length_is_no_module() -> None:
    class Liar:
        def transmit(self, apdu: bytes) -> bytes:
            return b"\x01\x90\x00"

    with pytest.raises(ReaderAbsent, match="1 bytes"):
        Sam(Liar())


def test_a_card_that_fails_its_proof_is_false_for_the_module() -> None:
    handshake = Sam(module()).handshake(Key.DEBIT, UID, 1, None)
    handshake.answer(bytes(16))
    with pytest.raises(CardTampered, match="false"):
        handshake.finish(bytes(32))


def test_a_proof_without_a_challenge_is_refused() -> None:
    handshake = Sam(module()).handshake(Key.DEBIT, UID, 1, None)
    with pytest.raises(KeyAbsent):
        handshake.finish(bytes(32))


def test_a_module_forgets_its_session_without_power(stand: CardStand) -> None:
    sam = module(5000)
    opened = _opened(Sam(sam), stand)
    sam.power_off()
    with pytest.raises(KeyAbsent):
        opened.wrap(Command(ins=Ins.GET_VALUE, header=b"\x02", mode=CommMode.FULL))


APDUS = st.one_of(
    st.binary(max_size=120),
    st.builds(
        lambda ins, p1, p2, data: bytes((0x80, ins, p1, p2, len(data))) + data + b"\x00",
        st.sampled_from(SamIns),
        st.integers(0, 255),
        st.integers(0, 2),
        st.binary(min_size=1, max_size=100),
    ),
)


@given(st.lists(APDUS, max_size=6))
def test_any_apdu_gets_two_status_bytes_and_no_credit(apdus: list[bytes]) -> None:
    sam = module(1000)
    for apdu in apdus:
        assert len(sam.answer(apdu)) >= 2
    assert sam.ceiling == Ceiling(left_cents=1000)


@given(st.lists(st.binary(max_size=80), min_size=1, max_size=40))
def test_no_answer_of_a_module_raises_anything_undeclared(answers: list[bytes]) -> None:
    class Mad:
        def __init__(self) -> None:
            self.left = list(answers)

        def transmit(self, apdu: bytes) -> bytes:
            return self.left.pop() if self.left else b"\x90\x00"

    stand = issued()
    try:
        desk = Desk(authority=HolderAuthority(Sam(Mad())), names=NAMES)
        PurseCardSession(stand.transport, desk).read()
    except AlveoleError:
        return
