"""Loads that the hub writes over a kiosk's reader: what was paid, to one card, once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.test import override_settings

from cardreader.card_app import Desk, PurseCardSession
from cardreader.desfire.constants import Ins
from cardreader.issue import NewCard, personalise
from cardreader.layout import Identity
from cardreader.virtual.mischief import At
from kiosk.app.delivered_keys import DeliveredAuthority
from kiosk.app.hub_relay import HubRelay, LoadsByHub
from kiosk.domain.errors import (
    CardBlocked,
    CardPulled,
    CardTampered,
    KeyAbsent,
    OtherCard,
    PaymentUnavailable,
)
from kiosk.domain.money import Money
from kiosk.domain.purse import Load, card_tag
from kiosk.store.card_keys import CardKeyStore
from payments.wire import CreateAsk, HoldAsk
from sync.hub.cardkeys import desk, keeping
from sync.hub.cardkeys.models import CardKeys, RelayedLoad
from sync.hub.cards.loads import pend
from sync.hub.cards.private import block
from sync.hub.here import Here
from tests.conftest import MovedClock
from tests.hubs import made
from tests.kiosks import Kiosk, enrolled
from tests.unit.cardreader.cards import (
    NAMES,
    NOW,
    NUMBER,
    OTHER_UID,
    STANDING,
    CardStand,
    blank,
    everything,
    issued,
    key_set,
)
from tests.unit.payments.worlds import Hub

TOPUP = "T-000000000001"


@dataclass
class Place:
    """A hub that takes money and holds the keys of the cards, and a kiosk with its reader."""

    hub: Here
    bank: Hub
    kiosk: Kiosk
    keys: CardKeyStore
    silent_after: int = 999
    posts: list[dict[str, object]] = field(default_factory=list)

    def post(self, path: str, said: bytes, *, bytes_max: int) -> tuple[int, bytes]:
        self.posts.append(json.loads(said))
        if len(self.posts) > self.silent_after:
            raise PaymentUnavailable("the line is cut")
        answer = self.kiosk.ask("POST", path, said, media="application/json")
        assert len(answer.content) <= bytes_max
        return answer.status_code, answer.content

    def deliver(self) -> None:
        told = keeping.delivered_to(self.hub, "orne", self.kiosk.id)
        assert told is not None
        self.keys.keep(told)

    def renewed(self) -> None:
        """Add a version of the keys, and let the kiosk have it."""
        keeping.add_version(self.hub, "orne")
        self.deliver()

    def session(self, stand: CardStand) -> PurseCardSession:
        relay = HubRelay(lambda: (self, f"/v1/k/{self.kiosk.id}/relay"))
        authority = LoadsByHub(DeliveredAuthority(self.keys), relay)
        return PurseCardSession(stand.lay(), Desk(authority=authority, names=NAMES))

    def paid(self, topup: str = TOPUP, cents: int = 2000, *, held: bool = True) -> None:
        ask = CreateAsk(topup=topup, amount_cents=cents, currency="eur", key=f"{topup}:create")
        made_ = self.kiosk.post("/v1/payments/create", ask, headers={"idempotency-key": ask.key})
        payment = json.loads(made_.content)["id"]
        self.bank.psp.pay(payment)
        if held:
            hold = HoldAsk(payment=payment, load_number=1, key=f"{topup}:hold")
            done = self.kiosk.post("/v1/payments/hold", hold, headers={"idempotency-key": hold.key})
            assert done.status_code == 200


@pytest.fixture
def place(database: str, tmp_path: Path, clock: MovedClock) -> Iterator[Place]:
    bank = Hub()
    hub = made(tmp_path / "hub", clock, payments=bank.service)
    with override_settings(HUB=hub):
        kiosk = enrolled(hub)
        masters = {key.name.lower(): one.hex() for key, one in key_set().masters.items()}
        file = tmp_path / "masters.json"
        file.write_text(json.dumps({"version": 1, **masters}))
        file.chmod(0o600)
        keeping.import_version(hub, "orne", file)
        keys = CardKeyStore(tmp_path / "kiosk")
        made_ = Place(hub, bank, kiosk, keys)
        made_.deliver()
        yield made_
    bank.store.close()


def load(place: Place, number: int = 1, cents: int = 2000, topup: str = TOPUP) -> Load:
    return Load(
        number=number,
        amount=Money(cents),
        transaction_id=topup,
        label="",
        at=place.hub.clock.now(),
    )


def test_a_paid_load_is_written_with_keys_that_the_kiosk_never_has(place: Place) -> None:
    place.paid()
    stand = issued(cents=500)
    session = place.session(stand)
    session.read()
    face = session.write_load(load(place))
    assert (face.balance, face.last_load) == (Money(2500), 1)
    row = RelayedLoad.objects.get()
    assert row.card == card_tag(NUMBER, place.keys.tags)
    told = json.dumps(place.posts)
    assert not any(one.hex() in told for one in key_set().masters.values())
    assert len(place.posts) < 40


def test_the_same_load_asked_again_is_found_written(place: Place) -> None:
    place.paid()
    stand = issued(cents=500)
    place.session(stand).write_load(load(place))
    face = place.session(stand).write_load(load(place))
    assert face.balance == Money(2500)


def test_a_load_that_waits_at_the_hub_is_written_to_its_card_alone(place: Place) -> None:
    pend(place.hub, "orne", card_tag(NUMBER, place.keys.tags), 1200, after=0, by=None)
    stand = issued(cents=500)
    face = place.session(stand).write_load(load(place, cents=1200))
    assert face.balance == Money(1700)
    assert not RelayedLoad.objects.exists()


@pytest.mark.parametrize("cents", [1999, 2001])
def test_another_sum_than_was_paid_is_not_written(place: Place, cents: int) -> None:
    place.paid()
    stand = issued(cents=500)
    with pytest.raises(KeyAbsent):
        place.session(stand).write_load(load(place, cents=cents))
    assert place.session(stand).read().balance == Money(500)


def test_what_nobody_paid_is_not_written(place: Place) -> None:
    stand = issued(cents=500)
    with pytest.raises(KeyAbsent):
        place.session(stand).write_load(load(place))
    place.paid(held=False)
    with pytest.raises(KeyAbsent):
        place.session(stand).write_load(load(place))
    assert place.session(stand).read().balance == Money(500)


def test_another_device_s_payment_loads_nothing_here(place: Place) -> None:
    place.paid()
    place.kiosk = enrolled(place.hub, "borne-2")
    with pytest.raises(KeyAbsent):
        place.session(issued(cents=500)).write_load(load(place))


def test_one_payment_is_one_card_s(place: Place) -> None:
    place.paid()
    place.session(issued(cents=500)).write_load(load(place))
    other = blank(OTHER_UID)
    identity = Identity(number="ALV61-0000-9999", territory=61, issued=NOW.date())
    new = NewCard(identity=identity, standing=STANDING, at=NOW, opening_cents=500)
    personalise(other.transport, everything(), new)
    with pytest.raises(KeyAbsent):
        place.session(other).write_load(load(place))
    assert place.session(other).read().balance == Money(500)
    with pytest.raises(KeyAbsent):
        place.session(issued(cents=500)).write_load(load(place, number=2))


def test_a_lost_card_is_refused(place: Place) -> None:
    place.paid()
    block(place.hub, "orne", card_tag(NUMBER, place.keys.tags), "", None)
    with pytest.raises(CardBlocked):
        place.session(issued(cents=500)).write_load(load(place))


def test_a_card_that_is_missing_a_load_is_refused(place: Place) -> None:
    place.paid()
    with pytest.raises(CardTampered):
        place.session(issued(cents=500)).write_load(load(place, number=2))


def test_another_card_than_the_one_that_was_read_is_refused(place: Place) -> None:
    place.paid()
    session = place.session(issued(cents=500))
    session.read()
    stand = issued(uid=OTHER_UID, cents=500)
    session._transport = stand.lay()
    with pytest.raises(OtherCard):
        session.write_load(load(place))


def test_a_card_that_is_pulled_away_is_unknown_until_it_is_read_again(place: Place) -> None:
    place.paid()
    for at in range(1, 100, 3):
        stand = issued(cents=500)
        RelayedLoad.objects.all().delete()
        stand.torn.tear(At(when="after" if at % 2 else "before", number=at))
        try:
            place.session(stand).write_load(load(place))
        except CardPulled:
            stand.torn.tear(None)
            assert place.session(stand).read().balance in {Money(500), Money(2500)}
        else:
            break
    else:
        raise AssertionError("it never ends")


def test_a_line_that_is_cut_leaves_the_load_to_the_next_try(place: Place) -> None:
    place.paid()
    for at in range(0, 60, 3):
        stand = issued(cents=500)
        RelayedLoad.objects.all().delete()
        place.silent_after = len(place.posts) + at
        try:
            place.session(stand).write_load(load(place))
        except KeyAbsent:
            place.silent_after = 99_999
            face = place.session(stand).write_load(load(place))
            assert (face.balance, face.last_load) == (Money(2500), 1)
        else:
            break
    else:
        raise AssertionError("it never ends")


def test_a_card_that_is_loaded_moves_to_the_newest_keys(place: Place) -> None:
    place.paid()
    place.renewed()
    stand = issued(cents=500)
    assert place.session(stand).write_load(load(place)).balance == Money(2500)
    keeping.retire_version(place.hub, "orne", 1)
    place.deliver()
    assert place.session(stand).read().balance == Money(2500)


def test_a_move_that_is_torn_leaves_the_load_written_and_goes_on_at_the_next(place: Place) -> None:
    place.paid()
    place.paid("T-000000000002", cents=1000)
    place.renewed()
    stand = issued(cents=500)
    session = place.session(stand)
    session.read()
    stand.torn.tear(At(when="after", ins=Ins.CHANGE_KEY))
    with pytest.raises(CardPulled):  # the face can't be read any more
        session.write_load(load(place))
    again = load(place, number=2, cents=1000, topup="T-000000000002")
    face = place.session(stand).write_load(again)
    assert (face.balance, face.last_load) == (Money(3500), 2)
    keeping.retire_version(place.hub, "orne", 1)
    place.deliver()
    assert place.session(stand).read().balance == Money(3500)


def test_nothing_but_a_load_is_relayed(place: Place) -> None:
    place.paid()
    transfer = Load(
        number=1,
        amount=Money(2000),
        transaction_id=TOPUP,
        label="",
        at=place.hub.clock.now(),
        kind="transfer",
    )
    with pytest.raises(KeyAbsent):
        place.session(issued(cents=500)).write_load(transfer)
    assert place.posts == []


def test_a_hub_without_keys_writes_nothing(place: Place) -> None:
    place.paid()
    CardKeys.objects.all().delete()
    with pytest.raises(KeyAbsent):
        place.session(issued(cents=500)).write_load(load(place))


BEGIN = {
    "dialogue": "a" * 32,
    "step": 0,
    "load": {"uid": "BKF+V8pNAQ==", "topup": TOPUP, "number": 1, "amount_cents": 2000},
}


def step(place: Place, **more: object) -> int:
    path = f"/v1/k/{place.kiosk.id}/relay"
    return place.kiosk.post(path, BEGIN | more).status_code


def test_a_step_that_isn_t_due_finds_nothing(place: Place) -> None:
    assert step(place) == 200
    assert step(place, load=None, step=2, answer="kAA=") == 404
    assert step(place, load=None, step=1, dialogue="b" * 32, answer="kAA=") == 404
    assert step(place, step=3) == 404
    assert step(place, load=None, step=1, answer="BKF+V8pNAZAA") == 200
    assert step(place, load=None, step=1, answer="BKF+V8pNAZAA") == 404


def test_a_new_load_ends_the_device_s_older_one(place: Place) -> None:
    assert step(place) == 200
    assert step(place, dialogue="b" * 32) == 200
    assert step(place, load=None, step=1, answer="kAA=") == 404


def test_only_so_many_loads_are_written_at_once_and_idle_ones_are_over(
    place: Place, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "RELAYS_MAX", 1)
    assert step(place) == 200
    place.kiosk = enrolled(place.hub, "borne-2")
    assert step(place) == 422
    clock.move(desk.IDLE_S + 1)
    assert step(place) == 200
    place.hub.relays.make_room(place.kiosk.id, clock.monotonic())
