"""A bill: copy its reference and its sum, check both, pay, take the receipt.

What is shown follows ``wallet.progress``; without one, the bill is being copied
(``wallet.bill``). "Accepted, to be confirmed" is never called "paid" (UX.md, principle 5).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kiosk.domain.amounts import in_words
from kiosk.domain.bill import BILL_LEAST, BillOrder, Issuer, reference_of
from kiosk.domain.errors import (
    AmountRefused,
    BillBusy,
    BillPaid,
    BillUnknown,
    PaymentDeclined,
    ReferenceRefused,
)
from kiosk.domain.money import Money
from kiosk.usecases.reload_progress import Progress, Stage
from ui import till as asked
from ui.context import Context
from ui.sentences import sentence
from ui.views.bills import name_of
from ui.views.card import leave_action
from ui.views.frame import Action, Banner
from ui.views.telling import Telling
from ui.views.topup import order_pay_frame, problem_of, receipt_told
from ui.views.topup_frame import (
    AGAIN,
    CANCEL,
    END,
    PAY,
    TELLINGS,
    TopupFrame,
    cancel_action,
    step_marks,
    told,
    unmarked,
)
from ui.views.topup_means import means_of
from ui.wallet import BillDraft, sum_of
from ui.words import N_

STEPS = (N_("Facture"), N_("Paiement"), N_("Reçu"))
NEXT, CASH = "next", "cash"  # what the main action does, beside the top-up's own
REFERENCE, SUM, CHECK = "reference", "sum", "check"
GROUP = 4  # characters of a reference that stand together
_ACCEPTED = Telling(
    headline=N_("Paiement accepté."),
    detail=N_("Un instant\u00a0: votre facture est inscrite comme payée."),
    glyph="hourglass",
    tone="warn",
)
BILL_TELLINGS: Mapping[Stage, Telling] = {
    **TELLINGS,
    Stage.PAID: _ACCEPTED,
    Stage.CARD: _ACCEPTED,
    Stage.CONFIRMING: Telling(
        headline=N_("Accepté, à confirmer."),
        detail=N_("Votre reçu s’affiche dès que la banque a confirmé."),
        glyph="hourglass",
        tone="warn",
    ),
    Stage.CANCELED: Telling(
        headline=N_("C’est annulé. Rien n’est débité."),
        detail=N_("La facture reste à payer."),
        glyph="x",
    ),
    Stage.STAFF: Telling(
        headline=N_("Un agent doit regarder."),
        detail=N_("Allez à l’accueil avec la facture et ce numéro\u00a0: {number}."),
        glyph="user-question",
        tone="bad",
    ),
    Stage.DONE: Telling(
        headline=N_("Votre facture est payée."),
        detail=N_("Voulez-vous un reçu\u00a0?"),
        glyph="circle-check",
        tone="good",
    ),
}
DECLINED = Telling(
    headline=N_("Le paiement a été refusé."),
    detail=N_("Rien n’est débité. La facture reste à payer."),
    glyph="x",
    tone="warn",
)
REFUSALS: Mapping[str, Telling] = {
    PaymentDeclined.message_key: DECLINED,
    BillPaid.message_key: Telling(
        headline=N_("Cette facture est déjà payée."),
        detail=N_("Rien n’est débité. Vous n’avez rien d’autre à faire."),
        glyph="circle-check",
        tone="good",
    ),
    BillBusy.message_key: Telling(
        headline=N_("Cette facture est en cours de paiement."),
        detail=N_("Rien d’autre n’est débité. Réessayez plus tard, ou demandez à l’accueil."),
        glyph="hourglass",
        tone="warn",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BillFrame(TopupFrame):
    """The bill's screen; ``part`` is reference, sum, told, pay or receipt.

    ``typed`` is what is being typed, ``hint`` where it stands on the paper.
    """

    typed: str = ""
    hint: str = ""


def build_bill(context: Context, argument: str) -> TopupFrame:
    """Give the screen of a bill of the issuer ``argument``, or of the one being paid."""
    wallet, words = context.wallet, context.words
    progress = wallet.progress if wallet.pays_bill else None
    bill = None if progress is None else progress.row.bill
    issuer = context.territory.bills.issuers.get(bill.issuer if bill else argument)
    if progress is not None and bill is not None:
        frame = _paying(context, progress, bill)
    elif issuer is None:
        frame = _nothing(context)
    else:
        frame = _copied(context, issuer, draft_of(context, issuer.number))
    name = name_of(context, issuer) if issuer is not None else ""
    return replace(
        frame, title=words("Payer une facture"), subtitle=name, simulated=wallet.simulated
    )


def draft_of(context: Context, number: str) -> BillDraft:
    """Give what was copied so far of a bill of this issuer."""
    draft = context.wallet.bill
    return draft if draft is not None and draft.issuer == number else BillDraft(issuer=number)


def order_of(context: Context, draft: BillDraft) -> tuple[BillOrder, Money]:
    """Give what a draft asks for; raises BillUnknown, ReferenceRefused, AmountRefused."""
    amount = sum_of(draft.euros) or Money(0)
    return context.territory.bills.order(draft.issuer, draft.reference, amount), amount


def wrong_with(context: Context, draft: BillDraft) -> str:
    """Give the message key of why the draft's step can't be left, "" when it can."""
    try:
        if draft.step == REFERENCE:
            reference_of(draft.reference)
        else:
            order_of(context, draft)
    except (ReferenceRefused, AmountRefused, BillUnknown) as wrong:
        return wrong.message_key
    return ""


def grouped(reference: str) -> str:
    """Give a reference in groups, as one compares it with a paper."""
    parts = range(0, len(reference), GROUP)
    return "\u00a0".join(reference[start : start + GROUP] for start in parts)


def _copied(context: Context, issuer: Issuer, draft: BillDraft) -> TopupFrame:
    if context.wallet.problem in REFUSALS:
        return _refused(context, context.wallet.problem)
    if draft.step == REFERENCE:
        return _reference(context, draft)
    return _sum(context, issuer, draft) if draft.step == SUM else _check(context, issuer, draft)


def _reference(context: Context, draft: BillDraft) -> BillFrame:
    words = context.words
    ask = words("Tapez la référence de la facture")
    where = words("En haut de la facture, 6 à 30 lettres et chiffres. Les tirets ne comptent pas.")
    return BillFrame(
        title="",
        age=unmarked(context),
        part=REFERENCE,
        does=_does(context, draft),
        steps=step_marks(words, 1, STEPS),
        headline=ask,
        typed=draft.reference,
        hint=where,
        limits=where,
        banner=Banner(text=sentence(words, context.wallet.closed), glyph="alert-triangle"),
        action=_next_action(context, draft),
        spoken=(f"{ask}.", where),
    )


def _sum(context: Context, issuer: Issuer, draft: BillDraft) -> BillFrame:
    words, amount = context.words, sum_of(draft.euros)
    ask = words("Tapez le montant de la facture")
    limits = words(
        "De {least} à {most}, en une fois.",
        least=words.money(BILL_LEAST),
        most=words.money(issuer.most),
    )
    wrong = sentence(words, wrong_with(context, draft)) if amount else ""
    said = "" if amount is None or amount > issuer.most else in_words(amount, words.language)
    return BillFrame(
        title="",
        age=unmarked(context),
        part=SUM,
        does=_does(context, draft),
        steps=step_marks(words, 1, STEPS),
        headline=ask,
        sum_text=words.typed(draft.euros),
        sum_words=said,
        pad=True,
        limits=limits,
        banner=Banner(text=wrong, glyph="alert-triangle"),
        action=_next_action(context, draft),
        spoken=(f"{ask}.", limits, said, wrong),
    )


def _check(context: Context, issuer: Issuer, draft: BillDraft) -> TopupFrame:
    """Ask to compare with the paper once more, then to pay."""
    words, wallet = context.words, context.wallet
    bill, amount = order_of(context, draft)
    staff = context.identity.staff is not None and context.tills is not None
    pay = words("Encaisser {sum}", sum=words.money(amount)) if staff else ""
    frame = TopupFrame(
        title="",
        age=unmarked(context),
        part="told",
        does=CASH if staff else PAY,
        steps=step_marks(words, 1, STEPS),
        sum_text=words.money(amount),
        sum_words=in_words(amount, words.language),
        waiting=words("Un instant…") if wallet.busy else "",
        banner=Banner(
            text=sentence(words, wallet.closed or wallet.problem), glyph="alert-triangle"
        ),
        action=Action(
            title=pay or words("Payer {sum}", sum=words.money(amount)),
            detail=words("En espèces") if staff else words(means_of(context).by),
            glyph="coin-euro",
        ),
    )
    telling = Telling(
        headline=N_("Comparez avec votre facture."),
        detail=words(
            "{issuer}, référence {reference}.",
            issuer=name_of(context, issuer),
            reference=grouped(bill.reference),
        ),
        glyph="file-text",
    )
    checked = told(words, frame, telling)
    said = (checked.headline, checked.detail, f"{frame.sum_words}.")
    return replace(checked, spoken=said)


def case_of(context: Context, draft: BillDraft) -> str:
    """Give the till's case of a draft: ``<issuer>/<reference>/<cents>``."""
    bill, amount = order_of(context, draft)
    return f"{asked.BILL}/{bill.issuer}/{bill.reference}/{amount.cents}"


