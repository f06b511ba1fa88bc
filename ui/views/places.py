"""A list of places: each with its door's state."""

from __future__ import annotations

from kiosk.domain.facts import Place, facts_of
from kiosk.domain.freshness import Dated
from kiosk.domain.record import Record
from kiosk.domain.territory import Service
from ui.context import Context
from ui.views.doors import door_words
from ui.views.frame import Frame, Row, age_of, worst

LIST_MAX = 60


def build_places(context: Context, service_id: str) -> Frame:
    """Give the places of a service, most popular first."""
    words = context.words
    service = context.territory.service(service_id)
    found = records_of(context, service)
    rows = tuple(_row(context, service, place) for place in found)
    return Frame(
        title=words.text(service.title),
        subtitle=words.text(context.territory.name),
        age=age_of(worst([place.freshness for place in found]), words),
        rows=rows,
        empty=nothing_known(context, service),
        footnote=sources(context, service),
        spoken=(
            words.text(service.title) + ".",
            *(f"{row.heading}, {row.state_text}." for row in rows[:6]),
        ),
    )


def records_of(context: Context, service: Service) -> list[Dated[Record]]:
    """Give the records of all the service's datasets, in the datasets' order."""
    datasets = [context.territory.datasets.get(name) for name in service.datasets]
    return [
        dated
        for dataset in datasets
        if dataset is not None
        for dated in context.cache.records(dataset.id, dataset.policy, limit=LIST_MAX)
    ]


def nothing_known(context: Context, service: Service) -> str:
    """Give the sentence of an empty screen: whom to ask, where to call."""
    phone = service.phone or context.territory.phone
    return context.words(
        "Nous n’avons pas l’information. Demandez à l’accueil, ou appelez le {phone}.", phone=phone
    )


def sources(context: Context, service: Service) -> str:
    """Give the attribution that licences ask for."""
    datasets = [
        context.territory.datasets[d] for d in service.datasets if d in context.territory.datasets
    ]
    said = dict.fromkeys(f"{d.source} ({d.licence})" for d in datasets)
    return context.words("Source : {source}.", source=", ".join(said)) if said else ""


def _row(context: Context, service: Service, dated: Dated[Record]) -> Row:
    record = dated.value
    place = facts_of(record, Place)
    door = door_words(context, place.hours)
    return Row(
        key=record.id,
        heading=context.words.text(record.title),
        detail=", ".join(part for part in (place.address, place.commune) if part),
        glyph=service.icon,
        family=service.family,
        state_text=f"{door.word} {door.rest}",
        state_glyph=door.glyph,
        tone=door.tone,
        demo=record.demo,
        route="place",
        argument=f"{service.id}/{record.dataset}/{record.id}",
    )
