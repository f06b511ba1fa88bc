"""Bills: what is read off a paper, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.bill import (
    BILL_LEAST,
    BILL_MOST,
    BillOrder,
    Issuer,
    Issuers,
    reference_of,
)
from kiosk.domain.errors import AmountRefused, BillUnknown, ReferenceRefused
from kiosk.domain.money import Money

CANTEEN = Issuer(
    number="900001", service="cantine", title={"fr": "Cantines"}, most=Money(60_000), demo=True
)
ISSUERS = Issuers.of([CANTEEN])


@pytest.mark.parametrize(
    "typed", ["2026CANT000417", "2026-CANT-000417", "2026 cant 000417", " 2026.CANT/000417 "]
)
def test_a_reference_is_the_same_however_it_is_typed(typed: str) -> None:
    assert reference_of(typed) == "2026CANT000417"


@pytest.mark.parametrize(
    "typed", ["", "12345", "A" * 31, "2026CANTÉ00417", "2026CANT_417", "٢٠٢٦000417", "a\nb" * 2]
)
def test_what_no_paper_bears_is_refused(typed: str) -> None:
    with pytest.raises(ReferenceRefused):
        reference_of(typed)


@given(st.text(max_size=60))
def test_any_text_is_a_reference_or_refused(typed: str) -> None:
    try:
        reference = reference_of(typed)
    except ReferenceRefused:
        return
    assert reference_of(reference) == reference
    assert BillOrder(issuer="900001", reference=reference).key == f"900001:{reference}"


def test_a_bill_is_its_issuer_and_its_reference() -> None:
    bill = ISSUERS.order("900001", "2026-CANT-000417", Money(4_620))
    assert (bill.key, bill.service) == ("900001:2026CANT000417", "cantine")


def test_only_the_territory_s_issuers_are_paid() -> None:
    with pytest.raises(BillUnknown):
        ISSUERS.order("900002", "2026CANT000417", Money(4_620))


@pytest.mark.parametrize("cents", [-100, 0, 1, 99, 60_001, 100_001, 10_000_000])
def test_a_sum_out_of_the_issuer_s_bounds_is_refused(cents: int) -> None:
    with pytest.raises(AmountRefused):
        ISSUERS.order("900001", "2026CANT000417", Money(cents))


@pytest.mark.parametrize("cents", [BILL_LEAST.cents, 60_000])
def test_the_bounds_themselves_are_paid(cents: int) -> None:
    assert ISSUERS.order("900001", "2026CANT000417", Money(cents))


@pytest.mark.parametrize(
    ("number", "most"), [("90000", BILL_MOST), ("90000A", BILL_MOST), ("900001", Money(100_001))]
)
def test_an_issuer_has_six_digits_and_a_bound(number: str, most: Money) -> None:
    with pytest.raises(ValueError, match="not an issuer"):
        Issuer(number=number, service="cantine", title={}, most=most)


@pytest.mark.parametrize(("issuer", "reference"), [("9", "2026CANT"), ("900001", "2026-CANT")])
def test_a_bill_that_isn_t_one_is_a_bug(issuer: str, reference: str) -> None:
    with pytest.raises(ValueError, match="not a bill"):
        BillOrder(issuer=issuer, reference=reference)
