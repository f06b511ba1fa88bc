"""What doctor says of a kiosk's hub, licence, lost cards and alarms."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.app.diagnose_hub import enrolled, memory
from kiosk.app.diagnostics import Finding
from kiosk.domain.card_rules import Blocklist
from kiosk.store.blocklist import FILE, write_blocklist
from kiosk.store.card_keys import CardKeyStore
from kiosk.store.device_key import DeviceKey
from kiosk.store.enrolment import EnrolmentStore, LetIn, Waiting
from kiosk.store.sync_store import SyncStore
from sync.licence import Licence, sign_licence
from tests.alv1 import HUB, ROOT
from tests.unit.kiosk.store.test_card_keys import delivered

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
MOST = timedelta(hours=72)
LET_IN = LetIn(
    hub="https://hub.example.fr",
    territory="orne",
    name="borne-1",
    kiosk="kabc234",
    root=ROOT.public_key.hex(),
    key=HUB.public_key.hex(),
    epoch=1,
)


def let_in(folder: Path, until: datetime = NOW + timedelta(days=30)) -> EnrolmentStore:
    store = EnrolmentStore(folder)
    store.keep(LET_IN)
    licence = Licence(
        kiosk="kabc234",
        territory="orne",
        key=DeviceKey(folder).public_key.hex(),
        until=int(until.timestamp()),
    )
    store.keep_licence(sign_licence(licence, HUB), HUB.public_key)
    return store


def found(folder: Path, check: str) -> Finding:
    return next(one for one in enrolled(folder, NOW, MOST) if one.check == check)


def test_a_kiosk_that_no_hub_has_let_in_has_nothing_more_to_tell(tmp_path: Path) -> None:
    (told,) = enrolled(tmp_path, NOW, MOST)
    assert (told.check, told.state) == ("enrolment", "ok")
    assert "not enrolled" in told.what


@pytest.mark.parametrize(("minutes", "state"), [(5, "warn"), (-5, "ok")])
def test_a_code_that_waits_is_told_while_it_lives(tmp_path: Path, minutes: int, state: str) -> None:
    waiting = Waiting(
        hub="https://hub.example.fr",
        territory="orne",
        name="borne-1",
        device_code="x" * 30,
        user_code="BCDF-GHJK",
        page="https://hub.example.fr/x",
        expires_at=NOW + timedelta(minutes=minutes),
        interval_s=5,
    )
    EnrolmentStore(tmp_path).keep(waiting)
    assert found(tmp_path, "enrolment").state == state


@pytest.mark.parametrize(
    ("days", "state", "word"),
    [
        (30, "ok", "until 2026-12-22"),
        (5, "warn", "ends in 5 days"),
        (-1, "fail", "nothing is sold"),
    ],
)
def test_the_licence_is_told_before_and_after_its_end(
    tmp_path: Path, days: int, state: str, word: str
) -> None:
    let_in(tmp_path, NOW + timedelta(days=days))
    told = found(tmp_path, "licence")
    assert told.state == state
    assert word in told.what


def test_a_kiosk_that_was_shut_out_is_told_so(tmp_path: Path) -> None:
    let_in(tmp_path).revoke(NOW)
    told = found(tmp_path, "licence")
    assert (told.state, "shut this kiosk out" in told.what) == ("fail", True)


def test_a_key_that_others_may_read_is_told(tmp_path: Path) -> None:
    let_in(tmp_path)
    (tmp_path / "device.key").chmod(0o644)
    assert found(tmp_path, "licence").state == "fail"


@pytest.mark.parametrize(
    ("hours", "state"), [(1, "ok"), (36, "ok"), (37, "warn"), (72, "warn"), (73, "fail")]
)
def test_the_age_of_the_list_of_lost_cards_is_told(tmp_path: Path, hours: int, state: str) -> None:
    let_in(tmp_path)
    listed = Blocklist(version=3, issued_at=NOW - timedelta(hours=hours), cards={"a" * 32: NOW})
    write_blocklist(tmp_path / FILE, listed)
    told = found(tmp_path, "lost-cards")
    assert told.state == state
    assert told.what.startswith("version 3, 1 cards")


def test_a_list_that_never_came_is_told(tmp_path: Path) -> None:
    let_in(tmp_path)
    assert found(tmp_path, "lost-cards").state == "warn"


def test_alarms_are_told_for_a_month_and_a_copied_kiosk_fails(tmp_path: Path) -> None:
    assert memory(tmp_path, NOW).state == "ok"
    with SyncStore(tmp_path / "sync.db") as store:
        store.raise_alarm("feed.keys", "x", int((NOW - timedelta(days=31)).timestamp()))
        assert memory(tmp_path, NOW).state == "ok"
        store.raise_alarm("feed.keys", "x", int(NOW.timestamp()))
        assert memory(tmp_path, NOW).state == "warn"
        store.raise_alarm("events.fork", "e/1", int(NOW.timestamp()))
    told = memory(tmp_path, NOW)
    assert told.state == "fail"
    assert "copy of another kiosk" in told.do


def test_a_memory_that_is_damaged_or_was_set_aside_is_told(tmp_path: Path) -> None:
    (tmp_path / "sync.db").write_bytes(b"noise" * 500)
    assert "sync.damaged" in memory(tmp_path, NOW).what
    (tmp_path / "sync.db").rename(tmp_path / "sync.db.damaged-20261122T100000")
    told = memory(tmp_path, NOW)
    assert told.state == "warn"
    assert "no event was lost" in told.what


def test_card_keys_are_told_by_their_edition_or_as_awaited(tmp_path: Path) -> None:
    let_in(tmp_path)
    assert found(tmp_path, "card-keys").state == "warn"
    CardKeyStore(tmp_path).keep(delivered(4))
    told = found(tmp_path, "card-keys")
    assert (told.state, "edition 4" in told.what) == ("ok", True)
