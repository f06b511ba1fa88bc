"""What was read of a card, and the face that the kiosk makes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cardreader.image import BOOK_VALIDITY, CardImage, ProductNames
from cardreader.layout import ENTITLEMENTS, ENTRIES, PURSE, Identity, Record, Slot, Standing, State
from kiosk.domain.errors import CardTampered
from kiosk.domain.money import Money
from tests.unit.cardreader.cards import (
    LIBRARY,
    NAMES,
    NOW,
    NUMBER,
    POOL,
    POOL_BOOK,
    UID,
    transaction,
)

UNTIL = date(2027, 6, 30)
ISSUE = Record(seq=0, kind=None, file=PURSE, amount=0, balance_after=0, at=NOW, transaction_id="")
LOADED = Record(
    seq=1,
    kind="load",
    file=PURSE,
    amount=2000,
    balance_after=2000,
    at=NOW,
    transaction_id=transaction(1, "T"),
)


def image(*records: Record, entries: int = 0, slots: tuple[Slot | None, ...] = ()) -> CardImage:
    return CardImage(
        uid=UID,
        identity=Identity(number=NUMBER, territory=61, issued=date(2026, 1, 5)),
        standing=Standing(valid_until=UNTIL),
        purse_cents=2000,
        entries=entries,
        slots=slots,
        records=records or (ISSUE,),
        last_load=1,
        commits=4,
    )


def test_the_face_tells_what_stands_on_the_card() -> None:
    face = image(LOADED, ISSUE).face(NAMES)
    assert (face.number, face.balance, face.last_load) == (NUMBER, Money(2000), 1)
    assert (face.sequence, face.commits, face.valid_until) == (1, 4, UNTIL)
    assert not face.blocked


def test_the_issue_is_no_operation() -> None:
    assert [one.seq for one in image(LOADED, ISSUE).face(NAMES).log] == [1]


def test_a_blocked_card_shows_as_blocked() -> None:
    blocked = replace(image(), standing=Standing(state=State.BLOCKED))
    assert blocked.face(NAMES).blocked


def test_a_book_has_its_words_and_its_validity() -> None:
    slot = Slot(product=POOL_BOOK, valid_until=UNTIL, flags=BOOK_VALIDITY)
    face = image(entries=7, slots=(None, slot)).face(NAMES)
    (book,) = face.books
    assert (book.product, book.service, book.entries) == ("Carnet de 10 entrées", "piscine", 7)
    assert (book.valid_until, book.number, book.code) == (UNTIL, ENTRIES, POOL_BOOK)
    assert face.entitlements == ()


def test_an_empty_book_isnt_shown() -> None:
    assert image(entries=0).face(NAMES).books == ()


def test_an_entitlement_has_its_words_and_days() -> None:
    slot = Slot(product=LIBRARY, valid_from=date(2026, 9, 1), valid_until=UNTIL)
    (found,) = image(slots=(slot,)).face(NAMES).entitlements
    assert (found.product, found.service, found.code) == ("Médiathèque", "mediatheque", LIBRARY)
    assert (found.valid_from, found.valid_until) == (date(2026, 9, 1), UNTIL)


def test_a_product_that_isnt_known_here_has_no_words() -> None:
    (found,) = image(slots=(Slot(product=999),)).face(ProductNames()).entitlements
    assert (found.product, found.service, found.code) == ("", "", 999)


def test_a_purchase_shows_money_and_entries() -> None:
    bought = replace(LOADED, kind="purchase", amount=-2700, entries=10, product=POOL_BOOK)
    (line,) = image(bought, ISSUE).face(NAMES).log
    assert (line.amount, line.entries, line.label) == (Money(-2700), 10, "Carnet de 10 entrées")


def test_an_entry_shows_no_money() -> None:
    used = replace(LOADED, kind="entry", file=ENTRIES, amount=-1, balance_after=6, product=POOL)
    (line,) = image(used, ISSUE).face(NAMES).log
    assert (line.amount, line.entries, line.balance_after) == (None, -1, None)


def test_a_pass_for_nothing_shows_the_balance() -> None:
    given = replace(LOADED, kind="purchase", file=ENTITLEMENTS, amount=0, product=LIBRARY)
    (line,) = image(given, ISSUE).face(NAMES).log
    assert (line.amount, line.entries, line.balance_after) == (None, 0, Money(2000))


@pytest.mark.parametrize(
    "records", [(ISSUE, LOADED), (LOADED, LOADED), (replace(LOADED, seq=5), LOADED)]
)
def test_a_log_out_of_sequence_is_tampered(records: tuple[Record, ...]) -> None:
    with pytest.raises(CardTampered, match="sequence"):
        image(*records)


def test_a_card_without_any_record_is_tampered() -> None:
    with pytest.raises(CardTampered, match="sequence"):
        replace(image(), records=())
