"""ports.CardReader on the real chain: PC/SC, one card for the citizen at a time.

Rules:
1. What is told is what lies there: nothing, one card, or "two cards" (CardsTwo); a change from one
   to another is lifted, then laid. Slots that aren't the citizen's are not told.
2. Every card has its own worker, watched: one that doesn't answer within ``answer_s`` is stuck, and
   its session says so (ReaderAbsent). Nothing more is laid on that reader until it comes back.
3. A session ends with its card, or with the first CardPulled. While something still lies there it
   is opened anew, OPEN_TRIES times: a card swapped between two looks of pcscd shows in no counter.
4. For the same reason an idle card is asked for its UID after each look (a foreign one, which is
   asked nothing else, for our application again); another answer: rule 3.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from cardreader.detect import OpenPurse, select, session_of
from cardreader.hand import Hand
from cardreader.monitor import Monitor, Pace
from cardreader.pcsc import Context
from cardreader.presence import Happening, Laid, Stage
from cardreader.quirks import role_of
from cardreader.session import Answering, Guarded
from cardreader.transport import GET_UID
from cardreader.watchdog import ANSWER_S
from kiosk.domain.errors import CardForeign, CardPulled, CardsTwo, ReaderAbsent
from kiosk.ports import CardSession

_LOG = logging.getLogger(__name__)
OPEN_TRIES = 8  # looks, 2 s: pcscd itself looks every 0.4 s


@dataclass(slots=True, kw_only=True)
class _Lying:
    """What lies on one reader; ``session`` is None while it couldn't be opened."""

    reader: str
    atr: bytes
    hand: Hand | None = None
    session: Guarded | None = None
    question: bytes = b""
    answer: bytes = b""
    tries: int = 0


class PcscReader:
    """The readers whose names fit ``pattern``; starts with or without pcscd.

    ``purse`` opens the session of a card whose application ``aid`` could be selected.
    """

    def __init__(
        self,
        purse: OpenPurse,
        *,
        aid: bytes,
        pattern: str = "",
        pace: Pace | None = None,
        answer_s: float = ANSWER_S,
    ) -> None:
        self._purse = purse
        self._aid = aid
        self._pattern = pattern
        self._answer_s = answer_s
        self._turn = threading.RLock()
        self._on_laid: Callable[[CardSession], None] | None = None
        self._on_lifted: Callable[[], None] | None = None
        self._lying: dict[str, _Lying] = {}
        self._leaving: dict[str, Hand] = {}
        self._two = Answering(CardsTwo("two cards on the readers"))
        self._told: CardSession | None = None
        self._monitor = Monitor(Context, self._happened, on_turn=self._look, pace=pace)
        self._started = False

    @property
    def stage(self) -> Stage:
        """What is waited for now."""
        return self._monitor.stage

    def watch(self, on_laid: Callable[[CardSession], None], on_lifted: Callable[[], None]) -> None:
        """Start telling, at once when something lies there that is known already."""
        with self._turn:
            self._on_laid, self._on_lifted = on_laid, on_lifted
            told, started, self._started = self._told, self._started, True
        if not started:
            self._monitor.start()
        elif told is not None:
            on_laid(told)

    def close(self) -> None:
        """Stop telling and let every card go."""
        with self._turn:
            self._on_laid = self._on_lifted = None
        if self._started:
            self._monitor.close()
        for reader in tuple(self._lying):
            self._let_go(reader)

    def _happened(self, happening: Happening) -> None:
        """Take what the monitor tells."""
        if role_of(happening.reader, self._pattern) != "citizen":
            return
        self._let_go(happening.reader)
        if isinstance(happening, Laid):
            lying = _Lying(reader=happening.reader, atr=happening.atr)
            self._open(lying)
            with self._turn:
                self._lying[happening.reader] = lying
        self._settle()

    def _look(self) -> None:
        """Look whether each card that lies there is still the one that its session belongs to."""
        for lying in tuple(self._lying.values()):
            hand, session = lying.hand, lying.session
            if hand is not None and session is not None:
                session.idle(partial(_ask_again, hand, lying))
                if session.over is not CardPulled:  # pcscd gone: the monitor will tell
                    continue
                self._release(lying)
                lying.session = None
                self._settle()
            if lying.session is None and lying.tries < OPEN_TRIES:
                self._open(lying)
                self._settle()

    def _open(self, lying: _Lying) -> None:
        """Connect to a card and open its session; a card that left is tried at the next look."""
        lying.tries += 1
        inner: CardSession | None
        try:
            inner = self._session(lying)
            lying.tries = 0
        except CardPulled as gone:
            last = lying.tries == OPEN_TRIES
            inner = Answering(CardForeign(f"unreadable: {gone}")) if last else None
            self._release(lying)
        except (CardForeign, ReaderAbsent) as wrong:
            _LOG.info("card.unusable: %s: %s", lying.reader, wrong)
            inner = Answering(wrong)
            if lying.hand is not None and not lying.hand.stuck:
                self._release(lying)
        lying.session = Guarded(inner) if inner is not None else None

    def _session(self, lying: _Lying) -> CardSession:
        """Connect and detect; raises CardPulled, CardForeign, ReaderAbsent."""
        before = self._leaving.get(lying.reader)
        if before is not None and not before.gone():
            raise ReaderAbsent("the reader is stuck")
        hand = lying.hand = Hand(lying.reader, answer_s=self._answer_s)
        hand.take()
        session = session_of(hand, lying.atr, aid=self._aid, purse=self._purse)
        lying.question = select(self._aid) if isinstance(session, Answering) else GET_UID
        lying.answer = hand.transmit(lying.question)
        return session

    def _release(self, lying: _Lying) -> None:
        """Close the hand on a card; the next one on that reader waits for its end."""
        hand, lying.hand = lying.hand, None
        if hand is not None:
            hand.close()
            self._leaving[lying.reader] = hand

    def _let_go(self, reader: str) -> None:
        with self._turn:
            lying = self._lying.pop(reader, None)
        if lying is None:
            return
        if lying.session is not None:
            lying.session.end(CardPulled("nothing lies on the reader any more"))
        self._release(lying)

    def _settle(self) -> None:
        """Tell what differs between what lies there and what was told."""
        with self._turn:
            there = [one.session for one in self._lying.values() if one.session is not None]
            wanted = there[0] if len(there) == 1 else (self._two if there else None)
            told, self._told = self._told, wanted
            on_laid, on_lifted = self._on_laid, self._on_lifted
        if told is wanted:
            return
        if told is not None and on_lifted is not None:
            on_lifted()
        if wanted is not None and on_laid is not None:
            on_laid(wanted)


def _ask_again(hand: Hand, lying: _Lying) -> None:
    """Put the question again; raises CardPulled when another card answers."""
    if hand.transmit(lying.question) != lying.answer:
        raise CardPulled("another card lies there")
