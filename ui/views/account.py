"""The account behind the card: what only its holder may see, after a code."""

from __future__ import annotations

from ui.context import Context
from ui.views.card import card_name
from ui.views.frame import Action, Frame, Row, all_said, no_age
from ui.views.pin import HOLDER


def build_account(context: Context, _argument: str = "") -> Frame:
    """Give the account once its holder has opened it; before, ask for the code."""
    words, account = context.words, context.identity.account
    if account is None:
        ask = words("Posez votre carte, puis tapez son code.")
        return Frame(
            title=words("Mon compte"),
            age=no_age(),
            empty=ask,
            action=Action(
                title=words("Taper le code"), glyph="keyboard", route="pin", argument=HOLDER
            ),
            spoken=(words("Mon compte."), ask),
        )
    rows = (
        Row(
            key="prets",
            glyph="books",
            family="culture",
            heading=words("Mes prêts"),
            detail=words("Prolonger, rendre, réserver"),
            route="info",
            argument="prets",
        ),
    )
    return Frame(
        title=words("Mon compte"),
        subtitle=card_name(context, context.wallet),
        age=no_age(),
        rows=rows,
        private=True,
        spoken=(words("Mon compte."), *all_said(rows)),
    )
