"""Typing sums and numbers at the till: one field after the other, in figures and in words.

A form's argument is what it is for; a kiosk's code adds what it fills in (``form_of``)::

    cash/<sum as it is typed>/<the card's last four>
    entry/<product>/<tariff>/<persons>

and a bill that was copied from its paper::

    bill/<issuer>/<reference>/<cents>
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kiosk.domain.counter_code import CODE_DIGITS, EntryAsked, LoadAsked, four_of, grouped
from kiosk.domain.errors import AmountRefused, BillUnknown, ProductUnknown
from kiosk.domain.money import Money
from kiosk.domain.record import text_in
from kiosk.domain.ticket_order import order_of, price_of
from ui import till as asked
from ui.context import Context
from ui.sentences import staff_sentence
from ui.views.card import card_name
from ui.views.frame import Action, Banner, Frame, no_age
from ui.views.moments import today
from ui.views.ticket import what_of
from ui.views.till import spelled
from ui.wallet import ERASE, draft_of
from ui.words import N_

_SUM = re.compile(r"|[1-9]\d{0,3}(,\d{0,2})?|0(,\d{0,2})?")
_NUMBER = re.compile(r"\d*")
WITH_A_CARD = frozenset({asked.CASH, asked.CHEQUE, asked.REFUND})
ZERO_GOES = frozenset({asked.OPEN, asked.HANDOVER, asked.COUNT, asked.CHECK})


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing to be typed: a sum, or a ``number`` of at most ``digits``."""

    label: str
    number: bool = False
    digits: int = 9


