from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Notice, facts_of
from kiosk.domain.record import Json, Record, Reject
from sync.connectors.base import Context, Item, guarded
from sync.connectors.registry import FOLDER, manifest_of
from sync.connectors.vigilance.connector import parse
from sync.connectors.vigilance.names import DEPARTMENTS, area_of

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
FIXTURES = FOLDER / "vigilance" / "fixtures"


def read(raw: bytes, now: datetime = NOW, **extra: Json) -> list[Item]:
    context = Context(
        dataset="v", source="Météo-France", licence="LO", observed_at=now, now=now, extra=extra
    )
    return list(guarded(parse, raw, context, manifest_of("vigilance"), time.monotonic))


def records(items: list[Item]) -> dict[str, Record]:
    return {item.title["fr"]: item for item in items if isinstance(item, Record)}


def rejects(items: list[Item]) -> list[tuple[str, str]]:
    return [(item.where, item.why) for item in items if isinstance(item, Reject)]


def fixture(name: str, now: datetime = NOW, **extra: Json) -> list[Item]:
    return read((FIXTURES / name).read_bytes(), now, **extra)


def json_map(color: Json, begins: Json = "2026-11-22T05:00:00Z", ends: Json = None) -> bytes:
    item: Json = {"phenomenon_id": "1", "phenomenon_max_color_id": color}
    domain: Json = {"domain_id": "61", "phenomenon_items": [item]}
    period: Json = {
        "begin_validity_time": begins,
        "end_validity_time": ends,
        "timelaps": {"domain_ids": [domain]},
    }
    return json.dumps({"product": {"periods": [period]}}).encode()


def test_a_phenomenon_holds_for_its_own_hours() -> None:
    wind = records(fixture("carte.json"))["Vigilance orange, vent violent\u00a0: Orne"]
    assert wind.kind == "notice"
    assert facts_of(wind, Notice) == Notice(level="orange", topic="wind")
    assert wind.valid_from == datetime(2026, 11, 22, 8, tzinfo=UTC)
    assert wind.valid_until == datetime(2026, 11, 22, 20, tzinfo=UTC)
    assert wind.title["en"] == "Orange warning, strong wind: Orne"
    assert (wind.data["department"], wind.data["phenomenon"]) == ("61", "1")


def test_a_phenomenon_without_hours_holds_for_the_period() -> None:
    flood = records(fixture("carte.json"))["Vigilance jaune, crues\u00a0: Orne"]
    assert flood.valid_from == datetime(2026, 11, 22, 5, tzinfo=UTC)
    assert flood.valid_until == datetime(2026, 11, 22, 23, tzinfo=UTC)


def test_the_map_says_when_it_was_made() -> None:
    made_at = {record.observed_at for record in records(fixture("carte.json")).values()}
    assert made_at == {datetime(2026, 11, 22, 6, tzinfo=UTC)}


def test_green_and_the_whole_country_say_nothing() -> None:
    titles = records(fixture("carte.json"))
    assert len(titles) == 4
    assert not any("canicule" in title for title in titles)


def test_a_coast_is_named_as_one() -> None:
    coast = records(fixture("carte.json"))[
        "Vigilance jaune, vagues et submersion\u00a0: Manche, littoral"
    ]
    assert (coast.data["department"], coast.data["domain"]) == ("50", "5010")


def test_tomorrow_stands_beside_today_and_an_unknown_phenomenon_is_said_so() -> None:
    later = records(fixture("carte.json"))["Vigilance rouge, phénomène non précisé\u00a0: Orne"]
    assert later.valid_from == datetime(2026, 11, 22, 23, tzinfo=UTC)
    assert facts_of(later, Notice).level == "red"


def test_what_is_over_is_withdrawn_and_what_is_odd_rejected() -> None:
    assert rejects(fixture("carte.json")) == [
        ("J 61", "withdrawn: it ended at 2026-11-22T08:00:00+00:00"),
        ("J 98", "no department: 98"),
        ("J 14", "no colour of the map: 7"),
    ]


@pytest.mark.parametrize("name", ["carte.json", "carte.xml"])
def test_an_old_map_gives_no_alert(name: str) -> None:
    assert records(fixture(name, NOW + timedelta(days=3))) == {}


