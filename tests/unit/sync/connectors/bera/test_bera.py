from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Avalanche, AvalancheRisk, facts_of
from kiosk.domain.record import Record, Reject
from sync.connectors.base import Context, Item, guarded
from sync.connectors.bera.connector import BULLETINS_MAX, parse
from sync.connectors.registry import FOLDER, manifest_of

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
UNTIL = datetime(2026, 11, 22, 17, tzinfo=UTC)  # 18:00 in Paris
FIXTURE = (FOLDER / "bera" / "fixtures" / "massifs.xml").read_bytes()
CONTEXT = Context(dataset="d", source="Météo-France", licence="LO", observed_at=NOW, now=NOW)


def read(raw: bytes = FIXTURE, *, now: datetime = NOW) -> list[Item]:
    context = replace(CONTEXT, now=now)
    return list(guarded(parse, raw, context, manifest_of("bera"), time.monotonic))


def records(items: list[Item]) -> dict[str, Record]:
    return {item.id: item for item in items if isinstance(item, Record)}


def rejects(items: list[Item]) -> dict[str, str]:
    return {item.where: item.why for item in items if isinstance(item, Reject)}


def bulletin(risk: str, *, massif: str = "ESSAI", made: str = "2026-11-21T16:00:00") -> str:
    return (
        f'<BULLETINS_NEIGE_AVALANCHE MASSIF="{massif}" DATEBULLETIN="{made}"'
        f' DATEVALIDITE="2026-11-22T18:00:00"><CARTOUCHERISQUE><RISQUE {risk}/>'
        "</CARTOUCHERISQUE></BULLETINS_NEIGE_AVALANCHE>"
    )


def facts(risk: str) -> Avalanche:
    return facts_of(records(read(bulletin(risk).encode()))["Essai"], Avalanche)


def test_a_bulletin_tells_the_risk_by_altitude_and_slope() -> None:
    found = facts_of(records(read())["Massif Invente"], Avalanche)
    assert found == Avalanche(
        massif="Massif Invente",
        level=4,
        risks=(
            AvalancheRisk(level=2, below_m=2000),
            AvalancheRisk(level=3, later=4, above_m=2000),
        ),
        aspects=("N", "NE", "NW"),
        valid_until=UNTIL,
    )


def test_the_title_names_the_highest_level_in_both_languages() -> None:
    assert records(read())["Massif Invente"].title == {
        "fr": "Massif Invente\u00a0: risque d’avalanche 4 sur 5, fort",
        "en": "Massif Invente: avalanche danger 4 of 5, high",
    }


def test_the_record_ends_with_the_bulletin() -> None:
    record = records(read())["Massif Invente"]
    assert record.valid_until == UNTIL
    assert record.observed_at == datetime(2026, 11, 21, 14, 4, 7, tzinfo=UTC)
    assert record.valid_from == record.observed_at


def test_the_words_are_the_forecasters() -> None:
    found = records(read())
    assert found["Massif Invente"].body == {
        "fr": "Départs spontanés : rares plaques inventées.\n\nAvis inventé.\n\nNeige inventée."
    }
    assert found["Pic-Seul"].body == {"fr": "Aucune.\nRare."}


def test_the_snow_cover_is_told_and_what_is_unknown_stays_so() -> None:
    found = records(read())
    assert found["Massif Invente"].data["snow"] == {
        "from_north_m": None,
        "from_south_m": 1500,
        "depths": [
            {"altitude_m": 1500, "north_cm": 70, "south_cm": 10},
            {"altitude_m": 2000, "north_cm": 140, "south_cm": None},
        ],
    }
    assert found["Pic-Seul"].data["snow"] == {}


def test_one_risk_without_bound_holds_at_all_altitudes() -> None:
    found = facts_of(records(read())["Pic-Seul"], Avalanche)
    assert found.risks == (AvalancheRisk(level=1),)
    assert found.aspects == ()


def test_an_expired_bulletin_is_withdrawn() -> None:
    assert rejects(read())["Expire"] == "withdrawn: it ended at 2026-11-21T18:00:00+01:00"


@pytest.mark.parametrize(("before_s", "shown"), [(1, 2), (0, 0), (-1, 0)])
def test_a_bulletin_is_withdrawn_at_the_second_of_its_end(before_s: int, shown: int) -> None:
    assert len(records(read(now=UNTIL - timedelta(seconds=before_s)))) == shown


def test_bad_bulletins_are_rejected_with_the_reason() -> None:
    found = rejects(read())
    assert found["Sans-Risque"] == "no level of risk in it"
    assert found["Sept"] == "RISQUEMAXI: not a level of 1 to 5: 7"
    assert found["bulletin 5"].startswith("not an ISO time")


def test_the_level_is_never_below_what_a_belt_says() -> None:
    risk = 'RISQUE1="2" LOC1="&lt;1800" RISQUE2="4" LOC2="&gt;1800" RISQUEMAXI="2"'
    assert facts(risk).level == 4


@pytest.mark.parametrize("bound", ["", "haut", "&gt;x", "2000"])
def test_a_belt_that_cannot_be_placed_leaves_the_level_alone(bound: str) -> None:
    found = facts(f'RISQUE1="2" LOC1="&lt;1800" RISQUE2="3" LOC2="{bound}" RISQUEMAXI="3"')
    assert (found.level, found.risks) == (3, ())


