"""A virtual card presented to vpcd until it is told to stop (``card virtual``).

It is refused in production. To be stopped is to be lifted. When vpcd goes away, the card is laid
again as soon as it is back.
"""

from __future__ import annotations

import signal
import time
from dataclasses import dataclass
from types import FrameType

from cardreader.layout import AID, CARD_KEYS, ENTRIES, ENTRIES_UPPER, LOG, PURSE, PURSE_UPPER
from cardreader.virtual.cards import TEST_UID, plain_card
from cardreader.virtual.chip.memory import Generation
from cardreader.virtual.issue import known_keys
from cardreader.virtual.mischief import Slow
from cardreader.virtual.vpcd import Picc, VpcdClient
from kiosk.domain.environment import PRODUCTION
from kiosk.domain.errors import InputRefused, ReaderAbsent

GENERATIONS: dict[str, Generation] = {"ev1": 1, "ev2": 2}
LATENCY_MS_MAX = 10_000
AWAY_S, AWAYS_MAX = 0.5, 240  # how long, and how often in a row, a vpcd that went is waited for


@dataclass(frozen=True, slots=True, kw_only=True)
class CardWanted:
    """What the command line asks for; raises InputRefused."""

    profile: str
    balance_cents: int
    entries: int
    latency_ms: int

    def __post_init__(self) -> None:
        if self.profile not in GENERATIONS:
            raise InputRefused(f"no profile {self.profile!r}", where="--profile", todo="ev1 or ev2")
        _within(self.balance_cents, PURSE_UPPER, "--balance")
        _within(self.entries, ENTRIES_UPPER, "--entries")
        _within(self.latency_ms, LATENCY_MS_MAX, "--latency-ms")

    def card(self) -> Picc:
        """Make the card."""
        chip = plain_card(
            balance_cents=self.balance_cents,
            entries=self.entries,
            generation=GENERATIONS[self.profile],
        )
        return Slow(chip, self.latency_ms) if self.latency_ms else chip


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What another reader needs in order to read the virtual card; hex, keys as on the card."""

    uid: str
    aid: str
    keys: dict[str, str]
    files: dict[str, int]


def published_profile() -> Profile:
    """Give the profile of every card that ``card virtual`` makes."""
    keys = known_keys(TEST_UID)
    return Profile(
        uid=TEST_UID.hex(),
        aid=AID.hex(),
        keys={str(int(key)): keys[key].hex() for key in CARD_KEYS},
        files={"purse": PURSE, "entries": ENTRIES, "log": LOG},
    )


def refuse_in_production(environment: str) -> None:
    """Raise InputRefused where real money is."""
    if environment == PRODUCTION:
        raise InputRefused("no virtual cards in production", where="ALVEOLE_ENV")


class Presenter:
    """Keeps one card on a vpcd slot until ``stop``."""

    def __init__(self, card: Picc, port: int, *, away_s: float = AWAY_S) -> None:
        self._card, self._port, self._away_s = card, port, away_s
        self._stopped = False  # no Event: its lock must not be taken inside a signal handler
        self._client = self._laid()

    def run(self) -> None:
        """Answer until ``stop``; raises ReaderAbsent when vpcd stays away."""
        while not self._stopped:  # each turn is a connection, which ends by itself
            self._client.run()
            self._client = self._laid_again()

    def stop(self) -> None:
        """Lift the card, from any thread or signal."""
        self._stopped = True
        self._client.stop()

    def _laid(self) -> VpcdClient:
        return VpcdClient(self._card, port=self._port)

    def _laid_again(self) -> VpcdClient:
        for _ in range(AWAYS_MAX):
            time.sleep(self._away_s)
            if self._stopped:
                return self._client
            try:
                return self._laid()
            except ReaderAbsent:
                continue
        return self._laid()


def present(card: Picc, port: int) -> None:
    """Keep the card on the slot at ``port`` until SIGTERM or SIGINT; raises ReaderAbsent."""
    presenter = Presenter(card, port)

    def end(number: int, frame: FrameType | None) -> None:
        del number, frame
        presenter.stop()

    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, end)
    presenter.run()


def _within(number: int, most: int, where: str) -> None:
    if not 0 <= number <= most:
        raise InputRefused(f"{number} isn't within 0…{most}", where=where)
