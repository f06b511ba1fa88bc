from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Bathing, facts_of
from kiosk.domain.record import Geo, Record, Reject
from sync.connectors.base import Context, Item, guarded
from sync.connectors.bathing.connector import FLAG_MAX, parse
from sync.connectors.registry import FOLDER, manifest_of

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
FIXTURE = (FOLDER / "bathing" / "fixtures" / "plages.csv").read_bytes()
CONTEXT = Context(dataset="d", source="Commune", licence="LO", observed_at=NOW, now=NOW)


def read(raw: bytes = FIXTURE, *, now: datetime = NOW) -> list[Item]:
    context = replace(CONTEXT, now=now)
    return list(guarded(parse, raw, context, manifest_of("bathing"), time.monotonic))


def records(items: list[Item]) -> dict[str, Record]:
    return {item.id: item for item in items if isinstance(item, Record)}


def rejects(items: list[Item]) -> dict[str, str]:
    return {item.where: item.why for item in items if isinstance(item, Reject)}


def beach(**cells: str) -> bytes:
    row = {"id": "b", "nom": "Plage", "commune": "Bourg", "drapeau": "", **cells}
    return f"{';'.join(row)}\n{';'.join(row.values())}\n".encode()


def facts(raw: bytes, *, now: datetime = NOW) -> Bathing:
    return facts_of(records(read(raw, now=now))["b"], Bathing)


def test_a_place_tells_its_flag_and_its_water() -> None:
    north = records(read())["B1"]
    assert facts_of(north, Bathing) == Bathing(
        flag="green",
        flag_until=datetime(2026, 11, 22, 18, tzinfo=UTC),
        quality="excellent",
        sample="good",
        sampled_on=date(2026, 11, 16),
        forbidden=False,
        supervised="Jul-Aug 11:00-19:00",
        water_c=13.5,
        commune="Bourg-sur-Mer",
    )
    assert north.geo == Geo(lat=48.60, lon=-2.00)
    assert north.body == {"fr": "Baïnes inventées à l’ouest."}


def test_a_record_lasts_no_longer_than_its_flag() -> None:
    north = records(read())["B1"]
    assert north.valid_until == datetime(2026, 11, 22, 18, tzinfo=UTC)
    assert north.observed_at == datetime(2026, 11, 22, 9, tzinfo=UTC)


def test_a_flag_without_an_end_holds_until_midnight() -> None:
    south = facts_of(records(read())["B2"], Bathing)
    assert (south.flag, south.flag_until) == ("red", datetime(2026, 11, 22, 23, tzinfo=UTC))


def test_an_expired_flag_is_withdrawn_and_the_place_stays() -> None:
    items = read()
    pond = records(items)["B3"]
    found = facts_of(pond, Bathing)
    assert (found.flag, found.flag_until, pond.valid_until) == ("", None, None)
    assert (found.quality, found.sample, found.forbidden) == ("sufficient", "poor", True)
    assert rejects(items)["line 4"] == ("drapeau: withdrawn: it ended at 2026-11-21T19:00:00+01:00")


def test_a_flag_that_nobody_dated_is_withdrawn() -> None:
    items = read()
    assert facts_of(records(items)["B4"], Bathing).flag == ""
    assert "nobody says when it was seen" in rejects(items)["line 5"]


@pytest.mark.parametrize(("before_s", "flag"), [(1, "green"), (0, ""), (-1, "")])
def test_a_flag_is_withdrawn_at_the_second_of_its_end(before_s: int, flag: str) -> None:
    end = datetime(2026, 11, 22, 18, tzinfo=UTC)
    found = records(read(now=end - timedelta(seconds=before_s)))["B1"]
    assert facts_of(found, Bathing).flag == flag


