"""The sorting guide: which bin for which thing, all of them or one bin's."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.domain.facts import Sorting
from kiosk.domain.territory import Service
from kiosk.domain.text import fold
from ui.context import Context
from ui.views.article import ArticleFrame, Pill
from ui.views.frame import Action, Row, all_said
from ui.views.moments import capital
from ui.views.records import Known, age_of_all, known, nothing_known, sources
from ui.views.waste import STREAMS
from ui.words import N_

NAMES: Mapping[str, str] = {
    "recycling": N_("bac jaune"),
    "household": N_("ordures ménagères"),
    "glass": N_("colonne à verre"),
    "bio": N_("compost ou bac brun"),
    "paper": N_("colonne à papier"),
    "textile": N_("borne à vêtements"),
    "depot": N_("déchèterie"),
    "shop": N_("reprise en magasin"),
}
# Icon, colour and ink: the bins' own, as the collections show them, and the other places'.
LOOKS: Mapping[str, tuple[str, str, str]] = {
    **STREAMS,
    "textile": ("shirt", "#6b2a6e", "#ffffff"),
    "depot": ("box", "#8a3a12", "#ffffff"),
    "shop": ("building-store", "#0b5563", "#ffffff"),
}


def build_sorting(context: Context, argument: str) -> ArticleFrame:
    """Give the guide ``<service>``, or of one bin alone ``<service>/<bin>``."""
    words = context.words
    service_id, _, chosen = argument.partition("/")
    service = context.territory.service(service_id)
    found = things_of(context, service)
    shown = [one for one in found if chosen in ("", one.facts.bin)]
    rows = tuple(_row(context, one) for one in shown)
    return ArticleFrame(
        title=words.text(service.title),
        subtitle=words.text(context.territory.name),
        lead=words.text(service.intro),
        age=age_of_all(context, found),
        options=_pills(context, service, found, chosen),
        rows=rows,
        empty=nothing_known(context, service),
        footnote=sources(context, service),
        action=Action(
            title=words("Chercher un objet"),
            detail=words("Écrivez son nom"),
            glyph="search",
            route="search",
            honey=False,
        ),
        spoken=(f"{words.text(service.title)}.", *all_said(rows)),
    )


def things_of(context: Context, service: Service) -> list[Known[Sorting]]:
    """Give what the guide knows, in the alphabet's order."""
    found = known(context, service, Sorting)
    return sorted(found, key=lambda one: fold(context.words.text(one.record.title)))


def _row(context: Context, one: Known[Sorting]) -> Row:
    glyph, colour, ink = LOOKS[one.facts.bin]
    return Row(
        key=one.path,
        heading=context.words.text(one.record.title),
        detail=context.words.text(one.record.body),
        glyph=glyph,
        badge_colour=colour,
        badge_ink=ink,
        state_text=capital(context.words(NAMES[one.facts.bin])),
        state_glyph=glyph,
        demo=one.record.demo,
    )


def _pills(
    context: Context, service: Service, found: list[Known[Sorting]], chosen: str
) -> tuple[Pill, ...]:
    """Give a choice for each bin that the guide names, the first one for all."""
    there = {one.facts.bin for one in found}
    bins = [(key, context.words(name)) for key, name in NAMES.items() if key in there]
    return tuple(
        Pill(
            key=key or "all",
            label=capital(label),
            argument=f"{service.id}/{key}" if key else service.id,
            chosen=key == chosen,
        )
        for key, label in [("", context.words("Tout")), *bins]
        if bins
    )
