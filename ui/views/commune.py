"""A commune: its facts, and the nearest of what each service offers."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Commune, facts_of
from kiosk.domain.freshness import ABSENT, Dated
from kiosk.domain.record import Geo, Record
from kiosk.domain.territory import Service
from ui.context import Context
from ui.views.doors import door_words
from ui.views.exceptions import place_of
from ui.views.frame import Action, Frame, Row, age_of


def build_commune(context: Context, path: str) -> Frame:
    """Give the page of the commune ``<dataset>/<id>``."""
    words = context.words
    dataset_id, _, record_id = path.partition("/")
    dataset = context.territory.datasets.get(dataset_id)
    dated = context.cache.record(dataset_id, record_id, dataset.policy) if dataset else None
    if dated is None or dated.value.kind != "commune":
        phone = context.territory.phone
        sentence = words(
            "Nous n’avons pas l’information. Demandez à l’accueil, ou appelez le {phone}.",
            phone=phone,
        )
        return Frame(
            title=words("Commune"), age=age_of(ABSENT, words), empty=sentence, spoken=(sentence,)
        )
    record = dated.value
    title = words.text(record.title)
    rows = (*_facts(context, record), *_near(context, record.geo))
    return Frame(
        title=title,
        subtitle=words("Commune"),
        age=age_of(dated.freshness, words),
        rows=rows,
        footnote=words("Source\u00a0: {source}.", source=f"{record.source} ({record.licence})"),
        action=Action(
            title=words("Emporter ce lieu"),
            detail=words("Scannez avec votre téléphone"),
            glyph="qrcode",
            route="takeaway",
            argument=f"place/{path}",
            honey=False,
        ),
        spoken=(f"{title}.", *(f"{row.heading}, {row.detail}." for row in rows)),
    )


def _facts(context: Context, record: Record) -> tuple[Row, ...]:
    words = context.words
    try:
        commune = facts_of(record, Commune)
    except InputRefused:
        return ()
    said = (
        ("users", words.number(commune.population), words("habitants"), commune.population > 0),
        ("mail", ", ".join(commune.postcodes), words("code postal"), bool(commune.postcodes)),
        ("id", commune.insee, words("code Insee"), bool(commune.insee)),
    )
    return tuple(
        Row(key=glyph, glyph=glyph, family="live", heading=value, detail=name, demo=record.demo)
        for glyph, value, name, known in said
        if known
    )


def _near(context: Context, here: Geo | None) -> tuple[Row, ...]:
    """Give the nearest place of each service that lists places."""
    if here is None:
        return ()
    found = [
        (service, dated)
        for service in context.territory.services
        if service.kind == "places"
        for dated in _nearest(context, service, here)
    ]
    return tuple(_place(context, service, dated) for service, dated in found)


def _nearest(context: Context, service: Service, here: Geo) -> list[Dated[Record]]:
    datasets = [context.territory.datasets.get(name) for name in service.datasets]
    places = next((one for one in datasets if one is not None and one.kind == "place"), None)
    return list(context.cache.nearest(places.id, here, places.policy, limit=1)) if places else []


def _place(context: Context, service: Service, dated: Dated[Record]) -> Row:
    words, record = context.words, dated.value
    row = Row(
        key=record.id,
        section=words("Le plus près"),
        heading=words.text(record.title),
        glyph=service.icon,
        family=service.family,
        demo=record.demo,
        route="place",
        argument=f"{service.id}/{record.dataset}/{record.id}",
    )
    try:
        place = place_of(context, record)
    except InputRefused:
        return row
    door = door_words(context, place.hours)
    return replace(
        row,
        detail=", ".join(part for part in (words.text(service.title), place.commune) if part),
        state_text=f"{door.word} {door.rest}",
        state_glyph=door.glyph,
        tone=door.tone,
    )
