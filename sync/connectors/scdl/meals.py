"""Rows of the schemas of canteens: menus collectifs and plats des menus collectifs.

A row is one dish of one meal, or one ingredient of one dish; rows are gathered into one
record per meal, or per dish. An allergen that isn't one of the fourteen rejects its row:
a dish shown without an allergen that it holds would be dangerous.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Dish, Menu, data_of
from kiosk.domain.text import fold
from sync.connectors.base import Context, Item, record_of
from sync.connectors.strict_json import read_json
from sync.connectors.table import Row, attempt

DISHES_MAX = 60  # of one meal, all guests' variants counted

# Numbered in the order of Annex II, Regulation (EU) 1169/2011.
_ALLERGENS = {
    "cereales contenant du gluten": 1, "gluten": 1, "crustaces": 2, "oeufs": 3, "oeuf": 3,
    "poissons": 4, "poisson": 4, "arachides": 5, "arachide": 5, "soja": 6, "lait": 7,
    "fruits a coques": 8, "fruits a coque": 8, "celeri": 9, "moutarde": 10,
    "graines de sesame": 11, "sesame": 11, "anhydride sulfureux et sulfites": 12, "sulfites": 12,
    "lupin": 13, "mollusques": 14, "mollusque": 14,
}  # fmt: skip
_COURSES = {
    "entree": "starter", "plat principal": "main", "garniture": "side", "dessert": "dessert",
    "produit laitier": "dairy", "pain": "side", "autre": "side",
}  # fmt: skip
_LABELS = {"agriculture biologique": "bio", "vegetarien": "vegetarian"}


@dataclass(slots=True, kw_only=True)
class _Group:
    """The rows that make one record, gathered while the file is read."""

    first: Row
    dishes: list[Dish] = field(default_factory=list[Dish])
    allergens: set[int] = field(default_factory=set[int])
    labels: set[str] = field(default_factory=set[str])
    products: list[str] = field(default_factory=list[str])


def menus(rows: Iterable[Row | Item], context: Context) -> Iterator[Item]:
    """Give one menu a canteen, day, meal and sort of guest (schema scdl/menus-collectifs)."""
    groups: dict[str, _Group] = {}
    yield from attempt(rows, lambda row: _add_dish(row, groups))
    for key, group in groups.items():
        yield _menu(key, group, context)


def _add_dish(row: Row, groups: dict[str, _Group]) -> list[Item]:
    canteen = row.text("menuRestaurantId") or row.text("menuRestaurantNom", required=True)
    day, meal = row.day("menuDate"), row.text("menuRepasType", required=True)
    guests = fold(row.text("menuRestaurantConvive")) or "tous"
    dish = _dish(row)
    group = groups.setdefault(f"{canteen}|{day}|{fold(meal)}|{guests}", _Group(first=row))
    if len(group.dishes) >= DISHES_MAX:
        raise InputRefused(f"more than {DISHES_MAX} dishes in one meal")
    if dish not in group.dishes:
        group.dishes.append(dish)
    return []


def _dish(row: Row) -> Dish:
    course = _COURSES.get(fold(row.text("menuPlatType", required=True)))
    if course is None:
        raise InputRefused(f"menuPlatType: unknown course: {row.text('menuPlatType')[:40]}")
    return Dish(
        course=course,  # type: ignore[arg-type]  # _COURSES holds the literal's values only
        name=row.text("menuPlatNom", required=True),
        allergens=_allergens(row, "menuPlatAllergene"),
        labels=_labels(row, "menuPlatSiqo", "menuPlatRegime"),
    )


def _menu(key: str, group: _Group, context: Context) -> Item:
    row = group.first
    canteen = row.text("menuRestaurantNom") or row.text("menuRestaurantId")
    facts = Menu(day=row.day("menuDate"), canteen=canteen, dishes=tuple(group.dishes))
    return record_of(
        context,
        id=key,
        kind="menu",
        title=canteen,
        data={
            **data_of(facts),
            "meal": row.text("menuRepasType"),
            "guests": row.text("menuRestaurantConvive"),
            "restaurant_type": row.text("menuRestaurantType"),
        },
    )


def dishes(rows: Iterable[Row | Item], context: Context) -> Iterator[Item]:
    """Give one dish a code, with what it is made of (schema scdl/plats-menus-collectifs)."""
    groups: dict[str, _Group] = {}
    yield from attempt(rows, lambda row: _add_product(row, groups))
    for code, group in groups.items():
        yield record_of(
            context,
            id=code,
            kind="dish",
            title=group.first.text("platNom"),
            data={
                "products": [*group.products],
                "allergens": [*sorted(group.allergens)],
                "labels": [*sorted(group.labels)],
            },
        )


def _add_product(row: Row, groups: dict[str, _Group]) -> list[Item]:
    code, product = row.text("platCode", required=True), row.text("platProduitNom", required=True)
    row.text("platNom", required=True)
    allergens, labels = _allergens(row, "platProduitAllergene"), _labels(row, "platProduitSiqo")
    group = groups.setdefault(code, _Group(first=row))
    group.allergens.update(allergens)
    group.labels.update(labels)
    if product not in group.products and len(group.products) < DISHES_MAX:
        group.products.append(product)
    return []


def _allergens(row: Row, column: str) -> tuple[int, ...]:
    numbers: set[int] = set()
    for name in _array(row, column):
        number = _ALLERGENS.get(fold(name))
        if number is None:
            raise InputRefused(f"{column}: not one of the fourteen allergens: {name[:40]}")
        numbers.add(number)
    return tuple(sorted(numbers))


def _labels(row: Row, *columns: str) -> tuple[str, ...]:
    names = [fold(name) for column in columns for name in _array(row, column)]
    return tuple(dict.fromkeys(_LABELS.get(name, name) for name in names))


def _array(row: Row, column: str) -> list[str]:
    """Give a cell of several values: a JSON array as the schema asks, or a bare list."""
    cell = row.text(column)
    parts = _strings(cell, column) if cell.startswith("[") else cell.replace(";", ",").split(",")
    return [part.strip() for part in parts if part.strip()]


def _strings(cell: str, column: str) -> list[str]:
    try:
        values = read_json(cell.encode())
    except InputRefused as wrong:
        raise InputRefused(f"{column}: {wrong.what}") from wrong
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else []
