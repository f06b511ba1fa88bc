"""The feed's rules that a whole sync doesn't reach by itself."""

from __future__ import annotations

import msgspec
import pytest

from kiosk.domain.errors import FeedForged, FeedRefused
from sync import feed
from sync.protocol.manifest import DatasetHead
from tests.alv1 import HUB, ROOT, STRANGER, Publisher, many

PIN = feed.Pin(territory="orne", root=ROOT.public_key, key=HUB.public_key, epoch=1)


@pytest.fixture
def publisher() -> Publisher:
    one = Publisher()
    one.publish("stops", many(5))
    return one


def _head(publisher: Publisher) -> DatasetHead:
    return publisher.editions["stops"].head


def test_the_manifest_that_was_seen_may_be_seen_again(publisher: Publisher) -> None:
    data = publisher.signed()
    seen = feed.seen_of(feed.accept(data, PIN, None), data, '"x"', 5)
    assert feed.accept(data, PIN, seen).version == 1


def test_the_version_begins_again_with_the_epoch(publisher: Publisher) -> None:
    publisher.epoch = 2
    seen = feed.Seen(epoch=1, version=99, digest=b"")
    pin = feed.Pin(territory="orne", root=ROOT.public_key, key=HUB.public_key, epoch=2)
    assert feed.accept(publisher.signed(), pin, seen).epoch == 2


def test_a_notice_of_our_epoch_or_of_another_territory_rotates_nothing() -> None:
    for other in (Publisher(epoch=1), Publisher(epoch=2, territory="lot")):
        with pytest.raises(FeedRefused):
            feed.rotated(other.notice(), PIN)
    with pytest.raises(FeedForged):
        feed.rotated(Publisher(epoch=2, root=STRANGER).notice(), PIN)
    assert feed.rotated(Publisher(epoch=2, key=STRANGER).notice(), PIN).key == STRANGER.public_key


def test_the_newest_schema_that_we_know_is_taken(publisher: Publisher) -> None:
    head = _head(publisher)
    newer = msgspec.structs.replace(head, schema=feed.SCHEMA_MAX + 1)
    assert feed.known((newer, head)) == {"stops": head}
    assert feed.known((newer,)) == {}


def test_what_stands_at_the_head_is_left_alone(publisher: Publisher) -> None:
    head = _head(publisher)
    assert feed.start(head, (head.epoch, head.head, head.sum), may_climb=True) is None


def test_a_copy_of_another_epoch_has_no_position(publisher: Publisher) -> None:
    begun = feed.start(_head(publisher), (9, 1, ""), may_climb=True)
    assert begun is not None
    assert begun[0].position is None


def test_without_an_answer_the_old_data_stay_and_nobody_is_alarmed(publisher: Publisher) -> None:
    begun = feed.start(_head(publisher), None, may_climb=True)
    assert begun is not None
    state, acts = feed.next_acts(begun[0], feed.Lost("no route"))
    assert (state.step, acts) == (feed.Step.KEPT, ())


def test_when_the_ladder_may_not_be_climbed_the_old_data_stay(publisher: Publisher) -> None:
    begun = feed.start(_head(publisher), None, may_climb=False)
    assert begun is not None
    state, acts = feed.next_acts(begun[0], feed.Bad("x", "why"))
    assert state.step is feed.Step.KEPT
    assert acts == (feed.Alarm("feed.kept", "stops: why"),)


def test_the_ladder_is_noted_once_a_sync(publisher: Publisher) -> None:
    begun = feed.start(_head(publisher), None, may_climb=True)
    assert begun is not None
    state, acts = feed.next_acts(begun[0], feed.Bad("x", "why"))
    assert acts == (feed.Climb(), feed.Fetch("x", fresh=True))
    state, acts = feed.next_acts(state, feed.Bad("y", "why"))
    assert acts == (feed.Fetch("y", fresh=True),)
    assert feed.next_acts(state, feed.Bad("y", "why"))[0].step is feed.Step.KEPT


def test_a_sum_that_differs_after_deltas_leads_to_the_snapshot(publisher: Publisher) -> None:
    publisher.publish("stops", many(6))
    detail = publisher.editions["stops"].detail
    head = _head(publisher)
    begun = feed.start(head, (head.epoch, 2, "other"), may_climb=True)
    assert begun is not None
    state, _ = feed.next_acts(begun[0], feed.Described(detail))
    assert not state.whole
    state, acts = feed.next_acts(state, feed.Bad("", "the sum differs"))
    assert state.whole
    assert acts[0] == feed.Climb()
    assert feed.next_acts(state, feed.Bad("", "again"))[0].step is feed.Step.KEPT


@pytest.mark.parametrize(
    ("climbs", "may"),
    [([], True), ([100, 100], True), ([100, 100, 100], False), ([-4000, 100, 100], True)],
)
def test_the_ladder_has_an_hourly_limit(climbs: list[int], may: object) -> None:
    assert feed.may_climb(climbs, 200) is may
