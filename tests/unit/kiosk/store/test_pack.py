"""The loader: what a pack gives, and what of it survives its faults."""

from __future__ import annotations

import csv
import json
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import KINDS, Commune, facts_of
from kiosk.domain.freshness import Policy
from kiosk.domain.record import Geo, Record, Reject
from kiosk.domain.territory import Territory
from kiosk.domain.text import TITLE_MAX
from kiosk.store.pack import load_pack, load_territory
from kiosk.store.pack_check import ICONS, check
from kiosk.store.pack_format import (
    DATASETS_MAX,
    SERVICES_MAX,
    DatasetEntry,
    Every,
    PackFile,
    RecordKind,
    RecordLine,
    ServiceEntry,
    ThemeFile,
)
from kiosk.store.pack_records import seed_records
from tests.unit.kiosk.store.packs import FILES, edit, small_pack

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
ORNE_STATIONS = {"alencon", "argentan", "flers", "briouze", "l-aigle", "surdon", "sees"}
DEMO_LINES_MIN = 4
# Kiosks fetch, run or break on none of these (TRUST.md, fact 1).
HOSTILE = [
    "<img src='http://192.0.2.1/x.png'>",
    "<b onclick=alert(1)>gras</b>",
    "\u202eesrever\u202c",
    "a\u0000b\u001b[31m\u0007",
    "e" + "\u0301" * 500,
    "\ufeff\u200b\ue000",
    "x" * 100_000,
    "%s%n{0}${jndi:ldap://192.0.2.1}",
    "'; DROP TABLE record; --",
    "ligne\r\nligne\ttabulée\u2028fin",
    "𝕏" * 300 + "👩‍👩‍👧‍👦",
    "",
]


@pytest.fixture(scope="session")
def orne(root: Path) -> Path:
    return root / "assets" / "territories" / "orne"


@pytest.fixture(scope="session")
def orne_records(orne: Path) -> dict[str, list[Record]]:
    """Every record of the default pack by dataset; a reject fails."""
    found: dict[str, list[Record]] = {}
    for dataset in load_territory(orne).datasets.values():
        if dataset.seed and dataset.connector != "gtfs":
            for one in seed_records(orne, dataset, NOW, PARIS):
                assert isinstance(one, Record), one
                found.setdefault(dataset.id, []).append(one)
    return found


def test_the_small_pack_is_read_whole(tmp_path: Path) -> None:
    pack = load_pack(small_pack(tmp_path))
    territory = pack.territory
    assert pack.faults == ()
    assert (territory.slug, territory.name) == ("petit", {"fr": "Petit", "en": "Small"})
    assert territory.holidays_zone == "B"
    assert territory.theme == {"accent": "#FFB81C", "emblem": "#FFB81C"}
    assert territory.texts == {"welcome": {"fr": "Bienvenue", "en": "Welcome"}}
    assert territory.service("agenda").cell == (0, 1)
    assert territory.datasets["piscines"].policy == Policy()
    assert territory.bounds is not None
    assert territory.bounds.holds(territory.position)


def test_a_datasets_policy_is_the_packs(tmp_path: Path) -> None:
    folder = small_pack(tmp_path)
    edit(
        folder, "datasets.toml", 'seed = "', 'live_s = 60\nstale_s = 900\nwithdraw = true\nseed = "'
    )
    policy = load_territory(folder).datasets["piscines"].policy
    assert policy == Policy(live_s=60, stale_s=900, withdraw=True)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('slug = "petit"', ""),
        ('slug = "petit"', 'slug = "Le Petit"'),
        ('timezone = "Europe/Paris"', 'timezone = "Europe"'),
        ("lat = 48.43", 'lat = "48.43"'),
        ('slug = "petit"', "slug = [[[["),
    ],
)
def test_without_a_sound_head_there_is_no_territory(old: str, new: str, tmp_path: Path) -> None:
    folder = small_pack(tmp_path)
    edit(folder, "pack.toml", old, new)
    with pytest.raises(InputRefused) as refused:
        load_territory(folder)
    assert refused.value.where.startswith("petit/pack.toml:")


def test_a_folder_without_a_head_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused):
        load_territory(tmp_path)


