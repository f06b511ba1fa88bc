"""The pages of closings: sums by means, faults in words, and a file for the accountant."""

from __future__ import annotations

import csv
import io
import json

import pytest

from kiosk.store.device_key import DeviceKey
from kiosk.store.ledger_demo import write_demo
from kiosk.store.outbox import OutboxReader
from sync.hub.accounts.models import Role
from sync.hub.devices.models import Device
from sync.hub.events import intake
from sync.hub.here import Here
from sync.protocol.events import Event as Told
from tests.kiosks import Kiosk, enrolled
from tests.offices import ELSEWHERE, Browser, somebody, text

PAGE = "/gestion/clotures/"


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Told], str]:
    folder = tmp_path_factory.mktemp("journal")
    key = DeviceKey(folder)
    write_demo(folder / "ledger.db", 2_300, key)
    rows = OutboxReader(folder / "ledger.db").after(0, 100)
    return [
        Told(epoch="e1", seq=row.seq, kind=row.kind, subject=row.subject, at=row.at,
             payload=row.payload)
        for row in rows
    ], key.public_key.hex()  # fmt: skip


@pytest.fixture
def kiosk(here: Here, journal: tuple[list[Told], str]) -> Kiosk:
    kiosk = enrolled(here)
    Device.objects.update(public_key=journal[1])
    return kiosk


@pytest.fixture
def treasurer(here: Here, kiosk: Kiosk) -> Browser:
    return Browser.of(somebody("rita", Role.REGISSEUR))


def take(here: Here, kiosk: Kiosk, events: list[Told]) -> None:
    intake.take(here, Device.objects.get(id=kiosk.id), events)


def test_a_kiosk_without_closings_says_so(treasurer: Browser, kiosk: Kiosk) -> None:
    assert "Aucune clôture reçue" in text(treasurer.get(PAGE))
    assert "Télécharger" not in text(treasurer.get(f"{PAGE}{kiosk.id}/"))


def test_a_sound_chain_shows_its_sums(
    here: Here, kiosk: Kiosk, treasurer: Browser, journal: tuple[list[Told], str]
) -> None:
    take(here, kiosk, journal[0])
    assert "Chaîne intacte" in text(treasurer.get(PAGE))
    shown = text(treasurer.get(f"{PAGE}{kiosk.id}/"))
    assert "2026-01-05" in shown
    digest = json.loads(journal[0][-1].payload)["hash"]
    assert digest[:12] in shown


def test_a_gap_is_said_in_words(
    here: Here, kiosk: Kiosk, treasurer: Browser, journal: tuple[list[Told], str]
) -> None:
    first, _, third = journal[0][:3]
    moved = Told(epoch="e1", seq=2, kind=third.kind, subject="", at=third.at,
                 payload=third.payload)  # fmt: skip
    take(here, kiosk, [first, moved])
    assert "1 anomalie" in text(treasurer.get(PAGE))
    assert "il manque une clôture avant celle-ci" in text(treasurer.get(f"{PAGE}{kiosk.id}/"))


def test_the_file_holds_every_closing_and_sums_that_add_up(
    here: Here, kiosk: Kiosk, treasurer: Browser, journal: tuple[list[Told], str]
) -> None:
    take(here, kiosk, journal[0])
    answer = treasurer.get(f"{PAGE}{kiosk.id}.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="clotures-orne-borne-1.csv"' in answer["Content-Disposition"]
    data = answer.content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(data, newline=""), delimiter=";"))
    assert len(rows) == len(journal[0])
    cents = [round(float(row["carte bancaire (€)"].replace(",", ".")) * 100) for row in rows]
    periods = [row["période"] for row in rows]
    days = sum(sum_ for sum_, period in zip(cents, periods, strict=True) if period == "jour")
    months = sum(sum_ for sum_, period in zip(cents, periods, strict=True) if period == "mois")
    assert days == months > 0


def test_a_closing_with_its_hash_alone_has_no_sums(
    here: Here, kiosk: Kiosk, treasurer: Browser, journal: tuple[list[Told], str]
) -> None:
    whole = json.loads(journal[0][0].payload)
    bare = json.dumps({name: whole[name] for name in ("closing", "last", "hash")})
    take(here, kiosk, [Told(epoch="e1", seq=1, kind="closing.day", subject="", at=journal[0][0].at,
                            payload=bare)])  # fmt: skip
    assert whole["hash"][:12] in text(treasurer.get(f"{PAGE}{kiosk.id}/"))
    assert "Chaîne intacte" in text(treasurer.get(PAGE))


def test_another_territory_s_takings_don_t_exist(here: Here, kiosk: Kiosk) -> None:
    stranger = Browser.of(somebody("rosa", Role.REGISSEUR, ELSEWHERE))
    assert "borne-1" not in text(stranger.get(PAGE))
    for where in (f"{kiosk.id}/", f"{kiosk.id}.csv", "knobody/"):
        assert stranger.get(PAGE + where).status_code == 404
