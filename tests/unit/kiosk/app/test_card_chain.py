"""What ``card read`` tells of a card, without a reader; the whole chain is tests/chain."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.app.card_chain import Chain, card_read, purse_opener
from kiosk.app.console import print_json
from kiosk.domain.environment import PRODUCTION
from kiosk.domain.errors import CardKeysAwaited, InputRefused
from kiosk.store.card_keys import CardKeyStore
from tests.plain.faces import used_card
from tests.unit.cardreader.cards import NUMBER, issued
from tests.unit.kiosk.store.test_card_keys import delivered

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)


def test_a_card_is_told_with_sums_in_cents(capsys: pytest.CaptureFixture[str]) -> None:
    print_json(card_read("Reader 00 00", used_card(NOW).face))
    told = json.loads(capsys.readouterr().out)
    keys = ["reader", "card", "kind", "balance_cents", "books", "entitlements", "log"]
    assert list(told) == keys
    assert (told["balance_cents"], told["books"][0]["entries"]) == (1240, 7)
    assert told["entitlements"][0]["valid_until"] == "2027-06-30"
    assert [one["amount_cents"] for one in told["log"]] == [None, -650, 2000]
    assert [one["balance_after_cents"] for one in told["log"]] == [None, 1240, 1890]


def test_production_opens_no_card_with_the_published_keys() -> None:
    with pytest.raises(InputRefused, match="no keys of real cards"):
        purse_opener(Chain(environment=PRODUCTION))


def test_production_opens_a_card_with_the_delivered_keys(tmp_path: Path) -> None:
    opened = purse_opener(Chain(environment=PRODUCTION, folder=tmp_path))
    with pytest.raises(CardKeysAwaited):
        opened(issued().transport).read()
    CardKeyStore(tmp_path).keep(delivered())
    assert opened(issued().transport).read().number == NUMBER
