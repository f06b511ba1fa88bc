"""The checker: each kind of fault is found, with its file and line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from kiosk.domain.facts import KINDS
from kiosk.store.pack_check import CONTRAST_MIN, INK, check, contrast
from kiosk.store.pack_check_records import FAULTS_MAX
from kiosk.store.pack_format import SEED_BYTES_MAX
from tests.unit.kiosk.store.packs import edit, small_pack


@pytest.fixture
def icons(tmp_path: Path) -> Path:
    folder = tmp_path / "icons"
    folder.mkdir()
    for name in ("pool", "calendar-event"):
        (folder / f"{name}.svg").write_text("<svg/>")
    return folder


def told(folder: Path, icons: Path) -> list[str]:
    return [str(fault) for fault in check(folder, icons=icons)]


def test_the_default_pack_has_no_fault(root: Path) -> None:
    assert [str(fault) for fault in check(root / "assets" / "territories" / "orne")] == []


def test_the_small_pack_has_no_fault(tmp_path: Path, icons: Path) -> None:
    assert told(small_pack(tmp_path), icons) == []


P, S, D = "pack.toml", "services.toml", "datasets.toml"
POOLS, EVENTS = "seeds/piscines.ndjson", "seeds/agenda.ndjson"
EDITS = [
    # file, old, new, fault expected
    (P, 'holidays_zone = "B"', 'holidays_zone = "D"', "pack.toml:6: holidays_zone: Invalid enum"),
    (P, 'insee = ["61001"]', 'insee = "61001"', "pack.toml:5: insee: Expected `array`"),
    (P, 'insee = ["61001"]', 'insee = ["6100"]', "pack.toml:5: insee: Expected `str` matching"),
    (P, 'phone = "', 'telephone = "', "pack.toml:11: Object contains unknown field `telephone`"),
    (P, 'slug = "petit"', "", "pack.toml:1: Object missing required field `slug`"),
    (P, 'slug = "petit"', 'slug = "grand"', "pack.toml:1: the slug isn't the folder's name"),
    (P, 'timezone = "Europe/Paris"', 'timezone = "Mars"', "pack.toml:8: timezone: unknown"),
    (P, 'timezone = "Europe/Paris"', 'timezone = "../x"', "pack.toml:8: timezone: unknown"),
    (P, "lat = 48.43", "lat = 91", "pack.toml:9: position: Expected `float` <= 90"),
    (P, "lat = 48.43", "lat = nan", "pack.toml:9: position: Expected `float`"),
    (P, "lat = 48.43", "lat = 47.0", "pack.toml:9: position outside of the bounds"),
    (P, ', en = "Small"', "", "pack.toml:2: name: no title in `en`"),
    (P, 'fr = "Petit", en = "Small"', 'fr = "\\u200b"', "pack.toml:2: a name is missing"),
    (P, 'slug = "petit"', "slug = petit", "pack.toml:1: Invalid value"),
    ("theme.toml", "#FFB81C", "#14202C", "theme.toml:1: accent: contrast 1.0 beside ink"),
    ("theme.toml", "#FFB81C", "honey", "theme.toml:1: accent: Expected `str` matching"),
    ("theme.toml", "accent", "honey", "theme.toml:1: Object contains unknown field `honey`"),
    ("theme.toml", "accent", "[accent", "theme.toml:1: "),
    ("texts/en.toml", "welcome", "hello", "texts/en.toml:0: no text `welcome`"),
    ("texts/fr.toml", '"Bienvenue"', "3", "texts/fr.toml:1: welcome: Expected `str`"),
    (S, 'kind = "agenda"', 'kind = "disco"', "services.toml:13: kind: Invalid enum value 'disco'"),
    (S, 'family = "culture"', 'family = "x"', "services.toml:14: family: Invalid enum value 'x'"),
    (S, 'icon = "pool"', 'icon = "pond"', "services.toml:5: service `piscine`: no icon `pond`"),
    (S, 'icon = "pool"', 'icon = "../pool"', "services.toml:5: icon: Expected `str` matching"),
    (S, '["agenda"]', '["ageda"]', "services.toml:18: service `agenda`: no dataset `ageda`"),
    (S, '["agenda"]', '["piscines"]', "services.toml:18: service `agenda`: a screen of kind"),
    (S, "cell = [0, 1]", "cell = [0, 0]", "services.toml:19: service `agenda`: stands in the cell"),
    (S, "cell = [0, 1]", "cell = [0]", "services.toml:19: cell: Expected `array` of length 2"),
    (S, "cell = [0, 1]", "", "services.toml:11: Object missing required field `cell`"),
    (S, "cell = [0, 1]", "cell = [0, 1]\ncolour = 1", "services.toml:20: Object contains unknown"),
    (S, 'id = "agenda"', 'id = "piscine"', "services.toml:12: service `piscine` stands twice"),
    (S, 'title.en = "Pool"\n', "", "services.toml:6: service `piscine`: no title in `en`"),
    (S, '"Pool"', f'"{"x" * 41}"', "services.toml:6: service `piscine`: title.en over 40"),
    (S, "[[service]]", "[[services]]", "services.toml:1: unknown table `services`"),
    (S, 'title.fr = "Agenda"', "title.fr = 'a\nb'", "services.toml:16: "),
    (D, 'id = "agenda"', 'id = "piscines"', "datasets.toml:12: dataset `piscines` stands twice"),
    (D, 'kind = "event"', 'kind = "party"', "datasets.toml:15: kind: Invalid enum value 'party'"),
    (D, 'licence = "', 'license = "', "datasets.toml:8: Object contains unknown field `license`"),
    (D, 'source = "Mairie"', 'source = ""', "datasets.toml:7: source: Expected `str` of length"),
    (D, "piscines.ndjson", "absent.ndjson", "datasets.toml:9: dataset `piscines`: no `seeds/abs"),
    (
        D,
        "seeds/piscines.ndjson",
        "../../x.ndjson",
        "datasets.toml:9: seed: Expected `str` matching",
    ),
    (D, 'title.en = "Pools"\n', "", "datasets.toml:3: dataset `piscines`: no title in `en`"),
    (POOLS, ',"demo":true', "", "seeds/piscines.ndjson:2: neither `source` nor `demo`"),
    (POOLS, '"source":"Mairie",', "", "seeds/piscines.ndjson:1: neither `source` nor `demo`"),
    (POOLS, '"id":"p2"', '"id":"p1"', "seeds/piscines.ndjson:2: record `p1` stands twice"),
    (POOLS, '"id":"p2"', '"id":2', "seeds/piscines.ndjson:2: id: Expected `str`, got `int`"),
    (POOLS, '"id":"p2",', "", "seeds/piscines.ndjson:2: Object missing required field `id`"),
    (POOLS, '"id":"p2"', '"x":1,"id":"p2"', "seeds/piscines.ndjson:2: Object contains unknown"),
    (POOLS, '{"id":"p2"', '{{"id":"p2"', "seeds/piscines.ndjson:2: not JSON"),
    (POOLS, "Mo-Fr 09:00", "lundi 9 h", "seeds/piscines.ndjson:1: opening hours not understood"),
    (POOLS, '"lat":48.4', '"lat":0.1', "seeds/piscines.ndjson:1: position 0.1, 0.1 outside"),
    (POOLS, '"lat":48.4', '"lat":NaN', "seeds/piscines.ndjson:1: not JSON"),
    (POOLS, '"en":"Basin"', '"de":"B"', "seeds/piscines.ndjson:2: no title in `en`"),
    (POOLS, '"Basin"', f'"{"x" * 201}"', "seeds/piscines.ndjson:2: title.en over 200"),
    (POOLS, '"Basin"', '"\\ud800"', "seeds/piscines.ndjson:2: not JSON"),
    (POOLS, '"data":{}', '"data":{"door":1}', "seeds/piscines.ndjson:2: data: unknown field `door"),
    (POOLS, '"data":{}', '"data":{"phone":1}', "seeds/piscines.ndjson:2: data: Expected `str`"),
    (POOLS, "2026-01-02", "hier", "seeds/piscines.ndjson:1: date not understood: 'hier'"),
    (EVENTS, "+3T20:30", "+3 20:30", "seeds/agenda.ndjson:1: date not understood: '+3 20:30'"),
    (EVENTS, '"starts_at":"+3T20:30",', "", "seeds/agenda.ndjson:1: data: Object missing required"),
    (EVENTS, '["sat"]', '["sam"]', "seeds/agenda.ndjson:2: every: Invalid enum value 'sam'"),
    (EVENTS, '"weeks":3', '"weeks":99', "seeds/agenda.ndjson:2: every: Expected `int` <= 26"),
    (EVENTS, '"weeks":3', '"turn":2,"of":2', "seeds/agenda.ndjson:2: its weekly rule gives no day"),
]


@pytest.mark.parametrize("case", EDITS, ids=lambda case: case[3])
def test_a_fault_is_told_with_its_file_and_line(
    case: tuple[str, str, str, str], tmp_path: Path, icons: Path
) -> None:
    folder = small_pack(tmp_path)
    *change, fault = case
    edit(folder, *change)
    assert any(line.startswith(fault) for line in told(folder, icons)), told(folder, icons)


def test_a_broken_service_does_not_hide_the_fault_of_the_next(tmp_path: Path, icons: Path) -> None:
    folder = small_pack(tmp_path)
    edit(folder, S, 'kind = "places"', 'kind = "disco"')
    edit(folder, S, 'icon = "calendar-event"', 'icon = "clock"')
    assert [line.split(": ")[0] for line in told(folder, icons)] == [f"{S}:3", f"{S}:15"]


@pytest.mark.parametrize("name", [P, S, D, "theme.toml", "texts/en.toml"])
def test_a_missing_file_is_a_fault(name: str, tmp_path: Path, icons: Path) -> None:
    folder = small_pack(tmp_path)
    (folder / name).unlink()
    assert any(line.startswith(f"{name}:0: can't be read") for line in told(folder, icons))


@pytest.mark.parametrize("name", ["seeds/run.py", "logo.svg", ".hidden.toml", "bin/tool", "a.exe"])
def test_what_is_not_data_is_a_fault(name: str, tmp_path: Path, icons: Path) -> None:
    folder = small_pack(tmp_path)
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("print()")
    assert [line.split(":")[0] for line in told(folder, icons)] == [name]


def test_a_link_is_a_fault_even_to_a_file_of_the_pack(tmp_path: Path, icons: Path) -> None:
    folder = small_pack(tmp_path)
    (folder / "seeds" / "again.ndjson").symlink_to(folder / POOLS)
    (folder / "seeds" / "out").symlink_to(tmp_path)
    faults = told(folder, icons)
    assert [line.split(":")[0] for line in faults] == ["seeds/again.ndjson", "seeds/out"]


def test_a_seed_behind_a_link_is_not_read(tmp_path: Path, icons: Path) -> None:
    folder = small_pack(tmp_path)
    outside = tmp_path / "outside.ndjson"
    (folder / POOLS).rename(outside)
    (folder / POOLS).symlink_to(outside)
    assert f"{POOLS}:0: a link, or over {SEED_BYTES_MAX} bytes" in told(folder, icons)


def test_a_feed_without_its_stops_is_a_fault(tmp_path: Path, icons: Path) -> None:
    folder = small_pack(tmp_path)
    (folder / "seeds/gtfs-bus/stops.txt").unlink()
    assert told(folder, icons) == ["seeds/gtfs-bus/stops.txt:0: GTFS asks for this file"]


def test_an_empty_feed_is_a_fault(tmp_path: Path, icons: Path) -> None:
    folder = small_pack(tmp_path)
    shutil.rmtree(folder / "seeds/gtfs-bus")
    (folder / "seeds/gtfs-bus").mkdir()
    assert told(folder, icons) == ["seeds/gtfs-bus:0: no GTFS text files, or links"]


def test_a_seed_full_of_faults_is_cut_short(tmp_path: Path, icons: Path) -> None:
    folder = small_pack(tmp_path)
    (folder / POOLS).write_text("{}\n" * 500)
    faults = told(folder, icons)
    assert len(faults) == FAULTS_MAX + 1
    assert faults[-1].endswith("and more")


def test_hours_are_judged_by_the_engine_that_is_given(tmp_path: Path, icons: Path) -> None:
    faults = check(small_pack(tmp_path), icons=icons, hours=lambda _: False)
    assert [(fault.file, fault.line) for fault in faults] == [(POOLS, 1)]


def test_a_notice_that_names_an_unknown_icon_is_a_fault(tmp_path: Path, icons: Path) -> None:
    folder = small_pack(tmp_path)
    edit(folder, D, 'kind = "event"', 'kind = "notice"')
    edit(folder, S, 'kind = "agenda"', 'kind = "notices"')
    line = {"id": "n", "title": {"fr": "x", "en": "x"}, "demo": True, "data": {"topic": "storm"}}
    (folder / EVENTS).write_text(json.dumps(line))
    assert told(folder, icons) == [f"{EVENTS}:1: topic: no icon `storm`"]
    line["data"] = {"topic": "x" * 5000}
    (folder / EVENTS).write_text(json.dumps(line))
    assert told(folder, icons) == [f"{EVENTS}:1: topic: no icon `{'x' * 60}`"]


def test_icons_are_not_asked_for_where_there_is_no_folder_of_icons(tmp_path: Path) -> None:
    assert check(small_pack(tmp_path), icons=tmp_path / "none") == []


def test_a_record_of_each_kind_is_held_against_its_facts(tmp_path: Path, icons: Path) -> None:
    for kind in KINDS:
        folder = small_pack(tmp_path / kind)
        edit(folder, D, 'kind = "place"', f'kind = "{kind}"')
        line = {"id": "x", "title": {"fr": "x", "en": "x"}, "demo": True, "data": {"nope": 1}}
        (folder / POOLS).write_text(json.dumps(line))
        assert f"{POOLS}:1: data: unknown field `nope`" in told(folder, icons)


@pytest.mark.parametrize(
    ("first", "second", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#FFFFFF", 4.48), ("#123456", "#123456", 1.0)],
)
def test_contrast_is_that_of_wcag(first: str, second: str, ratio: float) -> None:
    assert contrast(first, second) == pytest.approx(ratio, abs=0.01)
    assert contrast(second, first) == contrast(first, second)


def test_honey_reads_beside_ink() -> None:
    assert contrast("#FFB81C", INK) > CONTRAST_MIN
