"""Events up: each counted once, whatever the hub and the line do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import FeedRefused
from sync import merge
from sync.merge import Stream
from sync.protocol.events import Answer, Rejected

STREAM = Stream(epoch="e1", acked=100)


def test_the_epoch_is_the_outboxs_own() -> None:
    first = merge.stream_for(None, b"row 1")
    assert merge.stream_for(None, b"row 1") == first
    assert merge.stream_for(Stream(epoch=first.epoch, acked=7), b"row 1").acked == 7
    other = merge.stream_for(Stream(epoch=first.epoch, acked=7), b"another journal's row 1")
    assert (other.epoch != first.epoch, other.acked) == (True, 0)


def test_an_answer_moves_the_stream() -> None:
    heard = merge.hear(STREAM, 150, Answer(ack=150))
    assert heard == merge.Heard(stream=Stream(epoch="e1", acked=150))


def test_a_hub_that_was_restored_is_told_again_what_it_lost() -> None:
    heard = merge.hear(STREAM, 150, Answer(ack=60))
    assert heard.stream.acked == 60
    assert [code for code, _ in heard.alarms] == ["hub.restored"]


def test_an_absurd_ack_is_refused() -> None:
    with pytest.raises(FeedRefused):
        merge.hear(STREAM, 150, Answer(ack=151))


def test_a_rejected_event_goes_to_the_quarantine_and_holds_nothing_back() -> None:
    refused = Rejected(seq=101, code="product.unknown")
    heard = merge.hear(STREAM, 150, Answer(ack=150, rejected=(refused,)))
    assert (heard.refused, heard.stream.acked) == ((refused,), 150)


def test_a_fork_is_an_alarm() -> None:
    heard = merge.hear(STREAM, 150, Answer(ack=150, forks=(120,)))
    assert heard.alarms == (("events.fork", "e1/120"),)


@given(st.integers(0, 10**6), st.floats(0, 1, exclude_max=True), st.floats(0, 1e9))
def test_a_pause_is_bounded(failures: int, chance: float, asked_s: float) -> None:
    pause_s = merge.pause_s(failures, chance, asked_s)
    assert 0 <= pause_s <= max(merge.BACKOFF_MAX_S, merge.ASKED_MAX_S)
    assert pause_s >= min(asked_s, merge.ASKED_MAX_S)
