"""A report to the council: what, where, a few words, read over, its code; and following it.

A route's argument grows from step to step: ``<service>``, ``<service>/<category>``, then
``<service>/<category>/<place>``, where the place is ``<dataset>/<id>`` or HERE. Words are never in
it: they stand in ``context.report``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.domain.facts import Report as Told
from kiosk.domain.record import Localised, Record, text_in
from kiosk.domain.report import PLACE_MAX, TEXT_MAX, Category, ReportState, code_typed, says_who
from kiosk.domain.takeaway import plain_text
from kiosk.domain.territory import Dataset, Service
from ui.context import Context
from ui.qr import code_of, matrix_of
from ui.report_desk import NOT_KEPT
from ui.sentences import sentence
from ui.views.frame import Action, Banner, Frame, Row, age_of, all_said, no_age
from ui.views.moments import local
from ui.views.records import Known, datasets_of, known_at
from ui.views.takeaway import TakeawayFrame
from ui.words import N_, SOURCE_LANGUAGE, Words

HERE = "here"
COMMUNES_MAX = 30
PLACES_MAX = 12
NEAR_EACH = 2  # places of one dataset
CODE_LEN_MAX = 9

# icon, family, name, examples
_CATEGORIES: Mapping[Category, tuple[str, str, str, str]] = {
    Category.ROAD: (
        *("road", "move", N_("Chaussée, trottoir")),
        N_("Un trou, une bordure, un panneau abîmé"),
    ),
    Category.LIGHT: ("sun", "live", N_("Éclairage"), N_("Un lampadaire éteint ou qui clignote")),
    Category.WASTE: (
        *("trash", "nature", N_("Propreté, déchets")),
        N_("Un dépôt sauvage, une poubelle pleine"),
    ),
    Category.GREEN: (
        *("plant-2", "nature", N_("Arbres, espaces verts")),
        N_("Une branche tombée, un jeu abîmé"),
    ),
    Category.WATER: ("droplet", "move", N_("Eau, égouts"), N_("Une fuite, une grille bouchée")),
    Category.ACCESS: (
        *("wheelchair", "care", N_("Accessibilité")),
        N_("Un passage fermé à un fauteuil, à une poussette"),
    ),
    Category.OTHER: (
        *("question-mark", "school", N_("Autre chose")),
        N_("Ce qui n’est pas dans cette liste"),
    ),
}
_STATES: Mapping[ReportState, tuple[str, str, str]] = {
    ReportState.RECEIVED: ("mail", "muted", N_("Reçu par la mairie")),
    ReportState.ASSIGNED: ("user-question", "warn", N_("Pris en charge")),
    ReportState.ANSWERED: ("message-report", "good", N_("La mairie a répondu")),
    ReportState.CLOSED: ("circle-check", "good", N_("Clos")),
}
_NOT_KEPT = N_("Le signalement n’a pas pu être gardé. Dites-le à l’accueil.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What a route's argument has chosen; ``place`` is what the town hall reads, in French."""

    service: str
    category: Category
    place: str = ""


def report_action(context: Context, service: Service) -> Action:
    """Give the action of a service that takes reports, none where no desk sends them."""
    if context.reports is None or not _followed(context, service):
        return Action(title="")
    words = context.words
    return Action(
        title=words("Signaler ici"),
        detail=words("Sans donner votre nom"),
        glyph="message-report",
        route="report",
        argument=service.id,
    )


def build_report(context: Context, service_id: str) -> Frame:
    """Ask what is to be reported; offer to follow a report of before."""
    words = context.words
    rows = tuple(_category_row(words, service_id, one) for one in Category)
    follow = Row(
        key="follow",
        heading=words("Suivre un signalement"),
        detail=words("Avec le code reçu à l’envoi"),
        glyph="search",
        family="care",
        section=words("Déjà signalé\u00a0?"),
        route="follow",
        argument=service_id,
    )
    danger = words("Un danger pour quelqu’un\u00a0? Appelez le 112.")
    return Frame(
        title=words("Que signalez-vous\u00a0?"),
        subtitle=_step(words, 1),
        age=no_age(),
        banner=Banner(text=danger, glyph="phone-call", tone="bad"),
        rows=(*rows, follow),
        spoken=(words("Que signalez-vous\u00a0?"), danger, *all_said(rows)),
    )


