"""Paying by an offline code: the request to scan, the pad for its answer, and how it ended."""

from __future__ import annotations

from kiosk.domain.amounts import in_words
from kiosk.domain.reload_code import CODE_LEN, grouped
from ui.context import Context
from ui.sentences import sentence
from ui.views.frame import Action, Banner, Row
from ui.views.moments import local
from ui.views.telling import Telling
from ui.views.topup_frame import (
    AGAIN,
    CANCEL,
    REDEEM,
    TYPE,
    TopupFrame,
    clock_until,
    step_marks,
    told,
    unmarked,
)
from ui.wallet import CodeWait
from ui.words import N_

OFFLINE, AWAITED = "offline", "awaited"  # what the two rows that lead here tell
_EMPTY = "·"  # a digit that isn't typed yet
PENDING = Telling(
    headline=N_("Code accepté, à confirmer."),
    detail=N_("La somme sera écrite sur la carte au retour du réseau\u00a0: reposez-la alors ici."),
    glyph="hourglass",
    tone="warn",
)
LATE = Telling(
    headline=N_("Le temps est écoulé."),
    detail=N_(
        "Si vous avez payé, rien n’est perdu\u00a0: le code reste valable, avec cette carte."
    ),
    glyph="clock-pause",
    tone="warn",
)
CLOSED = Telling(
    headline=N_("Ce code ne peut plus servir."),
    detail=N_("Si vous avez payé, rien n’est perdu\u00a0: allez à l’accueil avec votre carte."),
    glyph="hand-stop",
    tone="bad",
)
_ENDS = {"pending": PENDING, "late": LATE, "closed": CLOSED}


def offline_row(context: Context) -> Row:
    """Offer to pay with the phone's own network."""
    words = context.words
    return Row(
        key=OFFLINE,
        glyph="qrcode",
        family="live",
        heading=words("Avec votre téléphone, puis un code"),
        detail=words("sans le réseau de la borne\u00a0: votre téléphone paie et donne un code"),
        route=OFFLINE,
        demo=context.wallet.simulated,
    )


def awaited_row(context: Context, awaited: CodeWait) -> Row:
    """Offer to type the code that this card still awaits."""
    words = context.words
    return Row(
        key=AWAITED,
        glyph="qrcode",
        family="live",
        heading=words("J’ai déjà payé\u00a0: taper le code"),
        detail=words(
            "{sum}, code court {code}, valable jusqu’à {until}",
            sum=words.money(awaited.amount),
            code=awaited.short,
            until=words.clock(local(context, awaited.valid_until)),
        ),
        route=AWAITED,
        demo=context.wallet.simulated,
    )


def build_code(context: Context, code: CodeWait) -> TopupFrame:
    """Give the frame of a request under way."""
    if code.end:
        return _over(context, code)
    return _typed(context, code) if code.typing else _scanned(context, code)


def _scanned(context: Context, code: CodeWait) -> TopupFrame:
    words = context.words
    spoken_sum = in_words(code.amount, words.language)
    return TopupFrame(
        title="",
        age=clock_until(context, code.until),
        part="pay",
        does=TYPE,
        steps=step_marks(words, 2),
        headline=words("Payez avec le réseau de votre téléphone"),
        lines=(
            words("1. Scannez le code"),
            words("2. Comparez l’adresse, le montant et le code court"),
            words("3. Payez\u00a0: votre téléphone montre 12 chiffres"),
            words("4. Tapez-les ici"),
        ),
        qr=code.qr,
        host=code.host,
        code=code.short,
        sum_text=words.money(code.amount),
        sum_words=spoken_sum,
        action=Action(title=words("Taper le code"), detail=words("12 chiffres"), glyph="qrcode"),
        spoken=(
            words("La borne n’a pas de réseau. Votre téléphone peut payer {sum}.", sum=spoken_sum),
            words("Adresse\u00a0: {host}. Code\u00a0: {code}.", host=code.host, code=code.short),
            words("Tapez ensuite ici les 12 chiffres qu’il montre."),
        ),
    )


def _typed(context: Context, code: CodeWait) -> TopupFrame:
    words = context.words
    headline = words("Tapez les 12 chiffres de votre téléphone")
    left = words("Essais restants\u00a0: {left}", left=code.left)
    wrong = sentence(words, code.problem)
    return TopupFrame(
        title="",
        age=clock_until(context, code.until),
        part="code",
        does=REDEEM if code.ready else CANCEL,
        steps=step_marks(words, 2),
        headline=headline,
        sum_text=words.money(code.amount),
        sum_words=in_words(code.amount, words.language),
        code=grouped(code.digits.ljust(CODE_LEN, _EMPTY)),
        limits=left,
        waiting=words("Un instant…") if code.busy else "",
        banner=Banner(text=wrong, glyph="alert-triangle"),
        action=Action(
            title=words("Valider le code"), detail=grouped(code.digits), glyph="circle-check"
        )
        if code.ready
        else cancel_action_of_code(context),
        private=True,
        spoken=(*((wrong,) if wrong else ()), headline + ".", left + "."),
    )


def cancel_action_of_code(context: Context) -> Action:
    """Give the action that leaves the code for later: what was paid isn't given up."""
    words = context.words
    return Action(
        title=words("Annuler"),
        detail=words("Un code payé reste valable"),
        glyph="x",
        honey=False,
    )


def _over(context: Context, code: CodeWait) -> TopupFrame:
    words = context.words
    frame = TopupFrame(
        title="",
        age=unmarked(context),
        part="told",
        does=AGAIN,
        steps=step_marks(words, 3 if code.end == "pending" else 2),
        banner=Banner(text=sentence(words, code.problem), glyph="alert-triangle"),
        sum_text=words.money(code.amount),
        sum_words=in_words(code.amount, words.language),
        action=Action(
            title=words("Terminer"), detail=words("Revenir au montant"), glyph="arrow-left"
        ),
    )
    return told(words, frame, _ENDS[code.end])
