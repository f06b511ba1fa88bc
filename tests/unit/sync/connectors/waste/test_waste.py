from __future__ import annotations

import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import WasteDay, facts_of
from kiosk.domain.record import Json, Record, Reject
from sync.connectors.base import Context, Item, guarded
from sync.connectors.registry import FOLDER, manifest_of
from sync.connectors.waste import connector
from sync.connectors.waste.connector import DAYS_USUAL, ROWS_MAX, parse

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
FIXTURE = (FOLDER / "waste" / "fixtures" / "calendrier.csv").read_bytes()
HEAD = "type;commune;secteur;flux;jours;frequence;du;au;date;report;commentaire\n"
NORTH = "regle;Bourg;Nord;ordures;jeudi;;;;;;\n"
SOUTH = "regle;Bourg;Sud;tri;jeudi;;;;;;\n"
WEEKS: dict[str, Json] = {"from": "2026-12-21", "to": "2027-01-04"}  # 24 and 31 are Thursdays


def read(raw: bytes = FIXTURE, **extra: Json) -> list[Item]:
    context = Context(
        dataset="d", source="Syndicat", licence="LO", observed_at=NOW, now=NOW, extra=extra
    )
    return list(guarded(parse, raw, context, manifest_of("waste"), time.monotonic))


def records(items: list[Item]) -> list[Record]:
    return [item for item in items if isinstance(item, Record)]


def rejects(items: list[Item]) -> dict[str, str]:
    return {item.where: item.why for item in items if isinstance(item, Reject)}


def days(*lines: str) -> list[str]:
    """Give "day sector" of what a table gives over the turn of the year."""
    found = records(read((HEAD + "".join(lines)).encode(), **WEEKS))
    return [f"{facts_of(one, WasteDay).day:%d/%m} {one.data['sector']}" for one in found]


def change(day: str, to: str = "", *, sector: str = "", stream: str = "", why: str = "") -> str:
    return f"exception;Bourg;{sector};{stream};;;;;{day};{to};{why}\n"


def test_a_day_tells_what_is_collected_where() -> None:
    first = records(read())[0]
    assert facts_of(first, WasteDay) == WasteDay(
        day=date(2026, 11, 23), commune="Bourg-Inventé", sector="Nord", stream="household"
    )
    assert first.title == {
        "fr": "Ordures ménagères, Bourg-Inventé (Nord)",
        "en": "Household waste, Bourg-Inventé (Nord)",
    }
    assert first.body == {"fr": "Sortir les bacs la veille au soir."}


def test_a_day_is_valid_from_midnight_to_midnight_of_the_place() -> None:
    first = records(read())[0]
    assert first.valid_from == datetime(2026, 11, 22, 23, tzinfo=UTC)
    assert first.valid_until == datetime(2026, 11, 23, 23, tzinfo=UTC)


def test_days_come_in_order_from_yesterday_for_two_months() -> None:
    found = [facts_of(one, WasteDay).day for one in records(read())]
    assert found == sorted(found)
    assert date(2026, 11, 21) <= min(found)
    assert (max(found) - date(2026, 11, 21)).days < DAYS_USUAL
    assert len(found) == 31


def test_a_single_date_is_a_collection() -> None:
    glass = [one for one in records(read()) if one.data["stream"] == "glass"]
    assert [facts_of(one, WasteDay).day for one in glass] == [date(2026, 12, 9)]
    assert glass[0].body == {"fr": "Passage inventé."}


def test_a_commune_without_code_is_known_by_its_name() -> None:
    bulky = [one for one in records(read()) if one.data["stream"] == "bulky"]
    assert [one.id for one in bulky] == [
        "hameau-sans-code||bulky|2026-12-05",
        "hameau-sans-code||bulky|2027-01-02",
    ]


def test_an_exception_moves_a_collection_and_says_from_when() -> None:
    assert days(NORTH, change("2026-12-24", "2026-12-26")) == ["26/12 Nord", "31/12 Nord"]
    raw = (HEAD + NORTH + change("2026-12-24", "2026-12-26", why="Fêtes")).encode()
    moved = records(read(raw, **WEEKS))[0]
    assert moved.data["moved_from"] == "2026-12-24"
    assert moved.body == {"fr": "Fêtes"}


def test_an_exception_without_a_day_cancels() -> None:
    assert days(NORTH, change("2026-12-24")) == ["31/12 Nord"]


def test_an_exception_for_all_touches_every_sector_and_stream() -> None:
    assert days(NORTH, SOUTH, change("2026-12-24")) == ["31/12 Nord", "31/12 Sud"]


@pytest.mark.parametrize("only", [{"sector": "Sud"}, {"stream": "tri"}])
def test_an_exception_touches_only_what_it_names(only: dict[str, str]) -> None:
    expected = ["24/12 Nord", "31/12 Nord", "31/12 Sud"]
    assert days(NORTH, SOUTH, change("2026-12-24", **only)) == expected


def test_exceptions_in_a_row_move_each_collection_once() -> None:
    daily = "regle;Bourg;Nord;ordures;jeudi vendredi;;2026-12-24;2026-12-25;;;\n"
    late = change("2026-12-24", "2026-12-25"), change("2026-12-25", "2026-12-26")
    assert days(daily, *late) == ["25/12 Nord", "26/12 Nord"]
    assert days(daily, *reversed(late)) == ["25/12 Nord", "26/12 Nord"]