def _does(context: Context, draft: BillDraft) -> str:
    return CANCEL if context.wallet.closed or wrong_with(context, draft) else NEXT


def _next_action(context: Context, draft: BillDraft) -> Action:
    words = context.words
    if _does(context, draft) == CANCEL:
        return cancel_action(words)
    return Action(title=words("Suivant"), glyph="arrow-right")


def _paying(context: Context, progress: Progress, bill: BillOrder) -> TopupFrame:
    if progress.stage is Stage.DONE:
        return _receipt(context, progress, bill)
    if progress.stage is Stage.PAY:
        return _pay(context, progress, bill)
    if progress.stage is Stage.CANCELED and progress.message_key in REFUSALS:
        return _refused(context, progress.message_key)
    return _told(context, progress)


def _pay(context: Context, progress: Progress, bill: BillOrder) -> TopupFrame:
    words, means = context.words, means_of(context, progress)
    named = words("Facture {reference}", reference=grouped(bill.reference))
    lines = (named, *(words(step) for step in (*means.steps, means.bill)))
    return order_pay_frame(context, progress, STEPS, lines)


def _told(context: Context, progress: Progress) -> TopupFrame:
    """Tell how the payment stands, or how it ended without a receipt."""
    words, stage = context.words, progress.stage
    again = stage is Stage.CANCELED
    frame = TopupFrame(
        title="",
        age=unmarked(context),
        part="told",
        does=AGAIN if again else END,
        steps=step_marks(words, 2, STEPS),
        sum_text=words.money(progress.row.amount),
        sum_words=in_words(progress.row.amount, words.language),
        banner=problem_of(context, progress),
        action=_again_action(context) if again else leave_action(context),
    )
    return told(words, frame, BILL_TELLINGS[stage], number=progress.row.id)


