"""The sale of one product: what, how much, what the card has left; then how it went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.domain.amounts import in_words
from kiosk.domain.money import Money
from kiosk.domain.product import Product
from kiosk.domain.record import text_in
from kiosk.domain.sale import entries_for
from ui.context import Context
from ui.sale import Sale, SaleStage
from ui.sentences import sentence
from ui.views.card import card_age, card_name, figure, leave_action
from ui.views.frame import Action, Age, Banner, no_age
from ui.views.moments import today
from ui.views.shop import lasting, price_of, service_of
from ui.views.telling import Telling, ToldFrame
from ui.views.topup_frame import cancel_action, clock_until
from ui.words import N_

BUY, CANCEL, END, RELOAD = "buy", "cancel", "end", "reload"  # what the main action does

TELLINGS: Mapping[SaleStage, Telling] = {
    SaleStage.CARD: Telling(
        headline=N_("Posez votre carte"),
        detail=N_("Sur le lecteur, sous l’écran."),
        glyph="nfc",
    ),
    SaleStage.WORKING: Telling(
        headline=N_("Ne bougez pas la carte"),
        detail=N_("Un instant…"),
        glyph="loader",
    ),
    SaleStage.AGAIN: Telling(
        headline=N_("Reposez la même carte."),
        detail=N_("Elle a été retirée trop tôt. Rien ne sera pris deux fois."),
        glyph="hand-stop",
        tone="warn",
    ),
    SaleStage.DONE: Telling(
        headline=N_("C’est fait."), detail="", glyph="circle-check", tone="good"
    ),
    SaleStage.LATER: Telling(
        headline=N_("Rien n’est donné pour l’instant."),
        detail=N_(
            "Posez cette carte ici un autre jour, ou allez à l’accueil\u00a0: rien n’est perdu."
        ),
        glyph="clock-pause",
        tone="warn",
    ),
    SaleStage.STAFF: Telling(
        headline=N_("Un agent doit regarder."),
        detail=N_("Allez à l’accueil avec votre carte."),
        glyph="user-question",
        tone="bad",
    ),
    SaleStage.REFUSED: Telling(headline=N_("Rien n’est pris."), detail="", glyph="x", tone="warn"),
}


_LEAVES = frozenset({SaleStage.DONE, SaleStage.AGAIN, SaleStage.LATER, SaleStage.STAFF})


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleFrame(ToldFrame):
    """The sale's screen; ``does`` is what the main action does."""

    does: str = ""
    sum_text: str = ""
    sum_words: str = ""


def build_sale(context: Context, argument: str) -> SaleFrame:
    """Give the sale of the product whose code is ``argument``."""
    product = context.territory.products.products.get(int(argument) if argument.isdigit() else 0)
    if product is None:
        return _nothing(context)
    sale = context.sale if context.sale.product == product.code else Sale(product=product.code)
    telling, does = TELLINGS.get(sale.stage), _does(context, sale, product)
    words, wallet = context.words, context.wallet
    headline, detail = _told(context, sale, product)
    told_by_stage = sale.stage in {SaleStage.REFUSED, SaleStage.AGAIN}
    known = wallet.reading is not None
    name = text_in(product.title, words.language)[0]
    return SaleFrame(
        title=name,
        subtitle=card_name(context, wallet) if wallet.last_four else words("Ma carte"),
        age=_age(context, sale),
        does=does,
        sum_text=_price(context, sale, product),
        sum_words="" if _entry_pays(context, sale, product) else _said(context, product),
        headline=headline,
        detail=detail,
        tone=telling.tone if telling else "plain",
        glyph=telling.glyph if telling else _glyph(context, product),
        banner=Banner(
            text="" if told_by_stage else sentence(words, sale.closed or wallet.problem),
            glyph="alert-triangle",
        ),
        action=_action(context, does, _price(context, sale, product)),
        simulated=wallet.simulated,
        private=known,
        spoken=(f"{name}.", headline, detail),
    )


def _told(context: Context, sale: Sale, product: Product) -> tuple[str, str]:
    """Give the headline and what follows: the stage's own words, or what is asked before it."""
    telling = TELLINGS.get(sale.stage)
    return _asked(context, product) if telling is None else told_of(context, sale, telling)


