"""The gate's screen: lay the card, then a big yes or no, readable from two metres."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.domain.record import text_in
from ui.context import Context
from ui.sale import SaleStage
from ui.sentences import sentence
from ui.views.frame import no_age
from ui.views.sale import told_of
from ui.views.telling import Telling, ToldFrame
from ui.words import N_

READY = Telling(headline=N_("Posez votre carte"), detail="", glyph="nfc")
DESK = Telling(
    headline=N_("Non"),
    detail=N_("Allez à l’accueil avec votre carte."),
    glyph="user-question",
    tone="bad",
)
TELLINGS: Mapping[SaleStage, Telling] = {
    SaleStage.WORKING: Telling(
        headline=N_("Ne bougez pas la carte"), detail=N_("Un instant…"), glyph="loader"
    ),
    SaleStage.AGAIN: Telling(
        headline=N_("Reposez la même carte."),
        detail=N_("Elle a été retirée trop tôt. Rien ne sera pris deux fois."),
        glyph="hand-stop",
        tone="warn",
    ),
    SaleStage.DONE: Telling(headline=N_("Entrez"), detail="", glyph="circle-check", tone="good"),
    SaleStage.REFUSED: Telling(headline=N_("Non"), detail="", glyph="x", tone="bad"),
    SaleStage.LATER: DESK,
    SaleStage.STAFF: DESK,
}


def build_gate(context: Context, _argument: str = "") -> ToldFrame:
    """Give the gate's screen from the sale under way."""
    words, sale = context.words, context.sale
    telling = TELLINGS.get(sale.stage, READY)
    headline, detail = told_of(context, sale, telling)
    if telling is READY:
        detail = sentence(words, sale.closed)
    product = context.territory.products.products.get(sale.product)
    return ToldFrame(
        title=text_in(product.title, words.language)[0] if product else words("Entrée"),
        subtitle=words.text(context.territory.name),
        age=no_age(),
        headline=headline,
        detail=detail,
        tone=telling.tone,
        glyph=telling.glyph,
        simulated=context.wallet.simulated,
        spoken=tuple(filter(None, (headline, detail))),
    )