@pytest.mark.parametrize("name", sorted(set(FILES) - {"pack.toml"}))
@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe\x00", b"= = =", b"[" * 50_000])
def test_no_other_file_is_indispensable(name: str, content: bytes | None, tmp_path: Path) -> None:
    folder = small_pack(tmp_path)
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_bytes(content)
    assert load_territory(folder).slug == "petit"


def test_a_broken_service_is_left_out_and_the_others_stay(tmp_path: Path) -> None:
    folder = small_pack(tmp_path)
    edit(folder, "services.toml", 'kind = "places"', 'kind = "disco"')
    pack = load_pack(folder)
    assert [service.id for service in pack.territory.services] == ["agenda"]
    assert [(fault.file, fault.line) for fault in pack.faults] == [("services.toml", 3)]


def test_a_broken_dataset_takes_only_its_services_with_it(tmp_path: Path) -> None:
    folder = small_pack(tmp_path)
    edit(folder, "datasets.toml", 'kind = "event"', "kind = 3")
    pack = load_pack(folder)
    assert [service.id for service in pack.territory.services] == ["piscine"]
    assert set(pack.territory.datasets) == {"piscines", "bus"}
    assert [(fault.file, fault.line) for fault in pack.faults] == [
        ("datasets.toml", 15),
        ("services.toml", 18),
    ]


def test_services_and_datasets_are_bounded(tmp_path: Path) -> None:
    folder = small_pack(tmp_path)
    service, dataset = FILES["services.toml"], FILES["datasets.toml"]
    for name, text, most in (
        ("services.toml", service, SERVICES_MAX),
        ("datasets.toml", dataset, DATASETS_MAX),
    ):
        first = text.split("\n\n")[0]
        copies = (re.sub('id = "(.*)"', rf'id = "\1-{n}"', first, count=1) for n in range(most + 5))
        (folder / name).write_text(text + "\n" + "\n\n".join(copies))
    pack = load_pack(folder)
    assert len(pack.territory.datasets) == DATASETS_MAX
    assert len(pack.territory.services) == SERVICES_MAX
    assert [fault.what for fault in pack.faults] == [
        f"more than {DATASETS_MAX} entries",
        f"more than {SERVICES_MAX} entries",
    ]


def test_the_kinds_that_a_pack_may_name_are_those_of_the_facts() -> None:
    assert set(RecordKind.__args__) == set(KINDS)  # type: ignore[attr-defined]  # a Literal's


def texts_of(territory: Territory) -> list[str]:
    """Every text of a territory that a screen may show."""
    found = [*territory.name.values(), *territory.host.values(), territory.phone]
    for dataset in territory.datasets.values():
        found += dataset.title.values()
    for service in territory.services:
        found += [*service.title.values(), *service.intro.values(), service.focus, service.phone]
    for texts in territory.texts.values():
        found += texts.values()
    return found


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_in_every_field_is_loaded_clean(
    hostile: str, orne: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "orne"
    shutil.copytree(orne, folder)
    quoted = json.dumps(hostile).replace("\\u007f", "\x7f")
    prose = re.compile(
        r'^((?:title|intro|name|host)\.\w+|phone|\w+) = "[^"#]*[ A-Z][^"]*"$', re.MULTILINE
    )
    for file in (folder / "services.toml", folder / "datasets.toml", *folder.glob("texts/*.toml")):
        told = file.read_text(encoding="utf-8")
        file.write_text(prose.sub(lambda m: f"{m[1]} = {quoted}", told), encoding="utf-8")
    _poison_seeds(folder, hostile)
    pack = load_pack(folder)
    for text in texts_of(pack.territory):
        assert not re.search(r"[\x00-\x08\x0e-\x1f\u202a-\u202e\ud800-\udfff]", text)
    for dataset in pack.territory.datasets.values():
        if dataset.connector != "gtfs":
            for one in seed_records(folder, dataset, NOW, PARIS):
                assert isinstance(one, Reject) or all(
                    len(title) <= TITLE_MAX for title in one.title.values()
                )
    check(folder)  # says what it likes, but answers


def _poison_seeds(folder: Path, hostile: str) -> None:
    """Put the text into every title, body and text fact of the first lines of every seed."""
    for file in folder.glob("seeds/*.ndjson"):
        poisoned: list[str] = []
        for line in file.read_text(encoding="utf-8").splitlines()[:3]:
            record = json.loads(line)
            for key in ("title", "body"):
                record[key] = dict.fromkeys(("fr", "en"), hostile)
            for key, value in record["data"].items():
                if isinstance(value, str):
                    record["data"][key] = hostile
            poisoned.append(json.dumps(record))
        file.write_text("\n".join(poisoned), encoding="utf-8")


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(raw=st.binary(max_size=200), name=st.sampled_from(sorted(FILES)), at=st.integers(0, 600))
def test_bytes_written_anywhere_into_a_pack_crash_nothing(
    raw: bytes, name: str, at: int, tmp_path: Path
) -> None:
    folder = small_pack(tmp_path)
    whole = (folder / name).read_bytes()
    (folder / name).write_bytes(whole[:at] + raw + whole[at + len(raw) :])
    check(folder)
    try:
        territory = load_territory(folder)
    except InputRefused:
        assert name == "pack.toml"
        return
    for dataset in territory.datasets.values():
        assert list(seed_records(folder, dataset, NOW, PARIS)) is not None


def test_the_default_pack_loads_without_fault(orne: Path) -> None:
    assert load_pack(orne).faults == ()


def test_the_default_pack_fills_the_hive(orne: Path) -> None:
    territory = load_territory(orne)
    assert len(territory.services) >= 20
    rows = [sum(service.cell[0] == row for service in territory.services) for row in range(6)]
    assert rows == [4, 3, 4, 3, 4, 3]
    assert territory.service("carte").family == "card"
    assert all({"fr", "en"} <= set(service.title) for service in territory.services)


def test_the_icons_that_services_and_notices_name_are_there(
    orne: Path, orne_records: dict[str, list[Record]]
) -> None:
    named = {service.icon for service in load_territory(orne).services}
    for dataset in ("avis", "routes", "nature"):
        named |= {str(record.data["topic"]) for record in orne_records[dataset]}
    assert {name for name in named if not (ICONS / f"{name}.svg").is_file()} == set()


def test_the_focus_of_a_service_is_a_record_or_a_stop(
    orne: Path, orne_records: dict[str, list[Record]]
) -> None:
    stops = {
        line.split(",")[0]
        for feed in ("gtfs-bus", "gtfs-trains")
        for line in (orne / "seeds" / feed / "stops.txt").read_text().splitlines()
    }
    for service in load_territory(orne).services:
        known = {one.id for name in service.datasets for one in orne_records.get(name, [])}
        assert not service.focus or service.focus in known | stops, service.id


def test_the_orne_has_its_communes_of_today(orne_records: dict[str, list[Record]]) -> None:
    communes = orne_records["communes"]
    assert len(communes) == 381
    assert len({facts_of(record, Commune).insee for record in communes}) == 381
    assert all(record.id.startswith("61") and not record.demo for record in communes)
    assert all(record.geo is not None for record in communes)
    alencon = next(record for record in communes if record.id == "61001")
    assert facts_of(alencon, Commune).population > 20_000
    assert alencon.geo is not None
    assert (round(alencon.geo.lat, 1), round(alencon.geo.lon, 1)) == (48.4, 0.1)


def test_the_communes_agree_with_the_official_list(
    corpus: Path, orne_records: dict[str, list[Record]]
) -> None:
    official = {
        one["code"]: one
        for one in json.loads((corpus / "geo" / "communes_61_73_50.json").read_bytes())
        if one["departement"] == "61" and one["type"] == "commune-actuelle"
    }
    ours = {record.id: facts_of(record, Commune) for record in orne_records["communes"]}
    assert set(ours) == set(official)
    for code, commune in ours.items():
        assert commune.population == official[code]["population"]
        assert list(commune.postcodes) == official[code]["codesPostaux"]


def test_the_stations_of_both_lines_are_facts(orne_records: dict[str, list[Record]]) -> None:
    stations = orne_records["gares"]
    assert {record.id for record in stations} > ORNE_STATIONS | {"granville", "caen", "le-mans"}
    assert all(record.source.startswith("SNCF") and not record.demo for record in stations)
    both = [record.id for record in stations if len(list(record.data["lines"])) == 2]  # type: ignore[arg-type]  # a list
    assert sorted(both) == ["argentan", "surdon"]


def test_nothing_invented_passes_for_a_fact(orne_records: dict[str, list[Record]]) -> None:
    facts = {"communes", "gares", "vacances", "jours-feries"}
    for dataset, records in orne_records.items():
        for record in records:
            assert record.demo or (dataset in facts and record.source), record.id
            if record.demo:
                assert record.source.startswith("Démonstration")


def test_made_up_telephones_ring_nowhere(orne: Path) -> None:
    # 02 61 91 is kept for fiction (Arcep, decision 2018-0881); short numbers are real.
    for file in [orne / "pack.toml", orne / "services.toml", *orne.glob("seeds/*.ndjson")]:
        for number in re.findall(r'"?phone"? ?[:=] ?"([^"]+)"', file.read_text(encoding="utf-8")):
            assert number.startswith("02 61 91 ") or number in {"15", "112"}, (file.name, number)


def test_the_default_pack_has_enough_to_show(orne_records: dict[str, list[Record]]) -> None:
    wanted = {"mairies": 12, "piscines": 4, "agenda": 25, "demarches": 14, "ecoles": 10}
    wanted |= {"patrimoine": 12, "parkings": 4, "parkings-live": 4, "seances": 20, "cantines": 48}
    for dataset, least in wanted.items():
        assert len(orne_records[dataset]) >= least, dataset


@pytest.mark.parametrize(
    "day", ["2026-11-22", "2027-12-31", "2028-02-29", "2031-03-30", "2034-07-14"]
)
def test_the_demonstration_has_something_on_every_day_for_years(orne: Path, day: str) -> None:
    now = datetime.fromisoformat(f"{day}T10:00:00+00:00")
    datasets = load_territory(orne).datasets
    for name, key in (("dechets", "day"), ("sante", "starts_at"), ("seances", "starts_at")):
        records = [
            one for one in seed_records(orne, datasets[name], now, PARIS) if isinstance(one, Record)
        ]
        days = [str(record.data[key])[:10] for record in records]
        assert max(days) > day, name
    on_duty = [
        one
        for one in seed_records(orne, datasets["sante"], now, PARIS)
        if isinstance(one, Record) and str(one.data["starts_at"]).startswith(day)
    ]
    assert on_duty


def test_every_record_decodes_into_the_facts_of_its_kind(
    orne_records: dict[str, list[Record]],
) -> None:
    for records in orne_records.values():
        for record in records:
            assert isinstance(facts_of(record, KINDS[record.kind]), KINDS[record.kind])


def sheet(orne: Path, feed: str, name: str) -> list[dict[str, str]]:
    with (orne / "seeds" / feed / f"{name}.txt").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("feed", ["gtfs-bus", "gtfs-trains"])
def test_the_demonstration_feeds_hold_together(orne: Path, feed: str) -> None:
    stops = {row["stop_id"] for row in sheet(orne, feed, "stops")}
    trips = {row["trip_id"]: row for row in sheet(orne, feed, "trips")}
    times = sheet(orne, feed, "stop_times")
    assert {row["stop_id"] for row in times} == stops
    assert {row["trip_id"] for row in times} == set(trips)
    assert {row["route_id"] for row in trips.values()} == {
        row["route_id"] for row in sheet(orne, feed, "routes")
    }
    services = {row["service_id"] for row in sheet(orne, feed, "calendar")}
    assert {row["service_id"] for row in trips.values()} <= services
    assert {row["service_id"] for row in sheet(orne, feed, "calendar_dates")} <= services


def test_the_demonstration_buses_run_for_ten_years_and_past_midnight(orne: Path) -> None:
    assert len(sheet(orne, "gtfs-bus", "routes")) >= DEMO_LINES_MIN
    for row in sheet(orne, "gtfs-bus", "calendar"):
        assert (row["start_date"], row["end_date"]) == ("20260101", "20361231")
    assert any(row["departure_time"] >= "24:00:00" for row in sheet(orne, "gtfs-bus", "stop_times"))
    assert {row["wheelchair_accessible"] for row in sheet(orne, "gtfs-bus", "trips")} == {"1", "2"}


def test_stations_of_the_timetable_stand_where_the_facts_say(
    orne: Path, orne_records: dict[str, list[Record]]
) -> None:
    facts = {one.id: one.geo for one in orne_records["gares"]}
    for row in sheet(orne, "gtfs-trains", "stops"):
        assert facts[row["stop_id"]] == Geo(lat=float(row["stop_lat"]), lon=float(row["stop_lon"]))


def test_every_field_of_a_pack_is_documented(root: Path) -> None:
    told = (root / "docs" / "add-a-territory.md").read_text(encoding="utf-8")
    for kind in (PackFile, ThemeFile, ServiceEntry, DatasetEntry, RecordLine, Every):
        for field in kind.__struct_fields__:
            assert re.search(rf"`\"?{field}\b", told), f"{kind.__name__}.{field}"
