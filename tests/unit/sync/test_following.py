"""Following a hub: the rhythm, and a whole process that follows until it is stopped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.store.database import ContentReader
from sync.engine import following
from sync.engine.following import Rhythm
from tests.alv1 import Publisher, Reply, TestHub, many
from tests.unit.sync.clock import MovedClock


class Rounds:
    """Stops after a number of rounds, without waiting (implements sync.engine.following.Stop)."""

    def __init__(self, rounds: int) -> None:
        self.left = rounds
        self.rests: list[float] = []

    def is_set(self) -> bool:
        return self.left == 0

    def wait(self, timeout: float) -> bool:
        self.left -= 1
        self.rests.append(timeout)
        return self.is_set()


@pytest.fixture
def hub() -> Iterator[TestHub]:
    publisher = Publisher()
    publisher.publish("places", many(8))
    with TestHub(publisher) as served:
        yield served


def test_polls_are_spread_around_a_quarter_of_a_minute() -> None:
    assert (Rhythm(lambda: 0.0).fine(), Rhythm(lambda: 0.5).fine()) == (7.5, 15.0)


def test_failures_rest_longer_and_longer_and_as_long_as_asked() -> None:
    rhythm = Rhythm(lambda: 0.999)
    rests = [rhythm.failed("no route", 0) for _ in range(12)]
    assert rests == sorted(rests)
    assert 290 < rests[-1] <= 300
    assert rhythm.failed("busy", 600) == 600


def test_whoever_is_back_waits_up_to_half_a_minute_more() -> None:
    rhythm = Rhythm(lambda: 0.5)
    rhythm.failed("no route", 0)
    assert rhythm.fine() == 15 + 15
    assert rhythm.fine() == 15


def test_a_hub_is_followed_through_its_failures(tmp_path: Path, hub: TestHub) -> None:
    broken = Reply(status=503, body=b"", headers={"Retry-After": "9"})
    hub.spoil = lambda _path, reply: broken if len(hub.asked) < 3 else reply
    stop = Rounds(4)
    following.follow(hub.url, "orne", tmp_path, MovedClock(), stop)
    assert stop.rests[0] >= 9
    reader = ContentReader(tmp_path / "content.db")
    assert reader.rows("SELECT count(*) FROM record") == [(8,)]
    reader.close()
