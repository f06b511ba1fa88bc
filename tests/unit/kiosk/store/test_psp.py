"""The hub's table of calls and payments."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.domain.errors import InputRefused, StorageFull
from kiosk.domain.money import Money
from kiosk.domain.payment import PaymentStatus
from kiosk.domain.psp import Op, PspCall, PspPayment
from kiosk.store.psp import PspStore

NOW = datetime(2026, 11, 22, 9, 42, 0, 123456, tzinfo=UTC)
CALL = PspCall(
    key="T-1:create", op=Op.CREATE, subject="T-1", body="2000", asked_at=NOW, created_at=NOW
)
PAYMENT = PspPayment(
    id="cs_1",
    topup="T-1",
    provider="simulator",
    status=PaymentStatus.PENDING,
    amount=Money(2000),
    created_at=NOW,
    url="https://bank.example/1",
    code="AB12-CD34",
    expires_at=NOW + timedelta(hours=2),
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "psp.db"


def test_a_call_is_kept_as_it_was_begun(file: Path) -> None:
    with PspStore(file) as store:
        assert store.begin(CALL) == CALL
    with PspStore(file) as again:
        later = replace(CALL, asked_at=NOW + timedelta(hours=1), created_at=NOW)
        assert again.begin(later) == CALL


@pytest.mark.parametrize("change", [{"body": "2100"}, {"subject": "T-2"}, {"op": Op.CAPTURE}])
def test_a_key_with_another_body_is_refused(file: Path, change: dict[str, str]) -> None:
    with PspStore(file) as store:
        store.begin(CALL)
        with pytest.raises(InputRefused):
            store.begin(replace(CALL, **change))  # type: ignore[arg-type]  # one of its texts


def test_what_became_of_a_call_and_its_payment_is_saved_together(file: Path) -> None:
    ended = replace(CALL, done=True, payment="cs_1", attempt=2, failed=True, refusal="x")
    taken = replace(
        PAYMENT,
        status=PaymentStatus.SUCCEEDED,
        authorized_at=NOW,
        held=True,
        voiding=True,
        load_number=4,
        refunded=Money(500),
    )
    with PspStore(file) as store:
        store.begin(CALL)
        store.save(call=ended, payment=PAYMENT)
        store.save(payment=taken)
    with PspStore(file) as again:
        assert again.begin(CALL) == ended
        assert again.payment("cs_1") == taken
        assert again.payment_of("T-1") == taken
        assert again.payment_by_code("AB12-CD34") == taken
        assert again.payment("cs_2") is None
        assert (list(again.payments()), list(again.open_payments())) == ([taken], [])


def test_another_attempt_has_another_key_at_the_far_side() -> None:
    assert CALL.far_key == "T-1:create"
    assert replace(CALL, attempt=3).far_key == "T-1:create:3"


def test_only_unanswered_creations_are_looked_for(file: Path) -> None:
    with PspStore(file) as store:
        store.begin(CALL)
        store.begin(replace(CALL, key="T-1:capture", op=Op.CAPTURE))
        store.begin(replace(CALL, key="T-2:create", subject="T-2"))
        store.save(call=replace(CALL, key="T-2:create", subject="T-2", done=True))
        assert list(store.unanswered(NOW)) == [CALL]
        assert list(store.unanswered(NOW - timedelta(seconds=1))) == []


def test_a_notification_is_known_once_it_was_dealt_with(file: Path) -> None:
    with PspStore(file) as store:
        assert not store.knows_event("evt_1")
        for _ in range(2):
            store.save_event("evt_1", "payment_intent.succeeded", NOW)
        assert store.knows_event("evt_1")


def test_commits_wait_for_the_disk(file: Path) -> None:
    with PspStore(file) as store:
        assert store._connection.execute("PRAGMA synchronous").fetchone()[0] == 2


def test_a_file_that_is_no_such_database_is_refused(file: Path) -> None:
    file.write_bytes(b"no database" * 500)
    with pytest.raises(InputRefused):
        PspStore(file)


def test_a_disk_without_room_is_said_so(file: Path) -> None:
    with PspStore(file) as store:
        store._connection.execute("PRAGMA query_only = ON")
        with pytest.raises(StorageFull):
            store.begin(CALL)