def test_a_flag_never_holds_longer_than_a_day() -> None:
    raw = beach(
        drapeau="vert",
        releve_le="2026-11-22T08:00:00Z",
        drapeau_jusqu_a="2027-11-22T08:00:00Z",
    )
    assert facts(raw).flag_until == datetime(2026, 11, 22, 8, tzinfo=UTC) + FLAG_MAX
    assert facts(raw, now=NOW + FLAG_MAX).flag == ""


def test_a_flag_of_the_future_is_withdrawn() -> None:
    items = read(beach(drapeau="vert", releve_le="2036-11-22T08:30:00Z"))
    assert facts_of(records(items)["b"], Bathing).flag == ""
    assert "told at a time to come" in rejects(items)["line 2"]


def test_what_nobody_told_is_unknown() -> None:
    assert facts(beach()) == Bathing(commune="Bourg")
    creek = facts_of(records(read())["B5"], Bathing)
    assert creek == Bathing(quality="insufficient", commune="Bourg-sur-Mer")


@pytest.mark.parametrize(
    ("word", "flag"),
    [("vert", "green"), ("JAUNE", "yellow"), ("rouge", "red"), ("violet", "purple")],
)
def test_each_colour_is_a_flag(word: str, flag: str) -> None:
    assert facts(beach(drapeau=word, releve_le="2026-11-22T08:00:00Z")).flag == flag


@pytest.mark.parametrize(
    ("column", "word", "value"),
    [
        ("classement", "bon", "good"),
        ("classement", "suffisant", "sufficient"),
        ("analyse", "moyen", "average"),
        ("interdite", "oui", True),
        ("interdite", "", None),
    ],
)
def test_words_become_facts(column: str, word: str, value: object) -> None:
    names = {"classement": "quality", "analyse": "sample", "interdite": "forbidden"}
    assert getattr(facts(beach(**{column: word})), names[column]) == value


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("drapeau", "orange"),
        ("classement", "A"),
        ("analyse", "bof"),
        ("analyse_le", "hier"),
        ("interdite", "peut-être"),
        ("temperature_eau", "46"),
        ("temperature_eau", "-3"),
        ("temperature_eau", "chaude"),
        ("releve_le", "ce matin"),
        ("lat", "48"),
        ("id", ""),
        ("nom", " "),
    ],
)
def test_a_line_that_means_nothing_is_rejected(column: str, cell: str) -> None:
    extra = {"lon": ""} if column == "lat" else {}
    items = read(beach(**{column: cell}, **extra))
    assert records(items) == {}
    assert set(rejects(items)) == {"line 2"}


def test_the_fixtures_bad_lines_are_rejected_with_the_reason() -> None:
    found = rejects(read())
    assert found["line 7"] == "drapeau: not one of vert, jaune, rouge, violet: orange"
    assert found["line 8"] == "temperature_eau: not of water: 90"
    assert found["line 9"] == "id: empty"
    assert found["line 10"] == "2 cells under 15 columns"


@pytest.mark.parametrize("raw", [b"", b"id,nom\n1,2\n", b"{}", b"id;nom;commune\n1;2;3\n"])
def test_another_table_is_refused(raw: bytes) -> None:
    with pytest.raises(InputRefused):
        read(raw)


@given(st.sampled_from(["vert", "jaune", "rouge", "violet"]), st.integers(-100, 100))
def test_no_flag_is_shown_that_is_old_or_to_come(word: str, hours: int) -> None:
    seen = NOW - timedelta(hours=hours)
    raw = beach(drapeau=word, releve_le=seen.isoformat())
    record = records(read(raw))["b"]
    if facts_of(record, Bathing).flag:
        assert seen <= NOW + timedelta(hours=1)
        assert record.valid_until is not None
        assert NOW < record.valid_until <= seen + FLAG_MAX
    else:
        assert record.valid_until is None


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_a_table_may_come_from_any_office(encoding: str) -> None:
    raw = beach(nom="L’Été inventé").decode().encode(encoding)
    assert records(read(raw))["b"].title == {"fr": "L’Été inventé"}
