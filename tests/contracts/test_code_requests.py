"""The contract of ports.CodeRequests; every store of offline requests passes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.domain.money import Money
from kiosk.domain.reload_code import CodeRow, CodeState, CodeUse
from kiosk.ports import CodeRequests
from kiosk.store.code_requests import CodeStore
from tests.code_requests import NOW, TAG, a_purchase, a_request, a_row

OPENERS: dict[str, Callable[[Path], CodeStore]] = {"sqlite": CodeStore}
LATER = NOW + timedelta(minutes=3)
ENDS = [CodeState.GIVEN, CodeState.PENDING]


class Reopened:
    """A store that is closed and opened again between two calls."""

    def __init__(self, opener: Callable[[Path], CodeStore], path: Path) -> None:
        self._open, self._path = opener, path
        self.now = opener(path)

    def again(self) -> CodeRequests:
        self.now.close()
        self.now = self._open(self._path)
        return self.now


@pytest.fixture(params=sorted(OPENERS))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Reopened]:
    one = Reopened(OPENERS[request.param], tmp_path / "codes.db")
    yield one
    one.now.close()


def test_a_new_store_knows_nothing(store: Reopened) -> None:
    assert store.now.find_code("C-1") is None
    assert list(store.now.accepted_codes()) == []
    assert store.now.code_use(NOW) == CodeUse(requests=0, sum=Money(0))


@pytest.mark.parametrize("row", [a_row(), a_row(a_purchase())], ids=["load", "ticket"])
def test_a_kept_request_is_there_after_a_restart(store: Reopened, row: CodeRow) -> None:
    store.now.save_code(row)
    assert store.again().find_code(row.request.id) == row


def test_a_try_is_there_after_a_restart(store: Reopened) -> None:
    row = replace(a_row(), tries=3, changed_at=LATER)
    store.now.save_code(a_row())
    store.now.save_code(row)
    assert store.again().find_code(row.request.id) == row


def test_tries_never_go_back(store: Reopened) -> None:
    store.now.save_code(replace(a_row(), tries=3))
    store.now.save_code(replace(a_row(), tries=1))
    found = store.now.find_code(a_row().request.id)
    assert found is not None
    assert found.tries == 3


@pytest.mark.parametrize("end", ENDS)
def test_what_was_taken_up_is_open_no_more(store: Reopened, end: CodeState) -> None:
    ended = replace(a_row(), state=end)
    store.now.save_code(ended)
    for state in CodeState:
        store.now.save_code(replace(a_row(), state=state, tries=5))
    assert store.again().find_code(ended.request.id) == ended


def test_an_accepted_request_is_never_opened_again(store: Reopened) -> None:
    accepted = replace(a_row(), state=CodeState.ACCEPTED)
    store.now.save_code(accepted)
    store.now.save_code(a_row())
    assert store.now.find_code(accepted.request.id) == accepted


def test_accepted_requests_come_oldest_first_until_they_are_taken_up(store: Reopened) -> None:
    rows = [
        replace(a_row(a_request(name=f"C-{n}", at=NOW + timedelta(minutes=n))), state=state)
        for n, state in enumerate([CodeState.OPEN, *[CodeState.ACCEPTED] * 2, *ENDS])
    ]
    for row in reversed(rows):
        store.now.save_code(row)
    assert [row.request.id for row in store.now.accepted_codes()] == ["C-1", "C-2"]


def test_a_card_s_open_requests_come_newest_first(store: Reopened) -> None:
    for minute in range(4):
        at = NOW + timedelta(minutes=minute)
        store.now.save_code(a_row(a_request(name=f"C-{minute}", at=at)))
    store.now.save_code(replace(a_row(a_request(name="C-9", at=LATER)), state=CodeState.GIVEN))
    found = store.now.open_codes(TAG, NOW + timedelta(minutes=1))
    assert [row.request.id for row in found] == ["C-3", "C-2", "C-1"]
    assert list(store.now.open_codes("0" * 32, NOW)) == []


def test_what_was_asked_for_counts_whatever_became_of_it(store: Reopened) -> None:
    for number, state in enumerate(CodeState):
        store.now.save_code(replace(a_row(a_request(name=f"C-{number}")), state=state))
    assert store.now.code_use(NOW - timedelta(seconds=1)) == CodeUse(requests=4, sum=Money(8000))
    assert store.now.code_use(NOW) == CodeUse(requests=0, sum=Money(0))