def _refused(context: Context, key: str) -> TopupFrame:
    """Tell why nothing was taken."""
    frame = TopupFrame(
        title="",
        age=unmarked(context),
        part="told",
        does=AGAIN,
        steps=step_marks(context.words, 2, STEPS),
        action=_again_action(context),
    )
    return told(context.words, frame, REFUSALS[key])


def _again_action(context: Context) -> Action:
    words = context.words
    return Action(title=words("Recommencer"), detail=words("Une autre facture"), glyph="arrow-left")


def _receipt(context: Context, progress: Progress, bill: BillOrder) -> TopupFrame:
    """Tell that it is paid, and ask how the receipt is wished; it stays asked."""
    words, given = context.words, context.wallet.given
    carried = given if given is not None and context.wallet.receipt == "qr" else None
    waiting = "" if given is None else receipt_told(context, given)
    amount = progress.row.amount
    said = in_words(amount, words.language)
    reference = words("Facture {reference}", reference=grouped(bill.reference))
    frame = TopupFrame(
        title="",
        age=unmarked(context),
        part="receipt",
        does=END,
        steps=step_marks(words, 4, STEPS),
        sum_text=words.money(amount),
        sum_words=said,
        qr=carried.qr if carried else "",
        lines=carried.lines if carried else (),
        wish=context.wallet.receipt if given is not None else "",
        waiting=waiting,
        action=leave_action(context),
        spoken=(
            words("Votre facture est payée."),
            f"{reference}, {said}.",
            waiting or words("Un reçu\u00a0? Imprimé, sur le téléphone, ou rien."),
        ),
    )
    return told(words, frame, BILL_TELLINGS[Stage.DONE])


def _nothing(context: Context) -> TopupFrame:
    """Tell that nobody sends such bills."""
    telling = Telling(
        headline=N_("Cette facture ne se paie pas ici."),
        detail=N_("Demandez à l’accueil."),
        glyph="user-question",
        tone="warn",
    )
    frame = TopupFrame(
        title="",
        age=unmarked(context),
        part="told",
        does=CANCEL,
        action=cancel_action(context.words),
    )
    return told(context.words, frame, telling)
