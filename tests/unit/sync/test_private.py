"""What the hub tells one kiosk: believed when it is signed for it, kept, and the end of it kept."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.domain.errors import FeedForged, FeedRefused
from kiosk.domain.money import Money
from kiosk.store import card_keys
from kiosk.store.blocklist import read_blocklist
from kiosk.store.card_keys import CardKeyStore
from kiosk.store.device_key import DeviceKey
from kiosk.store.enrolment import EnrolmentStore, LetIn
from kiosk.store.ledger import Ledger
from kiosk.store.pending_loads import PendingLoads
from sync.client import HubClient
from sync.engine.following import PRIVATE_S, Follower, Round
from sync.engine.private import OLDER, REDATED, PrivateChannel
from sync.message_signing import Identity
from sync.protocol.card_keys import Delivered, DeliveredSet
from sync.protocol.private import Load
from tests.alv1 import ROOT, STRANGER, Publisher, Reply, TestHub, many
from tests.unit.sync.clock import MovedClock

KIOSK, CARD = "kiosk-1", "a" * 32


@dataclass
class Enrolled:
    """A kiosk that its hub has let in."""

    folder: Path
    hub: TestHub
    clock: MovedClock = field(default_factory=MovedClock)

    def __post_init__(self) -> None:
        let_in = LetIn(
            hub=self.hub.url,
            territory="orne",
            name="borne-1",
            kiosk=KIOSK,
            root=ROOT.public_key.hex(),
            key=self.hub.publisher.key.public_key.hex(),
            epoch=1,
        )
        EnrolmentStore(self.folder).keep(let_in)
        self.hub.intake.public_key = DeviceKey(self.folder).public_key
        self.hub.now = self.clock.now

    def round(self) -> Round:
        async def run() -> Round:
            with Follower(self.folder, "orne", self.clock) as follower:
                async with HubClient(self.hub.url, "orne") as client:
                    return await follower.round(client, first=False)

        return asyncio.run(run())

    def tell(self) -> None:
        with Ledger(self.folder / "ledger.db") as ledger, ledger.transaction() as connection:
            connection.execute(
                "INSERT INTO outbox(kind, subject, at, payload) VALUES('k', 'T-1', 'now', '{}')"
            )

    @property
    def enrolment(self) -> EnrolmentStore:
        return EnrolmentStore(self.folder)

    @property
    def private_asked(self) -> list[str]:
        return [path for path, _ in self.hub.asked if path.startswith("/v1/k/")]


@pytest.fixture
def hub() -> Iterator[TestHub]:
    publisher = Publisher()
    publisher.publish("places", many(3))
    with TestHub(publisher) as served:
        yield served


@pytest.fixture
def kiosk(tmp_path: Path, hub: TestHub) -> Enrolled:
    return Enrolled(tmp_path, hub)


def test_an_enrolled_kiosk_takes_what_is_published_without_learning_any_key(
    kiosk: Enrolled,
) -> None:
    assert kiosk.round().outcome.taken == ["places"]


def test_its_licence_is_prolonged_while_the_hub_is_reached(kiosk: Enrolled, hub: TestHub) -> None:
    for until in (2_000_000_000, 2_000_600_000):
        hub.licence_until = until
        kiosk.round()
        standing = kiosk.enrolment.standing()
        assert standing is not None
        assert standing.until == datetime.fromtimestamp(until, UTC)


def test_loads_that_wait_are_kept_for_the_screens(kiosk: Enrolled, hub: TestHub) -> None:
    hub.loads = (
        Load(card=CARD, number=2, amount_cents=5),
        Load(card=CARD, number=1, amount_cents=9),
    )
    kiosk.round()
    loads = PendingLoads(kiosk.folder)
    assert [(one.number, one.amount) for one in loads.of(CARD)] == [(1, Money(9)), (2, Money(5))]
    hub.loads = ()
    kiosk.round()
    assert not loads.any()


def test_lost_cards_come_once_and_are_dated_anew(kiosk: Enrolled, hub: TestHub) -> None:
    hub.lost_version, hub.lost = 7, {CARD: kiosk.clock.now()}
    kiosk.round()
    first = read_blocklist(kiosk.folder / "blocklist.json")
    assert first is not None
    assert first.holds(CARD)
    kiosk.clock.at += REDATED - timedelta(seconds=1)
    kiosk.round()
    assert read_blocklist(kiosk.folder / "blocklist.json") == first
    kiosk.clock.at += timedelta(seconds=1)
    kiosk.round()
    again = read_blocklist(kiosk.folder / "blocklist.json")
    assert again is not None
    assert (again.cards, again.issued_at) == (first.cards, first.issued_at + REDATED)
    assert [path.rpartition("=")[2] for path in kiosk.private_asked] == ["0", "7", "7"]


def test_an_older_list_of_lost_cards_is_an_alarm_and_ours_stays(
    kiosk: Enrolled, hub: TestHub
) -> None:
    hub.lost_version, hub.lost = 7, {CARD: kiosk.clock.now()}
    kiosk.round()
    hub.lost_version, hub.lost = 6, {}
    kiosk.round()
    held = read_blocklist(kiosk.folder / "blocklist.json")
    assert held is not None
    assert held.holds(CARD)
    with Follower(kiosk.folder, "orne", kiosk.clock) as follower:
        assert [one.code for one in follower.store.alarms()] == [OLDER]


def test_shut_out_is_kept_and_nothing_more_is_told(kiosk: Enrolled, hub: TestHub) -> None:
    kiosk.round()
    kiosk.tell()
    hub.revoked = True
    assert kiosk.round().revoked
    standing = kiosk.enrolment.standing()
    assert standing is not None
    assert standing.revoked
    hub.revoked = False
    hub.publisher.publish("places", many(5))
    again = kiosk.round()
    assert (again.outcome.taken, again.told, again.revoked) == (["places"], None, True)
    assert len(hub.intake.held) == 0


def test_a_stranger_s_403_shuts_nobody_out(kiosk: Enrolled, hub: TestHub) -> None:
    kiosk.round()
    kiosk.tell()
    hub.spoil = lambda path, reply: (
        Reply(status=403, body=b"{}", headers={})
        if path.startswith("/v1/k/") or path == "events"
        else reply
    )
    with pytest.raises(FeedForged):
        kiosk.round()
    standing = kiosk.enrolment.standing()
    assert standing is not None
    assert not standing.revoked


def test_what_isn_t_this_kiosk_s_is_refused(kiosk: Enrolled, hub: TestHub) -> None:
    kiosk.round()
    before = kiosk.enrolment.licence()
    hub.intake.public_key = STRANGER.public_key
    with pytest.raises(FeedForged):
        kiosk.round()
    hub.private = b'{"loads": []}'
    with pytest.raises(FeedRefused):
        kiosk.round()
    assert kiosk.enrolment.licence() == before


def test_a_list_that_isn_t_held_must_come(kiosk: Enrolled, hub: TestHub) -> None:
    hub.lost_version = 0
    kiosk.hub.private = kiosk.hub._private("/v1/k/kiosk-1/private?lost_cards=0").replace(
        b'"version":0', b'"version":3'
    )
    with pytest.raises(FeedRefused, match="none of that version"):
        kiosk.round()


def test_it_is_asked_for_no_more_often_than_a_minute(kiosk: Enrolled, hub: TestHub) -> None:
    async def rounds() -> None:
        with Follower(kiosk.folder, "orne", kiosk.clock) as follower:
            async with HubClient(hub.url, "orne") as client:
                for _ in range(3):
                    await follower.round(client, first=False)
                    kiosk.clock.at += timedelta(seconds=PRIVATE_S / 2)

    asyncio.run(rounds())
    assert len(kiosk.private_asked) == 2


def test_a_licence_of_another_hub_is_forged(kiosk: Enrolled, hub: TestHub) -> None:
    with Follower(kiosk.folder, "orne", kiosk.clock) as follower:
        channel = PrivateChannel(kiosk.folder, follower.store, kiosk.clock)
        told = hub._private("/v1/k/kiosk-1/private?lost_cards=0")
        hub.private = told.replace(b'"licence":"', b'"licence":"AAAA')
        identity = Identity(
            device=KIOSK,
            signer=DeviceKey(kiosk.folder),
            hub_key=hub.publisher.key.public_key,
        )

        async def fetch() -> None:
            async with HubClient(hub.url, "orne") as client:
                await channel.fetch(client, identity)

        with pytest.raises(FeedForged):
            asyncio.run(fetch())


def keys(edition: int, kiosk: str = KIOSK, territory: str = "orne") -> Delivered:
    given = DeliveredSet(version=1, identify=b"i" * 16, debit=b"d" * 16)
    return Delivered(
        edition=edition, territory=territory, kiosk=kiosk, tags=b"t" * 32, sets=(given,)
    )


def keys_asked(hub: TestHub) -> int:
    return sum(path == "card-keys" for path, _ in hub.asked)


def test_card_keys_are_fetched_once_an_edition_and_kept_sealed(
    kiosk: Enrolled, hub: TestHub
) -> None:
    hub.card_keys = keys(3)
    for _ in range(2):
        kiosk.round()
    assert keys_asked(hub) == 1
    store = CardKeyStore(kiosk.folder)
    assert (store.edition, store.tags) == (3, b"t" * 32)
    hub.card_keys = keys(4)
    kiosk.round()
    assert CardKeyStore(kiosk.folder).edition == 4


def test_card_keys_that_were_damaged_are_fetched_anew(kiosk: Enrolled, hub: TestHub) -> None:
    hub.card_keys = keys(3)
    kiosk.round()
    (kiosk.folder / card_keys.FILE).write_bytes(b"{")
    kiosk.round()
    assert CardKeyStore(kiosk.folder).edition == 3


def test_a_territory_without_card_keys_takes_them_back(kiosk: Enrolled, hub: TestHub) -> None:
    hub.card_keys = keys(3)
    kiosk.round()
    hub.card_keys = None
    kiosk.round()
    assert not (kiosk.folder / card_keys.FILE).exists()


def test_a_kiosk_that_is_shut_out_loses_its_card_keys(kiosk: Enrolled, hub: TestHub) -> None:
    hub.card_keys = keys(3)
    kiosk.round()
    hub.revoked = True
    assert kiosk.round().revoked
    assert not (kiosk.folder / card_keys.FILE).exists()


@pytest.mark.parametrize(
    "told", [keys(3, kiosk="kiosk2"), keys(3, territory="sarthe")], ids=["kiosk", "territory"]
)
def test_card_keys_of_another_kiosk_or_territory_are_refused(
    kiosk: Enrolled, hub: TestHub, told: Delivered
) -> None:
    hub.card_keys = told
    with pytest.raises(FeedForged):
        kiosk.round()
    assert CardKeyStore(kiosk.folder).edition == 0
