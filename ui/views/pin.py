"""Typing digits: a member of staff's code, the holder's, or the number of a card to be blocked."""

from __future__ import annotations

from dataclasses import dataclass

from ui.context import Context
from ui.sentences import sentence
from ui.views.card import HOLDER, card_name
from ui.views.frame import Action, Banner, Frame, no_age

STAFF, BLOCK, LOST, SECOND = "staff", "block", "lost", "second"
NUMBERS = frozenset({BLOCK, LOST})  # what is typed is no secret
PIN_MIN, PIN_MAX, NUMBER_LEN = 4, 12, 8
FULL, EMPTY = "●", "○"


@dataclass(frozen=True, slots=True, kw_only=True)
class PinFrame(Frame):
    """The screen of a code: of a code only the count is ever shown, of a number its digits."""

    headline: str = ""
    dots: str = ""
    ready: bool = False


def build_pin(context: Context, purpose: str, typed: str = "") -> PinFrame:
    """Give the screen after the digits ``typed``.

    ``purpose`` is STAFF, SECOND (who joins a member of staff), HOLDER, BLOCK or LOST.
    """
    words, wallet = context.words, context.wallet
    headline = {
        STAFF: words("Tapez votre code d’agent"),
        SECOND: words("La seconde personne pose son badge et tape son code"),
        BLOCK: words("Tapez les huit chiffres de la carte perdue"),
        LOST: words("Tapez les huit chiffres de la carte perdue"),
    }.get(purpose, words("Tapez le code de la carte"))
    ready = len(typed) == NUMBER_LEN if purpose in NUMBERS else len(typed) >= PIN_MIN
    wrong = _wrong(context, purpose)
    return PinFrame(
        title=words("Mon compte") if purpose == HOLDER else words("Guichet"),
        subtitle=card_name(context, wallet) if wallet.last_four and purpose == HOLDER else "",
        age=no_age(),
        headline=headline,
        dots=_shown(typed, purpose),
        ready=ready,
        banner=Banner(text=wrong, glyph="alert-triangle"),
        action=Action(title=words("Valider"), glyph="check")
        if ready
        else Action(title=words("Annuler"), glyph="x", honey=False),
        private=True,
        spoken=(
            headline + ".",
            words.n("{n} chiffre tapé.", "{n} chiffres tapés.", len(typed)),
            wrong,
        ),
    )


def _wrong(context: Context, purpose: str) -> str:
    words = context.words
    known = context.till if purpose == SECOND else context.identity
    left = words.n("Il reste {n} essai.", "Il reste {n} essais.", known.left or 0)
    told = (sentence(words, known.problem), left if known.left is not None else "")
    return " ".join(filter(None, told))


def _shown(typed: str, purpose: str) -> str:
    if purpose not in NUMBERS:
        return FULL * len(typed) + EMPTY * max(PIN_MIN - len(typed), 0)
    padded = typed.ljust(NUMBER_LEN, EMPTY)
    return f"{padded[:4]} {padded[4:]}"
