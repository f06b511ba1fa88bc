from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Place, Price, facts_of
from kiosk.domain.record import Geo, Record, Reject
from sync.connectors.base import Context, Item, guarded
from sync.connectors.mediation.connector import COLUMNS, VALUES_MAX, parse
from sync.connectors.registry import FOLDER, manifest_of

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
CONTEXT = Context(dataset="sati", source="Orne", licence="LO 2.0", observed_at=NOW, now=NOW)


def read(raw: bytes, context: Context = CONTEXT) -> list[Item]:
    return list(guarded(parse, raw, context, manifest_of("mediation"), time.monotonic))


def fixture(name: str) -> list[Item]:
    return read((FOLDER / "mediation" / "fixtures" / name).read_bytes())


def records(items: list[Item]) -> dict[str, Record]:
    return {item.id: item for item in items if isinstance(item, Record)}


def rejects(items: list[Item]) -> dict[str, str]:
    return {item.where: item.why for item in items if isinstance(item, Reject)}


def one(**cells: object) -> Record:
    """Read one place with these cells besides the needed ones."""
    needed = {"id": "a", "nom": "Lieu", "commune": "B", "code_postal": "61000", "adresse": "1 rue"}
    (record,) = records(read(msgspec.json.encode([needed | cells]))).values()
    return record


def test_a_row_of_the_standard_is_a_place_with_its_facts() -> None:
    sati = records(fixture("lieux.csv"))["sati-1"]
    assert sati.title == {"fr": "SATI de Val-Inventé"}
    assert sati.geo == Geo(lat=48.6301, lon=0.0801)
    assert facts_of(sati, Place) == Place(
        address="2 place du Marché, Maison commune, 61999 Val-Inventé",
        commune="Val-Inventé",
        phone="+33233000001",
        hours="Mo-Fr 09:00-12:30,13:30-17:00; PH off",
        access={"fr": "Se présenter · Téléphoner"},
        prices=(Price(label={"fr": "Gratuit", "en": "Free"}, cents=0),),
        website="https://sati.example.org/",
    )


def test_the_lists_of_a_place_are_lists() -> None:
    data = records(fixture("lieux.csv"))["sati-1"].data
    assert data["services"] == [
        "Aide aux démarches administratives",
        "Accès internet et matériel informatique",
    ]
    assert data["support"] == ["Illettrisme", "Langues étrangères (anglais)"]
    assert data["programmes"] == ["Conseillers numériques", "Aidants Connect"]
    assert data["emails"] == ["sati@example.org", "accueil@example.org"]
    assert data["types"] == ["COMMUNE", "ESPACE_NUM"]


def test_the_collector_of_a_place_travels_with_it() -> None:
    data = records(fixture("lieux.csv"))["sati-1"].data
    assert (data["collector"], data["network"]) == ("Département inventé", "Réseau SATI")


def test_lists_parted_by_commas_are_understood() -> None:
    assert records(fixture("lieux.csv"))["fs-2"].data["services"] == [
        "Aide aux démarches administratives",
        "Maîtrise des outils numériques du quotidien",
    ]


def test_a_decimal_comma_is_a_position_too() -> None:
    assert records(fixture("lieux.csv"))["fs-2"].geo == Geo(lat=48.7, lon=0.2)


def test_a_phone_that_lost_its_plus_gets_it_back() -> None:
    assert facts_of(records(fixture("lieux.csv"))["fs-2"], Place).phone == "+33233000002"


@pytest.mark.parametrize("phone", ["02 33 00 00 00", "3642", "33 2 33", "+33233000000", ""])
def test_any_other_phone_stays_as_it_is(phone: str) -> None:
    assert facts_of(one(telephone=phone), Place).phone == phone


@pytest.mark.parametrize(
    ("programmes", "is_one"),
    [("France Services", True), ("Certification PIX|france services", True), ("PIX", False)],
)
def test_france_services_are_marked(programmes: str, is_one: bool) -> None:
    assert one(dispositif_programmes_nationaux=programmes).data["france_services"] is is_one


def test_a_place_without_public_says_so() -> None:
    found = records(fixture("lieux.csv"))
    assert found["bus-3"].data["receives_public"] is False
    assert found["sati-1"].data["receives_public"] is True


