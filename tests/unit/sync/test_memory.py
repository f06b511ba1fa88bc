"""A damaged sync.db: set aside, begun anew, and nothing that mattered is lost with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.domain.errors import FeedRefused
from sync.engine.memory import REBUILT, opened
from tests.alv1 import STRANGER, Publisher, TestHub, many
from tests.unit.sync.test_private import KIOSK, Enrolled

NOISE = b"\x00not a database\xff" * 400


@pytest.fixture
def hub() -> Iterator[TestHub]:
    publisher = Publisher()
    publisher.publish("places", many(3))
    with TestHub(publisher) as served:
        yield served


@pytest.fixture
def kiosk(tmp_path: Path, hub: TestHub) -> Enrolled:
    kiosk = Enrolled(tmp_path, hub)
    kiosk.tell()
    kiosk.round()
    for suffix in ("-wal", "-shm"):
        (tmp_path / f"sync.db{suffix}").unlink(missing_ok=True)
    (tmp_path / "sync.db").write_bytes(NOISE)
    return kiosk


def test_it_is_set_aside_with_an_alarm_and_the_kiosk_goes_on(kiosk: Enrolled) -> None:
    assert kiosk.round().told is not None
    (aside,) = kiosk.folder.glob("sync.db.damaged-*")
    assert aside.read_bytes() == NOISE
    with opened(kiosk.folder, kiosk.clock) as store:
        assert [(one.code, one.about) for one in store.alarms()] == [(REBUILT, aside.name)]
        assert store.device() == KIOSK


def test_events_are_told_again_and_counted_once(kiosk: Enrolled, hub: TestHub) -> None:
    kiosk.tell()
    done = kiosk.round()
    assert done.told is not None
    assert (done.told.sent, done.told.acked, done.told.last) == (2, 2, 2)
    assert len(hub.intake.held) == 2


def test_an_older_manifest_isn_t_taken_after_it(kiosk: Enrolled, hub: TestHub) -> None:
    hub.publisher.version -= 1
    with pytest.raises(FeedRefused, match="rollback"):
        kiosk.round()


def test_a_key_that_the_root_named_since_is_known_again(kiosk: Enrolled, hub: TestHub) -> None:
    (kiosk.folder / "sync.db").unlink()
    hub.publisher.key, hub.publisher.epoch = STRANGER, 2
    hub.publisher.publish("places", many(4))
    kiosk.round()
    (kiosk.folder / "sync.db").write_bytes(NOISE)
    for suffix in ("-wal", "-shm"):
        (kiosk.folder / f"sync.db{suffix}").unlink(missing_ok=True)
    with opened(kiosk.folder, kiosk.clock) as store:
        pin = store.pin()
        assert pin is not None
        assert (pin.key, pin.epoch) == (STRANGER.public_key, 2)


def test_a_kiosk_that_no_hub_has_let_in_begins_empty(tmp_path: Path, kiosk: Enrolled) -> None:
    (kiosk.folder / "enrolment.json").unlink()
    with opened(kiosk.folder, kiosk.clock) as store:
        assert (store.device(), store.pin()) == ("", None)


def test_a_manifest_that_was_kept_of_another_key_proves_nothing(kiosk: Enrolled) -> None:
    (kiosk.folder / "manifest.alv1").write_bytes(b"alv1m")
    with opened(kiosk.folder, kiosk.clock) as store:
        assert store.seen() is None
