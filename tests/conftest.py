"""What every test may ask for."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

# No test is judged by its pace; a run that decides a landing tries the same examples each time.
settings.register_profile("house", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "house")

ROOT = Path(__file__).resolve().parent.parent

# Before anything imports Qt: no display, no graphics card, and no settings of this machine.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")
for _name in [name for name in os.environ if name.startswith("ALVEOLE_")]:
    if _name != "ALVEOLE_CORPUS":
        del os.environ[_name]


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real data files; tests that need it are skipped where it is absent."""
    folder = Path(os.environ.get("ALVEOLE_CORPUS") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip("the corpus of real data is absent: set ALVEOLE_CORPUS to its folder")
    return folder


class MovedClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._ticks = 0.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._ticks

    def move(self, seconds: float) -> None:
        from datetime import timedelta

        self._now += timedelta(seconds=seconds)
        self._ticks += seconds

    def set_back(self, seconds: float) -> None:
        """Let the wall's clock stand earlier; what counts seconds isn't touched."""
        from datetime import timedelta

        self._now -= timedelta(seconds=seconds)


@pytest.fixture
def clock() -> MovedClock:
    """The morning of the design's pictures: Sunday 22 November 2026, 10:42 in Paris."""
    return MovedClock(datetime(2026, 11, 22, 9, 42, tzinfo=UTC))
