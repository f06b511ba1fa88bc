"""What goes wrong with cards, as wrappers that stack: torn, slow, silent, corrupted, rewound.

APDUs are counted from 1 at each power-on. A tear and a silence happen once: the next power-on
(the card is laid again) finds the thing in order.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from cardreader.desfire.constants import CLA
from cardreader.virtual.chip.card import VirtualDesfire
from cardreader.virtual.chip.memory import Memory
from cardreader.virtual.vpcd import Picc
from kiosk.domain.errors import CardPulled

READERS_OWN = b"\xff"  # PC/SC part 3: the UID is known since anti-collision, no radio is needed
HISTORY_MAX = 1000  # states that a rewindable card remembers


@dataclass(frozen=True, slots=True, kw_only=True)
class At:
    """A moment: before or after APDU ``number``, or the first one with instruction ``ins``."""

    when: Literal["before", "after"]
    number: int = 0
    ins: int = -1

    def matches(self, number: int, apdu: bytes) -> bool:
        """Say whether this APDU is the moment's."""
        return number == self.number or (len(apdu) > 1 and apdu[0] == CLA and apdu[1] == self.ins)


class Wrapped:
    """A thing (vpcd.Picc) that passes everything on, and counts APDUs."""

    def __init__(self, picc: Picc) -> None:
        self._picc = picc
        self.count = 0

    @property
    def atr(self) -> bytes:
        """Give the wrapped thing's."""
        return self._picc.atr

    def power_on(self) -> None:
        """Count from the beginning."""
        self.count = 0
        self._picc.power_on()

    def power_off(self) -> None:
        """Pass it on."""
        self._picc.power_off()

    def answer(self, apdu: bytes) -> bytes | None:
        """Count and pass on."""
        self.count += 1
        return self._picc.answer(apdu)


class Torn(Wrapped):
    """Pulled away at a moment: before an APDU reaches it, or before its answer comes back."""

    def __init__(self, picc: Picc, at: At | None = None) -> None:
        super().__init__(picc)
        self._at = at
        self._gone = False

    def tear(self, at: At | None) -> None:
        """Set the next tear; None: no longer."""
        self._at = at

    def power_on(self) -> None:
        """Lie there again."""
        self._gone = False
        super().power_on()

    def answer(self, apdu: bytes) -> bytes | None:
        """Answer; raises CardPulled from the moment on."""
        if self._gone:
            raise CardPulled("torn away")
        at = self._at
        if at is None or not at.matches(self.count + 1, apdu):
            return super().answer(apdu)
        if at.when == "after":
            super().answer(apdu)
        self._at, self._gone = None, True
        self._picc.power_off()
        raise CardPulled(f"torn away {at.when} an APDU")


class Slow(Wrapped):
    """Each answer takes ``latency_ms`` more, but those that the reader gives by itself (FF)."""

    def __init__(
        self, picc: Picc, latency_ms: float, *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        super().__init__(picc)
        self._latency_s, self._sleep = latency_ms / 1000, sleep

    def answer(self, apdu: bytes) -> bytes | None:
        """Answer late."""
        if apdu[:1] != READERS_OWN:
            self._sleep(self._latency_s)
        return super().answer(apdu)


class Silent(Wrapped):
    """Says nothing from a moment on, until the next power-on."""

    def __init__(self, picc: Picc, at: At) -> None:
        super().__init__(picc)
        self._at: At | None = at
        self._mute = False

    def power_on(self) -> None:
        """Speak again."""
        self._mute = False
        super().power_on()

    def answer(self, apdu: bytes) -> bytes | None:
        """Answer, or say nothing."""
        at = self._at
        if self._mute or at is None or not at.matches(self.count + 1, apdu):
            answer = super().answer(apdu)
            return None if self._mute else answer
        if at.when == "after":
            super().answer(apdu)
        self._at, self._mute = None, True
        return None


class Corrupting(Wrapped):
    """Flips one bit of an APDU or an answer now and then, always the same for a ``seed``."""

    def __init__(self, picc: Picc, seed: int, *, rate: float) -> None:
        super().__init__(picc)
        self._dice = random.Random(seed)  # noqa: S311  # reproducible noise, nothing secret
        self._rate = rate
        self.flips = 0

    def answer(self, apdu: bytes) -> bytes | None:
        """Answer through the noise."""
        answer = super().answer(self._noisy(apdu))
        return None if answer is None else self._noisy(answer)

    def _noisy(self, data: bytes) -> bytes:
        if not data or self._dice.random() >= self._rate:
            return data
        self.flips += 1
        bit = self._dice.randrange(len(data) * 8)
        return bytes(one ^ (1 << bit % 8) if at == bit // 8 else one for at, one in enumerate(data))


class Rewindable(Wrapped):
    """A DESFire card that can be put back to an older state, as a clone or a replay would."""

    def __init__(self, chip: VirtualDesfire) -> None:
        super().__init__(chip)
        self._chip = chip
        self._states: list[Memory] = [chip.memory]

    def answer(self, apdu: bytes) -> bytes | None:
        """Answer, and remember each new state."""
        answer = super().answer(apdu)
        if self._chip.memory is not self._states[-1]:
            self._states = [*self._states[1 - HISTORY_MAX :], self._chip.memory]
        return answer

    def rewind(self, changes: int) -> None:
        """Go back by that many changes of what the card keeps."""
        kept = max(1, len(self._states) - changes)
        self._states = self._states[:kept]
        self._chip.memory = self._states[-1]
