"""products.toml: what is read, what is left out, and where the checker finds each fault."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.domain.card_rules import CardRules
from kiosk.domain.money import Money
from kiosk.domain.till_rules import TillRules
from kiosk.store.pack import load_pack
from kiosk.store.pack_check import check
from tests.unit.kiosk.store.packs import PRODUCTS, edit, small_pack

P = "products.toml"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = small_pack(tmp_path)
    (folder / P).write_text(PRODUCTS, encoding="utf-8")
    return folder


def told(folder: Path) -> list[str]:
    return [str(fault) for fault in check(folder) if fault.file in {P, "pack.toml"}]


def test_the_products_of_a_pack_are_read(pack: Path) -> None:
    catalogue = load_pack(pack).territory.products
    assert sorted(catalogue.products) == [1, 2]
    assert catalogue.product(1).price("child") == Money(160)
    assert catalogue.product(1).book == 3
    assert catalogue.product(2).season_end == (6, 30)


def test_a_pack_without_products_sells_nothing_and_has_no_fault(pack: Path) -> None:
    (pack / P).unlink()
    loaded = load_pack(pack)
    assert (dict(loaded.territory.products.products), loaded.faults) == ({}, ())
    assert told(pack) == []


EDITS = [
    ("code = 1", "code = 0", "products.toml:2: code: Expected `int` >= 1"),
    ("code = 1", "code = 65536", "products.toml:2: code: Expected `int` <= 65535"),
    ("code = 1", 'code = "1"', "products.toml:2: code: Expected `int`"),
    ("code = 2", "code = 1", "products.toml:11: product 1 stands twice"),
    ('kind = "entry"', 'kind = "gift"', "products.toml:3: kind: Invalid enum value 'gift'"),
    ('service = "piscine"', 'service = "x"', "products.toml:4: product 1: no service `x`"),
    ("full = 320", "full = -1", "products.toml:7: price_cents: Expected `int` >= 0"),
    ("full = 320", "full = 3.20", "products.toml:7: price_cents: Expected `int`"),
    ("full = 320, ", "", "products.toml:1: no `full` price"),
    ("book = 3", "book = 2", "products.toml:3: product 1: book 2 is no Value file"),
    ("book = 3", "books = 3", "products.toml:8: Object contains unknown field `books`"),
    ('"06-30"', '"02-30"', "products.toml:12: product 2: season_end: no day of every year"),
    ('"06-30"', '"30/06"', "products.toml:17: season_end: Expected `str` matching"),
    ('title.en = "Entry"', "", "products.toml:5: product 1: no title in `en`"),
    ("[[product]]", "[[products]]", "products.toml:1: unknown table `products`"),
    ("code = 1", "code =", "products.toml:2: "),
]


@pytest.mark.parametrize(("old", "new", "fault"), EDITS, ids=[edit[2] for edit in EDITS])
def test_a_fault_is_told_with_its_line(pack: Path, old: str, new: str, fault: str) -> None:
    edit(pack, P, old, new)
    assert any(line.startswith(fault) for line in told(pack)), told(pack)


def test_a_broken_product_leaves_the_others(pack: Path) -> None:
    edit(pack, P, 'kind = "entry"', 'kind = "gift"')
    loaded = load_pack(pack)
    assert list(loaded.territory.products.products) == [2]
    assert len(loaded.faults) == 1


def test_a_demonstrations_products_must_say_that_they_are_made_up(pack: Path) -> None:
    edit(pack, "pack.toml", 'phone = "', 'demo = true\nphone = "')
    assert [line for line in told(pack) if "demo = true" in line] == [
        "products.toml:2: product 1: a demonstration's product says `demo = true`",
        "products.toml:11: product 2: a demonstration's product says `demo = true`",
    ]


def test_a_pack_without_card_settings_has_the_defaults(pack: Path) -> None:
    assert load_pack(pack).territory.card == CardRules()


def test_the_territorys_limits_are_read_in_cents_and_hours(pack: Path) -> None:
    with (pack / "pack.toml").open("a") as file:
        file.write("\n[card]\ndebit_max_cents = 700\nblocklist_max_hours = 12\n")
    rules = load_pack(pack).territory.card
    assert (rules.debit_max, rules.blocklist_max) == (Money(700), timedelta(hours=12))


def test_a_purse_past_the_cards_ceiling_is_a_fault_with_its_line(pack: Path) -> None:
    with (pack / "pack.toml").open("a") as file:
        file.write("\n[card]\npurse_max_cents = 15001\n")
    assert any(line.startswith("pack.toml:") and "<= 15000" in line for line in told(pack))


def test_a_pack_without_money_settings_has_the_tills_defaults(pack: Path) -> None:
    assert load_pack(pack).territory.till == TillRules()


def test_the_tills_limits_are_read_in_cents(pack: Path) -> None:
    with (pack / "pack.toml").open("a") as file:
        file.write("\n[money]\ncash_max_cents = 10000\nfloat_alarm_pct = 70\n")
    rules = load_pack(pack).territory.till
    assert (rules.cash_max, rules.float_alarm_pct) == (Money(10_000), 70)


def test_more_cash_a_payment_than_the_regie_may_take_is_a_fault(pack: Path) -> None:
    with (pack / "pack.toml").open("a") as file:
        file.write("\n[money]\ncash_max_cents = 30001\n")
    assert any(line.startswith("pack.toml:") and "<= 30000" in line for line in told(pack))
