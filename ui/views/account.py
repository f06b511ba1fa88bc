"""The account behind the card: what only its holder may see, after a code."""

from __future__ import annotations

from kiosk.domain.loans import Loan
from ui.context import Context
from ui.sentences import sentence
from ui.views.card import card_name
from ui.views.frame import Action, Banner, Frame, Row, all_said, no_age
from ui.views.moments import local
from ui.views.pin import HOLDER

RENEW = "renew"  # in place of a route: the row's loan is renewed


def build_account(context: Context, _argument: str = "") -> Frame:
    """Give the account once its holder has opened it; before, ask for the code."""
    words, identity = context.words, context.identity
    if identity.account is None:
        return _closed(context)
    rows = tuple(_loan(context, loan) for loan in identity.loans or ())
    wrong = sentence(words, identity.problem)
    told = words("C’est prolongé.") if identity.told == "renewed" else ""
    lead = words.n("{n} prêt à la médiathèque", "{n} prêts à la médiathèque", len(rows))
    return Frame(
        title=words("Mon compte"),
        subtitle=card_name(context, context.wallet),
        age=no_age(),
        lead=lead if identity.loans is not None else words("Un instant…"),
        banner=Banner(text=wrong or told, glyph="alert-triangle" if wrong else "circle-check"),
        rows=rows,
        private=True,
        spoken=(words("Mon compte."), wrong or told or lead, *all_said(rows)),
    )


def _closed(context: Context) -> Frame:
    words = context.words
    ask = words("Posez votre carte, puis tapez son code.")
    return Frame(
        title=words("Mon compte"),
        age=no_age(),
        empty=ask,
        action=Action(title=words("Taper le code"), glyph="keyboard", route="pin", argument=HOLDER),
        spoken=(words("Mon compte."), ask),
    )


def _loan(context: Context, loan: Loan) -> Row:
    words = context.words
    day = words.day(local(context, loan.due).date()) if loan.due else loan.due_text
    late = words("en retard") if loan.overdue else ""
    return Row(
        key=loan.item,
        glyph="books",
        family="culture",
        heading=loan.title,
        detail=words("À rendre le {day}", day=day) if day else "",
        state_text=late,
        state_glyph="alert-triangle" if late else "",
        tone="bad" if late else "muted",
        trailing=words("Prolonger"),
        route=RENEW,
        argument=loan.item,
        demo=context.wallet.simulated,
    )
