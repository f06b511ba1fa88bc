"""Makes place, event and walk records of Apidae's tourist objects.

Rules:
1. A FETE_ET_MANIFESTATION is an event, what has an ``itineraire`` a walk, anything else a place.
2. Texts are told in every language of ``libelleFr``, ``libelleEn`` …
3. An object is its owner's (``membreProprietaire``), who stays with each record; its last change
   is when it was observed, never later than the reading.
"""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Event, Place, Price, Walk, data_of
from kiosk.domain.record import Json, Localised, Record, text_in
from sync.connectors.apidae.periods import timings_of
from sync.connectors.base import Context, Item, each, first_of, geo_of, record_of
from sync.connectors.glance import at, joined, line, many, number, one, texts, whole
from sync.connectors.sittings import event_of, over_at
from sync.connectors.strict_json import read_json
from sync.connectors.times import observed, zone_of

EVENT = "FETE_ET_MANIFESTATION"
PHONE, EMAIL, WEBSITE = 201, 204, 205  # numbers of Apidae's ways to get in touch

_LABEL = "libelle"
_LOOPS = {"BOUCLE": True, "ALLER_RETOUR": False, "ALLER_ITINERANCE": False, "ALLER": False}


def parse(raw: bytes, context: Context) -> Iterator[Item]:
    """Give the objects' records; raises InputRefused when it isn't an answer of Apidae."""
    zone_of(context)
    objects = _objects(read_json(raw))
    named = ((f"object {line(one, 'id') or at}", one) for at, one in enumerate(objects, 1))
    yield from each(named, lambda thing: _record(thing, context))


def _objects(document: Json) -> list[Json]:
    named = document if isinstance(document, dict) else {}
    objects = named.get("objetsTouristiques")
    if isinstance(objects, list):
        return objects
    if named.keys() >= {"id", "nom"}:
        return [named]
    said = line(document, "message")
    raise InputRefused(f"Apidae answers: {said[:100]}" if said else "not Apidae: no objects")


def _words(value: Json, *path: str) -> dict[str, str]:
    """Give the texts of ``libelleFr``, ``libelleEn`` … by language."""
    found = one(at(value, *path))
    labels = found if isinstance(found, dict) else {}
    told: Json = {
        name.removeprefix(_LABEL).lower(): text
        for name, text in labels.items()
        if name.startswith(_LABEL)
    }
    return texts(told, language="fr")


def _record(thing: Json, context: Context) -> Record:
    identity, title = line(thing, "id"), _words(thing, "nom")
    if not (identity and title):
        raise InputRefused("no name or no id")
    kind, facts = _facts(thing, context)
    lon_lat = many(at(thing, "localisation", "geolocalisation", "geoJson", "coordinates"))
    return record_of(
        context,
        id=identity,
        kind=kind,
        title=title,
        body=_body(thing),
        geo=geo_of(lon_lat[1], lon_lat[0]) if len(lon_lat) > 1 else None,
        observed_at=observed(at(thing, "gestion", "dateModification"), context),
        valid_until=over_at(facts) if isinstance(facts, Event) else None,
        data={**data_of(facts), **_details(thing)},
    )


def _facts(thing: Json, context: Context) -> tuple[str, Event | Walk | Place]:
    if line(thing, "type") == EVENT:
        return "event", _event(thing, context)
    if at(thing, "informationsEquipement", "itineraire") is not None:
        return "walk", _walk(thing)
    return "place", _place(thing)


def _event(thing: Json, context: Context) -> Event:
    periods = at(thing, "ouverture", "periodesOuvertures")
    named = (line(thing, "informationsFeteEtManifestation", "nomLieu"), _street(thing))
    return event_of(
        timings_of(periods, zone_of(context)),
        context.now,
        all_day=not any(line(period, "horaireOuverture") for period in many(periods)),
        place=", ".join(filter(None, named)),
        commune=_commune(thing),
        price=text_in(_words(thing, "descriptionTarif", "tarifsEnClair"), context.language)[0],
    )


def _walk(thing: Json) -> Walk:
    route = at(thing, "informationsEquipement", "itineraire")
    length_km = number(route, "distance")
    return Walk(
        distance_m=None if not length_km or length_km < 0 else round(length_km * 1000),
        ascent_m=whole(route, "denivellation"),
        duration_min=whole(thing, "ouverture", "dureeSeance") or whole(route, "dureeJournaliere"),
        loop=_LOOPS.get(line(route, "itineraireType")),
        difficulty=_level(thing),
        practice=_practice(thing),
        access=_words(thing, "localisation", "geolocalisation", "complement"),
        commune=_commune(thing),
        website=_reach(thing, WEBSITE),
    )


def _level(thing: Json) -> dict[str, str]:
    """Give the words of the level; Apidae keeps it among the sorts of guests."""
    sorts = many(at(thing, "prestations", "typesClientele"))
    levels = [_words(sort) for sort in sorts if line(sort, "libelleFr").startswith("Niveau ")]
    return levels[0] if levels else {}


def _practice(thing: Json) -> dict[str, str]:
    """Give the most precise activity: the last one."""
    activities = many(at(thing, "informationsEquipement", "activites"))
    return _words(activities[-1]) if activities else {}


def _place(thing: Json) -> Place:
    adapted = (
        _words(one).get("fr", "") for one in many(at(thing, "prestations", "tourismesAdaptes"))
    )
    access = " · ".join(filter(None, adapted))
    free = line(thing, "descriptionTarif", "indicationTarif") == "GRATUIT"
    return Place(
        address=", ".join(filter(None, (_street(thing), _town(thing)))),
        commune=_commune(thing),
        phone=_reach(thing, PHONE),
        hours_note=_words(thing, "ouverture", "periodeEnClair"),
        access={"fr": access} if access else {},
        prices=(Price(label={"fr": "Gratuit", "en": "Free"}, cents=0),) if free else (),
        website=_reach(thing, WEBSITE),
    )


def _street(thing: Json) -> str:
    address = at(thing, "localisation", "adresse")
    return ", ".join(filter(None, (line(address, f"adresse{part}") for part in (1, 2, 3))))


def _town(thing: Json) -> str:
    return f"{line(thing, 'localisation', 'adresse', 'codePostal')} {_commune(thing)}".strip()


def _commune(thing: Json) -> str:
    return line(thing, "localisation", "adresse", "commune", "nom")


def _reach(thing: Json, way: int) -> str:
    """Give the first way to get in touch of this sort."""
    ways = many(at(thing, "informations", "moyensCommunication"))
    return first_of(line(one, "coordonnees", "fr") for one in ways if at(one, "type", "id") == way)


def _body(thing: Json) -> Localised:
    """Give the short text, and the long one under it when it says more, by language."""
    told = at(thing, "presentation")
    return joined(_words(told, name) for name in ("descriptifCourt", "descriptifDetaille"))


def _details(thing: Json) -> dict[str, Json]:
    route = at(thing, "informationsEquipement", "itineraire")
    return {
        "type": line(thing, "type"),
        "owner": line(thing, "gestion", "membreProprietaire", "nom"),
        "insee": line(thing, "localisation", "adresse", "commune", "code"),
        "email": _reach(thing, EMAIL),
        "open": {**_words(thing, "ouverture", "periodeEnClair")},
        "prices_told": {**_words(thing, "descriptionTarif", "tarifsEnClair")},
        "advice": {**_words(route, "passagesDelicats")},
        "marks": {**_words(route, "precisionsBalisage")},
    }
