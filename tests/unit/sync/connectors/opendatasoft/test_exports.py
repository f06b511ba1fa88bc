from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Gauge, facts_of
from kiosk.domain.record import Geo, Json, Record, Reject
from sync.connectors.base import Context, Item, guarded
from sync.connectors.opendatasoft import exports
from sync.connectors.opendatasoft.connector import parse
from sync.connectors.opendatasoft.exports import export_of
from sync.connectors.registry import FOLDER, manifest_of

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
MAPPING: dict[str, Json] = {
    "kind": "gauge",
    "id": "id",
    "title": "nom",
    "observed_at": "mesure",
    "facts": {"value": "libres", "capacity": "places", "open": "ouvert"},
    "constants": {"what": "free_places"},
}
FILES = ["export.json", "export.jsonl", "export.geojson", "export.csv"]


def read(raw: bytes, mapping: Json = None) -> list[Item]:
    context = Context(
        dataset="d",
        source="Bourg",
        licence="LO",
        observed_at=NOW,
        now=NOW,
        extra={} if mapping is None else {"mapping": mapping},
    )
    return list(guarded(parse, raw, context, manifest_of("opendatasoft"), time.monotonic))


def fixture(name: str) -> bytes:
    return (FOLDER / "opendatasoft" / "fixtures" / name).read_bytes()


def records(items: list[Item]) -> list[Record]:
    return [item for item in items if isinstance(item, Record)]


def rejects(items: list[Item]) -> dict[str, str]:
    return {item.where: item.why for item in items if isinstance(item, Reject)}


@pytest.mark.parametrize("name", FILES)
def test_every_export_gives_the_same_gauge(name: str) -> None:
    market = records(read(fixture(name), MAPPING))[0]
    assert market.title == {"fr": "Parking inventé du Marché"}
    assert facts_of(market, Gauge) == Gauge(what="free_places", value=32, capacity=120, open=True)
    assert market.geo == Geo(lat=48.43, lon=0.09)
    assert market.observed_at == datetime(2026, 11, 22, 9, 40, tzinfo=UTC)


@pytest.mark.parametrize("name", FILES)
def test_every_export_gives_places_without_a_mapping(name: str) -> None:
    market = records(read(fixture(name)))[0]
    assert (market.kind, market.title["fr"]) == ("place", "Parking inventé du Marché")


def test_an_id_of_digits_keeps_its_zeros() -> None:
    assert [record.id for record in records(read(fixture("export.csv")))] == ["007", "p2"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("export.json", {}),
        ("export.jsonl", {"record 3": "no fields in it"}),
        ("export.geojson", {"record 2": "no fields in it"}),
        ("export.csv", {"line 4": "2 cells under 7 columns"}),
    ],
)
def test_what_is_wrong_in_an_export_is_said(name: str, why: dict[str, str]) -> None:
    assert rejects(read(fixture(name))) == why


def test_an_empty_cell_is_a_fact_that_is_not_told() -> None:
    assert "Expected `int`, got `null`" in rejects(read(fixture("export.csv"), MAPPING))["record 2"]


@pytest.mark.parametrize("value", ["beaucoup", "1e99", "3,5", "3.5", "٣ ", "0x1"])
def test_a_text_that_is_no_count_is_rejected(value: str) -> None:
    raw = f"id;nom;libres;places\np;Parking;{value};9\n".encode()
    facts: dict[str, Json] = {"value": "libres", "capacity": "places"}
    assert list(rejects(read(raw, {**MAPPING, "observed_at": "", "facts": facts}))) == ["record 1"]


def test_popularity_is_read_in_the_texts_of_a_table() -> None:
    raw = b"id;nom;vues\na;A;42\nb;B;beaucoup\n"
    items = read(raw, {"title": "nom", "id": "id", "popularity": "vues"})
    assert [record.popularity for record in records(items)] == [42]
    assert rejects(items) == {"record 2": "vues: not a whole number"}


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_table_is_read_whatever_office_wrote_it(delimiter: str, encoding: str) -> None:
    raw = delimiter.join(("id", "nom")) + "\r\n" + delimiter.join(("1", "Gîte d’étape")) + "\r\n"
    (record,) = records(read(raw.encode(encoding)))
    assert (record.id, record.title) == ("1", {"fr": "Gîte d’étape"})


@pytest.mark.parametrize(
    "position", ["48,4", "x, y", "1, 2, 3", "", "91, 0", "nan, 1", "inf, 2", "0, 0"]
)
def test_a_written_position_is_degrees_or_none(position: str) -> None:
    raw = f'id;nom;geo_point_2d\n1;A;"{position}"\n'.encode()
    (record,) = records(read(raw))
    expected = Geo(lat=48, lon=4) if position == "48,4" else None
    assert record.geo == expected


@pytest.mark.parametrize(
    "raw", [b"hello", b"hello\nworld", b"<a/>", b"id\n1\n", b'{"a": 1}', b"\x00;\x00\n1"]
)
def test_what_is_neither_an_answer_nor_an_export_is_refused(raw: bytes) -> None:
    with pytest.raises(InputRefused):
        read(raw)


def test_endless_lines_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "LINES_MAX", 2)
    for name in ("export.jsonl", "export.csv"):
        with pytest.raises(InputRefused, match="more than 2 lines"):
            read(fixture(name))


@given(st.lists(st.dictionaries(st.text(max_size=3), st.integers(0, 9), min_size=1), min_size=2))
def test_lines_are_read_as_the_list_of_them(rows: list[dict[str, int]]) -> None:
    import json

    lines = "\n".join(json.dumps(row) for row in rows).encode()
    assert export_of(lines).document == rows


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("opendatasoft/nantes_parcs_relais_v1.json", 5),
        ("opendatasoft/strasbourg_points_eau_v1.json", 50),
        ("nantes/equipements_publics_deplacement.csv", 100),
        ("nantes/naolib_stops_index.json", 1_000),
    ],
)
def test_real_exports_are_read(corpus: Path, name: str, least: int) -> None:
    assert len(records(read((corpus / name).read_bytes()))) >= least
