"""The freshness contract: no datum is shown without its age and its state.

Rules:
1. live       a live datum whose ``valid_until`` isn't over and that isn't older than ``live_s``.
2. theory     a planned datum (timetable, calendar, hours) that isn't older than ``stale_s``.
3. last_good  anything older: shown with its date, marked as old.
4. absent     nothing is known, or the datum may not outlive its validity (``withdraw``).
An observation from the future (clock skew) counts as observed now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class State(StrEnum):
    """What a datum's age means to the reader."""

    LIVE = "live"
    THEORY = "theory"
    LAST_GOOD = "last_good"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How long a dataset's data may be believed; seconds. ``live_s`` 0: never live."""

    live_s: int = 0
    stale_s: int = 30 * 86_400
    withdraw: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """Age and state of a datum at the moment of showing it."""

    observed_at: datetime | None
    age: timedelta
    state: State
    demo: bool = False


ABSENT = Freshness(observed_at=None, age=timedelta(0), state=State.ABSENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated(Generic[T]):
    """A value with its freshness: the only thing a view model may be built from."""

    value: T
    freshness: Freshness


def judge(
    observed_at: datetime,
    now: datetime,
    policy: Policy,
    *,
    valid_until: datetime | None = None,
    demo: bool = False,
) -> Freshness:
    """Give the freshness at ``now`` of a datum observed at ``observed_at`` (both aware)."""
    age = max(now - observed_at, timedelta(0))
    expired = valid_until is not None and now >= valid_until
    if expired and policy.withdraw:
        state = State.ABSENT
    elif expired or age > timedelta(seconds=policy.stale_s):
        state = State.LAST_GOOD
    elif policy.live_s and age <= timedelta(seconds=policy.live_s):
        state = State.LIVE
    else:
        state = State.THEORY
    return Freshness(observed_at=observed_at, age=age, state=state, demo=demo)