def test_the_xml_map_speaks_in_local_time() -> None:
    snow = records(fixture("carte.xml"))["Vigilance orange, neige et verglas\u00a0: Orne"]
    assert snow.observed_at == datetime(2026, 11, 22, 5, tzinfo=UTC)
    assert snow.valid_until == datetime(2026, 11, 23, 5, tzinfo=UTC)


def test_the_national_advice_stands_with_grave_warnings_only() -> None:
    found = records(fixture("carte.xml"))
    assert found["Vigilance orange, vent violent\u00a0: Orne"].body["fr"].startswith("Conseil")
    assert found["Vigilance jaune, crues\u00a0: Orne"].body == {}


def test_a_colour_without_a_risk_is_told_as_it_is() -> None:
    title = "Vigilance jaune, phénomène non précisé\u00a0: Calvados, littoral"
    assert title in records(fixture("carte.xml"))


def test_what_is_odd_in_the_xml_map_is_rejected() -> None:
    assert rejects(fixture("carte.xml")) == [
        ("DV xx", "no department: xx"),
        ("DV 50", "no colour of the map: bleu"),
    ]


@pytest.mark.parametrize("name", ["carte.json", "carte.xml"])
def test_only_the_territorys_departments_are_kept(name: str) -> None:
    found = records(fixture(name, departments=["61"]))
    assert found
    assert all(record.data["department"] == "61" for record in found.values())


@pytest.mark.parametrize("odd", ["61", ["Orne"], [61], ["61", "61"], {"61": 1}])
def test_departments_that_are_none_are_refused(odd: Json) -> None:
    with pytest.raises(InputRefused, match="department"):
        fixture("carte.json", departments=odd)


def test_a_warning_without_end_holds_a_day() -> None:
    (record,) = records(read(json_map(3))).values()
    assert record.valid_until == datetime(2026, 11, 23, 5, tzinfo=UTC)
    assert records(read(json_map(3, begins="2026-11-20T05:00:00Z"))) == {}


def test_a_warning_without_any_time_holds_a_day_from_the_reading() -> None:
    (record,) = records(read(json_map(2, begins=None))).values()
    assert (record.valid_from, record.valid_until) == (None, NOW + timedelta(days=1))


def test_a_warning_that_ends_before_it_starts_is_rejected() -> None:
    assert rejects(read(json_map(2, ends="2026-11-21T05:00:00Z"))) == [
        ("period 61", "it ends before it starts")
    ]


@pytest.mark.parametrize("colour", [0, 5, -1, "rouge", "²", "٣", True, None, 2.5, [], "33"])
def test_a_colour_that_is_none_is_rejected(colour: Json) -> None:
    (reject,) = rejects(read(json_map(colour)))
    assert reject[1].startswith("no colour of the map")


def test_a_time_that_is_none_is_rejected() -> None:
    assert rejects(read(json_map(3, begins="ce soir"))) == [
        ("period 61", "not an ISO time: ce soir")
    ]


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{}", b"[]", b"<CV/>", b"<rss/>", b'{"product": []}', b'{"product": {"periods": 1}}',
        b"<EV/>", b"<CV><EV dateinsert='x'/></CV>",
    ],
)  # fmt: skip
def test_what_is_no_map_is_refused(raw: bytes) -> None:
    with pytest.raises(InputRefused):
        read(raw)


def test_every_department_has_a_name_and_perhaps_a_coast() -> None:
    assert len(DEPARTMENTS) == 97
    assert area_of("2A") == ("2A", "Corse-du-Sud")
    assert area_of("2A10") == ("2A", "Corse-du-Sud, littoral")
    assert [area_of(code) for code in ("", "6", "20", "6111", "971")] == [None] * 5


@given(st.text(max_size=6))
def test_whatever_the_domain_it_is_an_area_or_rejected(domain: str) -> None:
    area = area_of(domain)
    assert area is None or area[0] in DEPARTMENTS


def test_the_real_map_of_march_2018_warned_then_and_is_withdrawn_now(corpus: Path) -> None:
    raw = (corpus / "alertes" / "NXFR33_LFPW_vigilance.xml").read_bytes()
    then = records(read(raw, datetime(2018, 3, 18, 18, tzinfo=UTC)))
    snow = then["Vigilance orange, neige et verglas\u00a0: Calvados"]
    assert snow.valid_until == datetime(2018, 3, 19, 15, tzinfo=UTC)
    assert records(read(raw)) == {}
