"""The contract of cardreader.authority.CardAuthority; every authority passes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cardreader.authority import (
    CardAuthority,
    HolderAuthority,
    authority_for_tests,
    seal,
    sealed_authority,
)
from cardreader.image import CardImage
from cardreader.layout import State
from cardreader.operations import ReadCard, SetStanding, TakeSpend, WriteLoad
from cardreader.relay import FarSide, RelayAuthority
from cardreader.sam import Sam, refill_message
from cardreader.virtual.sam import Ceiling, VirtualSam
from kiosk.domain.errors import (
    CardForeign,
    CardPulled,
    CardTampered,
    KeyAbsent,
    OtherCard,
    PurseEmpty,
)
from kiosk.domain.purse import Prepared
from tests.unit.cardreader.cards import (
    NUMBER,
    OTHER_UID,
    STANDING,
    UID,
    CardStand,
    blank,
    debit,
    entry,
    issued,
    keep,
    key_set,
    load,
)

WRAPPING_KEY = bytes(range(32))
MODULE = b"ALVSAM01"


@dataclass(frozen=True)
class Kind:
    """An authority, and whether it may credit."""

    make: Callable[[], CardAuthority]
    credits: bool


def known_keys() -> CardAuthority:
    return authority_for_tests(key_set(), environment="test")


def sealed() -> CardAuthority:
    return sealed_authority(WRAPPING_KEY, seal(key_set(), WRAPPING_KEY))


def sam() -> CardAuthority:
    hub = Ed25519PrivateKey.generate()
    module = VirtualSam(MODULE, key_set(), hub.public_key(), ceiling=Ceiling())
    driver = Sam(module)
    driver.refill(10_000, 1, hub.sign(refill_message(MODULE, 10_000, 1)))
    return HolderAuthority(driver)


def relay() -> CardAuthority:
    return RelayAuthority(FarSide(known_keys()))


KINDS = {
    "test": Kind(known_keys, credits=True),
    "sealed": Kind(sealed, credits=False),
    "sam": Kind(sam, credits=True),
    "relay": Kind(relay, credits=True),
}


@pytest.fixture(params=sorted(KINDS))
def kind(request: pytest.FixtureRequest) -> Kind:
    return KINDS[request.param]


@pytest.fixture
def authority(kind: Kind) -> CardAuthority:
    return kind.make()


@pytest.fixture
def stand() -> CardStand:
    return issued(cents=1500, entries=7)


def image_of(authority: CardAuthority, stand: CardStand) -> CardImage:
    return authority.run(stand.lay(), ReadCard())


def test_it_reads_a_card(authority: CardAuthority, stand: CardStand) -> None:
    image = image_of(authority, stand)
    assert (image.uid, image.identity.number) == (UID, NUMBER)
    assert (image.purse_cents, image.entries, image.sequence) == (1500, 7, 0)


def test_it_debits_a_card_in_one_commit(authority: CardAuthority, stand: CardStand) -> None:
    image = image_of(authority, stand)
    told: list[Prepared] = []
    spend = TakeSpend(image=image, spend=debit(0), kiosk=7)
    done = authority.run(stand.transport, spend, told.append)
    after = image_of(authority, stand)
    assert (after.purse_cents, after.sequence, after.commits) == (1180, 1, done.change.commits)
    assert [(one.balance_before.cents, one.balance_after.cents) for one in told] == [(1500, 1180)]
    assert len(done.proof) == 8


def test_it_goes_on_where_a_reading_has_stopped(authority: CardAuthority, stand: CardStand) -> None:
    image = authority.run(stand.lay(), ReadCard(whole_log=False))
    told: list[Prepared] = []
    spend = TakeSpend(image=image, spend=debit(0), kiosk=7)
    done = authority.go_on(stand.transport, spend, told.append)
    after = image_of(authority, stand)
    assert (after.purse_cents, after.sequence, after.commits) == (1180, 1, done.change.commits)
    assert [(one.balance_before.cents, one.balance_after.cents) for one in told] == [(1500, 1180)]


def test_what_it_goes_on_with_is_committed_once(authority: CardAuthority, stand: CardStand) -> None:
    image = authority.run(stand.lay(), ReadCard())
    spend = TakeSpend(image=image, spend=debit(0), kiosk=7)
    authority.go_on(stand.transport, spend, keep)
    with pytest.raises(CardTampered):
        authority.go_on(stand.transport, spend, keep)
    assert image_of(authority, stand).purse_cents == 1180


def test_going_on_with_another_card_than_the_one_read_is_refused(
    authority: CardAuthority, stand: CardStand
) -> None:
    image = authority.run(stand.lay(), ReadCard())
    spend = TakeSpend(image=image, spend=debit(0), kiosk=7)
    with pytest.raises(OtherCard):
        authority.go_on(issued(uid=OTHER_UID, cents=1500).transport, spend, keep)


def test_the_card_is_untouched_when_the_journal_fails(
    authority: CardAuthority, stand: CardStand
) -> None:
    image = image_of(authority, stand)

    def full(prepared: Prepared) -> None:
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        authority.run(stand.transport, TakeSpend(image=image, spend=debit(0), kiosk=7), full)
    assert image_of(authority, stand) == image


def test_it_takes_an_entry(authority: CardAuthority, stand: CardStand) -> None:
    image = image_of(authority, stand)
    authority.run(stand.transport, TakeSpend(image=image, spend=entry(0), kiosk=7), keep)
    assert image_of(authority, stand).entries == 6


def test_it_blocks_a_card(authority: CardAuthority, stand: CardStand) -> None:
    standing = type(STANDING)(state=State.BLOCKED, valid_until=STANDING.valid_until)
    authority.run(stand.lay(), SetStanding(uid=UID, standing=standing))
    assert image_of(authority, stand).standing == standing


def test_only_one_with_the_reload_key_credits(
    kind: Kind, authority: CardAuthority, stand: CardStand
) -> None:
    image = image_of(authority, stand)
    operation = WriteLoad(image=image, load=load(1), kiosk=7)
    if kind.credits:
        done = authority.run(stand.transport, operation)
        assert done is not None
    else:
        with pytest.raises(KeyAbsent):
            authority.run(stand.transport, operation)
    after = image_of(authority, stand)
    assert after.purse_cents == (3500 if kind.credits else 1500)


def test_it_refuses_another_card_than_the_bound_one(
    authority: CardAuthority, stand: CardStand
) -> None:
    with pytest.raises(OtherCard):
        authority.run(stand.transport, ReadCard(uid=OTHER_UID))


def test_it_refuses_a_card_without_our_application(authority: CardAuthority) -> None:
    with pytest.raises(CardForeign):
        authority.run(blank().transport, ReadCard())


def test_a_refusal_reaches_the_caller_as_it_is(authority: CardAuthority, stand: CardStand) -> None:
    image = image_of(authority, stand)
    with pytest.raises(PurseEmpty):
        authority.run(stand.transport, TakeSpend(image=image, spend=debit(0, 1501), kiosk=7), keep)
    assert image_of(authority, stand) == image


def test_a_card_that_is_lifted_is_pulled(authority: CardAuthority, stand: CardStand) -> None:
    stand.transport.lift()
    with pytest.raises(CardPulled):
        authority.run(stand.transport, ReadCard())


def test_a_card_with_other_keys_is_false(authority: CardAuthority, stand: CardStand) -> None:
    other = issued(uid=OTHER_UID)
    application = dict(stand.chip.memory.applications)
    clone = type(stand.chip.memory)(uid=OTHER_UID, applications=application)
    other.chip.memory = clone
    with pytest.raises(CardTampered):
        authority.run(other.lay(), ReadCard())


def test_nothing_is_decided_on_a_card_that_has_moved_on(
    authority: CardAuthority, stand: CardStand
) -> None:
    image = image_of(authority, stand)
    authority.run(stand.transport, TakeSpend(image=image, spend=debit(0), kiosk=7), keep)
    with pytest.raises(CardTampered):
        authority.run(stand.transport, TakeSpend(image=image, spend=debit(0), kiosk=7), keep)
    assert image_of(authority, stand).purse_cents == 1180
