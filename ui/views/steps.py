"""Administrative procedures in the words of a neighbour: the list, and one procedure's page."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.domain.facts import Step
from kiosk.domain.record import text_in
from ui.context import Context
from ui.views.article import ArticleFrame, facts, phone_row, unknown
from ui.views.frame import Frame, Row, age_of, all_said
from ui.views.records import (
    Known,
    age_of_all,
    known,
    known_at,
    nothing_known,
    service_of,
    sources,
)


def build_steps(context: Context, service_id: str) -> Frame:
    """Give the procedures, the most asked for first."""
    words = context.words
    service = context.territory.service(service_id)
    found = known(context, service, Step)
    rows = tuple(step_row(context, service.icon, one) for one in found)
    return Frame(
        title=words.text(service.title),
        subtitle=words.text(context.territory.name),
        lead=words.text(service.intro),
        age=age_of_all(context, found),
        rows=rows,
        empty=nothing_known(context, service),
        footnote=sources(context, service),
        spoken=(words.text(service.title) + ".", *(f"{row.heading}." for row in rows)),
    )


def step_row(context: Context, glyph: str, one: Known[Step]) -> Row:
    """Give a procedure's line in a list."""
    return Row(
        key=one.path,
        heading=context.words.text(one.record.title),
        detail=context.words.text(one.facts.where),
        glyph=glyph,
        family="live",
        demo=one.record.demo,
        route="step",
        argument=one.path,
    )


def build_step(context: Context, path: str) -> ArticleFrame:
    """Give the page of the procedure ``<dataset>/<id>``: where, papers, fee, delay."""
    one, service = known_at(context, path, Step), service_of(context, path)
    if one is None or service is None:
        return unknown(context, service)
    words = context.words
    title, rows = words.text(one.record.title), _facts(context, one)
    return ArticleFrame(
        title=title,
        subtitle=words.text(service.title),
        lead=words.text(one.record.body),
        age=age_of(one.freshness, words),
        rows=(*rows, *phone_row(context, service.phone or context.territory.phone)),
        footnote=sources(context, service),
        spoken=(f"{title}.", words.text(one.record.body), *all_said(rows)),
    )


def _facts(context: Context, one: Known[Step]) -> tuple[Row, ...]:
    words, step = context.words, one.facts
    papers = "\n".join(f"•\u00a0{paper}" for paper in papers_in(step.papers, words.language))
    stated = (
        ("file-text", "school", words("À apporter"), papers),
        ("map-pin", "move", words("Où aller"), words.text(step.where)),
        ("coin-euro", "live", words("Prix"), words.text(step.fee)),
        ("hourglass", "culture", words("Délai"), words.text(step.delay)),
        ("world", "nature", words("Sur internet"), step.website.removeprefix("https://")),
    )
    return facts((row for row in stated if row[3]), demo=one.record.demo)


def papers_in(papers: Mapping[str, list[str]], language: str) -> list[str]:
    """Give the papers to bring in the language asked for, else French, else what there is."""
    _, tag = text_in({tag: "x" for tag, named in papers.items() if named}, language)
    return papers.get(tag, [])
