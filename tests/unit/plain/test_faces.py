"""The faces that tests lay: those of the demonstration's cards."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from kiosk.domain.money import Money
from tests.plain.faces import empty_card, used_card

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)


def test_the_used_card_is_that_of_the_pictures() -> None:
    face = used_card(NOW).face
    assert (face.last_four, face.balance) == ("4821", Money(1240))
    assert [(b.service, b.entries, b.valid_until) for b in face.books] == [
        ("piscine", 7, date(2027, 6, 30))
    ]
    assert [e.service for e in face.entitlements] == ["mediatheque"]
    assert face.log[1].balance_after == face.balance


def test_the_history_is_newest_first_and_in_the_past() -> None:
    log = used_card(NOW).face.log
    assert [line.at for line in log] == sorted((line.at for line in log), reverse=True)
    assert all(line.at < NOW for line in log)
    assert [line.seq for line in log] == [12, 11, 10]


def test_the_empty_card_is_as_handed_out() -> None:
    face = empty_card(NOW).face
    assert (face.balance, face.last_load, face.log, face.books) == (Money(0), 0, (), ())


@pytest.mark.parametrize(
    ("today", "until"),
    [
        (datetime(2026, 6, 30, tzinfo=UTC), date(2026, 6, 30)),
        (datetime(2026, 7, 1, tzinfo=UTC), date(2027, 6, 30)),
        (datetime(2027, 1, 1, tzinfo=UTC), date(2027, 6, 30)),
    ],
)
def test_the_passes_are_valid_on_the_day_of_the_demo(today: datetime, until: date) -> None:
    (book,) = used_card(today).face.books
    assert book.valid_until == until
    assert not used_card(today).face.expired(today.date())
