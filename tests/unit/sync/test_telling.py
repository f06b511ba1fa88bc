"""The journal's events reach the hub once each, whatever breaks in between."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.domain.errors import DataAbsent, FeedRefused, HubUnavailable
from kiosk.store.outbox import OutboxReader
from kiosk.store.sync_store import SyncStore
from sync.engine.telling import Teller, Told
from sync.feed import Pin
from sync.message_signing import Identity
from sync.protocol.events import Answer, read_batch, write_answer
from tests.alv1 import HUB, Intake
from tests.unit.sync.clock import MovedClock

IDENTITY = Identity(device="kiosk-1", signer=HUB, hub_key=HUB.public_key)


class Line:
    """The way to the test hub's intake; ``plan`` says what gets lost (sync.engine.telling.Hub)."""

    def __init__(self, intake: Intake, plan: list[str] | None = None) -> None:
        self.intake = intake
        self.plan = list(plan or [])

    async def send(self, batch: bytes, identity: Identity, *, key: str) -> bytes:
        fault = self.plan.pop(0) if self.plan else ""
        if fault == "lost request":
            raise HubUnavailable("no route")
        answer = self.intake.take(read_batch(batch))
        if fault == "twice":
            answer = self.intake.take(read_batch(batch))
        if fault == "lost answer":
            raise HubUnavailable("no answer")
        return write_answer(answer)