def test_the_order_of_the_lines_does_not_matter() -> None:
    assert days(change("2026-12-24"), NORTH) == days(NORTH, change("2026-12-24"))


def test_a_collection_may_be_moved_into_and_out_of_the_stretch() -> None:
    assert days(NORTH, change("2026-12-17", "2026-12-22"))[0] == "22/12 Nord"
    assert days(NORTH, change("2026-12-31", "2027-01-05")) == ["24/12 Nord"]


def test_an_exception_that_meets_no_collection_is_rejected() -> None:
    items = read((HEAD + NORTH + change("2026-12-25")).encode(), **WEEKS)
    assert rejects(items) == {"line 3": "no collection on 2026-12-25 to change"}


def test_another_communes_exception_changes_nothing() -> None:
    other = change("2026-12-24").replace("Bourg", "Ailleurs")
    assert days(NORTH, other) == ["24/12 Nord", "31/12 Nord"]


def test_a_rule_told_twice_is_one_collection() -> None:
    assert days(NORTH, NORTH) == ["24/12 Nord", "31/12 Nord"]


def test_public_holidays_change_nothing_by_themselves() -> None:
    christmas = "regle;Bourg;Nord;ordures;vendredi;;;;;;\n"
    assert days(christmas) == ["25/12 Nord", "01/01 Nord"]


def test_the_fixtures_bad_lines_are_rejected_with_the_reason() -> None:
    found = rejects(read())
    assert found["line 10"] == "no collection on 2026-11-29 to change"
    assert found["line 11"].startswith("flux: not one of ordures")
    assert found["line 12"] == "jours: not weekdays: lundy"
    assert found["line 13"] == "du: needed, to know which of two weeks is meant"
    assert found["line 14"] == "au: before du"
    assert found["line 15"] == "report: moved by 0 or by more than 31 days"
    assert found["line 16"] == "type: not one of regle, date, exception: reporte"
    assert found["line 17"] == "2 cells under 12 columns"


@pytest.mark.parametrize(
    "line",
    [
        "regle;;Nord;ordures;jeudi;;;;;;\n",
        "regle;Bourg;Nord;;jeudi;;;;;;\n",
        "regle;Bourg;Nord;ordures;;;;;;;\n",
        "regle;Bourg;Nord;ordures;jeudi;parfois;;;;;\n",
        "regle;Bourg;Nord;ordures;jeudi;;hier;;;;\n",
        "date;Bourg;Nord;ordures;;;;;;;\n",
        "exception;Bourg;;;;;;;2026-12-24;2026-12-24;\n",
    ],
)
def test_a_line_that_means_nothing_is_rejected(line: str) -> None:
    items = read((HEAD + line).encode(), **WEEKS)
    assert records(items) == []
    assert set(rejects(items)) == {"line 2"}


@pytest.mark.parametrize(
    "extra",
    [
        {"from": "2026-12-02", "to": "2026-12-01"},
        {"from": "2026-01-01", "to": "2027-12-31"},
        {"from": "bientôt"},
        {"to": 3},
    ],
)
def test_a_senseless_stretch_is_refused(extra: dict[str, Json]) -> None:
    with pytest.raises(InputRefused):
        read(FIXTURE, **extra)


def test_a_table_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputRefused, match="more than 5000 lines"):
        read((HEAD + NORTH * (ROWS_MAX + 1)).encode())
    monkeypatch.setattr(connector, "COLLECTIONS_MAX", 3)
    with pytest.raises(InputRefused, match="more than 3 collections"):
        read((HEAD + NORTH).encode())


@pytest.mark.parametrize("raw", [b"", b"type;commune\nregle;Bourg\n", b"{}", b"[]"])
def test_another_table_is_refused(raw: bytes) -> None:
    with pytest.raises(InputRefused):
        read(raw)


def test_a_real_list_of_recycling_places_is_refused(corpus: Path) -> None:
    with pytest.raises(InputRefused):
        read((corpus / "nantes" / "structures_dechets.json").read_bytes())


@given(
    st.sets(st.sampled_from(["2026-12-24", "2026-12-31"]), max_size=2),
    st.sampled_from(["", "2026-12-22", "2026-12-28", "2027-01-02"]),
)
def test_no_collection_is_lost_unless_it_is_cancelled(changed: set[str], to: str) -> None:
    lines = [change(day, to) for day in sorted(changed)]
    found = days(NORTH, *lines)
    targets = {to} if to and changed else set[str]()
    assert len(found) == 2 - len(changed) + len(targets)
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_a_table_may_come_from_any_office(encoding: str) -> None:
    raw = (HEAD + NORTH.replace("Bourg", "Bourg-Inventé")).encode(encoding)
    (first, *_) = records(read(raw, **WEEKS))
    assert first.data["commune"] == "Bourg-Inventé"


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_a_table_may_have_another_delimiter(delimiter: str) -> None:
    raw = (HEAD + NORTH).replace(";", delimiter).encode()
    assert len(records(read(raw, **WEEKS))) == 2


@pytest.mark.parametrize(
    ("word", "stream"),
    [
        ("ordures", "household"),
        ("TRI", "recycling"),
        ("verre", "glass"),
        ("biodechets", "bio"),
        ("encombrants", "bulky"),
        ("papier", "paper"),
    ],
)
def test_each_word_is_a_stream(word: str, stream: str) -> None:
    raw = (HEAD + NORTH.replace("ordures", word)).encode()
    assert {one.data["stream"] for one in records(read(raw, **WEEKS))} == {stream}
