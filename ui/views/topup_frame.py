"""The frame that all stages of a top-up share, and the words that tell each stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from kiosk.domain.amounts import in_words
from kiosk.domain.freshness import State
from kiosk.domain.money import Money
from kiosk.usecases.reload_progress import Progress, Stage
from ui.context import Context
from ui.views.card import card_name, figure
from ui.views.frame import Action, Age, no_age
from ui.views.telling import Telling, ToldFrame
from ui.words import N_, Words

CANCEL, AGAIN, PAY, END = "cancel", "again", "pay", "end"  # what the main action does
TYPE, REDEEM = "type", "redeem"  # and with an offline code


@dataclass(frozen=True, slots=True, kw_only=True)
class StepMark:
    """One of the three steps: ``phase`` done, now or next."""

    number: int
    label: str
    phase: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A sum or a tariff to choose; ``key`` is what choosing it tells, ``detail`` a line below."""

    key: str
    label: str
    chosen: bool
    usable: bool
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopupFrame(ToldFrame):
    """The top-up's screen; ``part`` names what is shown: amount, pay, code, told or receipt.

    ``does`` is what the main action does; ``qr`` is the code of ``image://qr/…``, ``host`` and
    ``code`` what it leads to; ``wish`` how the receipt is wished.
    """

    part: str = "amount"
    does: str = ""
    steps: tuple[StepMark, ...] = ()
    sum_text: str = ""
    sum_words: str = ""
    choices: tuple[Choice, ...] = ()
    pad: bool = False
    limits: str = ""
    qr: str = ""
    host: str = ""
    code: str = ""
    waiting: str = ""
    lines: tuple[str, ...] = ()
    wish: str = ""


TELLINGS: Mapping[Stage, Telling] = {
    Stage.CARD: Telling(
        headline=N_("Paiement accepté. Posez la carte."),
        detail=N_("La somme y est écrite, puis le paiement est pris."),
        glyph="nfc",
    ),
    Stage.PAID: Telling(
        headline=N_("C’est payé. Posez la carte."),
        detail=N_("La somme y sera écrite, maintenant ou à votre prochain passage."),
        glyph="nfc",
    ),
    Stage.CARD_AGAIN: Telling(
        headline=N_("Reposez la même carte."),
        detail=N_("Elle a été retirée trop tôt. Rien n’est perdu\u00a0: nous vérifions."),
        glyph="hand-stop",
        tone="warn",
    ),
    Stage.CONFIRMING: Telling(
        headline=N_("Accepté, à confirmer."),
        detail=N_("La somme est sur la carte. La banque doit encore confirmer."),
        glyph="hourglass",
        tone="warn",
    ),
    Stage.DONE: Telling(
        headline=N_("C’est fait."),
        detail=N_("La somme est sur la carte. Voulez-vous un reçu\u00a0?"),
        glyph="circle-check",
        tone="good",
    ),
    Stage.LEAVING: Telling(
        headline=N_("Annulation en cours."),
        detail=N_("Un instant\u00a0: nous prévenons la banque."),
        glyph="hourglass",
        tone="warn",
    ),
    Stage.CANCELED: Telling(
        headline=N_("C’est annulé. Rien n’est débité."),
        detail=N_("Votre carte n’a pas changé."),
        glyph="x",
    ),
    Stage.REFUND: Telling(
        headline=N_("Vous serez remboursé."),
        detail=N_("Le paiement était déjà passé. La somme revient sur votre compte."),
        glyph="cash",
        tone="warn",
    ),
    Stage.STAFF: Telling(
        headline=N_("Un agent doit regarder."),
        detail=N_("Allez à l’accueil avec votre carte et ce numéro\u00a0: {number}."),
        glyph="user-question",
        tone="bad",
    ),
}
CODE_PAID = Telling(
    headline=N_("Code accepté. Posez la carte."),
    detail=N_("La somme y est écrite. C’est déjà payé\u00a0: rien d’autre n’est pris."),
    glyph="nfc",
)
DECLINED = Telling(
    headline=N_("Le paiement a été refusé."),
    detail=N_("Rien n’est débité. Votre carte n’a pas changé."),
    glyph="x",
    tone="warn",
)
LATER = Telling(
    headline=N_("Votre recharge vous attend."),
    detail=N_("Posez cette carte ici un autre jour, ou allez à l’accueil\u00a0: rien n’est perdu."),
    glyph="clock-pause",
    tone="warn",
)


GIVEN_UP = frozenset({Stage.LEAVING, Stage.CANCELED, Stage.REFUND})  # the card keeps its balance


def framed(context: Context, frame: TopupFrame) -> TopupFrame:
    """Give the frame what every stage shares: title, the card's name, the demo's mark."""
    words, wallet = context.words, context.wallet
    name = card_name(context, wallet) if wallet.last_four else ""
    if wallet.reading is not None:
        balance = figure(context, wallet.reading.face.balance, masked=wallet.masked)
        name = words("{card}, solde {balance}", card=name, balance=balance)
    return replace(
        frame, title=words("Recharger ma carte"), subtitle=name, simulated=wallet.simulated
    )


def with_sum(context: Context, frame: TopupFrame, progress: Progress) -> TopupFrame:
    """Add the sum in figures and in words; the new balance where there is or will be one."""
    amount, before = progress.row.amount, progress.row.balance_before
    told_balance = context.wallet.reading is not None and progress.stage not in GIVEN_UP
    said = sum_in_words(context, amount, before if told_balance else None)
    return replace(frame, sum_text=context.words.money(amount), sum_words=said)


def told(words: Words, frame: TopupFrame, telling: Telling, *, number: str = "") -> TopupFrame:
    """Add the words that tell the stage, and say them when nothing else is said."""
    headline, detail = words(telling.headline), words(telling.detail, number=number)
    return replace(
        frame,
        headline=headline,
        detail=detail,
        glyph=telling.glyph,
        tone=telling.tone,
        spoken=frame.spoken or (headline, detail),
    )


def sum_in_words(context: Context, sum_: Money | None, balance: Money | None) -> str:
    """Give « vingt euros, nouveau solde : 32,40 € »; without a balance, the words alone."""
    if sum_ is None:
        return ""
    said = in_words(sum_, context.words.language)
    if balance is None:
        return said
    new = figure(context, balance + sum_, masked=context.wallet.masked)
    return context.words("{sum}, nouveau solde\u00a0: {balance}", sum=said, balance=new)


def step_marks(
    words: Words, now: int, labels: tuple[str, ...] = (N_("Montant"), N_("Paiement"), N_("Carte"))
) -> tuple[StepMark, ...]:
    """Give the three steps with ``now`` (1 to 3; 4: all done) under way."""
    return tuple(
        StepMark(
            number=number,
            label=words(label),
            phase="done" if number < now else "now" if number == now else "next",
        )
        for number, label in enumerate(labels, 1)
    )


def clock_until(context: Context, until: datetime) -> Age:
    """Give the visible clock: minutes and seconds left."""
    left = max(int((until - context.clock.now()).total_seconds()), 0)
    return replace(
        unmarked(context),
        label=context.words("temps restant"),
        text=f"{left // 60}:{left % 60:02d}",
        glyph="clock",
        state=State.LIVE,
    )


def unmarked(context: Context) -> Age:
    """Give the age of a stage without a clock; the demo's mark is always there."""
    return replace(no_age(), demo=context.wallet.simulated)


def cancel_action(words: Words) -> Action:
    """Give the action that leaves without paying."""
    return Action(title=words("Annuler"), detail=words("Rien n’est débité"), glyph="x", honey=False)
