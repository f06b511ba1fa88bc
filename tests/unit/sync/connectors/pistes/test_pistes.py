from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Slope, facts_of
from kiosk.domain.record import Geo, Record, Reject
from sync.connectors.base import Context, Item, guarded
from sync.connectors.pistes.connector import SEASON_MAX, STATE_MAX, parse
from sync.connectors.registry import FOLDER, manifest_of

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
SEEN = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
FIXTURE = (FOLDER / "pistes" / "fixtures" / "domaine.csv").read_bytes()
CONTEXT = Context(dataset="d", source="Station", licence="LO", observed_at=NOW, now=NOW)


def read(raw: bytes = FIXTURE, *, now: datetime = NOW) -> list[Item]:
    context = replace(CONTEXT, now=now)
    return list(guarded(parse, raw, context, manifest_of("pistes"), time.monotonic))


def records(items: list[Item]) -> dict[str, Record]:
    return {item.id: item for item in items if isinstance(item, Record)}


def rejects(items: list[Item]) -> dict[str, str]:
    return {item.where: item.why for item in items if isinstance(item, Reject)}


def slope(**cells: str) -> bytes:
    row = {"id": "s", "nom": "Piste", "type": "piste", "etat": "", "releve_le": "", **cells}
    return f"{';'.join(row)}\n{';'.join(row.values())}\n".encode()


def facts(raw: bytes, *, now: datetime = NOW) -> Slope:
    return facts_of(records(read(raw, now=now))["s"], Slope)


def test_a_run_tells_its_state_and_its_difficulty() -> None:
    run = records(read())["P1"]
    assert facts_of(run, Slope) == Slope(
        sort="piste",
        state="open",
        difficulty="blue",
        groomed=True,
        resort="Bourg-des-Neiges",
        sector="Haut",
        hours="Mo-Su 09:00-16:30",
    )
    assert run.geo == Geo(lat=45.90, lon=6.80)
    assert run.body == {"fr": "Neige dure le matin."}


def test_a_state_is_as_old_as_it_was_seen_and_ends_the_same_night() -> None:
    run = records(read())["P1"]
    assert (run.observed_at, run.valid_until) == (SEEN, SEEN + STATE_MAX)


@pytest.mark.parametrize(
    ("name", "state", "sort"),
    [
        ("P2", "closed", "piste"),
        ("P3", "opening", "sledge"),
        ("N1", "out_of_season", "nordic"),
        ("N2", "", "nordic"),
    ],
)
def test_each_word_is_a_state(name: str, state: str, sort: str) -> None:
    found = facts_of(records(read())[name], Slope)
    assert (found.state, found.sort) == (state, sort)


def test_an_old_state_is_withdrawn_and_the_lift_stays() -> None:
    items = read()
    lift = records(items)["R1"]
    assert (facts_of(lift, Slope).state, lift.valid_until) == ("", None)
    assert rejects(items)["line 5"].startswith("etat: withdrawn: it ended at 2026-11-21T02:30")


def test_a_state_that_nobody_dated_is_withdrawn() -> None:
    items = read()
    assert facts_of(records(items)["R2"], Slope).state == ""
    assert "nobody says when it was seen" in rejects(items)["line 6"]


@pytest.mark.parametrize(("before_s", "state"), [(1, "open"), (0, ""), (-1, "")])
def test_a_state_is_withdrawn_at_the_second_of_its_end(before_s: int, state: str) -> None:
    raw = slope(etat="ouvert", releve_le=SEEN.isoformat())
    assert facts(raw, now=SEEN + STATE_MAX - timedelta(seconds=before_s)).state == state


def test_a_state_of_the_future_is_withdrawn() -> None:
    items = read(slope(etat="ouvert", releve_le="2036-11-22T08:30:00Z"))
    assert facts_of(records(items)["s"], Slope).state == ""
    assert rejects(items)["line 2"] == "etat: told at a time to come: 2036-11-22T08:30:00+00:00"


def test_out_of_season_holds_for_a_summer() -> None:
    raw = slope(etat="hors_saison", releve_le=SEEN.isoformat())
    assert facts(raw, now=SEEN + timedelta(days=200)).state == "out_of_season"
    assert facts(raw, now=SEEN + SEASON_MAX).state == ""


def test_what_nobody_told_is_unknown() -> None:
    assert facts(slope()) == Slope(sort="piste")


@pytest.mark.parametrize(
    ("word", "difficulty"),
    [("verte", "green"), ("Bleue", "blue"), ("rouge", "red"), ("NOIRE", "black"), ("", "")],
)
def test_each_colour_is_a_difficulty(word: str, difficulty: str) -> None:
    assert facts(slope(difficulte=word)).difficulty == difficulty


@pytest.mark.parametrize(("word", "groomed"), [("oui", True), ("non", False), ("", None)])
def test_grooming_is_told_or_unknown(word: str, groomed: bool | None) -> None:
    assert facts(slope(damee=word)).groomed is groomed


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("type", "saut"),
        ("type", ""),
        ("etat", "bof"),
        ("difficulte", "mauve"),
        ("damee", "peut-être"),
        ("releve_le", "ce matin"),
        ("id", ""),
        ("nom", ""),
    ],
)
def test_a_line_that_means_nothing_is_rejected(column: str, cell: str) -> None:
    items = read(slope(**{column: cell}))
    assert records(items) == {}
    assert set(rejects(items)) == {"line 2"}


def test_the_fixtures_bad_lines_are_rejected_with_the_reason() -> None:
    found = rejects(read())
    assert found["line 9"] == "type: not one of piste, nordique, luge, remontee: saut"
    assert found["line 10"] == "difficulte: not one of verte, bleue, rouge, noire: mauve"
    assert found["line 11"] == "releve_le: not an ISO time: ce matin"


@pytest.mark.parametrize("raw", [b"", b"id,nom\n1,2\n", b"{}", b"id;nom;type;etat\n1;2;3;4\n"])
def test_another_table_is_refused(raw: bytes) -> None:
    with pytest.raises(InputRefused):
        read(raw)


def test_a_real_history_of_bulletins_is_refused(corpus: Path) -> None:
    with pytest.raises(InputRefused, match="not a table of ski runs"):
        read((corpus / "neige" / "bera_hist_MONT-BLANC.csv").read_bytes())


@given(st.sampled_from(["ouvert", "ferme", "ouverture_prevue"]), st.integers(-100, 100))
def test_no_state_is_shown_that_is_old_or_to_come(word: str, hours: int) -> None:
    seen = NOW - timedelta(hours=hours)
    raw = slope(etat=word, releve_le=seen.isoformat())
    record = records(read(raw))["s"]
    if facts_of(record, Slope).state:
        assert seen <= NOW + timedelta(hours=1)
        assert record.valid_until is not None
        assert NOW < record.valid_until <= seen + STATE_MAX
    else:
        assert record.valid_until is None


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_a_table_may_come_from_any_office(encoding: str) -> None:
    raw = slope(nom="L’Été inventé").decode().encode(encoding)
    assert records(read(raw))["s"].title == {"fr": "L’Été inventé"}
