"""The top-up: choose a sum, pay it, lay the card, take the receipt. One frame a stage.

What is shown follows ``wallet.progress`` alone; without one, a sum is being chosen. "Accepted, to
be confirmed" is never called "paid" (UX.md, principle 5).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

from kiosk.domain.amounts import in_words
from kiosk.domain.counter_code import entry_code, grouped, load_code
from kiosk.domain.errors import (
    CardPulled,
    PaymentDeclined,
    PaymentUnavailable,
    PaymentUnknown,
)
from kiosk.domain.money import Money
from kiosk.domain.payment import CARD_MAX, PaymentView
from kiosk.domain.reload_code import BY_CODE
from kiosk.usecases.read_card import CardReading
from kiosk.usecases.reload_progress import Progress, Stage
from ui.context import Context
from ui.qr import code_of, matrix_of
from ui.sentences import sentence
from ui.views.card import card_age, leave_action
from ui.views.frame import Action, Banner, Row
from ui.views.topup_code import awaited_row, build_code, offline_row
from ui.views.topup_frame import (
    AGAIN,
    CANCEL,
    CODE_PAID,
    DECLINED,
    END,
    LATER,
    PAY,
    TELLINGS,
    Choice,
    TopupFrame,
    cancel_action,
    clock_until,
    framed,
    step_marks,
    sum_in_words,
    told,
    unmarked,
    with_sum,
)
from ui.views.topup_means import means_of
from ui.wallet import Given, draft_of, sum_of

AGAIN_MAX = timedelta(seconds=20)  # CARD.md: the same card is asked for this long, then later
OTHER_SUM = "other"
COUNTER = "counter"
_TOLD_BY_STAGE = {CardPulled.message_key, PaymentDeclined.message_key, PaymentUnknown.message_key}
_REVOCABLE = frozenset({Stage.PAY, Stage.CARD})


def build_topup(context: Context, _argument: str = "") -> TopupFrame:
    """Give the top-up's screen from the wallet."""
    progress, reading = context.wallet.progress, context.wallet.reading
    if context.wallet.code is not None:
        return framed(context, build_code(context, context.wallet.code))
    if progress is not None:
        frame = _PARTS.get(progress.stage, _ended)(context, progress)
        return framed(context, with_sum(context, frame, progress))
    return framed(context, _without_card(context) if reading is None else _amount(context, reading))


def _without_card(context: Context) -> TopupFrame:
    """Ask for the card: a sum's limits are those of its balance."""
    words = context.words
    headline = sentence(words, context.wallet.problem) or words("Posez votre carte")
    return TopupFrame(
        title="",
        age=unmarked(context),
        part="told",
        does=CANCEL,
        steps=step_marks(words, 1),
        headline=headline,
        detail=words("Sur le lecteur, sous l’écran, pour choisir le montant."),
        glyph="nfc",
        action=cancel_action(words),
        spoken=(headline,),
    )


def _amount(context: Context, reading: CardReading) -> TopupFrame:
    words, wallet = context.words, context.wallet
    sum_ = None if wallet.closed or reading.refusal else wallet.amount
    choices = _choices(context, reading)
    limits = _limits(context, reading)
    said = sum_in_words(context, sum_, reading.face.balance)
    choose = words("Choisissez le montant de la recharge.")
    return TopupFrame(
        title="",
        age=card_age(context, wallet),
        part="amount",
        does=PAY if sum_ else CANCEL,
        steps=step_marks(words, 1),
        headline=choose,
        sum_text=_typed_figure(context),
        sum_words=said,
        choices=choices,
        pad=wallet.pad,
        limits=limits,
        waiting=words("Un instant…") if wallet.busy else "",
        banner=Banner(text=sentence(words, _wrong(context)), glyph="alert-triangle"),
        rows=() if wallet.awaited is None else (awaited_row(context, wallet.awaited),),
        action=_pay_action(context, sum_) if sum_ else cancel_action(words),
        private=True,
        spoken=(choose, *(f"{one.label}." for one in choices if one.usable), limits, said),
    )


def _wrong(context: Context) -> str:
    """Give the message key of what keeps the citizen from paying."""
    wallet = context.wallet
    typed = sum_of(wallet.draft)
    return wallet.closed or wallet.problem or ("" if typed is None else wallet.refusal(typed))


def _pay_action(context: Context, sum_: Money) -> Action:
    words = context.words
    return Action(
        title=words("Payer {sum}", sum=words.money(sum_)),
        detail=words(means_of(context).by),
        glyph="coin-euro",
    )


