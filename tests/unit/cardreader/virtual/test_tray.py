"""The tray's reader beyond the port's contract: threads, callbacks, what is left behind."""

from __future__ import annotations

import threading

import pytest

from cardreader.card_app import Desk, PurseCardSession
from cardreader.virtual.cards import authority, plain_card
from cardreader.virtual.demo_chips import NAMES
from cardreader.virtual.tray import TrayReader
from kiosk.domain.errors import CardPulled
from kiosk.ports import CardSession


def tray() -> TrayReader:
    desk = Desk(authority=authority(), names=NAMES)
    return TrayReader(lambda transport, _: PurseCardSession(transport, desk))


def test_a_reader_that_nobody_watches_can_be_used() -> None:
    reader = tray()
    session = reader.lay(plain_card())
    assert session.read().last_four == "0001"
    reader.lift()
    reader.lift()


def test_a_callback_may_lift_the_card() -> None:
    reader, told = tray(), list[str]()

    def on_laid(session: CardSession) -> None:
        told.append(session.read().last_four)
        reader.lift()

    reader.watch(on_laid, lambda: told.append("lifted"))
    reader.lay(plain_card())
    assert told == ["0001", "lifted"]


def test_a_closed_reader_makes_its_session_end() -> None:
    reader = tray()
    session = reader.lay(plain_card())
    reader.close()
    with pytest.raises(CardPulled):
        session.read()


def test_cards_laid_from_many_threads_leave_one_session_alive() -> None:
    reader, sessions = tray(), list[CardSession]()
    reader.watch(sessions.append, lambda: None)
    threads = [threading.Thread(target=reader.lay, args=(plain_card(),)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(alive(session) for session in sessions) == 1


def alive(session: CardSession) -> bool:
    try:
        session.read()
    except CardPulled:
        return False
    return True
