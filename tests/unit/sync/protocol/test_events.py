"""Event batches and the hub's answers: their bounds and what is refused."""

from __future__ import annotations

import os

import pytest

from kiosk.domain.errors import FeedRefused
from sync.protocol import events
from sync.protocol.blobs import compress
from sync.protocol.events import Answer, Event, Rejected


def _event(seq: int, payload: str = "{}", epoch: str = "e1") -> Event:
    return Event(
        epoch=epoch, seq=seq, kind="topup.done", subject="T-1", at="2026-01-01T00:00:00Z",
        payload=payload,
    )  # fmt: skip


def _batch(*told: Event) -> bytes:
    return compress(b"".join(events.line_of(one) + b"\n" for one in told))


def test_a_batch_comes_back_as_it_was_written() -> None:
    told = [_event(seq) for seq in range(7, 12)]
    data, taken = events.write_batch(told)
    assert (events.read_batch(data), taken) == (told, 5)


def test_a_batch_takes_five_hundred_events_and_no_more() -> None:
    _, taken = events.write_batch([_event(seq) for seq in range(1, 700)])
    assert taken == events.EVENTS_MAX


def test_a_batch_stays_below_its_bytes() -> None:
    told = [_event(seq, os.urandom(8_000).hex()) for seq in range(1, 60)]
    data, taken = events.write_batch(told)
    assert 1 < taken < 60
    assert len(data) <= events.BATCH_BYTES_MAX


@pytest.mark.parametrize("told", [[], [_event(1, "x" * 32_768)]])
def test_nothing_to_send_is_no_batch(told: list[Event]) -> None:
    with pytest.raises(FeedRefused):
        events.write_batch(told)


def test_other_bytes_have_another_hash() -> None:
    assert events.body_hash(_event(1)) != events.body_hash(_event(1, '{"a":1}'))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        bytes(events.BATCH_BYTES_MAX + 1),
        compress(b""),
        compress(b"{}\n"),
        compress(b"[" * 5_000 + b"\n"),
        compress(b"\n" * 501),
        compress(events.line_of(_event(1))),
        compress(b" " + events.line_of(_event(1)) + b"\n"),
        compress(b"x" * 40_000 + b"\n"),
        _batch(_event(1), _event(3)),
        _batch(_event(1), _event(1)),
        _batch(_event(1), _event(2, epoch="e2")),
    ],
)
def test_what_is_no_batch_is_refused_whole(data: bytes) -> None:
    with pytest.raises(FeedRefused):
        events.read_batch(data)


def test_an_answer_comes_back_as_it_was_written() -> None:
    answer = Answer(ack=9, rejected=(Rejected(seq=4, code="product.unknown"),), forks=(5,))
    assert events.read_answer(events.write_answer(answer)) == answer


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b'{"ack":"3"}', b'{"ack":-1}', b'{"ack":true}', b'{"ack":1,"x":2}',
     b'{"ack":1e3}', b"[" * 5_000, b" " * 70_000],
)  # fmt: skip
def test_what_is_no_answer_is_refused(data: bytes) -> None:
    with pytest.raises(FeedRefused):
        events.read_answer(data)
