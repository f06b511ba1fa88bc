"""The search: services by name, then records of all datasets, as they are typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kiosk.domain.search import Hit
from kiosk.domain.territory import Service
from kiosk.domain.text import clean_line, fold
from ui.context import Context
from ui.glances import glance
from ui.views.frame import Frame, Row, no_age
from ui.words import N_

TYPED_MAX = 60
HITS_MAX = 40
ROWS_MAX = 20
SUGGESTED_MAX = 6

# What a record is called, and the screen that opens it with ``<dataset>/<id>``. Kinds without
# a screen of their own open the service that shows them.
_KINDS: Mapping[str, tuple[str, str]] = {
    "commune": (N_("Commune"), "commune"),
    "duty": (N_("Garde"), ""),
    "event": (N_("Événement"), "event"),
    "gauge": (N_("Places"), ""),
    "menu": (N_("Menu"), ""),
    "notice": (N_("Information"), "notice"),
    "place": (N_("Lieu"), "place"),
    "sorting": (N_("Tri des déchets"), ""),
    "step": (N_("Démarche"), "step"),
    "stop": (N_("Arrêt"), ""),
    "walk": (N_("Balade"), "walk"),
    "waste": (N_("Collecte"), ""),
}


def typed(text: str) -> str:
    """Give what is kept of a typed text: clean, on one line, at most TYPED_MAX characters."""
    kept = clean_line(text[:TYPED_MAX], limit=TYPED_MAX)
    return kept + " " if kept and text[:TYPED_MAX].endswith(" ") and len(kept) < TYPED_MAX else kept


def build_search(context: Context, text: str) -> Frame:
    """Give what answers to ``text``; without any, what is asked for often."""
    words = context.words
    title = words("Chercher")
    asked = text.strip()
    if not asked:
        return Frame(
            title=title,
            age=no_age(),
            rows=_suggested(context, words("Souvent demandé")),
            spoken=(words("Chercher. Écrivez un mot\u00a0: piscine, mairie, carte d’identité."),),
        )
    rows = tuple(found(context, asked))[:ROWS_MAX]
    if not rows:
        nothing = words("Rien trouvé pour «\u00a0{text}\u00a0».", text=asked)
        section = words("Essayez un autre mot, ou choisissez\u00a0:")
        return Frame(
            title=title,
            age=no_age(),
            subtitle=nothing,
            rows=_suggested(context, section),
            spoken=(nothing, section),
        )
    count = words.n("{n} réponse", "{n} réponses", len(rows))
    return Frame(
        title=title,
        age=no_age(),
        subtitle=count,
        rows=rows,
        spoken=(f"{count}.", *(f"{row.heading}, {row.detail}." for row in rows[:5])),
    )


def found(context: Context, asked: str) -> Iterable[Row]:
    """Give the rows that answer, best first: services, then records, each only once."""
    rows = [
        *(_service_row(context, service) for service in _services(context, asked)),
        *(
            row
            for hit in context.cache.search(asked, language=context.words.language, limit=HITS_MAX)
            if (row := _hit_row(context, hit)) is not None
        ),
    ]
    return {(row.heading, row.route, row.argument): row for row in rows}.values()


def _services(context: Context, asked: str) -> list[Service]:
    """Give the services of whose names, in any language, each word asked for begins a word."""
    wanted = fold(asked).split()
    return [
        service
        for service in context.territory.services
        if wanted
        and any(
            all(any(name.startswith(want) for name in fold(title).split()) for want in wanted)
            for title in service.title.values()
        )
    ]


def _suggested(context: Context, section: str) -> tuple[Row, ...]:
    return tuple(
        _service_row(context, service, section)
        for service in context.territory.services[:SUGGESTED_MAX]
    )


def _service_row(context: Context, service: Service, section: str = "") -> Row:
    return Row(
        key=service.id,
        heading=context.words.text(service.title),
        detail=glance(context, service).value or context.words.text(service.intro),
        glyph=service.icon,
        family=service.family,
        section=section,
        route=service.kind,
        argument=service.id,
    )


def _hit_row(context: Context, hit: Hit) -> Row | None:
    """Give the row of a record, None when no service of this territory shows it."""
    words = context.words
    service = next((s for s in context.territory.services if hit.dataset in s.datasets), None)
    name, screen = _KINDS.get(hit.kind, ("", ""))
    if service is None or not name:
        return None
    own = f"{hit.dataset}/{hit.id}"
    opened = {"": (service.kind, service.id), "place": ("place", f"{service.id}/{own}")}
    route, argument = opened.get(screen, (screen, own))
    snippet = words.text(hit.snippet)
    return Row(
        key=own,
        heading=words.text(hit.title),
        detail=f"{words(name)}. {snippet}" if snippet else words(name),
        glyph=service.icon,
        family=service.family,
        demo=hit.demo,
        route=route,
        argument=argument,
    )
