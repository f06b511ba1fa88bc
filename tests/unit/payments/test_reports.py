"""The bank's reports: what is read of them, and how a hostile file is refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import InputRefused
from kiosk.domain.payment import PaymentStatus
from payments import reports
from payments.reconcile import BankLine
from payments.reports import LAYOUTS, read_report, reference

STRIPE = (
    "balance_transaction_id,created_utc,currency,gross,fee,reporting_category,"
    "payment_intent_id,payment_metadata[topup]\n"
)
PAYFIP = "numcli;refdet;montant;dattrans;heurtrans;resultrans\n"
AT = "2026-11-22 09:42:00"


def stripe_line(
    gross: str, category: str = "charge", *, intent: str = "pi_1", topup: str = "T-1"
) -> str:
    return f"txn_1,{AT},eur,{gross},0.50,{category},{intent},{topup}\n"


def stripe(*lines: str) -> tuple[BankLine, ...]:
    return read_report((STRIPE + "".join(lines)).encode(), "stripe")


def payfip(*lines: str) -> tuple[BankLine, ...]:
    return read_report((PAYFIP + "".join(lines)).encode(), "payfip")


def test_a_charge_is_what_was_taken() -> None:
    (line,) = stripe(stripe_line("20.00"))
    assert line == BankLine(
        payment="pi_1",
        topup="T-1",
        status=PaymentStatus.SUCCEEDED,
        amount_cents=2000,
        at=datetime(2026, 11, 22, 9, 42, tzinfo=UTC),
    )


def test_the_lines_of_one_payment_add_up() -> None:
    (line,) = stripe(
        stripe_line("20"),
        stripe_line("-5.5", "partial_capture_reversal"),
        stripe_line("-4.00", "refund"),
        stripe_line("4.00", "refund_failure"),
        stripe_line("-14.50", "dispute", topup=""),
    )
    assert (line.amount_cents, line.refunded_cents, line.topup) == (1450, 1450, "T-1")


def test_payouts_and_fees_concern_no_payment() -> None:
    assert stripe(stripe_line("-99.00", "payout", intent=""), stripe_line("-1", "fee")) == ()


def test_a_payment_without_our_mark_is_a_stranger() -> None:
    (line,) = stripe(stripe_line("20.00", topup=""))
    assert line.topup == ""


def test_a_byte_order_mark_is_no_text() -> None:
    content = ("\ufeff" + STRIPE + stripe_line("1")).encode()
    assert len(read_report(content, "stripe")) == 1


@pytest.mark.parametrize(
    ("result", "status"),
    [("P", PaymentStatus.SUCCEEDED), ("V", PaymentStatus.SUCCEEDED), ("A", PaymentStatus.CANCELED)],
)
def test_payfip_tells_cents_and_the_time_of_paris(result: str, status: PaymentStatus) -> None:
    (line,) = payfip(f"012345;{reference('T-1')};2000;22112026;1042;{result}\n")
    assert (line.topup, line.status, line.amount_cents) == (reference("T-1"), status, 2000)
    assert line.at == datetime(2026, 11, 22, 9, 42, tzinfo=UTC)


def test_a_reference_paid_twice_is_two_payments() -> None:
    line = f"012345;{reference('T-1')};2000;22112026;1042;P\n"
    assert len({one.payment for one in payfip(line, line)}) == 2


@pytest.mark.parametrize(
    "line",
    [
        stripe_line("20,00".replace(",", ";")),
        stripe_line("NaN"),
        stripe_line("1e9"),
        stripe_line("٢٠"),
        stripe_line("20.001"),
        stripe_line("999999999"),
        stripe_line("20").replace(",eur,", ",usd,"),
        stripe_line("20", intent=""),
        stripe_line("20").replace(AT, "yesterday"),
        stripe_line("20").replace("T-1", "x" * 3000),
        "only,three,cells\n",
        '"never closed\n',
        'bad"quote",a,b,c,d,e,f,"x"y\n',
    ],
)
def test_a_hostile_line_is_refused_with_its_place(line: str) -> None:
    with pytest.raises(InputRefused) as refused:
        stripe(line)
    assert refused.value.where.startswith("line ")
    assert len(str(refused.value)) < 120


@pytest.mark.parametrize(
    "line",
    [
        "012345;R;-2000;22112026;1042;P\n",
        "012345;R;2000;22112026;1042;Q\n",
        "012345;R;2000;31022026;1042;P\n",
        "012345;R;99999999999;22112026;1042;P\n",
    ],
)
def test_a_hostile_payfip_line_is_refused(line: str) -> None:
    with pytest.raises(InputRefused, match=r"not a moment|absurd|can.t be read"):
        payfip(line)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"a,b,c\n",
        (STRIPE.rstrip() + ",currency\n").encode(),
        (STRIPE.rstrip() + ",x" * 300 + "\n").encode(),
    ],
)
def test_a_file_that_is_no_report_is_refused(content: bytes) -> None:
    with pytest.raises(InputRefused):
        read_report(content, "stripe")


def test_a_report_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "LINES_MAX", 3)
    assert len(stripe(stripe_line("1"), stripe_line("1", intent="pi_2"))) == 2
    with pytest.raises(InputRefused, match="lines"):
        stripe(*[stripe_line("1")] * 3)
    monkeypatch.setattr(reports, "BYTES_MAX", 10)
    with pytest.raises(InputRefused, match="bytes"):
        stripe(stripe_line("1"))


@given(st.binary(max_size=300), st.sampled_from(sorted(LAYOUTS)))
def test_any_bytes_are_read_or_refused(content: bytes, form: str) -> None:
    header = STRIPE if form == "stripe" else PAYFIP
    for whole in (content, header.encode() + content):
        try:
            read_report(whole, form)
        except InputRefused:
            continue


@given(st.integers(-10_000_000, 10_000_000))
def test_every_sum_is_read_to_the_cent(cents: int) -> None:
    sign, whole = "-" if cents < 0 else "", abs(cents)
    (line,) = stripe(stripe_line(f"{sign}{whole // 100}.{whole % 100:02}"))
    assert line.amount_cents == cents
