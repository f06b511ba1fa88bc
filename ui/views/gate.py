"""The gate's screen: a card or a ticket, then a big yes or no, readable from two metres."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from kiosk.domain.record import text_in
from kiosk.domain.ticket import Answer
from ui.context import Context
from ui.sale import SaleStage
from ui.sentences import sentence
from ui.views.frame import no_age
from ui.views.moments import local, today
from ui.views.sale import told_of
from ui.views.telling import Telling, ToldFrame
from ui.words import N_

if TYPE_CHECKING:
    from kiosk.usecases.redeem_ticket import Scanned

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


ANSWERS: Mapping[Answer, Telling] = {
    Answer.YES: Telling(headline=N_("Entrez"), detail="", glyph="circle-check", tone="good"),
    Answer.COUNTED: Telling(
        headline=N_("Déjà compté, passez"),
        detail=N_("Ce billet vient d’être lu ici. Il ne sert qu’une fois."),
        glyph="circle-check",
        tone="warn",
    ),
    Answer.USED: Telling(headline=N_("Non"), detail="", glyph="x", tone="bad"),
    Answer.EXPIRED: Telling(headline=N_("Non"), detail="", glyph="x", tone="bad"),
    Answer.EARLY: Telling(headline=N_("Pas encore"), detail="", glyph="x", tone="bad"),
    Answer.ELSEWHERE: Telling(
        headline=N_("Non"),
        detail=N_("Ce billet est pour une autre entrée."),
        glyph="x",
        tone="bad",
    ),
    Answer.WORTHLESS: Telling(
        headline=N_("Non"),
        detail=N_("Ce billet est un essai\u00a0: il n’a aucune valeur."),
        glyph="x",
        tone="bad",
    ),
}
SCANNING = Telling(headline=N_("Un instant…"), detail="", glyph="loader")
REFUSED = Telling(headline=N_("Non"), detail="", glyph="x", tone="bad")


def build_gate(context: Context, _argument: str = "") -> ToldFrame:
    """Give the gate's screen from the ticket just scanned, else from the sale under way."""
    words, sale = context.words, context.sale
    if context.scan.shown:
        telling, headline, detail = _scanned(context)
    else:
        telling = TELLINGS.get(sale.stage, READY)
        headline, detail = told_of(context, sale, telling)
        if telling is READY:
            ready = words("ou montrez votre billet au lecteur") if context.gate else ""
            detail = sentence(words, sale.closed) or ready
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


def _scanned(context: Context) -> tuple[Telling, str, str]:
    """Tell a ticket's answer, and why."""
    words, scanned = context.words, context.scan.scanned
    if scanned is None:
        telling = SCANNING if context.scan.busy else REFUSED
        return telling, words(telling.headline), sentence(words, context.scan.problem)
    telling = ANSWERS[scanned.answer]
    detail = words(telling.detail) if telling.detail else _why(context, scanned)
    return telling, words(telling.headline), detail


def _why(context: Context, scanned: Scanned) -> str:
    """Say how many may enter, or when the ticket was used or is good."""
    words, ticket = context.words, scanned.ticket
    if scanned.answer is Answer.YES:
        return words.n("{n} personne", "{n} personnes", ticket.quantity)
    if scanned.used_at is not None:
        at = local(context, scanned.used_at)
        day = words.near_day(at.date(), today(context))
        return words("Billet déjà utilisé {day} à {time}.", day=day, time=words.time(at))
    if scanned.answer is Answer.EARLY:
        return words("Valable à partir du {day}.", day=words.day(ticket.first_day))
    return words("Billet valable jusqu’au {day}.", day=words.day(ticket.last_day))
