"""What production has behind its desks: delivered keys, and nothing that stands in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cardreader.operations import ReadCard, TakeSpend
from kiosk.app.backing import Production
from kiosk.app.delivered_keys import DeliveredAuthority
from kiosk.domain.errors import (
    CardKeysAwaited,
    KeyAbsent,
    LibraryUnavailable,
    PaymentUnavailable,
)
from kiosk.domain.money import Money
from kiosk.store.blocklist import LostCardsStore
from kiosk.store.card_keys import CardKeyStore
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_cards import Pins
from tests.unit.cardreader.cards import debit, issued, keep
from tests.unit.kiosk.store.test_card_keys import TAGS, delivered


@pytest.fixture
def keys(tmp_path: Path) -> CardKeyStore:
    return CardKeyStore(tmp_path)


@pytest.fixture
def production(keys: CardKeyStore) -> Production:
    return Production(keys)


def test_cards_are_named_with_the_delivered_key(production: Production, keys: CardKeyStore) -> None:
    with pytest.raises(CardKeysAwaited):
        production.card_key.hex()
    keys.keep(delivered())
    assert production.card_key == TAGS


@pytest.mark.parametrize(
    ("ask", "error"),
    [
        (lambda made: made.bank, PaymentUnavailable),
        (lambda made: made.library, LibraryUnavailable),
        (lambda made: made.library_reader(None), LibraryUnavailable),
        (lambda made: made.issuer(), KeyAbsent),
        (lambda made: made.can_load(), KeyAbsent),
    ],
)
def test_nothing_stands_in(
    production: Production, ask: Callable[[Production], object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        ask(production)


def test_it_brings_no_page_no_pin_no_balance_and_no_list(
    production: Production, tmp_path: Path
) -> None:
    with Ledger(tmp_path / "ledger.db") as ledger:
        kept = LostCardsStore(tmp_path, ledger)
        assert production.lost_cards(kept) is kept
        production.publish_pins(Pins(ledger))
        assert list(ledger.read("SELECT * FROM pin LIMIT ?", 9)) == []
    assert production.pay_page(tmp_path, "borne") == ""
    assert production.balance_of("ALV61-0000-0001") == Money(0)
    production.close()


def test_keys_that_come_later_count_from_the_next_tap(keys: CardKeyStore) -> None:
    authority, stand = DeliveredAuthority(keys), issued(cents=1500)
    with pytest.raises(CardKeysAwaited):
        authority.run(stand.transport, ReadCard())
    keys.keep(delivered())
    image = authority.run(stand.lay(), ReadCard())
    done = authority.go_on(stand.transport, TakeSpend(image=image, spend=debit(0), kiosk=7), keep)
    assert done.record.seq == 1


def test_keys_that_change_in_between_begin_the_spend_anew(
    keys: CardKeyStore, tmp_path: Path
) -> None:
    authority, stand = DeliveredAuthority(keys), issued(cents=1500)
    keys.keep(delivered(1))
    image = authority.run(stand.transport, ReadCard())
    CardKeyStore(tmp_path).keep(delivered(2, 1, 2))
    authority.go_on(stand.transport, TakeSpend(image=image, spend=debit(0), kiosk=7), keep)
    assert authority.run(stand.lay(), ReadCard()).purse_cents == 1180


def test_loads_begin_where_the_hub_writes_them(keys: CardKeyStore) -> None:
    Production(keys, relayed=True).can_load()