def build_where(context: Context, argument: str) -> Frame:
    """Ask where it is: at the kiosk, at a place near it, or in a commune."""
    words = context.words
    here = Row(
        key=HERE,
        heading=words("Ici, près de la borne"),
        detail=words.text(context.territory.host),
        glyph="map-pin",
        family="live",
        route="report-words",
        argument=f"{argument}/{HERE}",
    )
    near = [
        _place_row(words, argument, one, words("Près d’ici"), "map-pin") for one in _near(context)
    ]
    communes = [
        _place_row(words, argument, one, words("Dans une commune"), "building-community")
        for one in _of_kind(context, "commune", COMMUNES_MAX)[:COMMUNES_MAX]
    ]
    rows = (here, *near, *communes)
    return Frame(
        title=words("Où est-ce\u00a0?"),
        subtitle=_step(words, 2),
        age=no_age(),
        rows=rows,
        spoken=(words("Où est-ce\u00a0?"), *all_said(rows)),
    )


def build_words(context: Context, argument: str, text: str) -> Frame:
    """Ask for a few words, which nobody must give."""
    words = context.words
    wrong = sentence(words, "report.personal") if says_who(text) else ""
    lead = words(
        "Facultatif\u00a0: la rue, le numéro, ce que vous voyez. N’écrivez ni nom, ni téléphone."
    )
    title = words("Quelques mots\u00a0?")
    going = Action(
        title=words("Continuer") if text else words("Continuer sans mots"),
        detail=words("Relire avant d’envoyer"),
        glyph="arrow-right",
        route="report-check",
        argument=argument,
    )
    return Frame(
        title=title,
        subtitle=f"{_step(words, 3)}, {words('encore {n} signes', n=TEXT_MAX - len(text))}",
        age=no_age(),
        lead=lead,
        banner=Banner(text=wrong, glyph="alert-triangle"),
        action=Action(title="") if wrong else going,
        spoken=(title, *((wrong,) if wrong else ()), lead),
    )


def build_check(context: Context, argument: str) -> Frame:
    """Show what is about to be sent."""
    words, draft, chosen = context.words, context.report, chosen_of(context, argument)
    glyph, family, name, _ = _CATEGORIES[chosen.category]
    said = words("Aucun mot ajouté")
    rows = (
        Row(key="what", heading=words(name), detail=words("Quoi"), glyph=glyph, family=family),
        Row(key="where", heading=chosen.place, detail=words("Où"), glyph="map-pin", family="live"),
        Row(
            key="words",
            heading=draft.text or said,
            detail=words("Vos mots"),
            glyph="notes",
            family="culture",
        ),
        Row(
            key="nobody",
            heading=words("Rien sur vous"),
            detail=words("La mairie ne sait pas qui signale. Sa réponse se lit avec un code."),
            glyph="eye-off",
            family="care",
        ),
    )
    problem = words(_NOT_KEPT) if draft.problem == NOT_KEPT else sentence(words, draft.problem)
    send = Action(
        title=words("Envoyer à la mairie"),
        detail=words("Puis un code pour suivre"),
        glyph="message-report",
    )
    title = words("Relisez avant d’envoyer")
    return Frame(
        title=title,
        subtitle=_step(words, 4),
        age=no_age(),
        banner=Banner(text=problem, glyph="alert-triangle"),
        lead=words("Un instant…") if draft.busy else "",
        rows=rows,
        action=Action(title="") if draft.busy or not chosen.place else send,
        spoken=(*((problem,) if problem else ()), f"{title}.", *all_said(rows)),
    )


def build_sent(context: Context, _argument: str = "") -> TakeawayFrame:
    """Give the code that follows the report, large, as a QR code, and spelt out aloud."""
    words, sent = context.words, context.report.sent
    if sent is None:  # the visit that sent it is over
        empty = words("Il n’y a rien à emporter ici. Demandez à l’accueil.")
        return TakeawayFrame(title=words("Signaler"), age=no_age(), empty=empty, spoken=(empty,))
    name = words(_CATEGORIES[sent.category][2])
    kept = words("Gardé dans la borne\u00a0: il part à la mairie dès qu’il y a du réseau.")
    how = words("Notez ce code ou photographiez-le\u00a0: il dit où en est le signalement.")
    what = words("Votre code de suivi")
    lines = (f"{words('Signalement')} {sent.code}", name, sent.place)
    payload = plain_text((*lines, words("À suivre sur toute borne, écran Signaler.")))
    return TakeawayFrame(
        title=words("C’est signalé"),
        subtitle=words("Merci"),
        age=no_age(),
        code=code_of(matrix_of(payload)),
        figure=sent.code,
        what=what,
        how=how,
        payload=payload,
        rows=(Row(key="kept", heading=name, detail=f"{sent.place}\n{kept}", glyph="circle-check"),),
        action=Action(
            title=words("Terminer"), detail=words("Efface tout de cet écran"), glyph="check"
        ),
        spoken=(f"{what}\u00a0: {' '.join(sent.code.replace('-', ''))}.", how, kept),
    )


