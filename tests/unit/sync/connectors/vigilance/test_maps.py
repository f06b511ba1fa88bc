"""What the two forms of the map say, by number."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import InputRefused
from kiosk.domain.record import Json, Reject
from sync.connectors.vigilance.maps import Map, Warned, map_of
from sync.connectors.vigilance.names import COLOURS, GREEN, PHENOMENA

PARIS = ZoneInfo("Europe/Paris")
HEAD = 'dateinsert="20261122060000" daterun="20261122070000" dateprevue="20261123060000"'


def xml_map(departments: str, head: str = HEAD) -> Map:
    return map_of(f"<CV><EV {head}/>{departments}</CV>".encode(), PARIS)


def json_map(*items: Json, made_at: Json = "2026-11-22T06:00:00Z") -> Map:
    domain: Json = {"domain_id": "61", "phenomenon_items": list(items)}
    period: Json = {
        "echeance": "J",
        "begin_validity_time": "2026-11-22T05:00:00Z",
        "end_validity_time": "2026-11-23T05:00:00Z",
        "timelaps": {"domain_ids": [domain]},
    }
    product: Json = {"update_time": made_at, "periods": [period]}
    return map_of(json.dumps({"product": product}).encode(), PARIS)


def warned(found: Map) -> list[Warned]:
    return [one for one in found.warnings if isinstance(one, Warned)]


def rejected(found: Map) -> list[str]:
    return [one.why for one in found.warnings if isinstance(one, Reject)]


@pytest.mark.parametrize("phenomenon", PHENOMENA)
@pytest.mark.parametrize("colour", COLOURS)
def test_both_forms_say_the_same(phenomenon: str, colour: int) -> None:
    (old,) = warned(xml_map(f'<DV dep="61" coul="{colour}"><risque val="{phenomenon}"/></DV>'))
    (new,) = warned(json_map({"phenomenon_id": phenomenon, "phenomenon_max_color_id": colour}))
    assert (old.domain, old.phenomenon, old.colour) == ("61", phenomenon, colour)
    assert (new.domain, new.phenomenon, new.colour) == ("61", phenomenon, colour)


def test_green_warns_of_nothing_in_either_form() -> None:
    assert warned(xml_map(f'<DV dep="61" coul="{GREEN}"><risque val="1"/></DV>')) == []
    assert warned(json_map({"phenomenon_id": "1", "phenomenon_max_color_id": GREEN})) == []


def test_each_risk_of_a_department_is_a_warning() -> None:
    risks = "".join(f'<risque val="{number}"/>' for number in (1, 2, 3))
    found = warned(xml_map(f'<DV dep="61" coul="2">{risks}</DV>'))
    assert [one.phenomenon for one in found] == ["1", "2", "3"]
    assert {one.where for one in found} == {"DV 61"}


def test_the_xml_map_holds_from_its_run_to_its_forecast() -> None:
    (one,) = warned(xml_map('<DV dep="61" coul="2"/>'))
    assert one.starts == datetime(2026, 11, 22, 6, tzinfo=UTC)
    assert one.ends == datetime(2026, 11, 23, 5, tzinfo=UTC)
    assert xml_map("").made_at == datetime(2026, 11, 22, 5, tzinfo=UTC)


def test_an_xml_map_without_times_leaves_them_open() -> None:
    found = xml_map('<DV dep="61" coul="2"/>', head="")
    (one,) = warned(found)
    assert (found.made_at, one.starts, one.ends) == (None, None, None)


@pytest.mark.parametrize(
    "stamp", ["2026", "99999999999999", "20261322060000", "demain", "2026112206"]
)
def test_a_stamp_that_is_none_is_refused_or_read_as_hours(stamp: str) -> None:
    if stamp == "2026112206":
        assert xml_map("", f'dateinsert="{stamp}"').made_at == datetime(2026, 11, 22, 5, tzinfo=UTC)
        return
    with pytest.raises(InputRefused, match="not an ISO time"):
        xml_map("", f'dateinsert="{stamp}"')


def test_a_map_without_a_moment_of_its_own_says_so() -> None:
    assert json_map(made_at=None).made_at is None
    assert json_map(made_at="").made_at is None
    with pytest.raises(InputRefused, match="not an ISO time"):
        json_map(made_at="tantôt")


def test_an_item_without_times_has_those_of_its_period() -> None:
    item: Json = {"phenomenon_id": "1", "timelaps_items": [{"color_id": 2}]}
    (one,) = warned(json_map(item))
    assert one.starts == datetime(2026, 11, 22, 5, tzinfo=UTC)
    assert one.ends == datetime(2026, 11, 23, 5, tzinfo=UTC)


def test_one_odd_item_leaves_the_others_standing() -> None:
    parts: list[Json] = [{"color_id": 2}, {"color_id": 9}, 7, {"color_id": 3}]
    found = json_map({"phenomenon_id": "1", "timelaps_items": parts})
    assert [one.colour for one in found.warnings if isinstance(one, Warned)] == [2, 3]
    found = json_map({"phenomenon_id": "1", "timelaps_items": parts})
    assert rejected(found) == ["no colour of the map: 9", "no colour of the map: None"]


@pytest.mark.parametrize(
    "part", [None, [], 7, "x", {"domain_ids": 1}, {"domain_ids": [1, None, {}]}]
)
def test_a_period_without_domains_warns_of_nothing(part: Json) -> None:
    raw = json.dumps({"product": {"periods": [{"timelaps": part}, 7]}}).encode()
    assert list(map_of(raw, PARIS).warnings) == []


@given(st.integers() | st.text(max_size=3) | st.booleans() | st.none())
def test_whatever_the_colour_it_is_known_or_rejected(colour: Json) -> None:
    found = json_map({"phenomenon_id": "1", "phenomenon_max_color_id": colour})
    assert all(isinstance(one, Reject) or one.colour in COLOURS for one in found.warnings)
