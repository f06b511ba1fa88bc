"""The card on the reader: balance, books, entitlements, last operations, and what may be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from kiosk.domain.freshness import State
from kiosk.domain.money import Money
from kiosk.domain.purse import Operation, OperationKind
from kiosk.domain.territory import Service
from kiosk.usecases.read_card import CardReading
from ui.context import Context
from ui.sentences import sentence
from ui.views.frame import Action, Age, Banner, Frame, Row, no_age
from ui.views.moments import local, today
from ui.wallet import Wallet
from ui.words import N_

DOTS = "••••"
HIDDEN, HIDE = Money(8888), str.maketrans("8", "•")
LAST_FOUR = 4
HOLDER = "account"  # whose code opens the account (ui.views.pin)
KINDS: Mapping[OperationKind, str] = {
    "load": N_("Recharge"),
    "debit": N_("Paiement"),
    "entry": N_("Entrée"),
    "purchase": N_("Achat"),
    "refund": N_("Remboursement"),
    "transfer": N_("Transfert"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationLine:
    """One of the card's last operations: when, what, how much."""

    moment: str
    label: str
    figure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFrame(Frame):
    """The card's screen; ``known``: a card was read, else ``headline`` says what to do."""

    known: bool = False
    headline: str = ""
    detail: str = ""
    balance: str = ""
    proof: str = ""
    masked: bool = False
    can_load: bool = False
    operations: tuple[OperationLine, ...] = ()
    simulated: bool = False


def build_card(context: Context, _argument: str = "") -> CardFrame:
    """Give the card's screen from the wallet."""
    wallet = context.wallet
    if wallet.reading is None:
        return _waiting(context, wallet)
    if wallet.reading.face.kind == "badge":
        return _badge(context, wallet)
    return _known(context, wallet, named(context, wallet.reading))


def named(context: Context, reading: CardReading) -> CardReading:
    """Give the reading with the words, in the citizen's language, for the card's numbers."""
    face = context.territory.products.named(reading.face, context.words.language)
    books = dict(zip(reading.face.books, face.books, strict=True))
    rights = dict(zip(reading.face.entitlements, face.entitlements, strict=True))
    return replace(
        reading,
        face=face,
        books=tuple(books[one] for one in reading.books),
        entitlements=tuple(rights[one] for one in reading.entitlements),
    )


def figure(context: Context, sum_: Money, *, masked: bool) -> str:
    """Give a sum, or dots in its place."""
    return context.words.money(HIDDEN).translate(HIDE) if masked else context.words.money(sum_)


def card_name(context: Context, wallet: Wallet) -> str:
    """Give « Carte •••• 4821 »; of the number only the last four are shown."""
    return context.words("Carte {number}", number=f"{DOTS}\u00a0{wallet.last_four[-LAST_FOUR:]}")


def leave_action(context: Context) -> Action:
    """Give the action that ends the visit."""
    words = context.words
    return Action(
        title=words("Terminer"),
        detail=words("Efface tout de cet écran"),
        glyph="logout",
        honey=False,
    )


def _reload_action(context: Context) -> Action:
    words = context.words
    return Action(title=words("Recharger"), detail=words("Ajouter de l’argent"), glyph="plus")


def card_age(context: Context, wallet: Wallet) -> Age:
    """Say that what is shown was just read on the card."""
    return replace(
        no_age(),
        label=context.words("lu sur la carte"),
        text=context.words("à l’instant"),
        glyph="check",
        state=State.LIVE,
        demo=wallet.simulated,
    )


def _waiting(context: Context, wallet: Wallet) -> CardFrame:
    """Say where to lay the card, or what is wrong with the thing that lies there."""
    words = context.words
    problem = sentence(words, wallet.problem if wallet.reader else "reader.absent")
    headline, detail = words("Posez votre carte"), words("Sur le lecteur, sous l’écran.")
    if problem:
        headline, detail = problem, words("Reprenez-la, puis posez votre carte.")
    if not wallet.reader:
        detail = words("À l’accueil, un agent peut lire votre carte.")
    return CardFrame(
        title=words("Ma carte"),
        age=replace(no_age(), demo=wallet.simulated),
        headline=headline,
        detail=detail,
        action=leave_action(context),
        footnote=_hint(context, wallet),
        simulated=wallet.simulated,
        spoken=(headline, detail),
    )


def _badge(context: Context, wallet: Wallet) -> CardFrame:
    """Say that a badge holds no money, and where its account is."""
    words = context.words
    headline = words("Ce badge est lu.")
    detail = words("Il ne contient pas d’argent. Votre compte s’ouvre avec son code.")
    row = _account(context)
    return CardFrame(
        title=words("Mon badge"),
        subtitle=card_name(context, wallet),
        age=card_age(context, wallet),
        headline=headline,
        detail=detail,
        rows=(row,),
        action=leave_action(context),
        simulated=wallet.simulated,
        private=True,
        spoken=(headline, detail, f"{row.heading}, {row.detail}."),
    )


