"""Issuing a card: a blank one lies there, and becomes the territory's."""

from __future__ import annotations

from ui.context import Context
from ui.sentences import sentence
from ui.views.article import ArticleFrame
from ui.views.counter import TOLD
from ui.views.frame import Action, Banner, no_age


def build_issue(context: Context, _argument: str = "") -> ArticleFrame:
    """Give the page of issuing a card."""
    words, identity = context.words, context.identity
    told = words(TOLD[identity.told], number=identity.number) if identity.told else ""
    headline = told or words("Posez une carte vierge sur le lecteur.")
    ready = identity.staff is not None and not told
    return ArticleFrame(
        title=words("Éditer une carte"),
        subtitle=words("Guichet"),
        age=no_age(),
        verdict=words("C’est fait.") if told else words("Une carte neuve"),
        rest=headline,
        banner=Banner(text=sentence(words, identity.problem), glyph="alert-triangle"),
        action=Action(title=words("Éditer"), detail=words("La carte posée"), glyph="check")
        if ready
        else Action(title=words("Retour"), glyph="arrow-left", honey=False),
        spoken=(headline,),
    )
