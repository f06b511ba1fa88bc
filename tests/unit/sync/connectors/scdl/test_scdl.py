from __future__ import annotations

import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Dish, Event, Menu, Place, Price, facts_of
from kiosk.domain.record import Geo, Record, Reject
from sync.connectors.base import Context, Item, guarded
from sync.connectors.registry import FOLDER, manifest_of
from sync.connectors.scdl.connector import SCHEMAS, parse
from sync.connectors.scdl.meals import DISHES_MAX
from sync.connectors.table import COLUMNS_MAX, Row, read_table

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
FIXTURES = FOLDER / "scdl" / "fixtures"
CONTEXT = Context(dataset="d", source="Bourg", licence="CC0", observed_at=NOW, now=NOW)
MENU_HEAD = "menuRestaurantNom,menuDate,menuRepasType,menuPlatType,menuPlatNom,menuPlatAllergene"


def read(raw: bytes) -> list[Item]:
    return list(guarded(parse, raw, CONTEXT, manifest_of("scdl"), time.monotonic))


def fixture(name: str) -> list[Item]:
    return read((FIXTURES / f"{name}.csv").read_bytes())


def records(items: list[Item]) -> list[Record]:
    return [item for item in items if isinstance(item, Record)]


def rejects(items: list[Item]) -> dict[str, str]:
    return {item.where: item.why for item in items if isinstance(item, Reject)}


def row(**cells: str) -> Row:
    return Row(line=2, cells={name.casefold(): cell for name, cell in cells.items()})


def test_the_dishes_of_a_meal_are_one_menu() -> None:
    lunch, snack = records(fixture("menus"))
    facts = facts_of(lunch, Menu)
    assert lunch.kind == "menu"
    assert (facts.day, facts.canteen) == (date(2026, 11, 23), "École du Val")
    assert [dish.course for dish in facts.dishes] == ["starter", "main", "side", "dairy", "dessert"]
    assert facts.dishes[0] == Dish(
        course="starter", name="Carottes râpées", allergens=(10,), labels=("bio", "vegetarian")
    )
    assert facts.dishes[1].allergens == (4, 7)
    assert (lunch.data["meal"], snack.data["meal"]) == ("déjeuner", "goûter")


def test_a_dish_with_an_unknown_allergen_is_never_shown() -> None:
    why = rejects(fixture("menus"))["line 7"]
    assert why == "menuPlatAllergene: not one of the fourteen allergens: poussière de fée"


def test_a_course_that_nobody_knows_is_rejected() -> None:
    assert "unknown course: trou normand" in rejects(fixture("menus"))["line 9"]


def test_allergens_may_be_a_bare_list() -> None:
    raw = f"{MENU_HEAD}\nÉcole,2026-11-23,déjeuner,entrée,Salade,Œufs; Céleri\n".encode()
    (menu,) = records(read(raw))
    assert facts_of(menu, Menu).dishes[0].allergens == (3, 9)


def test_broken_json_in_a_cell_rejects_the_row() -> None:
    raw = f'{MENU_HEAD}\nÉcole,2026-11-23,déjeuner,entrée,Salade,"[lait"\n'.encode()
    assert "menuPlatAllergene: not JSON" in rejects(read(raw))["line 2"]


def test_a_meal_without_end_is_cut_and_said() -> None:
    lines = [f"École,2026-11-23,déjeuner,entrée,Plat {n}," for n in range(DISHES_MAX + 2)]
    items = read("\n".join([MENU_HEAD, *lines]).encode())
    (menu,) = records(items)
    assert len(facts_of(menu, Menu).dishes) == DISHES_MAX
    assert len(rejects(items)) == 2


def test_a_windows_export_is_read_and_said() -> None:
    items = fixture("menus-cp1252")
    (menu,) = records(items)
    facts = facts_of(menu, Menu)
    assert facts.dishes[0].name == "Salade de pâtes à l’huile"
    assert facts.day == date(2026, 11, 23)
    assert "windows-1252" in rejects(items)["file"]


