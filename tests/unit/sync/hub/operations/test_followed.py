"""Where reports stand, as the kiosks are told: the code, the state, the answer, and no more."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from sync.hub.accounts.models import Role, User
from sync.hub.datasets.models import Dataset, StoredRecord
from sync.hub.here import Here
from sync.hub.operations import reports
from sync.hub.operations.followed import CLOSED_LASTS, tell
from sync.hub.operations.models import Report
from sync.hub.territories.models import Territory
from sync.hub.work import work_once
from tests.conftest import MovedClock
from tests.kiosks import Kiosk, enrolled, event
from tests.offices import somebody

CODE = "K7QF-2MXD"
SENT = {"code": CODE, "category": "road", "place": "CANARYPLACE", "text": "CANARYTEXT"}


class NoSource:
    """No source is due in these tests."""

    def fetch(self, url: str, limits: object) -> bytes:
        raise AssertionError((url, limits))


@pytest.fixture
def kiosk(here: Here) -> Kiosk:
    return enrolled(here)


@pytest.fixture
def anna(kiosk: Kiosk) -> User:
    return somebody("anna", Role.AGENT)


def sent(here: Here, kiosk: Kiosk, seq: int = 1, **other: str) -> Report:
    kiosk.tell([event(seq, kind=reports.KIND, payload=json.dumps({**SENT, **other}))])
    reports.take_in(here)
    return Report.objects.get(seq=seq)


def told() -> dict[str, Any]:
    """What kiosks get, by code."""
    rows = StoredRecord.objects.filter(dataset__slug="suivi-signalements")
    return {row.key: json.loads(bytes(row.body)) for row in rows}


def test_a_report_that_has_come_is_received(here: Here, kiosk: Kiosk) -> None:
    sent(here, kiosk)
    assert told()[CODE]["data"]["step"] == "received"
    assert told()[CODE]["title"]["fr"] == "Voirie"


def test_the_worker_takes_reports_in_while_nobody_looks(here: Here, kiosk: Kiosk) -> None:
    kiosk.tell([event(1, kind=reports.KIND, payload=json.dumps(SENT))])
    work_once(here, NoSource())
    assert list(told()) == [CODE]


def test_neither_place_words_nor_kiosk_are_told(here: Here, kiosk: Kiosk) -> None:
    sent(here, kiosk)
    whole = json.dumps(told())
    assert "CANARY" not in whole
    assert kiosk.id not in whole


def test_each_act_is_told(here: Here, kiosk: Kiosk, anna: User) -> None:
    report = reports.assign(here, sent(here, kiosk), anna, anna)
    assert told()[CODE]["data"]["step"] == "assigned"
    report = reports.answer(here, report, "La voirie passe mardi.", anna)
    assert told()[CODE]["data"]["answer"] == "La voirie passe mardi."
    reports.close(here, report, anna)
    assert (told()[CODE]["data"]["step"], told()[CODE]["data"]["state"]) == ("closed", "closed")


def test_a_closed_report_is_told_for_a_while(
    here: Here, kiosk: Kiosk, anna: User, clock: MovedClock
) -> None:
    reports.close(here, sent(here, kiosk), anna)
    clock.move((CLOSED_LASTS + timedelta(days=1)).total_seconds())
    tell(here, Territory.objects.get(slug="orne"))
    assert told() == {}


def test_of_two_reports_with_one_code_the_older_is_told(here: Here, kiosk: Kiosk) -> None:
    sent(here, kiosk)
    sent(here, kiosk, 2, category="water")
    assert told()[CODE]["data"]["problem"] == "road"


def test_a_dataset_that_the_pack_declares_keeps_its_title(here: Here, kiosk: Kiosk) -> None:
    territory = Territory.objects.get(slug="orne")
    titled = {"title": {"fr": "Suivi"}, "kind": "report", "connector": "seed"}
    Dataset.objects.update_or_create(
        territory=territory, slug="suivi-signalements", defaults=titled
    )
    sent(here, kiosk)
    assert Dataset.objects.get(slug="suivi-signalements").title == {"fr": "Suivi"}