def told_of(context: Context, sale: Sale, telling: Telling) -> tuple[str, str]:
    """Give a stage's headline and what follows it.

    That is what is wrong, where something is (another card than the one that is waited for); else
    the stage's own words, or what the card has left.
    """
    words = context.words
    detail = sentence(words, sale.problem)
    if not detail:
        detail = words(telling.detail) if telling.detail else _left(context, sale)
    return words(telling.headline), detail


def _left(context: Context, sale: Sale) -> str:
    """Say what the card has left: entries of its book, or money."""
    words = context.words
    if sale.entries is not None:
        return words.n("Il reste {n} entrée.", "Il reste {n} entrées.", sale.entries)
    if sale.balance is None:
        return ""
    return words("Nouveau solde\u00a0: {sum}.", sum=words.money(sale.balance))


def _age(context: Context, sale: Sale) -> Age:
    """Give the visible clock while the card is waited for, else how old its reading is."""
    until = None if sale.spending is None else sale.spending.again_until
    if sale.stage is SaleStage.AGAIN and until is not None:
        return clock_until(context, until)
    known = context.wallet.reading is not None
    return card_age(context, context.wallet) if known else no_age()


def _nothing(context: Context) -> SaleFrame:
    words = context.words
    return SaleFrame(
        title=words("Acheter avec la carte"),
        age=no_age(),
        does=END,
        headline=sentence(words, "product.unknown"),
        glyph="question-mark",
        tone="warn",
        action=leave_action(context),
        spoken=(sentence(words, "product.unknown"),),
    )


def _asked(context: Context, product: Product) -> tuple[str, str]:
    """Ask whether to buy: what the card gives for it, and what it has afterwards."""
    words, reading = context.words, context.wallet.reading
    if reading is None:
        return words("Posez votre carte"), words("Sur le lecteur, sous l’écran.")
    entries = _by_book(context, product)
    if entries:
        one_less = words.n("Il reste {n} entrée.", "Il reste {n} entrées.", entries - 1)
        return words("Une entrée de votre carnet"), one_less
    after = reading.face.balance - product.price()
    if after < Money(0):
        return words("Il n’y a pas assez sur la carte."), words(
            "Solde sur la carte\u00a0: {sum}.",
            sum=figure(context, reading.face.balance, masked=context.wallet.masked),
        )
    detail = words(
        "Nouveau solde\u00a0: {sum}.", sum=figure(context, after, masked=context.wallet.masked)
    )
    return lasting(context, product) or words("Pris sur la carte"), detail


def _by_book(context: Context, product: Product) -> int:
    """Give how many entries the book that would pay has; 0 when the purse pays."""
    reading = context.wallet.reading
    return 0 if reading is None else entries_for(product, reading.face, today(context))


def _entry_pays(context: Context, sale: Sale, product: Product) -> bool:
    """Whether an entry of the book is what is given, or was."""
    move = None if sale.spending is None else sale.spending.move
    return _by_book(context, product) > 0 if move is None else move.kind == "entry"


def _price(context: Context, sale: Sale, product: Product) -> str:
    """Give what is taken: « 1 entrée », or the price."""
    if _entry_pays(context, sale, product):
        return context.words.n("{n} entrée", "{n} entrées", 1)
    return price_of(context, product)


def _said(context: Context, product: Product) -> str:
    price = product.price()
    return in_words(price, context.words.language) if price.cents else ""


def _glyph(context: Context, product: Product) -> str:
    if context.wallet.reading is None:
        return "nfc"
    service = service_of(context, product)
    return service.icon if service else "ticket"


def _does(context: Context, sale: Sale, product: Product) -> str:
    if sale.stage in _LEAVES:
        return END
    reading = context.wallet.reading
    if sale.stage is not SaleStage.CONFIRM or reading is None:
        return CANCEL
    if not _by_book(context, product) and reading.face.balance < product.price():
        return CANCEL if reading.refusal or context.wallet.closed else RELOAD
    return CANCEL if reading.refusal else BUY


def _action(context: Context, does: str, price: str) -> Action:
    words = context.words
    if does == BUY:
        return Action(
            title=words("Prendre {sum}", sum=price),
            detail=words("Sur la carte posée"),
            glyph="check",
        )
    if does == RELOAD:
        return Action(title=words("Recharger"), detail=words("Ajouter de l’argent"), glyph="plus")
    return leave_action(context) if does == END else cancel_action(words)
