from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Notice, facts_of
from kiosk.domain.record import Geo, Record, Reject
from sync.connectors.base import Context, Item, guarded
from sync.connectors.datex2.connector import parse
from sync.connectors.datex2.extract import POINTS_MAX
from sync.connectors.datex2.names import CLOSED, SITUATIONS, UNNAMED
from sync.connectors.registry import FOLDER, manifest_of

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
FIXTURES = FOLDER / "datex2" / "fixtures"
CONTEXT = Context(dataset="d", source="DIR", licence="LO", observed_at=NOW, now=NOW)


def read(raw: bytes, *, now: datetime = NOW) -> list[Item]:
    context = replace(CONTEXT, now=now)
    return list(guarded(parse, raw, context, manifest_of("datex2"), time.monotonic))


def fixture(name: str) -> list[Item]:
    return read((FIXTURES / name).read_bytes())


def records(items: list[Item]) -> dict[str, Record]:
    return {item.id: item for item in items if isinstance(item, Record)}


def rejects(items: list[Item]) -> dict[str, str]:
    return {item.where: item.why for item in items if isinstance(item, Reject)}


def situation(inside: str, *, sort: str = "MaintenanceWorks", header: str = "") -> bytes:
    return (
        '<d2LogicalModel xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        '<payloadPublication xsi:type="SituationPublication"><situation>'
        f'{header}<situationRecord xsi:type="{sort}" id="r">{inside}</situationRecord>'
        "</situation></payloadPublication></d2LogicalModel>"
    ).encode()


def only(inside: str, *, sort: str = "MaintenanceWorks") -> Record:
    return records(read(situation(inside, sort=sort)))["r"]


def lasting(start: str = "", end: str = "") -> str:
    since = f"<overallStartTime>{start}</overallStartTime>" if start else ""
    until = f"<overallEndTime>{end}</overallEndTime>" if end else ""
    return f"<validity><x>{since}{until}</x></validity>"


def point(lat: str, lon: str) -> str:
    degrees = f"<latitude>{lat}</latitude><longitude>{lon}</longitude>"
    return f"<pointCoordinates>{degrees}</pointCoordinates>"


def test_road_works_are_a_notice_with_their_road() -> None:
    works = records(fixture("v2.xml"))["S1-1"]
    assert works.title == {"fr": "D999\u00a0: Travaux", "en": "D999: Road works"}
    assert works.body == {
        "fr": "Alternat par feux au pont inventé.",
        "en": "Traffic lights at the invented bridge.",
    }
    assert facts_of(works, Notice) == Notice(level="orange", topic="road")
    assert works.geo == Geo(lat=48.43, lon=0.09)


def test_a_notice_holds_as_long_as_the_situation_and_tells_its_nights() -> None:
    works = records(fixture("v2.xml"))["S1-1"]
    assert works.valid_from == datetime(2026, 11, 20, 19, tzinfo=UTC)
    assert works.valid_until == datetime(2026, 11, 27, 5, tzinfo=UTC)
    assert works.observed_at == datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
    assert works.data["periods"] == [["2026-11-22T20:00:00+01:00", "2026-11-23T06:00:00+01:00"]]
    assert works.data["types"] == ["resurfacingWork"]


def test_what_operators_tell_each_other_is_never_published() -> None:
    assert all("4242" not in str(record) for record in records(fixture("v2.xml")).values())


def test_a_closure_is_called_so_and_lasts_until_told_otherwise() -> None:
    closure = records(fixture("v2.xml"))["S1-2"]
    assert closure.title == dict(zip(("fr", "en"), CLOSED, strict=True))
    assert closure.data["closed"] is True
    assert closure.valid_until is None
    assert closure.geo == Geo(lat=48.44, lon=0.10)
    assert facts_of(closure, Notice).level == "yellow"


def test_tests_suspensions_and_past_events_are_rejected() -> None:
    assert rejects(fixture("v2.xml")) == {
        "situation 2, record 1": "not real: test",
        "situation 3, record 1": "withdrawn: suspended",
        "situation 3, record 2": "withdrawn: it ended at 2026-11-21T08:00:00+00:00",
        "situation 3, record 3": "no id",
        "situation 3, record 4": "not an ISO time: demain",
    }


def test_version_3_is_read_with_its_line() -> None:
    accident = records(fixture("v3.xml"))["V3-1-1"]
    assert accident.title == {"fr": "Accident", "en": "Accident"}
    assert facts_of(accident, Notice).level == "red"
    assert accident.geo == Geo(lat=48.405, lon=0.085)
    assert accident.data["line"] == [[48.4, 0.08], [48.405, 0.085], [48.41, 0.09]]


