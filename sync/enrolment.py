"""How a kiosk is let in by its hub: pure rules, no I/O (RFC 8628; TRUST.md, "Device identity").

Rules:
1. Both sides are compared by people, by four words each. The hub's are those of the territory's
   root key: whoever installs the kiosk types them, and the notice of keys must be signed by a root
   that has these words. Without them only a hub on this machine is believed.
2. The kiosk's own words are worked out here, from its own key: what the hub says of them is not
   shown.
3. One request waits at a time. It is kept before anybody is shown its code: a kiosk that was killed
   goes on with it, one whose time is over asks anew, ASKS_MAX times in all.
4. Polls come at the hub's interval, SLOWER_S later for good each time it asks for that; while it is
   silent, by sync.merge's back-off.
5. An answer is believed when the online key that the root names has signed its licence, for this
   territory, for our key and for the id that it gives.
6. A kiosk that was let in is: asking again changes nothing, another hub or territory is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from kiosk.domain.errors import CodeForeign, CodeTampered, FeedForged, InputRefused
from kiosk.domain.fingerprint import fingerprint
from sync.feed import Pin, pinned_by
from sync.licence import open_licence
from sync.merge import pause_s
from sync.protocol.enrolment import Enrolled
from sync.signing import first_notice

ASKS_MAX = 3
POLLS_MAX = 1_000
SLOWER_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """When to poll next: the hub's interval, and how often it was silent in a row (rule 4)."""

    interval_s: float
    silent: int = 0

    def slower(self) -> Pace:
        """Give the pace after ``slow_down``."""
        return replace(self, interval_s=self.interval_s + SLOWER_S, silent=0)

    def heard(self) -> Pace:
        """Give the pace after an answer."""
        return replace(self, silent=0)

    def missed(self) -> Pace:
        """Give the pace after silence."""
        return replace(self, silent=self.silent + 1)

    def rest_s(self, chance: float, asked_s: float = 0) -> float:
        """Give the seconds until the next poll; ``chance`` is in [0, 1)."""
        back_off = pause_s(self.silent, chance, asked_s) if self.silent else 0.0
        return max(self.interval_s, back_off)


def trusted(notice: bytes, territory: str, words: str, *, here: bool) -> Pin:
    """Give the hub's keys that people have compared (rule 1); ``here``: it is on this machine.

    Raises InputRefused (no words, or not those of this hub), FeedForged, FeedRefused.
    """
    told = first_notice(notice)
    if told.territory != territory:
        raise InputRefused(f"a hub of {told.territory}, this kiosk is of {territory}", where="hub")
    if not words and not here:
        raise InputRefused(
            "the four words of the hub's root key are needed",
            where="--words",
            todo="`alveole hub words` prints them at the hub",
        )
    if words and words.lower().split() != fingerprint(told.root).split():
        raise InputRefused(
            "these aren't the words of this hub's root key: another hub answers",
            where="--words",
            todo="compare them once more with the hub's; then look at the network",
        )
    return pinned_by(told)


def proven(told: Enrolled, pin: Pin, public_key: bytes) -> Enrolled:
    """Give an answer that may be believed (rule 5); raises FeedForged."""
    try:
        licence = open_licence(told.licence, pin.key)
    except (CodeForeign, CodeTampered) as wrong:
        raise FeedForged(f"an enrolment that our hub hasn't signed: {wrong}") from wrong
    said = (told.kiosk, told.territory, public_key.hex(), told.hub_key)
    if said != (licence.kiosk, licence.territory, licence.key, pin.key.hex()):
        raise FeedForged("an enrolment of another kiosk, territory or key")
    if licence.territory != pin.territory:
        raise FeedForged(f"an enrolment of {licence.territory}, this is {pin.territory}")
    return told
