"""Makes place records of the French standard of digital-help places (médiation numérique).

Rules:
1. A CSV table, or a JSON list of objects with the same names; columns that an earlier version
   of the standard called otherwise are known by both names.
2. Lists are parted by "|" as the standard asks, or by ";" or ", " as many files have it.
3. ``date_maj`` is when the place was described; it is never later than the reading.
4. Only "Gratuit", alone, is a price (0); what costs something says no amount.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Place, Price, data_of
from kiosk.domain.record import Json, Localised, Record
from kiosk.domain.text import clean_line, fold
from sync.connectors.base import Context, Item, each, first_of, record_of
from sync.connectors.strict_json import read_json
from sync.connectors.table import Row, attempt, read_table
from sync.connectors.times import midnight, zone_of

VALUES_MAX = 30  # of one cell
COLUMNS = frozenset(("id", "nom", "commune", "code_postal", "adresse"))

_PARTS = re.compile(r"\s*[|;]\s*|,\s+")
_BLANK = b"\xef\xbb\xbf \t\r\n"  # what may stand before JSON, a byte order mark among it
_BARE_FRENCH = re.compile(r"33\d{9}", re.ASCII)
_CLOSED_TO_THE_PUBLIC = "ce lieu n accueille pas de public"

# What the record calls a list, and the columns that hold it: today's name, then earlier ones.
_LISTS = {
    "services": ("services",),
    "audiences": ("publics_specifiquement_adresses", "publics_accueillis"),
    "support": ("prise_en_charge_specifique",),
    "fees": ("frais_a_charge", "conditions_acces"),
    "programmes": ("dispositif_programmes_nationaux", "labels_nationaux"),
    "labels": ("formations_labels", "labels_autres"),
    "access_modes": ("modalites_acces", "modalite_acces"),
    "help_modes": ("modalites_accompagnement",),
    "types": ("typologie",),
    "emails": ("courriels", "courriel"),
}


def parse(raw: bytes, context: Context) -> Iterator[Item]:
    """Give the places' records; raises InputRefused when the columns aren't the standard's."""
    zone_of(context)
    if raw.lstrip(_BLANK).startswith((b"[", b"{")):
        rows = _json_rows(read_json(raw))
        yield from each(rows, lambda row: _place(row, context))
        return
    table = read_table(raw)
    _check(table.columns)
    yield from attempt(table.rows(), lambda row: [_place(row, context)])


def _check(names: tuple[str, ...]) -> None:
    missing = sorted(COLUMNS.difference(names))
    if missing:
        raise InputRefused(f"not the standard of médiation numérique: no {', '.join(missing)}")


def _json_rows(document: Json) -> Iterator[tuple[str, Row]]:
    if not isinstance(document, list):
        raise InputRefused("not a JSON list of places")
    for number, entry in enumerate(document, 1):
        cells = entry if isinstance(entry, dict) else {}
        names = {name.casefold(): _cell(value) for name, value in cells.items()}
        if number == 1:
            _check(tuple(names))
        yield f"entry {number}", Row(line=number, cells=names)


def _cell(value: Json) -> str:
    """Give a JSON value as the table would have it."""
    if isinstance(value, list):
        return "|".join(part for part in value if isinstance(part, str))
    return str(value) if isinstance(value, str | int | float) else ""


def _place(row: Row, context: Context) -> Record:
    lists = {name: _parts(row, *columns) for name, columns in _LISTS.items()}
    facts = Place(
        address=_address(row),
        commune=row.text("commune", required=True),
        phone=_phone(row.text("telephone")),
        hours=row.text("horaires"),
        access=_french(" · ".join(lists["access_modes"])),
        prices=_prices(lists["fees"]),
        website=first_of(row.text("site_web").split("|")).strip(),
    )
    return record_of(
        context,
        id=row.text("id", required=True),
        kind="place",
        title={"fr": row.text("nom", required=True)},
        body=_body(row),
        geo=row.geo("latitude", "longitude"),
        observed_at=_observed(row, context),
        data={**data_of(facts), **_details(row, lists)},
    )


def _details(row: Row, lists: dict[str, list[str]]) -> dict[str, Json]:
    modes = map(fold, lists["access_modes"])
    named: dict[str, Json] = {name: [*values] for name, values in lists.items()}
    return named | {
        "france_services": any("france services" in fold(name) for name in lists["programmes"]),
        "receives_public": _CLOSED_TO_THE_PUBLIC not in modes,
        "travels": _travels(row),
        "insee": row.text("code_insee"),
        "siret": row.text("pivot"),
        "booking": row.text("prise_rdv"),
        "accessibility": row.text("fiche_acces_libre") or row.text("accessibilite"),
        "collector": row.text("source"),
        "network": row.text("structure_parente"),
    }


def _travels(row: Row) -> bool | None:
    sorts = [*map(fold, _parts(row, "itinerance"))]
    return "itinerant" in sorts if sorts else None


def _french(text: str) -> dict[str, str]:
    return {"fr": text} if text else {}


def _body(row: Row) -> Localised:
    return _french(row.text("presentation_detail") or row.text("presentation_resume"))


def _address(row: Row) -> str:
    town = f"{row.text('code_postal')} {row.text('commune')}".strip()
    return ", ".join(filter(None, (row.text("adresse"), row.text("complement_adresse"), town)))


def _phone(text: str) -> str:
    """Give the number with the "+" that spreadsheets take away."""
    return f"+{text}" if _BARE_FRENCH.fullmatch(text) else text


def _prices(fees: list[str]) -> tuple[Price, ...]:
    free = [fold(fee.split(":")[0]) for fee in fees] == ["gratuit"]
    return (Price(label={"fr": "Gratuit", "en": "Free"}, cents=0),) if free else ()


def _parts(row: Row, *columns: str) -> list[str]:
    cell = first_of(map(row.text, columns))
    parts = _PARTS.split(cell)[:VALUES_MAX]
    return list(dict.fromkeys(filter(None, map(clean_line, parts))))


def _observed(row: Row, context: Context) -> datetime:
    """Give when the place was described; the moment of reading when the row doesn't say."""
    if not row.text("date_maj"):
        return context.observed_at
    return min(midnight(row.day("date_maj"), zone_of(context)), context.observed_at)