@pytest.mark.parametrize(
    ("first", "second", "level"),
    [
        ("2026-11-21T15:00:00", "2026-11-22T08:00:00", 3),
        ("2026-11-22T08:00:00", "2026-11-21T15:00:00", 2),
    ],
)
def test_the_later_of_two_bulletins_of_a_massif_stands(first: str, second: str, level: int) -> None:
    two = bulletin('RISQUEMAXI="2"', made=first) + bulletin('RISQUEMAXI="3"', made=second)
    items = read(f"<x>{two}</x>".encode())
    assert facts_of(records(items)["Essai"], Avalanche).level == level
    assert rejects(items)["bulletin 2"] == "Essai: the later of two bulletins stands"


@pytest.mark.parametrize("made", ["2026-11-10T16:00:00", "2026-11-23T16:00:00", "hier", ""])
def test_a_bulletin_of_impossible_dates_is_rejected(made: str) -> None:
    assert rejects(read(bulletin('RISQUEMAXI="2"', made=made).encode()))["bulletin 1"]


def test_a_bulletin_of_the_future_is_not_shown_yet() -> None:
    raw = bulletin('RISQUEMAXI="2"').encode()
    items = read(raw, now=datetime(2026, 11, 21, 12, tzinfo=UTC))
    assert rejects(items) == {"Essai": "told at a time to come: 2026-11-21T16:00:00+01:00"}


def test_a_bulletin_without_massif_is_rejected() -> None:
    items = read(bulletin('RISQUEMAXI="2"', massif=" ").encode())
    assert rejects(items) == {"bulletin 1": "no massif"}


@pytest.mark.parametrize(
    "raw",
    [
        b"<Bulletins/>",
        b"<rss/>",
        b"date,massif\n2023-05-29,MONT-BLANC",
        b'<!DOCTYPE x [<!ENTITY e "a">]><BULLETINS_NEIGE_AVALANCHE MASSIF="&e;"/>',
        b"<x>" + b"<BULLETINS_NEIGE_AVALANCHE/>" * (BULLETINS_MAX + 1) + b"</x>",
    ],
)
def test_another_file_is_refused(raw: bytes) -> None:
    with pytest.raises(InputRefused):
        read(raw)


def test_a_real_bulletin_is_read_in_its_time(corpus: Path) -> None:
    raw = (corpus / "neige" / "valid_bera.xml").read_bytes()
    found = records(read(raw, now=datetime(2022, 3, 13, 8, tzinfo=UTC)))
    aravis = facts_of(found["Aravis"], Avalanche)
    assert (aravis.level, aravis.aspects) == (2, ("N", "NE", "NW"))
    assert aravis.risks[1] == AvalancheRisk(level=2, above_m=2000)
    assert "plaques de fond" in found["Aravis"].body["fr"]


def test_a_real_bulletin_is_withdrawn_today(corpus: Path) -> None:
    items = read((corpus / "neige" / "valid_bera.xml").read_bytes())
    assert records(items) == {}
    assert rejects(items) == {"Aravis": "withdrawn: it ended at 2022-03-13T18:00:00+01:00"}


def test_a_real_bulletin_with_a_misspelt_tag_is_rejected(corpus: Path) -> None:
    raw = (corpus / "neige" / "invalid_tag_bera.xml").read_bytes()
    now = datetime(2022, 3, 13, 8, tzinfo=UTC)
    with pytest.raises(InputRefused, match="not XML: mismatched tag"):
        read(raw, now=now)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1"])
def test_a_bulletin_may_be_in_any_encoding_that_it_declares(encoding: str) -> None:
    text = FIXTURE.decode().replace('encoding="utf-8"', f'encoding="{encoding}"')
    if encoding == "utf-8-sig":
        text = text.replace("utf-8-sig", "utf-8")
    assert records(read(text.encode(encoding))) == records(read())


def test_a_bulletin_that_lies_about_its_encoding_is_refused() -> None:
    with pytest.raises(InputRefused, match="not XML"):
        read(FIXTURE.decode().encode("iso-8859-1"))


def test_an_entity_bomb_is_refused() -> None:
    parts = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    bomb = f'<!DOCTYPE x [<!ENTITY e0 "boum">{parts}]><BULLETINS_NEIGE_AVALANCHE MASSIF="&e8;"/>'
    with pytest.raises(InputRefused, match="entities"):
        read(bomb.encode())


def test_a_level_that_changes_in_the_day_is_told() -> None:
    found = facts('RISQUE1="1" EVOLURISQUE1="3" RISQUE2="" RISQUEMAXI="1"')
    assert found.risks == (AvalancheRisk(level=1, later=3),)
    assert found.level == 3


@given(
    st.sampled_from(["", "-1", "0", "1", "2", "3", "4", "5", "6"]),
    st.sampled_from(["", "1", "2", "3", "4", "5", "x"]),
    st.sampled_from(["", "&lt;2000", "&gt;2000", "?"]),
)
def test_no_risk_is_ever_told_lower_than_written(first: str, second: str, place: str) -> None:
    raw = bulletin(f'RISQUE1="{first}" RISQUE2="{second}" LOC1="{place}" LOC2="&gt;2000"')
    found = records(read(raw.encode()))
    written = [int(one) for one in (first, second) if one in "12345" and one]
    for record in found.values():
        told = facts_of(record, Avalanche)
        assert told.level == max(written)
        assert all(risk.level in written for risk in told.risks)
    if not written or "6" in (first, second) or second == "x":
        assert found == {}