def test_an_order_is_a_notice_of_its_authority() -> None:
    order = records(fixture("arretes.xml"))["A-2026-1|1"]
    assert order.title == {"fr": "Circulation interdite", "en": "No entry"}
    assert order.data["authority"] == "Commune de Bourg-Inventé"
    assert order.body["fr"].startswith("Arrêté inventé")
    assert order.valid_until == datetime(2026, 12, 24, 16, 30, tzinfo=UTC)
    assert order.geo is not None


def test_an_order_for_some_vehicles_is_not_told_as_one_for_all() -> None:
    order = records(fixture("arretes.xml"))["A-2026-1|2"]
    assert order.title["fr"] == "Circulation réglementée"
    assert order.data["some_vehicles"] is True


def test_a_negated_place_gives_no_position() -> None:
    order = records(fixture("arretes.xml"))["A-2026-1|2"]
    assert order.geo is None
    assert order.data["line"] == []


def test_orders_that_are_not_in_force_are_rejected() -> None:
    assert rejects(fixture("arretes.xml")) == {
        "order 1, regulation 3": "not active: inactive",
        "order 2, regulation 1": "not in force: beingDrafted",
    }


def test_a_speed_limit_for_all_says_the_speed() -> None:
    raw = (FIXTURES / "arretes.xml").read_bytes()
    for_all = raw.replace(b"vehicleCharacteristics", b"nothing")
    assert records(read(for_all))["A-2026-1|2"].title == {
        "fr": "Vitesse limitée à 30\u00a0km/h",
        "en": "Speed limit 30 km/h",
    }


@pytest.mark.parametrize("sort", SITUATIONS)
def test_each_sort_of_situation_has_its_name(sort: str) -> None:
    french, english = SITUATIONS[sort]
    assert only("", sort=f"sit:{sort}").title == {"fr": french, "en": english}


def test_an_unknown_sort_is_road_information() -> None:
    assert only("", sort="Bizarre").title["fr"] == UNNAMED[0]
    assert only("", sort="Bizarre").data["sort"] == "Bizarre"


@pytest.mark.parametrize(
    ("told", "level"),
    [("highest", "red"), ("high", "orange"), ("medium", "yellow"), ("low", "info"), ("?", "info")],
)
def test_the_level_is_that_of_the_severity(told: str, level: str) -> None:
    record = only(f"<severity>{told}</severity>")
    assert (record.data["level"], record.data["severity"]) == (level, told)


def test_the_situations_severity_stands_where_the_record_has_none() -> None:
    raw = situation("", header="<overallSeverity>high</overallSeverity>")
    assert records(read(raw))["r"].data["level"] == "orange"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("trafficConstrictionType", "roadBlocked"),
        ("roadOrCarriagewayOrLaneManagementType", "carriagewayClosures"),
    ],
)
def test_a_blocked_road_is_closed(name: str, told: str) -> None:
    assert only(f"<x><{name}>{told}</{name}></x>").data["closed"] is True


@pytest.mark.parametrize(
    ("place", "geo"),
    [
        ("<latitude>48</latitude><longitude>1</longitude>", None),  # of what, isn't told
        (point("48", "1"), Geo(lat=48, lon=1)),
        (f"<from>{point('47', '1')}</from>", Geo(lat=47, lon=1)),
        (point("95", "1"), None),
        (point("N", "1"), None),
        ("<alertCPoint/>", None),
    ],
)
def test_a_position_is_told_or_unknown(place: str, geo: Geo | None) -> None:
    assert only(f"<groupOfLocations>{place}</groupOfLocations>").geo == geo


@pytest.mark.parametrize("points", ["48 1", "48 1 49", "48 1 95 2", "48 1 x y", "", "NaN 1 48 2"])
def test_a_broken_line_is_no_line(points: str) -> None:
    record = only(f"<posList>{points}</posList>")
    assert (record.data["line"], record.geo) == ([], None)


def test_a_long_line_is_thinned() -> None:
    points = " ".join(f"48.{number:04d} 1.0" for number in range(5_000))
    line = only(f"<posList>{points}</posList>").data["line"]
    assert isinstance(line, list)
    assert POINTS_MAX / 2 < len(line) <= POINTS_MAX