def _limits(context: Context, reading: CardReading) -> str:
    words, limits = context.words, context.wallet.limits
    return words(
        "De {least} à {most}. La carte contient au plus {ceiling}.",
        least=words.money(limits.least),
        most=words.money(reading.room),
        ceiling=words.money(limits.ceiling),
    )


def _typed_figure(context: Context) -> str:
    """Give the chosen sum, or what is being typed as it is typed."""
    wallet = context.wallet
    if wallet.pad:
        return context.words.typed(wallet.draft)
    sum_ = sum_of(wallet.draft)
    return context.words.money(sum_) if sum_ else ""


def _choices(context: Context, reading: CardReading) -> tuple[Choice, ...]:
    """Give the proposed sums, those that don't fit unusable, and the free one."""
    wallet = context.wallet
    proposed = (
        Choice(
            key=str(sum_.cents),
            label=context.words.money(sum_),
            chosen=not wallet.pad and wallet.draft == draft_of(sum_),
            usable=sum_ <= reading.room,
        )
        for sum_ in wallet.limits.proposed
    )
    other = context.words("Autre montant")
    return (*proposed, Choice(key=OTHER_SUM, label=other, chosen=wallet.pad, usable=True))


def pay_frame(context: Context, progress: Progress) -> TopupFrame:
    """Pay: with the phone (QR, its address in clear, its code) or on the terminal; other ways."""
    words, payment = context.words, progress.payment
    means, (host, code) = means_of(context, progress), _address(payment)
    scanned = means.glyph == ""
    waiting = words("En attente du paiement") if payment else words("Un instant…")
    spoken_sum = in_words(progress.row.amount, words.language)
    return TopupFrame(
        title="",
        age=clock_until(context, progress.pay_until),
        part="pay",
        does=CANCEL,
        steps=step_marks(words, 2),
        headline=words(means.headline),
        footnote=words(means.note) if means.note else "",
        glyph=means.glyph,
        lines=tuple(words(step) for step in (*means.steps, means.card)),
        qr=code_of(matrix_of(payment.url)) if scanned and payment and payment.url else "",
        host=host if scanned else "",
        code=code if scanned else "",
        waiting=waiting,
        banner=problem_of(context, progress),
        rows=_other_ways(context, progress),
        action=cancel_action(words),
        spoken=(
            words(means.spoken, sum=spoken_sum),
            words("Adresse\u00a0: {host}. Code\u00a0: {code}.", host=host, code=code)
            if scanned
            else words(means.note),
            waiting + ".",
        ),
    )


def order_pay_frame(
    context: Context, progress: Progress, steps: tuple[str, ...], lines: tuple[str, ...]
) -> TopupFrame:
    """Pay an order without a card as a top-up is paid: its own steps and lines, its sum above."""
    words, amount = context.words, progress.row.amount
    return replace(
        pay_frame(context, progress),
        steps=step_marks(words, 2, steps),
        lines=lines,
        sum_text=words.money(amount),
        sum_words=in_words(amount, words.language),
    )


def _address(payment: PaymentView | None) -> tuple[str, str]:
    """Give the payment page's domain, in clear, and the short code."""
    if payment is None:
        return "", ""
    return urlsplit(payment.url).hostname or "", payment.code


def _other_ways(context: Context, progress: Progress) -> tuple[Row, ...]:
    """Give the ways to pay beside the phone; only those that exist here."""
    words, code = context.words, counter_code(context, progress)
    asked = context.wallet.counter and code != ""
    heading = words("Payer au guichet")
    detail = words("En espèces\u00a0: un code vous est donné")
    if asked:
        sum_ = words.money(progress.row.amount)
        heading = words("Code du guichet\u00a0: {code}", code=grouped(code))
        detail = words("Donnez ce code à l’accueil, et {sum} en espèces.", sum=sum_)
    if progress.row.bill is not None:
        detail = words("En espèces\u00a0: montrez la facture à l’accueil")
    cut = progress.payment is None and progress.message_key == PaymentUnavailable.message_key
    offline = cut and context.wallet.codes and progress.row.order is None
    return (
        *((offline_row(context),) if offline else ()),
        Row(
            key=COUNTER,
            glyph="coin-euro",
            family="live",
            heading=heading,
            detail=detail,
            route="" if asked or not code else COUNTER,
            demo=context.wallet.simulated,
        ),
    )