def test_the_ingredients_of_a_dish_are_one_record() -> None:
    items = fixture("plats")
    (dish,) = records(items)
    assert (dish.id, dish.kind, dish.title) == ("HP1", "dish", {"fr": "Hachis parmentier"})
    assert dish.data == {
        "products": ["Pomme de terre", "Lait"],
        "allergens": [7],
        "labels": ["bio"],
    }
    assert rejects(items) == {"line 4": "platCode: empty"}


def test_a_public_facility_is_a_place() -> None:
    town_hall, library = records(fixture("equipements"))
    facts = facts_of(town_hall, Place)
    assert town_hall.id == "61999-01010401-001"
    assert town_hall.geo == Geo(lat=48.4321, lon=0.0912)  # written with decimal commas
    assert facts.address == "1 bis Place du Marché, 61999 Bourg inventé"
    assert (facts.hours, facts.phone) == ("Mo-Fr 09:00-12:00", "+33261910000")
    assert library.geo is None


def test_the_faults_of_a_table_name_line_and_column() -> None:
    assert rejects(fixture("equipements")) == {
        "line 4": "EQUIP_LAT, EQUIP_LONG: not a position: 148.4, 0.09",
        "line 5": "EQUIP_NOM: empty",
        "line 6": "3 cells under 17 columns",
    }


def test_a_car_park_has_its_tariffs_in_cents() -> None:
    paying, free = records(fixture("stationnement"))
    assert facts_of(paying, Place).prices == (
        Price(label={"fr": "1\u00a0h"}, cents=150),
        Price(label={"fr": "24\u00a0h"}, cents=1200),
    )
    assert (paying.data["capacity"], paying.data["height_max_cm"]) == (120, 210)
    assert (free.data["height_max_cm"], free.data["free_of_charge"]) == (None, True)


def test_a_car_park_outside_the_schema_is_rejected() -> None:
    found = rejects(fixture("stationnement"))
    assert found["line 4"].startswith("id: not of the form")
    assert found["line 5"] == "nb_places: not a count: -4"
    assert found["line 6"].startswith("gratuit: not one of true")


def test_the_schemas_own_invalid_example_is_rejected(corpus: Path) -> None:
    folder = corpus / "scdl"
    assert records(read((folder / "stationnement_invalide.csv").read_bytes())) == []
    assert len(records(read((folder / "stationnement_valide.csv").read_bytes()))) == 2


def test_a_place_to_share_rides_is_a_place() -> None:
    items = fixture("covoiturage")
    (place,) = records(items)
    assert facts_of(place, Place).hours == "24/7"
    assert (place.data["capacity"], place.data["lit"]) == (20, True)
    assert rejects(items) == {"line 3": "date_maj: not a date: bientôt"}


def test_a_public_holiday_is_a_whole_day() -> None:
    items = fixture("jours-feries")
    christmas = records(items)[0]
    facts = facts_of(christmas, Event)
    assert christmas.title == {"fr": "Jour de Noël"}
    assert facts.starts_at.isoformat() == "2026-12-25T00:00:00+01:00"
    assert facts.all_day
    assert list(rejects(items)) == ["line 5"]


def test_two_feasts_of_one_day_both_stand() -> None:
    ids = [record.id for record in records(fixture("jours-feries"))]
    assert ids[1:] == [
        "bourg invente|2008-05-01|1er mai",
        "bourg invente|2008-05-01|ascension",
    ]


def test_school_holidays_are_one_event_a_zone() -> None:
    periods = {record.id: facts_of(record, Event) for record in records(fixture("vacances"))}
    assert set(periods) == {"A|2026-12-19", "B|2026-12-19", "C|2026-12-19", "C|2026-12-23"}
    ends = {key: str(facts.ends_at)[:10] for key, facts in periods.items()}
    assert ends["A|2026-12-19"] == "2026-12-21"  # the day after the last one
    assert ends["B|2026-12-19"] == "2026-12-22"


def test_a_hole_in_the_days_ends_a_holiday() -> None:
    head = "date,vacances_zone_a,vacances_zone_b,vacances_zone_c,nom_vacances"
    raw = f"{head}\n2026-12-19,true,false,false,X\n2026-12-21,true,false,false,X\n".encode()
    assert [record.id for record in records(read(raw))] == ["A|2026-12-19", "A|2026-12-21"]


