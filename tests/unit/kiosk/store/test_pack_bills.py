"""bills.toml: what is read, what is left out, and where the checker finds each fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.domain.money import Money
from kiosk.store.pack import load_pack
from kiosk.store.pack_check import check
from tests.unit.kiosk.store.packs import edit, small_pack

B = "bills.toml"
BILLS = """\
[[issuer]]
number = "900001"
service = "piscine"
title.fr = "Piscine"
title.en = "Pool"
most_cents = 20000

[[issuer]]
number = "900002"
service = "agenda"
title.fr = "Régie"
title.en = "Office"
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = small_pack(tmp_path)
    (folder / B).write_text(BILLS, encoding="utf-8")
    return folder


def told(folder: Path) -> list[str]:
    return [str(fault) for fault in check(folder) if fault.file == B]


def test_the_issuers_of_a_pack_are_read(pack: Path) -> None:
    bills = load_pack(pack).territory.bills
    assert sorted(bills.issuers) == ["900001", "900002"]
    assert (bills.issuer("900001").service, bills.issuer("900001").most) == (
        "piscine",
        Money(20_000),
    )
    assert told(pack) == []


def test_a_pack_without_the_file_takes_no_bill_and_has_no_fault(pack: Path) -> None:
    (pack / B).unlink()
    loaded = load_pack(pack)
    assert (dict(loaded.territory.bills.issuers), loaded.faults, told(pack)) == ({}, (), [])


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"900001"', '"90001"', "bills.toml:2: number: Expected `str` matching"),
        ('"900002"', '"900001"', "bills.toml:9: issuer 900001 stands twice"),
        ('"piscine"', '"x"', "bills.toml:3: issuer 900001: no service `x`"),
        ("20000", "100001", "bills.toml:6: most_cents: Expected `int` <= 100000"),
        ("20000", "99", "bills.toml:6: most_cents: Expected `int` >= 100"),
        ("20000", "200.00", "bills.toml:6: most_cents: Expected `int`"),
        ("most_cents", "most", "bills.toml:6: Object contains unknown field `most`"),
        ('title.en = "Pool"', "", "bills.toml:4: issuer 900001: no title in `en`"),
        ("[[issuer]]", "[[sender]]", "bills.toml:1: unknown table `sender`"),
    ],
)
def test_each_fault_is_found_on_its_line(pack: Path, old: str, new: str, fault: str) -> None:
    edit(pack, B, old, new)
    assert [one for one in told(pack) if one.startswith(fault)], told(pack)


def test_a_file_that_is_no_toml_is_told(pack: Path) -> None:
    (pack / B).write_text("[[issuer", encoding="utf-8")
    loaded = load_pack(pack)
    assert [fault.file for fault in loaded.faults] == [B]
    assert dict(loaded.territory.bills.issuers) == {}


def test_a_demonstration_s_issuer_says_so(pack: Path) -> None:
    edit(pack, "pack.toml", 'phone = "', 'demo = true\nphone = "')
    assert [one for one in told(pack) if "says `demo = true`" in one]
