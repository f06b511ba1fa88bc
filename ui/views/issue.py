"""Making cards: a blank one becomes the territory's, a new one takes a lost one's balance."""

from __future__ import annotations

from ui.context import Context
from ui.sentences import sentence
from ui.views.article import ArticleFrame
from ui.views.card import card_name
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


def build_transfer(context: Context, _argument: str = "") -> ArticleFrame:
    """Give the page that moves a lost card's balance to the card that lies there."""
    words, identity, wallet = context.words, context.identity, context.wallet
    done = identity.told in {"moved", "manual"}
    told = words(TOLD[identity.told], number=identity.number) if identity.told else ""
    purse = wallet.reading is not None and wallet.reading.face.kind == "purse"
    ask = words("Posez la carte neuve sur le lecteur.")
    if purse:
        ask = words("Vers la carte posée\u00a0: {card}.", card=card_name(context, wallet))
    move = Action(title=words("Déplacer"), detail=words("Vers la carte posée"), glyph="check")
    ready = purse and identity.staff is not None and not done
    return ArticleFrame(
        title=words("Remplacer une carte perdue"),
        subtitle=words("Guichet"),
        age=no_age(),
        verdict=words("C’est fait.") if identity.told == "moved" else words("Déplacer le solde"),
        rest=told or ask,
        banner=Banner(text=sentence(words, identity.problem), glyph="alert-triangle"),
        action=move if ready else Action(title=words("Retour"), glyph="arrow-left", honey=False),
        spoken=(told or ask, sentence(words, identity.problem)),
    )
