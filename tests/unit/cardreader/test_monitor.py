"""The monitor over a simulated PC/SC service (the real one: tests/chain)."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Condition

from cardreader.monitor import Monitor, Pace
from cardreader.presence import Happening, Laid, Lifted, Slot, Stage
from kiosk.domain.errors import ReaderAbsent

PACE = Pace(wait_ms=10_000, retry_min_s=0.001, retry_max_s=0.002)
EMPTY, CARD = Slot(name="A", flags=0x10), Slot(name="A", flags=0x10020, atr=b"\x3b")
LAID, LIFTED = Laid(reader="A", atr=b"\x3b"), Lifted(reader="A")
WAIT_S = 10


class SimulatedService:
    """pcscd as the monitor sees it: it may be down, and what lies there can be changed."""

    def __init__(self, *, up: bool = True, slots: tuple[Slot, ...] = (EMPTY,)) -> None:
        self.turn = Condition()
        self.up, self.now, self.opened, self.closed, self.cancelled = up, slots, 0, 0, False

    def open(self) -> SimulatedService:
        with self.turn:
            self.opened += 1
            self.turn.notify_all()
        return self

    def become(self, slots: tuple[Slot, ...], *, up: bool = True) -> None:
        with self.turn:
            self.now, self.up = slots, up
            self.turn.notify_all()

    def slots(self) -> tuple[Slot, ...]:
        if not self.up:
            raise ReaderAbsent("down")
        return self.now

    def wait(self, known: Sequence[Slot], timeout_ms: int) -> tuple[Slot, ...]:
        with self.turn:
            changed = lambda: self.cancelled or not self.up or self.now != tuple(known)  # noqa: E731
            self.turn.wait_for(changed, timeout_ms / 1000)
        return self.slots()

    def cancel(self) -> None:
        with self.turn:
            self.cancelled = True
            self.turn.notify_all()

    def close(self) -> None:
        self.closed += 1


class Log:
    def __init__(self) -> None:
        self.told: list[Happening] = []
        self.turn = Condition()

    def __call__(self, happening: Happening) -> None:
        with self.turn:
            self.told.append(happening)
            self.turn.notify_all()

    def wait(self, count: int) -> list[Happening]:
        with self.turn:
            assert self.turn.wait_for(lambda: len(self.told) >= count, WAIT_S)
        return self.told


def started(service: SimulatedService) -> tuple[Monitor, Log]:
    log = Log()
    monitor = Monitor(service.open, log, pace=PACE)
    monitor.start()
    return monitor, log


def test_a_card_laid_and_lifted_is_told() -> None:
    service = SimulatedService()
    monitor, log = started(service)
    service.become((CARD,))
    log.wait(1)
    assert monitor.stage is Stage.PRESENT
    service.become((EMPTY,))
    assert log.wait(2) == [LAID, LIFTED]
    monitor.close()


def test_a_card_that_lies_there_at_the_start_is_told() -> None:
    monitor, log = started(SimulatedService(slots=(CARD,)))
    assert log.wait(1) == [LAID]
    monitor.close()


def test_a_service_that_is_never_there_is_asked_for_again_and_again() -> None:
    service = SimulatedService(up=False)
    monitor, log = started(service)
    with service.turn:
        assert service.turn.wait_for(lambda: service.opened >= 4, WAIT_S)
    assert monitor.stage is Stage.SERVICE
    monitor.close()
    assert log.told == []
    assert service.closed == service.opened


def test_a_service_that_dies_lifts_the_card_and_lays_it_when_it_is_back() -> None:
    service = SimulatedService(slots=(CARD,))
    monitor, log = started(service)
    log.wait(1)
    service.become((CARD,), up=False)
    log.wait(2)
    service.become((CARD,))
    assert log.wait(3) == [LAID, LIFTED, LAID]
    monitor.close()
    assert service.opened >= 2


def test_the_monitor_stops_in_the_midst_of_a_wait() -> None:
    service = SimulatedService()
    monitor, _ = started(service)
    with service.turn:
        assert service.turn.wait_for(lambda: service.opened == 1, WAIT_S)
    monitor.close()
    assert service.closed == 1


def test_a_monitor_that_was_never_started_can_be_closed() -> None:
    Monitor(SimulatedService().open, Log()).close()


def test_every_look_is_followed_by_a_turn() -> None:
    service, turns = SimulatedService(), list[Stage]()
    log = Log()
    monitor = Monitor(service.open, log, on_turn=lambda: turns.append(monitor.stage), pace=PACE)
    monitor.start()
    service.become((CARD,))
    log.wait(1)
    monitor.close()
    assert Stage.PRESENT in turns
