"""Events: each one once, acknowledged without a gap, forks told."""

from __future__ import annotations

from threading import Thread

import msgspec
import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.hub.devices.models import Device
from sync.hub.events import intake
from sync.hub.events.models import Event, Fork, Position
from sync.hub.here import Here
from sync.protocol.events import Answer, read_answer
from tests.kiosks import Kiosk, enrolled, event, is_signed


@pytest.fixture
def kiosk(here: Here) -> Kiosk:
    return enrolled(here)


def told(kiosk: Kiosk, *seqs: int, **how: str) -> Answer:
    answer = kiosk.tell([event(seq, **how) for seq in seqs])
    assert answer.status_code == 200, answer.content
    return read_answer(answer.content)


def test_a_batch_is_stored_and_acknowledged(here: Here, kiosk: Kiosk) -> None:
    answer = kiosk.tell([event(1), event(2)])
    assert read_answer(answer.content) == Answer(ack=2)
    assert kiosk.last is not None
    assert is_signed(here, kiosk.last, answer)
    assert Event.objects.count() == 2


def test_an_event_that_is_sent_again_is_stored_once(kiosk: Kiosk) -> None:
    told(kiosk, 1, 2)
    assert told(kiosk, 1, 2) == Answer(ack=2)
    assert told(kiosk, 2, 3) == Answer(ack=3)
    assert Event.objects.count() == 3


def test_what_waits_behind_a_gap_is_acknowledged_once_the_gap_is_filled(kiosk: Kiosk) -> None:
    assert told(kiosk, 3, 4).ack == 0
    assert told(kiosk, 1).ack == 1
    assert told(kiosk, 2).ack == 4


def test_each_epoch_has_its_own_numbers(kiosk: Kiosk) -> None:
    assert told(kiosk, 1, 2).ack == 2
    assert told(kiosk, 1, epoch="civic-1").ack == 1


def test_two_kiosks_have_their_own_numbers(here: Here, kiosk: Kiosk) -> None:
    told(kiosk, 1, 2)
    assert told(enrolled(here, "borne-2"), 1).ack == 1


@pytest.mark.parametrize("payload", ["[]", "not json", '{"a":NaN}', "", '"text"'])
def test_an_event_that_can_t_be_used_is_told_and_blocks_nothing(kiosk: Kiosk, payload: str) -> None:
    answer = kiosk.tell([event(1), event(2, payload=payload), event(3)])
    found = read_answer(answer.content)
    assert found.ack == 3
    assert [(one.seq, one.code) for one in found.rejected] == [(2, "event.payload")]


@pytest.mark.parametrize("kind", ["a\x00b", "K" * 10, "x" * 65, "é"])
def test_a_kind_that_can_t_be_one_is_rejected(kiosk: Kiosk, kind: str) -> None:
    assert [one.code for one in told(kiosk, 1, kind=kind).rejected] == ["event.kind"]


def test_a_rejected_event_stays_rejected_when_it_is_sent_again(kiosk: Kiosk) -> None:
    told(kiosk, 1, payload="[]")
    assert [one.seq for one in told(kiosk, 1, payload="[]").rejected] == [1]


def test_a_moment_without_an_offset_is_rejected(kiosk: Kiosk) -> None:
    naive = msgspec.structs.replace(event(1), at="2026-11-22T10:00:00")
    wrong = msgspec.structs.replace(event(2), at="yesterday")
    found = read_answer(kiosk.tell([naive, wrong]).content)
    assert [one.code for one in found.rejected] == ["event.moment", "event.moment"]


def test_the_same_number_with_another_body_is_a_fork(kiosk: Kiosk) -> None:
    told(kiosk, 1, 2)
    answer = told(kiosk, 2, payload='{"a":2}')
    assert answer.forks == (2,)
    assert answer.ack == 2
    assert b'{\\"a\\":1}' in bytes(Event.objects.get(seq=2).body)
    assert Fork.objects.get().seq == 2


def test_a_fork_is_told_each_time_and_kept_once(kiosk: Kiosk) -> None:
    told(kiosk, 1)
    for _ in range(3):
        assert told(kiosk, 1, payload='{"a":2}').forks == (1,)
    assert Fork.objects.count() == 1


def test_a_restored_hub_tells_a_lower_ack_and_takes_the_rest_again(kiosk: Kiosk) -> None:
    told(kiosk, 1, 2, 3)
    Event.objects.filter(seq__gt=1).delete()
    Position.objects.update(ack=1)
    assert told(kiosk, 4).ack == 1
    assert told(kiosk, 2, 3).ack == 4


def test_an_event_too_much_refuses_the_batch_whole(kiosk: Kiosk) -> None:
    path = f"/v1/events/{kiosk.id}"
    answer = kiosk.ask("POST", path, b"not a frame", media="application/zstd")
    assert answer.status_code == 422
    assert b"feed.refused" in answer.content
    assert Event.objects.count() == 0


def test_a_batch_of_another_media_type_is_refused(kiosk: Kiosk) -> None:
    path = f"/v1/events/{kiosk.id}"
    assert kiosk.ask("POST", path, b"{}", media="application/json").status_code == 422


def test_a_batch_over_the_limit_is_refused(kiosk: Kiosk) -> None:
    path = f"/v1/events/{kiosk.id}"
    answer = kiosk.ask("POST", path, b"x" * (256 * 1024 + 1), media="application/zstd")
    assert answer.status_code == 413


def test_what_a_kiosk_says_of_its_state_is_kept(kiosk: Kiosk) -> None:
    told(kiosk, 1, kind=intake.HEALTH, payload='{"paper":"low"}')
    assert Device.objects.get(id=kiosk.id).health["paper"] == "low"


def test_an_older_state_that_is_sent_again_changes_nothing(kiosk: Kiosk) -> None:
    told(kiosk, 1, kind=intake.HEALTH, payload='{"paper":"low"}')
    told(kiosk, 2, kind=intake.HEALTH, payload='{"paper":"ok"}')
    told(kiosk, 1, kind=intake.HEALTH, payload='{"paper":"low"}')
    assert Device.objects.get(id=kiosk.id).health["paper"] == "ok"


def test_batches_that_come_at_once_are_each_stored_once(here: Here, kiosk: Kiosk) -> None:
    device = Device.objects.get(id=kiosk.id)
    wrong: list[BaseException] = []

    def send(first: int) -> None:
        try:
            for start in range(first, 41, 4):
                batch = [event(seq) for seq in range(start, min(start + 6, 41))]
                intake.take(here, device, batch)
        except BaseException as failed:  # noqa: BLE001  # told to the test
            wrong.append(failed)
        finally:
            connections.close_all()

    threads = [Thread(target=send, args=(first,)) for first in (1, 2, 3, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert Event.objects.count() == 40
    assert Position.objects.get().ack == 40


@settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.lists(st.tuples(st.integers(1, 12), st.integers(1, 5)), min_size=1, max_size=12))
def test_in_whatever_order_batches_come_the_end_is_the_same(
    here: Here, kiosk: Kiosk, batches: list[tuple[int, int]]
) -> None:
    Event.objects.all().delete()
    Position.objects.all().delete()
    device = Device.objects.get(id=kiosk.id)
    sent: set[int] = set()
    answer = Answer(ack=0)
    for first, length in batches:
        seqs = range(first, first + length)
        answer = intake.take(here, device, [event(seq) for seq in seqs])
        sent |= set(seqs)
    expected = next(seq for seq in range(1, 20) if seq not in sent) - 1
    assert answer.ack == expected
    assert set(Event.objects.values_list("seq", flat=True)) == sent