_COUNTED = (Field(label=N_("Espèces comptées")), Field(label=N_("Chèques comptés")))
FIELDS: Mapping[str, tuple[Field, ...]] = {
    asked.OPEN: (Field(label=N_("Fonds de caisse compté")),),
    asked.CASH: (Field(label=N_("Somme à recharger")), Field(label=N_("Espèces reçues"))),
    asked.CODE: (Field(label=N_("Code donné par la borne"), number=True, digits=CODE_DIGITS),),
    asked.ENTRY: (Field(label=N_("Espèces reçues")),),
    asked.BILL: (Field(label=N_("Espèces reçues")),),
    asked.DUPLICATE: (Field(label=N_("Numéro d’écriture, sur le billet"), number=True),),
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
    asked.CODE: N_("Code de la borne"),
    asked.ENTRY: N_("Vendre une entrée"),
    asked.BILL: N_("Encaisser une facture"),
    asked.DUPLICATE: N_("Réimprimer un billet"),
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sale:
    """What is paid in cash: its ``lines`` and sum; ``problem`` when it isn't taken."""

    lines: tuple[str, ...] = ()
    due: Money | None = None
    problem: str = ""


def form_of(wanted: LoadAsked | EntryAsked) -> str:
    """Give the argument of the form that a kiosk's code fills in."""
    if isinstance(wanted, LoadAsked):
        return f"{asked.CASH}/{draft_of(wanted.amount)}/{wanted.four}"
    return f"{asked.ENTRY}/{wanted.product}/{wanted.tariff}/{wanted.persons}"


def begun(argument: str) -> tuple[str, str, list[str]]:
    """Give a form's purpose, its case, and what is filled in; its last field is under way."""
    purpose, _, case = argument.partition("/")
    return purpose, case, [case.partition("/")[0], ""] if purpose == asked.CASH and case else [""]


def build_till_sum(
    context: Context, argument: str, typed: Sequence[str] | None = None
) -> TillSumFrame:
    """Give the form after what was ``typed``, its last entry being the field under way."""
    purpose, case, filled = begun(argument)
    typed = filled if typed is None else typed
    words, fields = context.words, FIELDS.get(purpose, FIELDS[asked.OPEN])
    place = min(len(typed), len(fields)) - 1
    field, draft = fields[place], typed[place]
    sale = _SALES[purpose](context, case) if purpose in _SALES else _Sale()
    card = purpose not in WITH_A_CARD or context.wallet.reading is not None
    other = _other_card(context, purpose, case)
    wrong = other or staff_sentence(words, sale.problem or context.till.problem)
    change = _change(context, _due(purpose, typed, sale), typed)
    fits = card and not sale.problem + other and not change.startswith("-")
    ready = fits and _ready(purpose, field, draft)
    headline = words(field.label) if card else words("Posez la carte de la personne")
    figure = _figure(context, field, draft)
    said = "" if field.number else spelled(context, Money(value_of(draft)))
    told = _change_text(context, change)
    return TillSumFrame(
        title=words(TITLES.get(purpose, TITLES[asked.OPEN])),
        subtitle=_subtitle(context, purpose),
        age=no_age(),
        headline=headline,
        figure=figure,
        said=said,
        before="\n".join((*sale.lines, *_typed_before(context, fields[:place], typed))),
        change=told,
        comma=not field.number,
        ready=ready,
        banner=Banner(text=wrong, glyph="alert-triangle"),
        action=_action(context, ready=ready, last=place == len(fields) - 1),
        spoken=(*(f"{line}." for line in sale.lines), f"{headline}.", said, told, wrong),
    )


def pressed(field: Field, draft: str, key: str) -> str:
    """Give a draft after a key of the pad; keys that don't fit change nothing."""
    after = draft[:-1] if key == ERASE else draft + key
    if not field.number and after == "00":
        after = "0"
    pattern, most = (_NUMBER, field.digits) if field.number else (_SUM, len(after))
    return after if pattern.fullmatch(after) and len(after) <= most else draft


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


def _subtitle(context: Context, purpose: str) -> str:
    if purpose in WITH_A_CARD and context.wallet.last_four:
        return card_name(context, context.wallet)
    return context.words("Caisse")


def _sale(context: Context, case: str) -> _Sale:
    """Give what an entry's case asks for, at this counter's own price."""
    words = context.words
    try:
        basket = asked.basket_of(case)
        product = context.territory.products.product(basket.product)
        order = order_of(product, basket.tariff, basket.persons, today(context))
    except (ProductUnknown, AmountRefused) as wrong:
        return _Sale(problem=wrong.message_key)
    due = price_of(product, basket.tariff, basket.persons)
    title = text_in(product.title, words.language)[0]
    asks = words("À payer\u00a0: {sum}", sum=f"{words.money(due)} ({spelled(context, due)})")
    return _Sale(lines=(title, what_of(context, product, order), asks), due=due)


def _bill(context: Context, case: str) -> _Sale:
    """Give what a bill's case asks for."""
    words = context.words
    try:
        bill, due = asked.bill_of(case, context.territory.bills)
    except (BillUnknown, AmountRefused) as wrong:
        return _Sale(problem=wrong.message_key)
    named = words("Facture {reference}", reference=bill.reference)
    asks = words("À payer\u00a0: {sum}", sum=f"{words.money(due)} ({spelled(context, due)})")
    return _Sale(lines=(named, asks), due=due)


_SALES = {asked.ENTRY: _sale, asked.BILL: _bill}


def _other_card(context: Context, purpose: str, case: str) -> str:
    """Say that the card that lies there isn't the one that a code names; "" when it may be."""
    four, reading = case.rpartition("/")[2], context.wallet.reading
    if purpose != asked.CASH or not case or reading is None:
        return ""
    if four_of(reading.face.last_four) == four:
        return ""
    return context.words("Ce n’est pas la carte de ce code. Posez la bonne, ou annulez.")


def _figure(context: Context, field: Field, draft: str) -> str:
    if not field.number:
        return context.words.typed(draft)
    return grouped(draft) if field.digits == CODE_DIGITS else draft


def _due(purpose: str, typed: Sequence[str], sale: _Sale) -> Money | None:
    """Give what is to be paid, None while nothing was given for it, or nothing ever is."""
    if purpose == asked.CASH and len(typed) > 1:
        return Money(value_of(typed[0]))
    return sale.due


def _change(context: Context, sum_: Money | None, typed: Sequence[str]) -> str:
    """Give what is due to the citizen, with a minus while too little was given."""
    if sum_ is None or not typed[-1]:
        return ""
    due = value_of(typed[-1]) - sum_.cents
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
