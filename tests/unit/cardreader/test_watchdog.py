from __future__ import annotations

import threading

import pytest

from cardreader.watchdog import Worker
from kiosk.domain.errors import CardPulled, ReaderAbsent


def test_a_call_is_made_in_the_worker_and_its_answer_given() -> None:
    worker = Worker("w", limit_s=10)
    assert worker.run(lambda: threading.current_thread().name) == "w"
    worker.close(lambda: None)
    assert worker.ended()


def test_what_a_call_raises_is_raised_to_the_caller() -> None:
    worker = Worker("w", limit_s=10)

    def pull() -> None:
        raise CardPulled("gone")

    with pytest.raises(CardPulled):
        worker.run(pull)
    assert worker.run(lambda: 7) == 7
    worker.close(lambda: None)


def test_a_call_that_doesnt_come_back_makes_the_worker_stuck_at_once_for_all_others() -> None:
    worker, free, last = Worker("w", limit_s=0.01), threading.Event(), list[str]()
    with pytest.raises(ReaderAbsent, match="stuck"):
        worker.run(lambda: free.wait(30))
    assert worker.stuck
    with pytest.raises(ReaderAbsent, match="stuck"):
        worker.run(lambda: last.append("made"))
    worker.close(lambda: last.append("closed"))
    assert not worker.ended()
    free.set()
    worker._thread.join(10)
    assert worker.ended()
    assert last == ["closed"]