def test_a_road_is_named_by_its_number_else_its_name() -> None:
    name = "<roadName><values><value lang='fr'>Rue inventée</value></values></roadName>"
    assert only(name).data["road"] == "Rue inventée"
    assert only(f"{name}<roadNumber>N12</roadNumber>").data["road"] == "N12"


@pytest.mark.parametrize(
    ("start", "end", "holds"),
    [
        ("2026-11-22T00:00:00Z", "", True),
        ("2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z", True),  # to come
        ("", "2026-11-22T09:42:00Z", False),
        ("2026-11-23T00:00:00Z", "2026-11-22T23:00:00Z", False),
        ("2026-11-22T11:00:00", "2026-11-22T11:30:00", True),  # local time
    ],
)
def test_only_what_is_not_over_is_published(start: str, end: str, holds: bool) -> None:
    assert bool(records(read(situation(lasting(start, end))))) is holds


@pytest.mark.parametrize(
    "raw",
    [
        b"<rss/>",
        b"<d2LogicalModel/>",
        b"not xml",
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><d2LogicalModel>&e;</d2LogicalModel>',
        situation("").replace(b"SituationPublication", b"MeasuredDataPublication"),
    ],
)
def test_another_publication_is_refused(raw: bytes) -> None:
    with pytest.raises(InputRefused):
        read(raw)


def test_a_real_order_is_read_in_its_time(corpus: Path) -> None:
    raw = (corpus / "datex2" / "dialog_example.xml").read_bytes()
    (order,) = records(read(raw, now=datetime(2022, 5, 20, tzinfo=UTC))).values()
    assert order.id == "T-SN2022-05-154|1"
    assert order.data["authority"] == "Commune de Savenay"
    assert order.data["exceptions"] is True
    assert order.geo == Geo(lat=47.370631, lon=-1.94021)


def test_a_real_order_is_withdrawn_today(corpus: Path) -> None:
    items = read((corpus / "datex2" / "dialog_example.xml").read_bytes())
    assert rejects(items)["order 1, regulation 1"].startswith("withdrawn: it ended at 2022-06-10")


def test_real_traffic_measures_are_refused(corpus: Path) -> None:
    with pytest.raises(InputRefused, match="ElaboratedDataPublication"):
        read((corpus / "nantes" / "TraficStatus.xml").read_bytes())


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1"])
def test_a_publication_may_be_in_any_encoding_that_it_declares(encoding: str) -> None:
    text = (FIXTURES / "v2.xml").read_text(encoding="utf-8")
    other = text.replace('encoding="UTF-8"', f'encoding="{encoding}"').encode(encoding)
    assert records(read(other)) == records(fixture("v2.xml"))


def test_the_namespace_prefix_does_not_matter() -> None:
    raw = (FIXTURES / "v3.xml").read_bytes()
    renamed = raw.replace(b"sit:", b"s:").replace(b":sit=", b":s=")
    assert records(read(renamed)) == records(fixture("v3.xml"))


def test_a_publication_in_a_soap_envelope_is_found() -> None:
    raw = situation("<severity>high</severity>")
    wrapped = b"<Envelope><Body>" + raw + b"</Body></Envelope>"
    assert records(read(wrapped)) == records(read(raw))


def test_several_comments_are_told_each_once() -> None:
    comment = (
        "<generalPublicComment><comment><values><value>{}</value></values></comment>"
        "</generalPublicComment>"
    )
    texts = ("Alternat.", "Alternat.", "Vitesse limitée.")
    assert only("".join(map(comment.format, texts))).body == {"fr": "Alternat.\nVitesse limitée."}


@pytest.mark.parametrize(
    ("status", "own", "why"),
    [
        ("draft", "active", "not in force: draft"),
        ("", "active", "not in force: status not told"),
        ("made", "", "not active: status not told"),
    ],
)
def test_an_order_must_say_that_it_is_in_force(status: str, own: str, why: str) -> None:
    raw = (FIXTURES / "arretes.xml").read_bytes()
    other = raw.replace(b"madeAndImplemented", status.encode(), 1)
    other = other.replace(b"<status>active", b"<status>" + own.encode(), 1)
    assert rejects(read(other))["order 1, regulation 1"] == why


def test_an_order_without_a_number_is_rejected() -> None:
    raw = (FIXTURES / "arretes.xml").read_bytes()
    nameless = raw.replace(b"<regulationId>A-2026-1</regulationId>", b"").replace(b'id="A-1" ', b"")
    assert rejects(read(nameless))["order 1, regulation 1"] == "no id"
