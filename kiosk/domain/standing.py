"""Whether this kiosk may move money: its licence, its hub's word and its clock (TRUST.md).

Rules:
1. A kiosk that was let in by a hub sells within its licence, which the hub prolongs while it is
   reached. After its end money stops and information stays.
2. A hub that shuts a device out ends its money at once, whatever the licence says, and for good: a
   new enrolment with a new key is needed.
3. ENDING before the end people are told: a licence is prolonged at half of its 30 days, so that
   one with so little left says that the hub wasn't reached for a week or more.
4. What is under way goes on to its end; nothing new begins.
5. A clock that stands before the journal's last line was set back: entries would be dated wrong,
   and a licence that has ended would seem to hold again. Money opens by itself once it is right.
6. CLOCK_SLACK is what a time server or a good battery clock corrects at once, and too little to
   bring back a licence, a lost card or a day that was closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from kiosk.domain.errors import ClockSetBack, DeviceRevoked, LicenceEnded

CLOCK_SLACK: Final = timedelta(minutes=5)
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


def set_back(written: datetime | None, now: datetime) -> bool:
    """Say whether the clock stands before what was ``written`` last (rule 5); None: nothing was."""
    return written is not None and now < written - CLOCK_SLACK


def check_clock(written: datetime | None, now: datetime) -> None:
    """Refuse to begin moving money under a clock that was set back; raises ClockSetBack."""
    if written is not None and set_back(written, now):
        raise ClockSetBack(f"the clock says {now.isoformat()}, the journal {written.isoformat()}")
