"""Pages without data: what a service is for and whom to call, and the out-of-service board."""

from __future__ import annotations

from ui.context import Context
from ui.views.article import ArticleFrame, fact, phone_row
from ui.views.duty import NUMBERS
from ui.views.frame import Action, Row, all_said, no_age


def build_info(context: Context, service_id: str) -> ArticleFrame:
    """Give a service's own words and its number."""
    words = context.words
    service = context.territory.service(service_id)
    title, intro = words.text(service.title), words.text(service.intro)
    rows = (
        *phone_row(context, service.phone or context.territory.phone),
        fact("users", "school", words("À l’accueil"), words.text(context.territory.host)),
    )
    return ArticleFrame(
        title=title,
        subtitle=words.text(context.territory.name),
        age=no_age(),
        rest=intro,
        rows=rows,
        spoken=(f"{title}.", intro, *all_said(rows)),
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
