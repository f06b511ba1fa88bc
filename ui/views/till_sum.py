"""Typing sums and numbers at the till: one field after the other, in figures and in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kiosk.domain.money import Money
from ui import till as asked
from ui.context import Context
from ui.sentences import sentence
from ui.views.card import card_name
from ui.views.frame import Action, Banner, Frame, no_age
from ui.views.till import spelled
from ui.wallet import ERASE
from ui.words import N_

_SUM = re.compile(r"|[1-9]\d{0,3}(,\d{0,2})?|0(,\d{0,2})?")
_NUMBER = re.compile(r"\d{0,9}")
WITH_A_CARD = frozenset({asked.CASH, asked.CHEQUE, asked.REFUND})
ZERO_GOES = frozenset({asked.OPEN, asked.HANDOVER, asked.COUNT, asked.CHECK})


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing to be typed: a sum, or a ``number``."""

    label: str
    number: bool = False


_COUNTED = (Field(label=N_("Espèces comptées")), Field(label=N_("Chèques comptés")))
FIELDS: Mapping[str, tuple[Field, ...]] = {
    asked.OPEN: (Field(label=N_("Fonds de caisse compté")),),
    asked.CASH: (Field(label=N_("Somme à recharger")), Field(label=N_("Espèces reçues"))),
    asked.CHEQUE: (Field(label=N_("Montant du chèque")),),
    asked.REFUND: (Field(label=N_("Somme à rembourser")),),
    asked.HANDOVER: _COUNTED,
    asked.COUNT: _COUNTED,
    asked.CHECK: _COUNTED,
    asked.DEPOSIT: (
        Field(label=N_("Espèces à déposer")),
        Field(label=N_("Numéro du sac"), number=True),
    ),
    asked.SLIP: (Field(label=N_("Numéro du bordereau"), number=True),),
    asked.REVERSE: (Field(label=N_("Numéro du reçu à contre-passer"), number=True),),
}
TITLES: Mapping[str, str] = {
    asked.OPEN: N_("Ouvrir la caisse"),
    asked.CASH: N_("Recharger en espèces"),
    asked.CHEQUE: N_("Recharger par chèque"),
    asked.REFUND: N_("Rembourser une somme"),
    asked.HANDOVER: N_("Passer la caisse"),
    asked.COUNT: N_("Compter et fermer"),
    asked.CHECK: N_("Contrôle inopiné"),
    asked.DEPOSIT: N_("Dégagement d’espèces"),
    asked.SLIP: N_("Remise de chèques"),
    asked.REVERSE: N_("Contre-passer un reçu"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TillSumFrame(Frame):
    """The form: ``before`` are the fields already typed, ``change`` what is due; ``comma``: a sum.

    ``ready``: the field says something that may be taken.
    """

    headline: str = ""
    figure: str = ""
    said: str = ""
    before: str = ""
    change: str = ""
    comma: bool = True
    ready: bool = False


def build_till_sum(context: Context, purpose: str, typed: Sequence[str] = ("",)) -> TillSumFrame:
    """Give the form after what was ``typed``, its last entry being the field under way."""
    words, fields = context.words, FIELDS.get(purpose, FIELDS[asked.OPEN])
    place = min(len(typed), len(fields)) - 1
    field, draft = fields[place], typed[place]
    card = purpose not in WITH_A_CARD or context.wallet.reading is not None
    change = _change(context, purpose, typed)
    ready = card and _ready(purpose, field, draft) and not change.startswith("-")
    headline = words(field.label) if card else words("Posez la carte de la personne")
    figure = draft if field.number else words.typed(draft)
    said = "" if field.number else spelled(context, Money(value_of(draft)))
    told = _change_text(context, change)
    return TillSumFrame(
        title=words(TITLES.get(purpose, TITLES[asked.OPEN])),
        subtitle=card_name(context, context.wallet)
        if purpose in WITH_A_CARD and context.wallet.last_four
        else words("Caisse"),
        age=no_age(),
        headline=headline,
        figure=figure,
        said=said,
        before="\n".join(_typed_before(context, fields[:place], typed)),
        change=told,
        comma=not field.number,
        ready=ready,
        banner=Banner(text=sentence(words, context.till.problem), glyph="alert-triangle"),
        action=_action(context, ready=ready, last=place == len(fields) - 1),
        spoken=(f"{headline}.", said, told, sentence(words, context.till.problem)),
    )


def pressed(field: Field, draft: str, key: str) -> str:
    """Give a draft after a key of the pad; keys that don't fit change nothing."""
    after = draft[:-1] if key == ERASE else draft + key
    if not field.number and after == "00":
        after = "0"
    pattern = _NUMBER if field.number else _SUM
    return after if pattern.fullmatch(after) else draft


def value_of(draft: str) -> int:
    """Give what a sum's draft says, in cents; 0 for an empty one."""
    euros, _, cents = draft.partition(",")
    return int(euros or "0") * 100 + int(cents.ljust(2, "0") or "0")


def values_of(purpose: str, typed: Sequence[str]) -> tuple[int, ...]:
    """Give what was typed: cents of the sums, numbers as they are."""
    pairs = zip(FIELDS[purpose], typed, strict=True)
    return tuple(int(draft or "0") if field.number else value_of(draft) for field, draft in pairs)


def _ready(purpose: str, field: Field, draft: str) -> bool:
    if field.number:
        return bool(draft.strip("0"))
    return bool(draft) and (value_of(draft) > 0 or purpose in ZERO_GOES)


def _change(context: Context, purpose: str, typed: Sequence[str]) -> str:
    """Give what is due to the citizen, with a minus while too little was given."""
    if purpose != asked.CASH or len(typed) < 2 or not typed[1]:
        return ""
    due = value_of(typed[1]) - value_of(typed[0])
    money = context.words.money(Money(abs(due)))
    said = spelled(context, Money(abs(due)))
    return f"{'-' if due < 0 else ''}{money} ({said})"


def _change_text(context: Context, change: str) -> str:
    words = context.words
    if not change:
        return ""
    if change.startswith("-"):
        return words("Il manque {sum}.", sum=change[1:])
    return words("À rendre\u00a0: {sum}.", sum=change)


def _typed_before(context: Context, fields: Sequence[Field], typed: Sequence[str]) -> list[str]:
    words, lines = context.words, list[str]()
    for field, draft in zip(fields, typed, strict=False):
        told = draft if field.number else words.money(Money(value_of(draft)))
        lines.append(words("{name}\u00a0: {value}", name=words(field.label), value=told))
    return lines


def _action(context: Context, *, ready: bool, last: bool) -> Action:
    words = context.words
    if not ready:
        return Action(title=words("Annuler"), glyph="x", honey=False)
    if last:
        return Action(title=words("Valider"), glyph="check")
    return Action(title=words("Suivant"), glyph="arrow-right")
