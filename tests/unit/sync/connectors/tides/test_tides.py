from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from kiosk.app.cli import main
from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Tide, facts_of
from kiosk.domain.record import Geo, Json, Record, Reject
from sync.connectors.base import Context, Item, guarded
from sync.connectors.registry import FOLDER, manifest_of
from sync.connectors.strict_json import read_json
from sync.connectors.tides.connector import DAYS_MAX, parse
from sync.connectors.tides.prediction import extremes, lowest
from sync.connectors.tides.stations import Station, named, stations

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
FIXTURE = FOLDER / "tides" / "fixtures" / "ports.json"
DAY: dict[str, Json] = {"station": "Port-Bourg", "from": "2026-11-22", "to": "2026-11-23"}
M2 = {"name": "M2", "amplitude": 2.0, "phase": 100.0}


def read(raw: bytes, **extra: Json) -> list[Item]:
    context = Context(
        dataset="d", source="TICON-4", licence="CC BY", observed_at=NOW, now=NOW, extra=extra
    )
    return list(guarded(parse, raw, context, manifest_of("tides"), time.monotonic))


def day(**extra: Json) -> list[Record]:
    items = read(FIXTURE.read_bytes(), **{**DAY, **extra})
    return [item for item in items if isinstance(item, Record)]


def rejects(items: list[Item]) -> dict[str, str]:
    return {item.where: item.why for item in items if isinstance(item, Reject)}


def port(**changed: Any) -> bytes:
    station = {"id": "p", "name": "Port", "latitude": 48.0, "longitude": -4.0}
    datums = {"MSL": 4.0, "LAT": 0.5}
    entry = {**station, "datums": datums, "harmonic_constituents": [M2], **changed}
    return json.dumps([entry]).encode()


def why_not(**changed: Any) -> str:
    return rejects(read(port(**changed)))["station 1"]


def test_an_extreme_says_its_time_height_kind_and_datum() -> None:
    first = day()[0]
    assert first.kind == "tide"
    assert first.data == {
        "time": "2026-11-22T05:11:00+01:00",
        "height_m": 9.96,
        "kind": "high",
        "datum": "LAT",
        "station": "Port-Bourg",
        "indicative": True,
    }
    assert facts_of(first, Tide).time == datetime(2026, 11, 22, 4, 11, tzinfo=UTC)


def test_a_record_says_that_it_is_indicative_in_both_languages() -> None:
    first = day()[0]
    assert first.title == {
        "fr": "Pleine mer, Port-Bourg\u00a0: 9,96\u00a0m (indicatif)",
        "en": "High water, Port-Bourg: 9.96 m (indicative)",
    }
    assert "Ne pas utiliser pour naviguer" in first.body["fr"]
    assert "Not for navigation" in first.body["en"]


def test_a_record_stands_at_its_port_under_an_id_of_its_own() -> None:
    first = day()[0]
    assert first.geo == Geo(lat=48.6, lon=-2.0)
    assert first.id == "invente/port-bourg@2026-11-22T04:11Z"
    assert (first.source, first.licence) == ("TICON-4", "CC BY")


@pytest.mark.parametrize("name", ["Port-Bourg", "port bourg", "le bourg", "invente/port-bourg"])
def test_a_port_is_asked_by_name_alias_or_id(name: str) -> None:
    assert [record.id for record in day(station=name)] == [record.id for record in day()]


def test_a_port_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(InputRefused, match=r"no such station: Atlantis.*Port-Bourg"):
        day(station="Atlantis")


def test_of_two_ports_of_one_name_the_better_observed_is_taken() -> None:
    poor = json.loads(port(id="poor", quality={"score": 3}))
    good = json.loads(port(id="good", quality={"score": 70}))
    found = [one for one in stations(poor + good) if isinstance(one, Station)]
    assert named(found, "PORT").id == "good"


def test_without_a_station_all_ports_are_predicted_for_a_week() -> None:
    records = [item for item in read(FIXTURE.read_bytes()) if isinstance(item, Record)]
    times = [facts_of(record, Tide).time for record in records]
    assert {facts_of(record, Tide).station for record in records} == {"Port-Bourg", "Anse inventée"}
    assert min(times) >= datetime(2026, 11, 21, 23, tzinfo=UTC)  # midnight in Paris
    assert max(times) - min(times) > timedelta(days=6.5)


