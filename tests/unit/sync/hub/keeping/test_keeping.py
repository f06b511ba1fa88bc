"""A hub is backed up, goes on, is lost, and comes back: on SQLite and on PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from threading import Thread

import pytest
from django.contrib.sessions.models import Session
from django.db import connections
from django.test import override_settings
from django_otp.plugins.otp_totp.models import TOTPDevice

from kiosk.domain.errors import FeedForged, InputRefused
from sync.feed import Pin, accept, rotated
from sync.hub import project, setup
from sync.hub.accounts.models import Membership, Role, User
from sync.hub.audit.models import Entry
from sync.hub.config import ROOT_KEY, SIGNING_KEY, HubConfig
from sync.hub.datasets.models import Dataset, SignedManifest, StoredRecord
from sync.hub.datasets.publishing import sign
from sync.hub.devices.models import Device, Nonce
from sync.hub.events import intake
from sync.hub.events.models import Event, Photo
from sync.hub.here import Here
from sync.hub.keeping import place, tables
from sync.hub.keeping.archive import Backup
from sync.hub.keeping.backup import backup
from sync.hub.keeping.restore import LEAP, Restored, restore
from sync.hub.keys import FileKey, make_keys
from sync.hub.operations.models import Report
from sync.hub.territories.models import Territory
from sync.protocol.events import read_answer
from sync.signing import first_notice
from tests import hubs
from tests.kiosks import Kiosk, enrolled, event
from tests.offices import factor, somebody
from tests.postgres import Cluster

PACK = Path("assets/territories/orne")
PICTURE = b"\x89PNG\r\n\x1a\n" + b"of a hole in the road"


@dataclass(slots=True, kw_only=True)
class World:
    """A hub that lives, its backup, and the place where it comes back."""

    here: Here
    kind: str
    tmp: Path
    cluster: Cluster | None
    made: list[Backup] = field(default_factory=list["Backup"])

    def back_up(self, name: str = "a.alvbackup") -> Path:
        """Back the hub up."""
        file = self.tmp / name
        self.made.append(backup(self.here, file))
        return file

    @property
    def root(self) -> FileKey:
        """The root key, as it lies on its stick."""
        return FileKey(self.here.config.data / ROOT_KEY)

    @contextmanager
    def empty(self, name: str = "again") -> Iterator[Here]:
        """Give an empty hub on an empty database, in use until the block ends."""
        data = self.tmp / name
        data.mkdir()
        make_keys(data, root=False)
        config = HubConfig(data=data, public_url=hubs.PUBLIC_URL, territory="orne")
        hub = Here(config=config, clock=self.here.clock, key=FileKey(data / SIGNING_KEY))
        described = project.sqlite(data / "hub.db")
        if self.cluster is not None:
            self.cluster.create(f"empty_{name}")
            described = hubs.described(self.cluster, f"empty_{name}", data)
        hubs.use_database(described)
        try:
            with override_settings(HUB=hub):
                yield hub
        finally:
            hubs.use_database(project.sqlite(self.tmp / "nothing.db"))
            if self.cluster is not None:
                self.cluster.drop(f"empty_{name}")

    @contextmanager
    def restored(self, file: Path, *, epoch: int = 0) -> Iterator[tuple[Here, Restored]]:
        """Bring a backup back into an empty place."""
        with self.empty() as hub:
            yield hub, restore(hub, file, self.root, epoch=epoch)


@pytest.fixture
def world(request: pytest.FixtureRequest, here: Here, database: str, tmp_path: Path) -> World:
    found = request.getfixturevalue("postgres_cluster") if database == "postgresql" else None
    return World(here=here, kind=database, tmp=tmp_path, cluster=found)


@pytest.fixture
def kiosk(here: Here) -> Kiosk:
    return enrolled(here)


def ack(kiosk: Kiosk, *seqs: int) -> int:
    answer = kiosk.tell([event(seq) for seq in seqs])
    assert answer.status_code == 200, answer.content
    return read_answer(answer.content).ack


def photographed(kiosk: Kiosk, data: bytes = PICTURE, total: int = 0) -> str:
    name, whole = sha256(data).hexdigest(), total or len(data)
    headers = {"content-range": f"bytes 0-{len(data) - 1}/{whole}"}
    answer = kiosk.ask("PUT", f"/v1/u/{kiosk.id}/{name}", data, headers=headers)
    assert answer.status_code < 300, answer.content
    return name


def test_a_restored_hub_counts_each_event_once_and_loses_none(world: World, kiosk: Kiosk) -> None:
    assert ack(kiosk, 1, 2, 3) == 3
    file = world.back_up()
    assert ack(kiosk, 4, 5) == 5
    with world.restored(file):
        assert ack(kiosk, 6) == 3  # lower than told before: the kiosk sends again from there
        assert ack(kiosk, 4, 5, 6) == 6
        assert ack(kiosk, 1, 2, 3) == 6
        assert list(Event.objects.order_by("seq").values_list("seq", flat=True)) == [*range(1, 7)]


def test_kiosks_follow_the_restored_hub_and_refuse_the_lost_one_s_key(world: World) -> None:
    setup.prepare(world.here, PACK)
    before = SignedManifest.objects.get()
    pin = Pin(territory="orne", root=world.root.public_key, key=world.here.key.public_key, epoch=1)
    accept(bytes(before.body), pin, None)
    file = world.back_up()
    sign(world.here, "orne")  # the lost hub goes on: its numbers are higher
    with world.restored(file) as (hub, done):
        after = SignedManifest.objects.get()
        moved = rotated(bytes(after.notice), pin)
        assert (moved.epoch, moved.key) == (2, hub.key.public_key)
        told = accept(bytes(after.body), moved, None)
        assert {one.id for one in told.datasets} == set(
            Dataset.objects.exclude(detail="").values_list("slug", flat=True)
        )
        with pytest.raises(FeedForged):
            accept(bytes(before.body), moved, None)
        assert done.territories == {"orne": 2}
        assert done.odd == ()
        assert done.datasets > 30
        assert done.records["orne"] == StoredRecord.objects.count()


def test_a_backup_that_is_restored_twice_takes_an_epoch_of_its_own(world: World) -> None:
    setup.prepare(world.here, PACK)
    with world.restored(world.back_up(), epoch=9) as (_, done):
        assert done.territories == {"orne": 9}
        assert first_notice(bytes(SignedManifest.objects.get().notice)).epoch == 9
        assert set(Dataset.objects.exclude(detail="").values_list("epoch", flat=True)) == {9}


def test_every_row_comes_back_but_sessions_and_nonces(world: World, kiosk: Kiosk) -> None:
    user = somebody("claire", Role.EDITOR, password="quatre alvéoles de miel")
    key = factor(user).key
    Session.objects.create(
        session_key="s" * 32, session_data="x", expire_date=world.here.clock.now()
    )
    ack(kiosk, 1)
    health = {"paper": "low", "n": 2**53, "none": None, "list": [1.5, "é"]}
    Device.objects.update(health=health)
    body = bytes(Event.objects.get().body)
    received = Event.objects.get().received_at
    assert Nonce.objects.exists()
    file = world.back_up()
    with world.restored(file) as (_, done):
        assert done.rows == sum(world.made[0].rows.values())
        again = User.objects.get(username="claire")
        assert again.check_password("quatre alvéoles de miel")
        assert TOTPDevice.objects.get(user=again).key == key
        assert Membership.objects.get(user=again).role == Role.EDITOR
        assert Device.objects.get().health == health
        assert (bytes(Event.objects.get().body), Event.objects.get().received_at) == (
            body,
            received,
        )
        assert not Session.objects.exists()
        assert not Nonce.objects.exists()
        somebody("paul", Role.AGENT)  # ids count on from the highest that came back
        assert Entry.objects.filter(action="hub.restored").count() == 1


def test_whole_photos_travel_and_unfinished_ones_are_sent_again(world: World, kiosk: Kiosk) -> None:
    whole = photographed(kiosk)
    photographed(kiosk, b"\x89PNG\r\n\x1a\n", total=50)
    assert Photo.objects.count() == 2
    with world.restored(world.back_up()) as (hub, _):
        assert Photo.objects.get().sha256 == whole
        file = hub.photos / kiosk.id / whole
        assert file.read_bytes() == PICTURE
        assert file.stat().st_mode & 0o777 == 0o600
    assert world.made[0].photos == 1


def test_a_damaged_photo_is_told_and_left_out(world: World, kiosk: Kiosk) -> None:
    name = photographed(kiosk)
    (world.here.photos / kiosk.id / name).write_bytes(b"rotten")
    file = world.back_up()
    assert world.made[0].damaged == (f"photos/{kiosk.id}/{name}",)
    with world.restored(file):
        assert not Photo.objects.exists()


def test_payments_travel_as_they_stand(world: World) -> None:
    with closing(sqlite3.connect(world.here.config.data / "psp.db")) as money:
        money.execute("CREATE TABLE psp_payment (id TEXT)")
        money.execute("INSERT INTO psp_payment VALUES ('p-1')")
        money.commit()
        file = world.back_up()  # while somebody has it open
    with (
        world.restored(file) as (hub, _),
        closing(sqlite3.connect(hub.config.data / "psp.db")) as found,
    ):
        assert found.execute("SELECT id FROM psp_payment").fetchall() == [("p-1",)]


def test_no_key_and_no_password_is_in_a_backup(world: World) -> None:
    data = world.here.config.data
    (data / "payments.toml").write_text('secret = "rk_canary"', encoding="utf-8")
    content = world.back_up().read_bytes()
    for name in ("hub.secret", SIGNING_KEY, ROOT_KEY):
        assert (data / name).read_bytes() not in content, name
    assert b"rk_canary" not in content
    assert {"hub.secret", SIGNING_KEY, ROOT_KEY, "payments.toml"} <= set(world.made[0].left_out)


def test_the_list_of_lost_cards_leaps_ahead_of_what_kiosks_have_seen(
    world: World, kiosk: Kiosk
) -> None:
    with world.restored(world.back_up()):
        assert Territory.objects.get().lost_cards > LEAP


def test_a_database_that_isn_t_empty_is_left_alone(world: World, kiosk: Kiosk) -> None:
    file = world.back_up()
    with pytest.raises(InputRefused, match="isn't empty"):
        restore(world.here, file, world.root)
    assert Device.objects.count() == 1


def test_a_place_that_isn_t_empty_is_left_alone(world: World) -> None:
    file = world.back_up()
    with pytest.raises(InputRefused, match="there already"):
        place.checked(file, world.here.config.data, None)


def test_another_root_key_than_the_kiosks_is_refused(world: World, tmp_path: Path) -> None:
    setup.prepare(world.here, PACK)
    file, empty = world.back_up(), tmp_path / "empty"
    with pytest.raises(InputRefused, match="root key"):
        place.checked(file, empty, bytes(32))
    place.checked(file, empty, world.root.public_key)
    place.checked(file, empty, None)
    empty.mkdir()
    place.settings(file, empty)
    assert hubs.PUBLIC_URL in (empty / "hub.toml").read_text(encoding="utf-8")
    (empty / "hub.toml").write_text("mine", encoding="utf-8")
    place.settings(file, empty)
    assert (empty / "hub.toml").read_text(encoding="utf-8") == "mine"


def test_a_backup_of_a_newer_programme_is_refused_before_a_table_is_made(world: World) -> None:
    newer = {**tables.schema(), "events": "0099_of_tomorrow"}
    with world.empty():
        with pytest.raises(InputRefused, match="newer than this programme"):
            tables.prepare(newer)
        assert tables.is_empty()


def test_a_backup_of_an_older_programme_is_brought_up_to_date(
    world: World, kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ack(kiosk, 1)
    older = {app: name for app, name in tables.schema().items() if app != "operations"}
    with monkeypatch.context() as before:
        before.setattr(tables, "schema", lambda: older)
        unknown = {"operations.report", "operations.settled"}
        before.setattr(tables, "NOT_KEPT", tables.NOT_KEPT | unknown)
        file = world.back_up()
    with world.restored(file):
        assert (Event.objects.count(), Report.objects.count()) == (1, 0)
        assert "operations" in tables.schema()


def test_a_backup_isn_t_made_of_tables_that_wait_for_migrations(world: World) -> None:
    with world.empty() as hub, pytest.raises(InputRefused, match="up to date"):
        backup(hub, world.tmp / "b")


def test_a_backup_needs_a_folder_and_a_new_name(world: World) -> None:
    for out in (world.tmp / "absent" / "a", world.back_up()):
        with pytest.raises(InputRefused):
            backup(world.here, out)


def test_a_table_with_rows_missing_brings_nothing_back(
    world: World, kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = world.back_up()
    monkeypatch.setattr(tables, "load", lambda *_: 0)
    with world.empty() as hub, pytest.raises(InputRefused, match="not as many rows"):
        restore(hub, file, world.root)


def test_a_backup_is_of_one_moment_while_kiosks_go_on(world: World, kiosk: Kiosk) -> None:
    ack(kiosk, 1)

    def tell() -> None:
        intake.take(world.here, Device.objects.get(), [event(2)])
        connections.close_all()

    with tables.snapshot():
        assert Event.objects.count() == 1
        other = Thread(target=tell)
        other.start()
        other.join()
        assert Event.objects.count() == 1
    assert Event.objects.count() == 2