class Kiosk:
    """A journal's outbox and the sync process' memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with closing(sqlite3.connect(folder / "ledger.db")) as connection, connection:
            connection.execute(
                "CREATE TABLE outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT,"
                " subject TEXT, at TEXT, payload TEXT)"
            )

    def add(self, count: int, payload: str = "{}") -> None:
        with closing(sqlite3.connect(self.folder / "ledger.db")) as connection, connection:
            connection.executemany(
                "INSERT INTO outbox(kind, subject, at, payload) VALUES('k', ?, 'now', ?)",
                [(f"T-{number}", payload) for number in range(count)],
            )

    def tell(self, line: Line) -> Told:
        with SyncStore(self.folder / "sync.db") as store:
            teller = Teller(OutboxReader(self.folder / "ledger.db"), store, MovedClock())
            return asyncio.run(teller.tell(line, IDENTITY))

    def forget(self) -> None:
        (self.folder / "sync.db").unlink()


@pytest.fixture
def kiosk(tmp_path: Path) -> Kiosk:
    return Kiosk(tmp_path)


def test_what_the_outbox_holds_is_told_in_batches(kiosk: Kiosk) -> None:
    kiosk.add(1200)
    intake = Intake()
    assert kiosk.tell(Line(intake)) == Told(sent=1200, acked=1200, last=1200)
    assert kiosk.tell(Line(intake)).sent == 0
    assert sorted(seq for _, seq in intake.held) == list(range(1, 1201))


def test_an_absent_or_empty_outbox_tells_nothing(kiosk: Kiosk, tmp_path: Path) -> None:
    assert kiosk.tell(Line(Intake())) == Told(sent=0, acked=0, last=0)
    (tmp_path / "ledger.db").unlink()
    assert kiosk.tell(Line(Intake())) == Told(sent=0, acked=0, last=0)
    assert OutboxReader(tmp_path / "ledger.db").last() == 0


def test_a_damaged_journal_is_absent(kiosk: Kiosk, tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_bytes(b"no database" * 100)
    with pytest.raises(DataAbsent):
        kiosk.tell(Line(Intake()))


def test_a_hub_that_was_restored_gets_its_events_again(kiosk: Kiosk) -> None:
    kiosk.add(30)
    intake = Intake()
    kiosk.tell(Line(intake))
    backup = {identity: event for identity, event in intake.held.items() if identity[1] <= 12}
    kiosk.add(3)
    restored = Intake(held=backup)
    assert kiosk.tell(Line(restored)).acked == 33
    assert len(restored.held) == 33
    with SyncStore(kiosk.folder / "sync.db") as store:
        assert [alarm.code for alarm in store.alarms()] == ["hub.restored"]


def test_a_hub_with_new_keys_is_asked_how_far_it_is_even_without_news(kiosk: Kiosk) -> None:
    kiosk.add(30)
    kiosk.tell(Line(Intake()))
    with SyncStore(kiosk.folder / "sync.db") as store:
        store.set_pin(Pin(territory="orne", root=bytes(32), key=bytes(32), epoch=2))
    restored = Intake()
    assert kiosk.tell(Line(restored)).acked == 30
    assert len(restored.held) == 30


def test_a_kiosk_that_forgot_how_far_it_was_counts_nothing_twice(kiosk: Kiosk) -> None:
    kiosk.add(40)
    intake = Intake()
    kiosk.tell(Line(intake))
    kiosk.forget()
    assert kiosk.tell(Line(intake)).acked == 40
    assert len(intake.held) == 40


def test_a_cloned_kiosk_is_an_alarm(kiosk: Kiosk, tmp_path: Path) -> None:
    kiosk.add(3)
    intake = Intake()
    kiosk.tell(Line(intake))
    (epoch,) = {identity[0] for identity in intake.held}
    clone = Kiosk(tmp_path_of(tmp_path))
    with closing(sqlite3.connect(kiosk.folder / "ledger.db")) as connection:
        rows = connection.execute("SELECT * FROM outbox WHERE seq=1").fetchall()
    with closing(sqlite3.connect(clone.folder / "ledger.db")) as connection, connection:
        connection.executemany("INSERT INTO outbox VALUES(?, ?, ?, ?, ?)", rows)
    clone.add(2, '{"other":1}')
    clone.tell(Line(intake))
    with SyncStore(clone.folder / "sync.db") as store:
        assert {alarm.about for alarm in store.alarms()} == {f"{epoch}/2", f"{epoch}/3"}


def tmp_path_of(folder: Path) -> Path:
    other = folder / "clone"
    other.mkdir()
    return other


def test_a_poisoned_event_holds_nothing_back(kiosk: Kiosk) -> None:
    kiosk.add(2)
    kiosk.add(1, "x" * 40_000)
    kiosk.add(2)
    intake = Intake(refuses={2: "product.unknown"})
    assert kiosk.tell(Line(intake)).acked == 5
    with SyncStore(kiosk.folder / "sync.db") as store:
        found = {one.seq: one.code for one in store.refused()}
    assert found == {2: "product.unknown", 3: "event.too_long"}


def test_a_hub_that_takes_nothing_is_not_asked_for_ever(kiosk: Kiosk) -> None:
    kiosk.add(3)
    line = Line(Intake())
    asked: list[str] = []

    async def nothing(batch: bytes, identity: Identity, *, key: str) -> bytes:
        asked.append(key)
        return write_answer(Answer(ack=0))

    line.send = nothing  # type: ignore[method-assign]
    assert kiosk.tell(line).acked == 0
    assert len(asked) == 1


def test_an_absurd_answer_changes_nothing(kiosk: Kiosk) -> None:
    kiosk.add(3)
    line = Line(Intake())

    async def absurd(batch: bytes, identity: Identity, *, key: str) -> bytes:
        return write_answer(Answer(ack=1000))

    line.send = absurd  # type: ignore[method-assign]
    with pytest.raises(FeedRefused):
        kiosk.tell(line)
    assert kiosk.tell(Line(Intake())).acked == 3


@given(
    st.lists(
        st.sampled_from(["", "lost request", "lost answer", "twice", "add", "forget", "restore"]),
        max_size=12,
    )
)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_breaks_each_event_counts_once(
    tmp_path_factory: pytest.TempPathFactory, plan: list[str]
) -> None:
    kiosk, intake = Kiosk(tmp_path_factory.mktemp("kiosk")), Intake()
    kiosk.add(3)
    added = 3
    for step in plan:
        if step == "add":
            kiosk.add(2)
            added += 2
        elif step == "forget" and (kiosk.folder / "sync.db").exists():
            kiosk.forget()
        elif step == "restore":
            intake.held = {one: event for one, event in intake.held.items() if one[1] <= 2}
        else:
            try:
                kiosk.tell(Line(intake, [step]))
            except HubUnavailable:
                continue
    kiosk.add(1)
    kiosk.tell(Line(intake))
    assert sorted(seq for _, seq in intake.held) == list(range(1, added + 2))
    assert len({epoch for epoch, _ in intake.held}) == 1