def test_a_stretch_is_asked_in_local_or_absolute_time() -> None:
    local = day(**{"from": "2026-11-22T06:00", "to": "2026-11-22T18:00"})
    absolute = day(**{"from": "2026-11-22T05:00Z", "to": "2026-11-22T17:00Z"})
    assert [one.id for one in local] == [one.id for one in absolute]
    assert len(local) == 2


@pytest.mark.parametrize(
    "extra",
    [
        {"from": "2026-11-23", "to": "2026-11-22"},
        {"from": "2026-11-22", "to": "2026-11-22"},
        {"from": "2020-01-01", "to": "2026-11-22"},
        {"from": "tomorrow"},
        {"to": 12},
        {"station": ["Port-Bourg"]},
    ],
)
def test_a_senseless_setting_is_refused(extra: dict[str, Json]) -> None:
    with pytest.raises(InputRefused):
        day(**extra)


def test_a_year_may_be_asked_for() -> None:
    end = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=DAYS_MAX)
    items = read(port(), **{"from": "2026-01-01T00:00Z", "to": end.isoformat()})
    assert len(items) == pytest.approx(DAYS_MAX * 48 / 12.4206, abs=2)


def test_the_fixtures_bad_stations_are_rejected_with_the_reason() -> None:
    assert rejects(read(FIXTURE.read_bytes())) == {
        "station 3": "unknown constituent ZORG9",
        "station 4": "a constituent stands twice, or there is none",
        "station 5": "M2: amplitude or phase out of range",
        "station 6": "mean level (MSL) isn't above the lowest tide (LAT)",
        "station 7": "Object missing required field `latitude`",
    }


@pytest.mark.parametrize(
    "changed",
    [
        {"name": " "},
        {"id": "…"},
        {"latitude": 91},
        {"latitude": 0, "longitude": 0},
        {"harmonic_constituents": []},
        {"harmonic_constituents": [{**M2, "amplitude": -1}]},
        {"harmonic_constituents": [{**M2, "phase": 1e6}]},
        {"harmonic_constituents": [M2, {**M2, "name": "m2"}]},
        {"harmonic_constituents": [{**M2, "amplitude": "2"}]},
        {"datums": {"MSL": 90, "LAT": 0}},
    ],
)
def test_a_station_that_would_be_predicted_wrong_is_rejected(changed: dict[str, Any]) -> None:
    assert why_not(**changed)


def test_a_single_station_is_a_file_too() -> None:
    single = json.dumps(json.loads(port())[0]).encode()
    assert read(single) == read(port())


@pytest.mark.parametrize("raw", [b"[]", b"{}", b"[1, 2]", b'{"features": []}', b"no json"])
def test_a_file_without_stations_is_refused(raw: bytes) -> None:
    with pytest.raises(InputRefused):
        read(raw)


def test_without_a_published_datum_the_lowest_tide_of_19_years_is_zero() -> None:
    bare = [item for item in read(port(datums={})) if isinstance(item, Record)]
    lows = [facts_of(one, Tide) for one in bare if one.data["kind"] == "low"]
    assert all(0 <= low.height_m < 0.2 for low in lows)  # M2 swings by its nodal factor only


def real(corpus: Path) -> dict[str, Station]:
    found = stations(read_json((corpus / "marees" / "ticon4_france.json").read_bytes()))
    return {one.id: one for one in found if isinstance(one, Station)}


def test_every_real_port_is_read(corpus: Path) -> None:
    assert len(real(corpus)) == 35


@pytest.mark.parametrize("name", ["Brest", "Saint Malo", "Le Havre"])
def test_the_lowest_computed_tide_is_the_published_one(corpus: Path, name: str) -> None:
    station = named(list(real(corpus).values()), name)
    assert station.mean_m is not None
    assert lowest(station.waves, datetime(2007, 1, 1, tzinfo=UTC)) == pytest.approx(
        -station.mean_m, abs=0.03
    )