def build_follow(context: Context, service_id: str, text: str) -> Frame:
    """Give where the report of a typed code stands."""
    words, code = context.words, code_typed(text)
    service = next((one for one in context.territory.services if one.id == service_id), None)
    title = words("Suivre un signalement")
    ask = words("Tapez le code reçu à l’envoi\u00a0: quatre signes, un tiret, quatre signes.")
    if not code or service is None:
        return Frame(title=title, age=no_age(), lead=ask, spoken=(f"{title}.", ask))
    found = _told(context, service, code)
    if found is None:
        none = words(
            "Ce code n’est pas connu ici. Un signalement tout récent met parfois un jour à"
            " arriver\u00a0; sinon demandez à l’accueil."
        )
        return Frame(title=title, subtitle=code, age=no_age(), lead=none, spoken=(none,))
    rows = _state_rows(context, found)
    return Frame(
        title=title,
        subtitle=code,
        age=age_of(found.freshness, words),
        rows=rows,
        spoken=all_said(rows),
    )


def chosen_of(context: Context, argument: str) -> Chosen:
    """Give what a route's argument has chosen; an unknown category is ``OTHER``."""
    service, _, rest = argument.partition("/")
    name, _, place = rest.partition("/")
    category = Category(name) if name in set(Category) else Category.OTHER
    return Chosen(service=service, category=category, place=_place(context, place))


def _place(context: Context, path: str) -> str:
    """Give a place in words for the town hall; "" for one that isn't there any more."""
    if path == HERE:
        return f"À la borne\u00a0: {_french(context.territory.host)}"[:PLACE_MAX]
    dataset_id, _, record_id = path.partition("/")
    dataset = context.territory.datasets.get(dataset_id)
    dated = context.cache.record(dataset_id, record_id, dataset.policy) if dataset else None
    return _french(dated.value.title)[:PLACE_MAX] if dated else ""


def _french(named: Localised) -> str:
    return text_in(named, SOURCE_LANGUAGE)[0]


def _step(words: Words, number: int) -> str:
    return words("Étape {n} sur 4", n=number)


def _category_row(words: Words, service_id: str, category: Category) -> Row:
    glyph, family, name, examples = _CATEGORIES[category]
    return Row(
        key=str(category),
        heading=words(name),
        detail=words(examples),
        glyph=glyph,
        family=family,
        route="report-where",
        argument=f"{service_id}/{category}",
    )


def _place_row(words: Words, argument: str, record: Record, section: str, glyph: str) -> Row:
    path = f"{record.dataset}/{record.id}"
    return Row(
        key=path,
        heading=words.text(record.title),
        glyph=glyph,
        family="move",
        section=section,
        demo=record.demo,
        route="report-words",
        argument=f"{argument}/{path}",
    )


def _near(context: Context) -> list[Record]:
    return _of_kind(context, "place", NEAR_EACH)[:PLACES_MAX]


def _of_kind(context: Context, kind: str, each: int) -> list[Record]:
    """Give the records of a kind, the nearest ``each`` of every dataset."""
    return [
        dated.value
        for one in context.territory.datasets.values()
        if one.kind == kind
        for dated in context.cache.nearest(
            one.id, context.territory.position, one.policy, limit=each
        )
    ]


def _followed(context: Context, service: Service) -> list[Dataset]:
    """Give the service's datasets that tell how reports stand."""
    return [one for one in datasets_of(context, service) if one.kind == "report"]


def _told(context: Context, service: Service, code: str) -> Known[Told] | None:
    told = (known_at(context, f"{one.id}/{code}", Told) for one in _followed(context, service))
    return next(filter(None, told), None)


def _state_rows(context: Context, found: Known[Told]) -> tuple[Row, ...]:
    words, told, demo = context.words, found.facts, found.record.demo
    step = told.step or ("closed" if told.state == "closed" else "received")
    glyph, tone, name = _STATES[ReportState(step)]
    changed = told.updated_at or told.reported_at
    when = words.day(local(context, changed).date()) if changed else ""
    rows = [
        Row(
            key="state",
            heading=words(name),
            detail=words.text(found.record.title),
            state_text=when,
            state_glyph="clock" if when else "",
            tone=tone,
            glyph=glyph,
            family="care",
            demo=demo,
        )
    ]
    if told.answer:
        rows.append(
            Row(
                key="answer",
                heading=words("Réponse de la mairie"),
                detail=told.answer,
                glyph="notes",
                family="culture",
                demo=demo,
            )
        )
    return tuple(rows)
