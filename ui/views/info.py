"""A service's own words: what holds now, what to do, whom to call; and the out-of-service board."""

from __future__ import annotations

from kiosk.domain.facts import Place, Step
from kiosk.domain.territory import Service
from ui.context import Context
from ui.views.article import ArticleFrame, fact, phone_row
from ui.views.bills import bill_row
from ui.views.duty import NUMBERS
from ui.views.frame import Action, Age, Row, age_of, all_said, no_age, worst
from ui.views.notices import notice_row, notices_now
from ui.views.records import Known, known, sources
from ui.views.report import report_action
from ui.views.steps import step_row


def build_info(context: Context, service_id: str) -> ArticleFrame:
    """Give a service's own words, its notices, procedures and contacts, and its number."""
    words = context.words
    service = context.territory.service(service_id)
    title, intro = words.text(service.title), words.text(service.intro)
    age, told = _told(context, service)
    pays = bill_row(context) if service.family == "card" else bill_row(context, service.id)
    rows = (
        *pays,
        *told,
        *phone_row(context, service.phone or context.territory.phone),
        fact("users", "school", words("À l’accueil"), words.text(context.territory.host)),
    )
    return ArticleFrame(
        title=title,
        subtitle=words.text(context.territory.name),
        age=age,
        rest=intro,
        rows=rows,
        footnote=sources(context, service),
        action=report_action(context, service),
        spoken=(f"{title}.", intro, *all_said(rows)),
    )


def _told(context: Context, service: Service) -> tuple[Age, tuple[Row, ...]]:
    """Give what the service's datasets tell, and its age; no age where it has none."""
    notices = notices_now(context, service)
    steps, contacts = known(context, service, Step), known(context, service, Place)
    rows = (
        *(notice_row(context, service, one) for one in notices),
        *(step_row(context, service.icon, one) for one in steps),
        *(_contact(context, service, one) for one in contacts),
    )
    seen = [
        *(one.freshness for one in notices),
        *(one.freshness for one in steps),
        *(one.freshness for one in contacts),
    ]
    return (age_of(worst(seen), context.words) if service.datasets else no_age()), rows


def _contact(context: Context, service: Service, one: Known[Place]) -> Row:
    """Give whom to call, with the number in sight."""
    return Row(
        key=one.path,
        heading=context.words.text(one.record.title),
        detail=context.words.text(one.record.body),
        glyph=service.icon,
        family=service.family,
        state_text=one.facts.phone,
        state_glyph="phone-call" if one.facts.phone else "",
        demo=one.record.demo,
        route="place",
        argument=f"{service.id}/{one.path}",
    )


def build_outage(context: Context, _argument: str = "") -> ArticleFrame:
    """Give the board of a kiosk that can't serve: whom to ask, the emergency numbers."""
    words = context.words
    verdict = words("Cette borne est en pause")
    rest = words("Nous la remettons en route. L’accueil peut vous aider.")
    rows = (*phone_row(context, context.territory.phone), *_emergency(context))
    return ArticleFrame(
        title=words.text(context.territory.name),
        subtitle=words.text(context.territory.host),
        age=no_age(),
        verdict=verdict,
        rest=rest,
        tone="warn",
        rows=rows,
        action=Action(
            title=words("Réessayer"),
            detail=words("Revenir à l’accueil"),
            glyph="home",
            route="hive",
        ),
        spoken=(f"{verdict}.", rest, *all_said(rows)),
    )


def _emergency(context: Context) -> tuple[Row, ...]:
    return tuple(
        Row(
            key=number,
            heading=context.words(NUMBERS[number]),
            badge=number,
            badge_colour="#8a2432",
            badge_ink="#ffffff",
        )
        for number in ("15", "112", "114")
    )
