"""Follows the reader for ``alveole card watch``: what the kiosk would be told, as values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Literal

from kiosk.app.card_chain import CardRead, Chain, card_read, open_reader
from kiosk.domain.errors import AlveoleError
from kiosk.ports import CardReader, CardSession

WAIT_S = 0.5  # between looks for an event, so that SIGINT is noticed


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A thing was laid (the card, or the message key of what is wrong with it) or lifted."""

    event: Literal["laid", "lifted"]
    card: CardRead | None = None
    problem: str = ""


def watch(chain: Chain, count: int) -> Iterator[Event]:
    """Give events as they come; ends after ``count`` of them, 0: never. Raises InputRefused."""
    return events(open_reader(chain), count)


def events(reader: CardReader, count: int) -> Iterator[Event]:
    """Give the events of a reader, and close it at the end."""
    told: SimpleQueue[CardSession | None] = SimpleQueue()
    given = 0
    reader.watch(told.put, lambda: told.put(None))
    try:
        while not count or given < count:  # without a count: until the caller is interrupted
            try:
                session = told.get(timeout=WAIT_S)
            except Empty:
                continue
            given += 1
            yield Event(event="lifted") if session is None else _laid(session)
    finally:
        reader.close()


def _laid(session: CardSession) -> Event:
    try:
        return Event(event="laid", card=card_read("", session.read()))
    except AlveoleError as wrong:
        return Event(event="laid", problem=wrong.message_key)