def test_the_tide_of_the_century_is_the_highest_of_2015_at_saint_malo(corpus: Path) -> None:
    station = named(list(real(corpus).values()), "Saint-Malo")
    year = datetime(2015, 1, 1, tzinfo=UTC)
    found = extremes(station.waves, year, year + timedelta(days=365))
    highest = max(found, key=lambda one: one.height_m)
    # The almanac's coefficients of 2015: 119 on 21 March, 117 on 29 and 30 September.
    assert (highest.time.date().isoformat(), highest.kind) in {
        ("2015-03-21", "high"), ("2015-09-29", "high"),
    }  # fmt: skip


# Times and heights above LAT that npm @neaps/tide-predictor prints for the same constituents.
PEER = {
    "Brest": [("01:44", 5.95), ("07:56", 1.64), ("14:02", 6.18), ("20:22", 1.41)],
    "Saint-Malo": [("03:57", 10.60), ("10:25", 3.02), ("16:16", 11.03), ("22:53", 2.63)],
    "Le Havre": [("01:35", 2.25), ("07:14", 7.40), ("14:16", 2.15), ("19:25", 7.50)],
}


@pytest.mark.parametrize("name", PEER)
def test_real_ports_agree_with_another_predictor(corpus: Path, name: str) -> None:
    station = named(list(real(corpus).values()), name)
    start = datetime(2026, 11, 22, tzinfo=UTC)
    found = list(extremes(station.waves, start, start + timedelta(days=1)))
    assert len(found) == len(PEER[name])
    for extreme, (clock, height_m) in zip(found, PEER[name], strict=True):
        expected = datetime.fromisoformat(f"2026-11-22T{clock}:00+00:00")
        assert abs(extreme.time - expected) < timedelta(minutes=5)
        assert station.level(NOW) + extreme.height_m == pytest.approx(height_m, abs=0.07)


@pytest.mark.parametrize("name", ["Saint-Malo", "Brest", "Dunkerque", "Boulogne-sur-Mer"])
def test_a_real_port_has_springs_and_neaps(corpus: Path, name: str) -> None:
    station = named(list(real(corpus).values()), name)
    start = datetime(2026, 3, 1, tzinfo=UTC)
    found = list(extremes(station.waves, start, start + timedelta(days=60)))
    ranges = [abs(after.height_m - before.height_m) for before, after in pairwise(found)]
    # Of M2 and S2 alone, springs over neaps are (M2 + S2) / (M2 - S2): 1.8 to 2.3 there.
    assert max(ranges) / min(ranges) > 1.8


def test_real_extremes_lie_between_the_lowest_and_highest_tide(corpus: Path) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for station in real(corpus).values():
        for extreme in extremes(station.waves, start, start + timedelta(days=30)):
            height_m = station.level(NOW) + extreme.height_m
            assert -0.2 < height_m < 14, station.name


def test_real_waters_take_turns(corpus: Path) -> None:
    start = datetime(2026, 6, 1, tzinfo=UTC)
    for station in real(corpus).values():
        found = extremes(station.waves, start, start + timedelta(days=30))
        assert all(a.kind != b.kind for a, b in pairwise(found)), station.name


def test_two_gauges_of_one_port_agree(corpus: Path) -> None:
    ports = [one for one in real(corpus).values() if one.name == "Marseille"]
    start = datetime(2026, 11, 22, tzinfo=UTC)
    one, other = (list(extremes(port.waves, start, start + timedelta(hours=20))) for port in ports)
    for mine, theirs in zip(one, other, strict=True):
        assert abs(mine.time - theirs.time) < timedelta(minutes=10)
        assert mine.height_m == pytest.approx(theirs.height_m, abs=0.02)


def test_the_command_line_shows_the_four_fields(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(corpus / "marees" / "ticon4_france.json")
    context = json.dumps(DAY | {"station": "Brest"})
    with pytest.raises(SystemExit) as ended:
        main(["connector", "parse", "tides", file, "--context", context])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    extremes_told = [line["record"]["data"] for line in lines if "record" in line]
    assert ended.value.code in (0, None)
    assert lines[-1]["summary"]["records"] == len(extremes_told) == 4
    assert {one["kind"] for one in extremes_told} == {"high", "low"}
    assert {one["datum"] for one in extremes_told} == {"LAT"}
    assert all(0 < one["height_m"] < 8 for one in extremes_told)
    assert all(one["time"].startswith("2026-11-22T") for one in extremes_told)