@pytest.mark.parametrize(
    ("written", "travels"),
    [("Itinérant", True), ("Fixe", False), ("Itinérant|Fixe", True), ("", None)],
)
def test_whether_a_place_travels_is_told_or_unknown(written: str, travels: bool | None) -> None:
    assert one(itinerance=written).data["travels"] is travels


@pytest.mark.parametrize(
    "fees",
    ["", "Payant", "Gratuit sous condition", "Gratuit|Payant", "Gratuit sous condition|Payant"],
)
def test_only_gratis_alone_is_a_price(fees: str) -> None:
    assert facts_of(one(frais_a_charge=fees), Place).prices == ()


def test_the_sentence_of_an_earlier_version_is_gratis_too() -> None:
    media = records(fixture("lieux.json"))["mn-1"]
    assert [price.cents for price in facts_of(media, Place).prices] == [0]


def test_the_columns_of_an_earlier_version_are_known() -> None:
    data = records(fixture("lieux.json"))["mn-1"].data
    assert data["emails"] == ["media@example.org"]
    assert data["programmes"] == ["France Services", "Certification PIX"]
    assert data["labels"] == ["SUD LABS (PACA)"]


def test_a_json_list_is_a_list_of_the_place() -> None:
    assert records(fixture("lieux.json"))["mn-1"].data["services"] == [
        "Loisirs et créations numériques",
        "Accès internet et matériel informatique",
    ]


def test_a_number_is_an_id_and_no_position_is_none() -> None:
    club = records(fixture("lieux.json"))["2"]
    assert club.geo is None
    assert club.data["travels"] is False


def test_a_place_is_dated_by_its_last_description() -> None:
    sati = records(fixture("lieux.csv"))["sati-1"]
    assert sati.observed_at == datetime(2026, 10, 1, 22, tzinfo=UTC)  # midnight in Paris


def test_a_description_dated_in_the_future_is_of_now() -> None:
    assert records(fixture("lieux.csv"))["fs-2"].observed_at == NOW


def test_a_place_without_date_is_of_the_reading() -> None:
    assert records(fixture("lieux.json"))["mn-1"].observed_at < NOW
    assert records(fixture("lieux.json"))["2"].observed_at == NOW


def test_bad_rows_are_rejected_with_their_lines() -> None:
    assert rejects(fixture("lieux.csv")) == {
        "line 5": "id: empty",
        "line 6": "date_maj: not a date: hier",
        "line 7": "latitude, longitude: not a position: 148.6, 0.1",
        "sati-1": "an earlier item bears the same id",
        "line 9": "3 cells under 31 columns",
    }


def test_bad_entries_are_rejected_with_their_numbers() -> None:
    assert rejects(fixture("lieux.json")) == {
        "entry 3": "nom: empty",
        "entry 4": "latitude, longitude: not a position: 48.5, None",
        "entry 5": "commune: empty",
    }


@pytest.mark.parametrize("column", sorted(COLUMNS))
def test_a_header_without_a_needed_column_is_refused(column: str) -> None:
    header = ",".join(COLUMNS - {column})
    with pytest.raises(InputRefused, match=f"no {column}"):
        read(f"{header}\n1,2,3,4\n".encode())


@pytest.mark.parametrize("raw", [b'{"id": 1}', b"[1]", b'[{"id": "a", "nom": "b"}]', b"[", b"a\nb"])
def test_another_format_is_refused(raw: bytes) -> None:
    with pytest.raises(InputRefused):
        read(raw)


def test_an_empty_list_is_no_place() -> None:
    assert read(b"[]") == []


def test_a_list_is_cut_at_its_maximum() -> None:
    many = "|".join(f"service {number}" for number in range(VALUES_MAX + 5))
    services = one(services=many).data["services"]
    assert isinstance(services, list)
    assert len(services) == VALUES_MAX


def test_a_byte_order_mark_before_json_is_skipped() -> None:
    raw = (FOLDER / "mediation" / "fixtures" / "lieux.json").read_bytes()
    assert records(read(b"\xef\xbb\xbf" + raw)).keys() == {"mn-1", "2"}


def test_an_unknown_time_zone_is_refused() -> None:
    with pytest.raises(InputRefused, match="time zone"):
        read(b"[]", replace(CONTEXT, timezone="Mars/Olympus"))