def test_the_schema_is_known_by_the_header_in_any_case() -> None:
    raw = b"ID_LOCAL;NOM_LIEU;INSEE;YLAT;XLONG;DATE_MAJ\n1;Aire;61999;48,4;0,1;2026-01-01\n"
    assert records(read(raw))[0].title == {"fr": "Aire"}


@pytest.mark.parametrize("raw", [b"a,b\n1,2\n", b"{}\n1", b"<a/>\n<b/>\n", b"date;zone\n1;2\n"])
def test_a_header_of_no_known_schema_is_refused(raw: bytes) -> None:
    with pytest.raises(InputRefused, match="no known schema") as refused:
        read(raw)
    assert "equipements" in refused.value.todo


@pytest.mark.parametrize(
    "raw", [b"", b"\n\n", b"one line", b"," * COLUMNS_MAX + b"\n1", b'"' + b"x" * 200_000 + b"\n1"]
)
def test_what_is_no_table_is_refused(raw: bytes) -> None:
    with pytest.raises(InputRefused):
        read(raw)


def test_an_unclosed_quote_ends_the_table_with_a_reject() -> None:
    head = "id_local,nom_lieu,insee,Ylat,Xlong,date_maj"
    good = "1,Aire,61999,48.4,0.1,2026-01-01"
    items = read(f'{head}\n{good}\n2,"{"x" * 200_000}\n'.encode())
    assert len(records(items)) == 1
    assert len(rejects(items)) == 1


def test_every_schema_has_a_name_of_its_own() -> None:
    names = [schema.name for schema in SCHEMAS]
    assert len(names) == len(set(names)) == 7


@pytest.mark.parametrize("text", ["12", "12,5", "12.5", "-0.25"])
def test_a_number_is_read_with_point_or_comma(text: str) -> None:
    assert row(x=text).number("x") == float(text.replace(",", "."))


@pytest.mark.parametrize("text", ["NaN", "inf", "1e9", "1_000", "0x7f", "1 000", "9" * 20, "٣"])
def test_what_only_looks_like_a_number_is_refused(text: str) -> None:
    with pytest.raises(InputRefused, match="x: not a number"):
        row(x=text).number("x")


@pytest.mark.parametrize(
    ("text", "flag"), [("true", True), ("OUI", True), ("0", False), ("", None)]
)
def test_yes_and_no_have_their_words(text: str, flag: bool | None) -> None:
    assert row(x=text).flag("x") is flag


def test_an_insee_code_may_be_corsican() -> None:
    assert row(x="2A004").insee("x") == "2A004"
    with pytest.raises(InputRefused, match="x: not an INSEE code"):
        row(x="20004").insee("x")


@given(st.text(max_size=30))
def test_a_cell_is_a_count_or_refused(text: str) -> None:
    try:
        count = row(x=text).whole("x")
    except InputRefused:
        return
    assert count is None or count >= 0


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_the_headers(delimiter: str) -> None:
    table = read_table(delimiter.join("abc").encode() + b"\n1")
    assert (table.columns, table.delimiter) == (("a", "b", "c"), delimiter)


@pytest.mark.parametrize(
    ("column", "cell", "why"),
    [
        ("insee", "6199", "insee: not an INSEE code"),
        ("type_usagers", "", "type_usagers: empty"),
        ("type_usagers", "martiens", "type_usagers: not one of tous, abonnés"),
        ("hauteur_max", "2,10 m", "hauteur_max: not a height"),
        ("nom", "  ", "nom: empty"),
        ("Ylat", "91", "Ylat, Xlong: not a position"),
        ("Xlong", "ici", "Xlong: not a number"),
        ("tarif_1h", "gratuit", "tarif_1h: not a number"),
        ("tarif_pmr", "cadeau", "tarif_pmr: not one of"),
        ("nb_places", "12.5", "nb_places: not a count"),
    ],
)
def test_a_car_park_with_one_wrong_cell_is_rejected_for_it(
    column: str, cell: str, why: str
) -> None:
    cells = {
        "id": "61999-P-001",
        "nom": "Parking",
        "insee": "61999",
        "type_usagers": "tous",
        "gratuit": "true",
        "nb_places": "10",
        "hauteur_max": "200",
        "Xlong": "0.1",
        "Ylat": "48.4",
        "tarif_pmr": "gratuit",
        "tarif_1h": "1",
    }
    assert len(records(read(table(cells)))) == 1
    assert rejects(read(table({**cells, column: cell})))["line 2"].startswith(why)


