"""Makes records of the CSV files of French local open data.

The schema is known by the header: the first of SCHEMAS whose columns all stand there. A row
that breaks it is rejected with its line, its column and the reason; a file under no known
header is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from kiosk.domain.errors import InputRefused
from kiosk.domain.record import Record
from sync.connectors.base import Context, Item, reject_of
from sync.connectors.scdl.calendars import public_holiday, school_holidays
from sync.connectors.scdl.meals import dishes, menus
from sync.connectors.scdl.places import car_park, carpool_place, facility
from sync.connectors.table import Row, Table, attempt, read_table

ReadRows: TypeAlias = Callable[[Iterable[Row | Item], Context], Iterator[Item]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """A published schema: its name, the columns that give it away, and its reader."""

    name: str
    columns: frozenset[str]
    read: ReadRows


def _by_row(build: Callable[[Row, Context], Record]) -> ReadRows:
    """Make a reader of the schemas whose rows are a record each."""
    return lambda rows, context: attempt(rows, lambda row: [build(row, context)])


def _schema(name: str, columns: str, read: ReadRows) -> Schema:
    return Schema(name=name, columns=frozenset(columns.casefold().split()), read=read)


def _schema_of(table: Table) -> Schema:
    for schema in SCHEMAS:
        if schema.columns.issubset(table.columns):
            return schema
    known = ", ".join(schema.name for schema in SCHEMAS)
    raise InputRefused("the header is of no known schema", where="line 1", todo=known)


SCHEMAS = (
    _schema("menus-collectifs", "menuRestaurantNom menuDate menuRepasType menuPlatNom", menus),
    _schema("plats-menus-collectifs", "platCode platNom platProduitNom", dishes),
    _schema("equipements", "EQUIP_UID EQUIP_NOM", _by_row(facility)),
    _schema("stationnement", "id nom insee type_usagers hauteur_max", _by_row(car_park)),
    _schema("lieux-covoiturage", "id_local nom_lieu insee Ylat Xlong", _by_row(carpool_place)),
    _schema("jours-feries", "date zone nom_jour_ferie", _by_row(public_holiday)),
    _schema("vacances-scolaires", "date vacances_zone_a nom_vacances", school_holidays),
)


def parse(raw: bytes, context: Context) -> Iterator[Item]:
    """Give the records of a table; raises InputRefused when its header is unknown."""
    table = read_table(raw)
    schema = _schema_of(table)
    if table.encoding != "utf-8":
        yield reject_of("file", f"not UTF-8 as the schemas ask: read as {table.encoding}")
    yield from schema.read(table.rows(), context)
