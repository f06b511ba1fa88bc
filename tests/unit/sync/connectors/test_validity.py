from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kiosk.domain.errors import InputRefused
from sync.connectors.validity import still_holds

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("starts", "ends"),
    [(None, None), (NOW - HOUR, None), (NOW - HOUR, NOW + HOUR), (NOW + HOUR, NOW + 2 * HOUR)],
)
def test_what_is_not_over_holds(starts: datetime | None, ends: datetime | None) -> None:
    still_holds(starts, ends, NOW)


def test_what_ends_now_is_withdrawn() -> None:
    with pytest.raises(InputRefused, match="withdrawn: it ended at 2026-11-22T09:42"):
        still_holds(NOW - HOUR, NOW, NOW)


def test_what_ends_before_it_starts_is_an_error() -> None:
    with pytest.raises(InputRefused, match="ends before it starts"):
        still_holds(NOW + HOUR, NOW, NOW)
