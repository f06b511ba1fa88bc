"""Whether this kiosk may move money: its licence, and whether its hub has shut it out (TRUST.md).

Rules:
1. A kiosk that was let in by a hub sells within its licence, which the hub prolongs while it is
   reached. After its end money stops and information stays.
2. A hub that shuts a device out ends its money at once, whatever the licence says, and for good: a
   new enrolment with a new key is needed.
3. ENDING before the end people are told: a licence is prolonged at half of its 30 days, so that
   one with so little left says that the hub wasn't reached for a week or more.
4. What is under way goes on to its end; nothing new begins.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from kiosk.domain.errors import DeviceRevoked, LicenceEnded

ENDING: Final = timedelta(days=7)
NEVER: Final = datetime.fromtimestamp(0, UTC)
StandingState = Literal["valid", "ending", "ended", "revoked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What an enrolled kiosk may: ``until`` is NEVER where no licence of it holds."""

    until: datetime = NEVER
    revoked: bool = False

    def state(self, now: datetime) -> StandingState:
        """Say how it stands."""
        if self.revoked:
            return "revoked"
        if now >= self.until:
            return "ended"
        return "ending" if self.until - now <= ENDING else "valid"

    def check(self, now: datetime) -> None:
        """Refuse to begin moving money; raises DeviceRevoked, LicenceEnded."""
        state = self.state(now)
        if state == "revoked":
            raise DeviceRevoked("the hub has shut this kiosk out")
        if state == "ended":
            raise LicenceEnded(f"the licence ended: {self.until.isoformat()}")
