"""How a kiosk's events reach its hub, each counted once: pure rules, no I/O (SYNC.md, "upstream").

Rules:
1. An outbox is a stream: an epoch, and numbers without gaps from 1. The epoch is drawn from its
   first row, so that another outbox has another one, and the same outbox the same for ever: even
   when all that was noted about sending is lost, no event is counted twice.
2. What comes after ``acked`` is sent, oldest first. Nothing counts as held before the hub says so.
3. An answer's ``ack`` is believed within what the outbox holds. A higher one is absurd: refused.
4. An ack lower than one told before means that the hub was restored: sending begins again there.
   (The journal's outbox keeps its rows, at least 90 days of them, so that this can be done.)
5. A rejected event is noted in the quarantine, and doesn't hold back the ones behind it.
6. A fork (the hub knows our number with other bytes) is an alarm: two kiosks have one name.
7. Back-off after a failure: a random time up to FIRST_S·2^n, BACKOFF_MAX_S at most; not less than
   the hub asked for, ASKED_MAX_S at most.
8. New keys of the hub (a restore brings them) let each outbox tell its last event again: the answer
   says how far the hub really is, and rule 4 does the rest, even when nothing new has happened.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256

from kiosk.domain.errors import FeedRefused
from sync.protocol.events import Answer, Rejected

FIRST_S, BACKOFF_MAX_S = 1.0, 300.0
ASKED_MAX_S = 3600.0
DOUBLINGS_MAX = 16
EPOCH_DIGITS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """How far an outbox was sent: ``acked`` is up to where the hub holds it, in its own words."""

    epoch: str
    acked: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What an answer changes: the stream, the quarantine's new events, and alarms (code, about)."""

    stream: Stream
    refused: tuple[Rejected, ...] = ()
    alarms: tuple[tuple[str, str], ...] = ()


def stream_for(known: Stream | None, first_row: bytes) -> Stream:
    """Give the stream of the outbox whose first row is ``first_row`` (rule 1)."""
    epoch = sha256(first_row).hexdigest()[:EPOCH_DIGITS]
    return known if known is not None and known.epoch == epoch else Stream(epoch=epoch)


def hear(stream: Stream, last: int, answer: Answer) -> Heard:
    """Take an answer in; ``last`` is the outbox's highest number. Raises FeedRefused."""
    if answer.ack > last:
        raise FeedRefused(f"the hub says that it holds {answer.ack}, there are {last}")
    alarms = [("events.fork", f"{stream.epoch}/{seq}") for seq in answer.forks]
    if answer.ack < stream.acked:
        alarms.append(("hub.restored", f"{stream.epoch}: {answer.ack} after {stream.acked}"))
    heard = replace(stream, acked=answer.ack)
    return Heard(stream=heard, refused=answer.rejected, alarms=tuple(alarms))


def pause_s(failures: int, chance: float, asked_s: float = 0) -> float:
    """Give how long to wait after ``failures`` in a row; ``chance`` is in [0, 1) (rule 7)."""
    most = min(BACKOFF_MAX_S, FIRST_S * (1 << min(failures, DOUBLINGS_MAX)))
    return max(chance * most, min(asked_s, ASKED_MAX_S))