def table(cells: dict[str, str]) -> bytes:
    head, line = ";".join(cells), ";".join(cells.values())
    return f"{head}\n{line}\n".encode()


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("céréales contenant du gluten", 1), ("Crustacés", 2), ("œufs", 3), ("POISSONS", 4),
        ("arachides", 5), ("soja", 6), ("lait", 7), ("fruits à coques", 8), ("céleri", 9),
        ("moutarde", 10), ("graines de sésame", 11), ("anhydride sulfureux et sulfites", 12),
        ("lupin", 13), ("mollusques", 14),
    ],
)  # fmt: skip
def test_the_fourteen_allergens_have_their_numbers(name: str, number: int) -> None:
    raw = f"{MENU_HEAD}\nÉcole,2026-11-23,déjeuner,entrée,Plat,{name}\n".encode()
    (menu,) = records(read(raw))
    assert facts_of(menu, Menu).dishes[0].allergens == (number,)


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        (",2026-11-23,déjeuner,entrée,Plat,", "menuRestaurantNom"),
        ("École,demain,déjeuner,entrée,Plat,", "menuDate"),
        ("École,2026-11-23,,entrée,Plat,", "menuRepasType"),
        ("École,2026-11-23,déjeuner,,Plat,", "menuPlatType"),
        ("École,2026-11-23,déjeuner,entrée,,", "menuPlatNom"),
    ],
)
def test_a_dish_without_what_it_needs_is_rejected(cells: str, column: str) -> None:
    found = rejects(read(f"{MENU_HEAD}\n{cells}\n".encode()))
    assert found["line 2"].startswith(f"{column}: ")


def test_the_same_dish_twice_is_one() -> None:
    line = "École,2026-11-23,déjeuner,entrée,Soupe,"
    (menu,) = records(read(f"{MENU_HEAD}\n{line}\n{line}\n".encode()))
    assert len(facts_of(menu, Menu).dishes) == 1


def test_each_day_and_canteen_has_its_own_menu() -> None:
    lines = [
        "École A,2026-11-23,déjeuner,entrée,Soupe,",
        "École B,2026-11-23,déjeuner,entrée,Soupe,",
        "École A,2026-11-24,déjeuner,entrée,Soupe,",
    ]
    found = records(read("\n".join([MENU_HEAD, *lines]).encode()))
    assert [facts_of(menu, Menu).canteen for menu in found] == ["École A", "École B", "École A"]
    assert len({menu.id for menu in found}) == 3


def test_blank_lines_and_windows_line_ends_are_nothing() -> None:
    line = "École,2026-11-23,déjeuner,entrée,Soupe,"
    items = read(f"{MENU_HEAD}\r\n\r\n{line}\r\n,,,,,\r\n".encode())
    assert len(items) == 1


def test_a_cell_may_span_lines_and_the_next_ones_keep_their_number() -> None:
    first = 'École,2026-11-23,déjeuner,entrée,"Soupe\nde saison",'
    found = read(f"{MENU_HEAD}\n{first}\nÉcole,hier,déjeuner,entrée,Pain,\n".encode())
    (menu,) = records(found)
    assert facts_of(menu, Menu).dishes[0].name == "Soupe de saison"
    assert list(rejects(found)) == ["line 4"]


@given(st.lists(st.text(max_size=12), min_size=6, max_size=6))
def test_any_row_of_a_menu_is_a_dish_or_a_reject(cells: list[str]) -> None:
    line = ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    try:
        items = read(f"{MENU_HEAD}\n{line}\n".encode())
    except InputRefused as refused:
        assert "binary" in str(refused)  # noqa: PT017 - a NUL in a cell
        return
    assert len(items) <= 1
