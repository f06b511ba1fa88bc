"""The gate's screen: lay the card, then a big yes or no, readable from two metres."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.record import text_in
from ui.context import Context
from ui.sale import Sale, SaleStage
from ui.sentences import sentence
from ui.views.frame import Frame, no_age


@dataclass(frozen=True, slots=True, kw_only=True)
class GateFrame(Frame):
    """What the gate says: ``tone`` plain, good, warn or bad; ``glyph`` says the same."""

    headline: str = ""
    detail: str = ""
    tone: str = "plain"
    glyph: str = "nfc"
    simulated: bool = False


def build_gate(context: Context, _argument: str = "") -> GateFrame:
    """Give the gate's screen from the sale under way."""
    words, sale = context.words, context.sale
    headline, detail, tone, glyph = _told(context, sale)
    product = context.territory.products.products.get(sale.product)
    return GateFrame(
        title=text_in(product.title, words.language)[0] if product else words("Entrée"),
        subtitle=words.text(context.territory.name),
        age=no_age(),
        headline=headline,
        detail=detail,
        tone=tone,
        glyph=glyph,
        simulated=context.wallet.simulated,
        spoken=(headline, detail) if detail else (headline,),
    )


def _told(context: Context, sale: Sale) -> tuple[str, str, str, str]:
    words = context.words
    match sale.stage:
        case SaleStage.DONE:
            return words("Entrez"), left(context, sale), "good", "circle-check"
        case SaleStage.REFUSED:
            return words("Non"), sentence(words, sale.problem), "bad", "x"
        case SaleStage.AGAIN:
            return (
                words("Reposez la même carte"),
                words("Elle a été retirée trop tôt. Rien ne sera pris deux fois."),
                "warn",
                "history",
            )
        case SaleStage.LATER | SaleStage.STAFF:
            return (
                words("Non"),
                words("Allez à l’accueil avec votre carte."),
                "bad",
                "user-question",
            )
        case SaleStage.WORKING:
            return words("Ne bougez pas la carte"), "", "plain", "loader"
        case _:
            return words("Posez votre carte"), sentence(words, sale.closed), "plain", "nfc"


def left(context: Context, sale: Sale) -> str:
    """Say what the card has left: entries of its book, or money."""
    words = context.words
    if sale.entries is not None:
        return words.n("Il reste {n} entrée.", "Il reste {n} entrées.", sale.entries)
    if sale.balance is None:
        return ""
    return words("Nouveau solde\u00a0: {sum}.", sum=words.money(sale.balance))