def _hint(context: Context, wallet: Wallet) -> str:
    if not (wallet.simulated and wallet.reader):
        return ""
    return context.words(
        "Démonstration\u00a0: les cartes se posent dans la fenêtre «\u00a0plateau\u00a0»."
    )


def _known(context: Context, wallet: Wallet, reading: CardReading) -> CardFrame:
    words = context.words
    masked = wallet.masked
    balance = figure(context, reading.face.balance, masked=masked)
    wrong = sentence(words, reading.refusal or wallet.problem or wallet.closed)
    wrong = wrong or sentence(words, context.sale.problem)
    can_load = not (reading.refusal or wallet.closed) and reading.room > Money(0)
    rows = (
        *_books(context, reading, masked=masked),
        *_entitlements(context, reading),
        *_buying(context),
    )
    proof = words("lu sur la carte à l’instant, valable sans réseau")
    return CardFrame(
        title=words("Ma carte"),
        subtitle=card_name(context, wallet),
        age=card_age(context, wallet),
        known=True,
        balance=balance,
        proof=proof,
        masked=masked,
        can_load=can_load,
        banner=Banner(text=wrong, tone="bad", glyph="alert-triangle"),
        rows=rows,
        operations=tuple(_operation(context, line, masked=masked) for line in reading.face.log),
        action=_reload_action(context) if can_load else leave_action(context),
        simulated=wallet.simulated,
        private=True,
        spoken=_spoken(context, balance, rows, masked=masked),
    )


def _spoken(
    context: Context, balance: str, rows: tuple[Row, ...], *, masked: bool
) -> tuple[str, ...]:
    words = context.words
    if masked:
        return (words("Les montants sont masqués."),)
    return (
        words("Solde sur la carte\u00a0: {sum}.", sum=balance),
        *(f"{row.heading}, {row.detail}." for row in rows),
    )


def _books(context: Context, reading: CardReading, *, masked: bool) -> list[Row]:
    words = context.words
    rows: list[Row] = []
    for book in reading.books:
        service = _service(context, book.service)
        name = words.text(service.title) if service else book.product
        entries = words.n("{n} entrée", "{n} entrées", book.entries)
        rows.append(
            Row(
                key=f"book/{book.product}",
                glyph=service.icon if service else "ticket",
                family=service.family if service else "live",
                heading=name if masked else f"{name}, {entries}",
                detail=", ".join(filter(None, (book.product, _until(context, book.valid_until)))),
                trailing=words("Acheter") if book.service in selling(context) else "",
                route="shop" if book.service in selling(context) else "",
                argument=book.service,
            )
        )
    return rows


def _buying(context: Context) -> tuple[Row, ...]:
    """Give the way to all that the card buys, where something is sold here."""
    words = context.words
    if context.sales is None or not selling(context):
        return ()
    return (
        Row(
            key="shop",
            glyph="basket",
            family="live",
            heading=words("Acheter avec la carte"),
            detail=words("Entrées, carnets, abonnements"),
            route="shop",
        ),
        _account(context),
    )


def _account(context: Context) -> Row:
    """Give the way to what only the holder may see."""
    words = context.words
    return Row(
        key="account",
        glyph="lock",
        family="school",
        heading=words("Mon compte"),
        detail=words("Mes prêts, avec le code de la carte"),
        route="pin",
        argument=HOLDER,
    )


def _entitlements(context: Context, reading: CardReading) -> list[Row]:
    rows: list[Row] = []
    for one in reading.entitlements:
        service = _service(context, one.service)
        rows.append(
            Row(
                key=f"right/{one.product}",
                glyph=service.icon if service else "id",
                family=service.family if service else "culture",
                heading=one.product,
                detail=_until(context, one.valid_until),
            )
        )
    return rows


def selling(context: Context) -> frozenset[str]:
    """Give the services that sell something for the card."""
    return frozenset(one.service for one in context.territory.products.products.values())


def _service(context: Context, service_id: str) -> Service | None:
    return next((s for s in context.territory.services if s.id == service_id), None)


def _until(context: Context, day: date | None) -> str:
    if day is None:
        return ""
    return context.words("valable jusqu’au {day}", day=f"{day:%d/%m/%Y}")


def _operation(context: Context, line: Operation, *, masked: bool) -> OperationLine:
    at = local(context, line.at)
    ahead = (at.date() - today(context)).days
    day = context.words.near_day(at.date(), today(context)) if ahead in (0, -1) else f"{at:%d/%m}"
    return OperationLine(
        moment=f"{day} {context.words.clock(at)}",
        label=line.label or context.words(KINDS[line.kind]),
        figure=_moved(context, line, masked=masked),
    )


def _moved(context: Context, line: Operation, *, masked: bool) -> str:
    """Give « +20,00 € », « −6,50 € » or « −1 entrée »."""
    words = context.words
    if line.amount is not None:
        sign = "−" if line.amount < Money(0) else "+"
        return f"{sign}{figure(context, Money(abs(line.amount.cents)), masked=masked)}"
    if not line.entries:
        return ""
    sign = "−" if line.entries < 0 else "+"
    return sign + words.n("{n} entrée", "{n} entrées", abs(line.entries))