def counter_code(context: Context, progress: Progress) -> str:
    """Give the code that names the order at the counter, "" for one that no code can say."""
    row, order = progress.row, progress.row.ticket_order
    if row.bill is not None:
        return ""
    if order is None:
        return load_code(row.amount, context.wallet.last_four)
    product = context.territory.products.products.get(order.product)
    return "" if product is None else entry_code(product, order.tariff, order.persons)


def _card(context: Context, progress: Progress) -> TopupFrame:
    """Ask for the card; a torn or paid one for a while, then tell that it may come back later."""
    words, stage = context.words, progress.stage
    revocable = stage in _REVOCABLE
    until = progress.row.changed_at + (AGAIN_MAX if stage is Stage.CARD_AGAIN else CARD_MAX)
    late = not revocable and context.clock.now() >= until
    frame = TopupFrame(
        title="",
        age=unmarked(context) if late else clock_until(context, until),
        part="told",
        does=CANCEL if revocable else END,
        steps=step_marks(words, 3),
        banner=problem_of(context, progress),
        action=cancel_action(words) if revocable else leave_action(context),
    )
    telling = LATER if late else TELLINGS[stage]
    if progress.row.provider == BY_CODE and not late and not progress.message_key:
        telling = CODE_PAID  # it was never laid: nothing was torn
    return told(words, frame, telling)


def _ended(context: Context, progress: Progress) -> TopupFrame:
    """Tell how a top-up ended without a receipt, or that it is about to end."""
    words, stage = context.words, progress.stage
    again = stage is Stage.CANCELED
    frame = TopupFrame(
        title="",
        age=unmarked(context),
        part="told",
        does=AGAIN if again else END,
        steps=step_marks(words, 3 if stage is Stage.CONFIRMING else 2),
        banner=problem_of(context, progress),
        action=_again_action(context) if again else leave_action(context),
    )
    declined = again and progress.message_key == PaymentDeclined.message_key
    telling = DECLINED if declined else TELLINGS[stage]
    return told(words, frame, telling, number=progress.row.id)


def _again_action(context: Context) -> Action:
    words = context.words
    return Action(
        title=words("Recommencer"), detail=words("Choisir un montant"), glyph="arrow-left"
    )


def _receipt(context: Context, progress: Progress) -> TopupFrame:
    """Tell that it is done, and ask how the receipt is wished; it stays asked."""
    words, wallet = context.words, context.wallet
    given = wallet.given
    carried = given if given is not None and wallet.receipt == "qr" else None
    loaded = in_words(progress.row.amount, words.language)
    waiting = "" if given is None else receipt_told(context, given)
    frame = TopupFrame(
        title="",
        age=unmarked(context),
        part="receipt",
        does=END,
        steps=step_marks(words, 4),
        qr=carried.qr if carried else "",
        lines=carried.lines if carried else (),
        wish=wallet.receipt if given is not None else "",
        waiting=waiting,
        action=leave_action(context),
        spoken=(
            words("C’est fait."),
            words("{sum} sur la carte.", sum=loaded),
            waiting or words("Un reçu\u00a0? Imprimé, sur le téléphone, ou rien."),
        ),
    )
    return told(words, frame, TELLINGS[Stage.DONE])


def receipt_told(context: Context, given: Given) -> str:
    """Tell how the receipt stands; "" where its code itself tells."""
    words, wallet = context.words, context.wallet
    if given.busy:
        return words("Un instant…")
    if given.problem and wallet.receipt == "print" and not wallet.printer:
        return words("Cette borne n’a pas d’imprimante.")
    if given.problem:
        return sentence(words, given.problem)
    if not given.printed:
        return ""
    return words("Prenez votre duplicata.") if given.copies > 1 else words("Prenez votre reçu.")


def problem_of(context: Context, progress: Progress) -> Banner:
    """Tell what is wrong beside the stage; what the stage itself tells isn't said twice."""
    key = context.wallet.problem or progress.message_key
    if key in _TOLD_BY_STAGE:
        key = ""
    return Banner(text=sentence(context.words, key), glyph="alert-triangle")


_PARTS: Mapping[Stage, Callable[[Context, Progress], TopupFrame]] = {
    Stage.PAY: pay_frame,
    Stage.CARD: _card,
    Stage.PAID: _card,
    Stage.CARD_AGAIN: _card,
    Stage.DONE: _receipt,
}
