"""Rows of the schemas of places: équipements, lieux de stationnement, lieux de covoiturage."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from kiosk.domain.facts import Place, Price, data_of
from kiosk.domain.record import Record
from sync.connectors.base import Context, record_of
from sync.connectors.table import Row

_CAR_PARK_ID = re.compile(r"(?:[013-9]\d|2[AB1-9])\d{3}-P-\d{3}", re.ASCII)
_HEIGHT = re.compile(r"\d{1,5}|N/A", re.ASCII)
_CAR_PARK_USERS = ("tous", "abonnés")
_DISABLED_TARIFFS = ("gratuit", "normal_payant", "tarif_special")
_CAR_PARK_PRICES = (("tarif_1h", "1"), ("tarif_2h", "2"), ("tarif_3h", "3"), ("tarif_4h", "4"),
                    ("tarif_24h", "24"))  # fmt: skip


def facility(row: Row, context: Context) -> Record:
    """Give a public facility (schema scdl/equipements)."""
    number, street = row.text("ADR_NUMERO"), row.text("ADR_NOMVOIE")
    town = f"{row.text('ADR_CODEPOSTAL')} {row.text('ADR_COMMUNE')}".strip()
    address = ", ".join(part for part in (f"{number} {street}".strip(), town) if part)
    facts = Place(
        address=address,
        commune=row.text("ADR_COMMUNE"),
        phone=row.text("EQUIP_TEL"),
        hours=row.text("EQUIP_OUVERTURE"),
        website=row.text("EQUIP_WEB"),
    )
    return record_of(
        context,
        id=row.text("EQUIP_UID", required=True),
        kind="place",
        title=row.text("EQUIP_NOM", required=True),
        body=row.text("EQUIP_TYPE"),
        geo=row.geo("EQUIP_LAT", "EQUIP_LONG"),
        data={
            **data_of(facts),
            "theme": row.text("EQUIP_THEME"),
            "type": row.text("EQUIP_TYPE"),
            "email": row.text("EQUIP_EMAIL"),
        },
    )


def car_park(row: Row, context: Context) -> Record:
    """Give a car park with its tariffs (schema etalab/schema-stationnement)."""
    code = row.insee("insee")
    height = row.matching("hauteur_max", _HEIGHT, "a height in centimetres or N/A")
    row.one_of("type_usagers", _CAR_PARK_USERS, required=True)
    row.one_of("tarif_pmr", _DISABLED_TARIFFS)
    facts = Place(address=row.text("adresse"), website=row.text("url"), prices=_prices(row))
    return record_of(
        context,
        id=row.matching("id", _CAR_PARK_ID, "of the form 61001-P-001"),
        kind="place",
        title=row.text("nom", required=True),
        body=row.text("info"),
        geo=row.geo("Ylat", "Xlong"),
        data={
            **data_of(facts),
            "insee": code,
            "capacity": row.whole("nb_places"),
            "disabled_places": row.whole("nb_pmr"),
            "free_of_charge": row.flag("gratuit"),
            "height_max_cm": int(height) if height != "N/A" else None,
        },
    )


def _prices(row: Row) -> tuple[Price, ...]:
    prices: list[Price] = []
    for column, hours in _CAR_PARK_PRICES:
        value = row.number(column)
        if value is not None:
            cents = (Decimal(str(value)) * 100).quantize(Decimal(1), ROUND_HALF_UP)
            prices.append(Price(label={"fr": f"{hours}\u00a0h"}, cents=int(cents)))
    return tuple(prices)


def carpool_place(row: Row, context: Context) -> Record:
    """Give a place to meet for a shared ride (schema etalab/schema-lieux-covoiturage)."""
    facts = Place(
        address=row.text("ad_lieu"),
        commune=row.text("com_lieu"),
        hours=row.text("horaires"),
    )
    return record_of(
        context,
        id=row.text("id_local", required=True),
        kind="place",
        title=row.text("nom_lieu", required=True),
        body=row.text("comm"),
        geo=row.geo("Ylat", "Xlong"),
        data={
            **data_of(facts),
            "insee": row.insee("insee"),
            "type": row.text("type"),
            "open": row.flag("ouvert"),
            "capacity": row.whole("nbre_pl"),
            "disabled_places": row.whole("nbre_pmr"),
            "lit": row.flag("lumiere"),
            "updated": row.day("date_maj").isoformat(),
        },
    )
