"""An entry for who has no card: choose the tariff and how many, pay, carry the ticket off.

What is shown follows ``wallet.progress``; without one, the entry is being chosen. The ticket is
shown once its payment is taken: "accepted, to be confirmed" shows none (UX.md, principle 5).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kiosk.domain.amounts import in_words
from kiosk.domain.errors import PaperOut, PaymentDeclined, PrinterUnavailable
from kiosk.domain.product import FULL, Product
from kiosk.domain.record import text_in
from kiosk.domain.ticket_order import PERSONS_MAX, TicketOrder, order_of, price_of
from kiosk.usecases.reload_progress import Progress, Stage
from ui.context import Context
from ui.qr import code_of, matrix_of
from ui.sentences import sentence
from ui.views.card import leave_action
from ui.views.frame import Action, Banner
from ui.views.moments import today
from ui.views.telling import Telling
from ui.views.topup import order_pay_frame, receipt_told
from ui.views.topup_frame import (
    AGAIN,
    CANCEL,
    END,
    PAY,
    TELLINGS,
    Choice,
    TopupFrame,
    cancel_action,
    step_marks,
    told,
    unmarked,
)
from ui.views.topup_means import means_of
from ui.wallet import Basket, Given
from ui.words import N_, Words

STEPS = (N_("Choix"), N_("Paiement"), N_("Billet"))
TARIFFS: Mapping[str, str] = {
    FULL: N_("Plein tarif"),
    "reduced": N_("Tarif réduit"),
    "child": N_("Enfant"),
}
ORDER_TELLINGS: Mapping[Stage, Telling] = {
    **TELLINGS,
    Stage.CARD: Telling(
        headline=N_("Paiement accepté."),
        detail=N_("Un instant\u00a0: votre billet se prépare."),
        glyph="hourglass",
        tone="warn",
    ),
    Stage.CONFIRMING: Telling(
        headline=N_("Accepté, à confirmer."),
        detail=N_("Votre billet s’affiche dès que la banque a confirmé."),
        glyph="hourglass",
        tone="warn",
    ),
    Stage.CANCELED: Telling(
        headline=N_("C’est annulé. Rien n’est débité."),
        detail=N_("Aucun billet n’a été fait."),
        glyph="x",
    ),
    Stage.STAFF: Telling(
        headline=N_("Un agent doit regarder."),
        detail=N_("Allez à l’accueil avec ce numéro\u00a0: {number}."),
        glyph="user-question",
        tone="bad",
    ),
    Stage.DONE: Telling(
        headline=N_("Payé. Voici votre billet."),
        detail=N_("Photographiez-le, ou imprimez-le. Montrez-le au lecteur de l’entrée."),
        glyph="circle-check",
        tone="good",
    ),
}
DECLINED = Telling(
    headline=N_("Le paiement a été refusé."),
    detail=N_("Rien n’est débité. Aucun billet n’a été fait."),
    glyph="x",
    tone="warn",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketFrame(TopupFrame):
    """The entry's screen; ``part`` is choose, pay, told or ticket.

    ``choices`` are the tariffs; ``persons`` is how many, ``fewer`` and ``more``: they may change.
    """

    persons: str = ""
    fewer: bool = False
    more: bool = False


def build_ticket(context: Context, argument: str) -> TopupFrame:
    """Give the screen of the entry whose code is ``argument``, or of the order under way."""
    wallet, products = context.wallet, context.territory.products.products
    progress = wallet.progress if wallet.sells_ticket else None
    order = None if progress is None else progress.row.ticket_order
    code = order.product if order is not None else int(argument) if argument.isdigit() else 0
    product = products.get(code)
    if product is None or product.kind != "entry":
        return _nothing(context)
    if progress is None or order is None:
        frame: TopupFrame = _choose(context, product, basket_of(context, product))
    elif progress.stage is Stage.DONE:
        frame = _ticket(context, product, progress, order)
    elif progress.stage is Stage.PAY:
        frame = _pay(context, progress)
    else:
        frame = _told(context, progress)
    title = text_in(product.title, context.words.language)[0]
    subtitle = context.words("Sans carte") if order is None else what_of(context, product, order)
    return replace(frame, title=title, subtitle=subtitle, simulated=wallet.simulated)


def basket_of(context: Context, product: Product) -> Basket:
    """Give what is chosen of an entry, one at the full price at first."""
    basket = context.wallet.basket
    chosen = basket is not None and basket.product == product.code
    return basket if basket is not None and chosen else Basket(product=product.code)


def _choose(context: Context, product: Product, basket: Basket) -> TicketFrame:
    words, wallet = context.words, context.wallet
    total = price_of(product, basket.tariff, basket.persons)
    said = in_words(total, words.language)
    persons = words.n("{n} personne", "{n} personnes", basket.persons)
    wrong = sentence(words, wallet.closed or wallet.problem)
    lasts = lasting(words, order_of(product, basket.tariff, basket.persons, today(context)))
    closed = wallet.closed != ""
    return TicketFrame(
        title="",
        age=unmarked(context),
        part="choose",
        does=CANCEL if closed else PAY,
        steps=step_marks(words, 1, STEPS),
        headline=words("Pour combien de personnes\u00a0?"),
        sum_text=words.money(total),
        sum_words=said,
        choices=_tariffs(words, product, basket),
        persons=persons,
        fewer=basket.persons > 1,
        more=basket.persons < PERSONS_MAX,
        limits=lasts,
        waiting=words("Un instant…") if wallet.busy else "",
        banner=Banner(text=wrong, glyph="alert-triangle"),
        action=cancel_action(words)
        if closed
        else Action(
            title=words("Payer {sum}", sum=words.money(total)),
            detail=words(means_of(context).by),
            glyph="coin-euro",
        ),
        spoken=(
            words("Entrée sans carte."),
            *(f"{one.label}, {one.detail}." for one in _tariffs(words, product, basket)),
            f"{persons}, {said}.",
            lasts,
        ),
    )


def _tariffs(words: Words, product: Product, basket: Basket) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            key=tariff,
            label=words(TARIFFS.get(tariff, tariff)),
            detail=words.money(price),
            chosen=tariff == basket.tariff,
            usable=True,
        )
        for tariff, price in product.prices.items()
    )


def lasting(words: Words, order: TicketOrder) -> str:
    """Say on which days a ticket is good."""
    if order.first_day == order.last_day:
        return words("Valable ce jour seulement, {day}.", day=words.day(order.first_day))
    return words("Valable jusqu’au {day}.", day=words.day(order.last_day))


def _pay(context: Context, progress: Progress) -> TopupFrame:
    words, means = context.words, means_of(context, progress)
    lines = tuple(words(step) for step in (*means.steps, means.ticket))
    return order_pay_frame(context, progress, STEPS, lines)


def _told(context: Context, progress: Progress) -> TopupFrame:
    """Tell how the order stands, or how it ended without a ticket."""
    words, stage = context.words, progress.stage
    again = stage is Stage.CANCELED
    frame = TopupFrame(
        title="",
        age=unmarked(context),
        part="told",
        does=AGAIN if again else END,
        steps=step_marks(words, 3 if stage in {Stage.CARD, Stage.CONFIRMING} else 2, STEPS),
        sum_text=words.money(progress.row.amount),
        sum_words=in_words(progress.row.amount, words.language),
        action=Action(title=words("Recommencer"), detail=words("Choisir"), glyph="arrow-left")
        if again
        else leave_action(context),
    )
    declined = again and progress.message_key == PaymentDeclined.message_key
    telling = DECLINED if declined else ORDER_TELLINGS[stage]
    return told(words, frame, telling, number=progress.row.id)


def _ticket(
    context: Context, product: Product, progress: Progress, order: TicketOrder
) -> TopupFrame:
    """Show the ticket: its code, what it is for, and what to do with it."""
    words, given = context.words, context.wallet.given
    waiting = "" if given is None else _printing(context, given)
    what, lasts = what_of(context, product, order), lasting(words, order)
    number = words("Écriture n°\u00a0{number}", number=progress.row.entry)
    frame = TicketFrame(
        title="",
        age=unmarked(context),
        part="ticket",
        does=END,
        steps=step_marks(words, 4, STEPS),
        qr=code_of(matrix_of(order.ticket)),
        lines=(text_in(product.title, words.language)[0], what, lasts, number),
        waiting=waiting,
        wish=context.wallet.receipt if given is not None else "",
        action=leave_action(context),
        spoken=(words("Payé. Voici votre billet."), f"{what}.", lasts, waiting),
    )
    return told(words, frame, ORDER_TELLINGS[Stage.DONE])


def _printing(context: Context, given: Given) -> str:
    """Tell how the print stands; without one the ticket is on the screen all the same."""
    words = context.words
    if given.printed:
        again = given.copies > 1
        return words("Prenez votre duplicata.") if again else words("Prenez votre billet.")
    if given.problem == PaperOut.message_key:
        return words("Il n’y a plus de papier. Photographiez le billet.")
    if given.problem == PrinterUnavailable.message_key and context.wallet.printer:
        return words("L’imprimante ne répond pas. Photographiez le billet.")
    return receipt_told(context, given)


def what_of(context: Context, product: Product, order: TicketOrder) -> str:
    """Give « 2 personnes, plein tarif »."""
    words = context.words
    tariff = words(TARIFFS.get(order.tariff, order.tariff))
    persons = words.n("{n} personne", "{n} personnes", order.persons)
    return f"{persons}, {tariff.lower()}" if len(product.prices) > 1 else persons


def _nothing(context: Context) -> TopupFrame:
    words = context.words
    missing = sentence(words, "product.unknown")
    frame = TopupFrame(
        title=words("Entrée sans carte"),
        age=unmarked(context),
        part="told",
        does=END,
        action=leave_action(context),
    )
    return replace(frame, headline=missing, glyph="question-mark", tone="warn", spoken=(missing,))
