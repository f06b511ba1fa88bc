"""The staff's till: how it stands, what may be done there, what waits to be settled, its papers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kiosk.domain.amounts import EUROS_MAX, in_words
from kiosk.domain.card_move import MoveRow
from kiosk.domain.ledger import COUNTER_PROVIDERS
from kiosk.domain.money import Money
from kiosk.domain.payment import TopupRow, TopupState
from kiosk.domain.printing import SlipLine
from kiosk.domain.till import TillState
from kiosk.domain.till_rules import TillRules
from ui import till as asked
from ui.context import Context
from ui.sentences import staff_sentence
from ui.till import Known, Told
from ui.views.article import ArticleFrame
from ui.views.frame import Action, Banner, Frame, Row, all_said, no_age
from ui.views.moments import local
from ui.words import N_

DO = "till-do"  # a row's route that acts instead of opening a screen
SUM, LIST, CASE = "till-sum", "till-list", "till-case"
TAG_SHOWN = 8
DRAWER_WARNS_PCT = 80

TOLD: Mapping[str, str] = {
    asked.OPEN: N_("La caisse est ouverte. Reçu n° {number}."),
    asked.REFUND: N_("Remettez {sum} à la personne. Reçu n° {number}."),
    asked.HANDOVER: N_("La caisse est passée. Reçu n° {number}."),
    asked.DEPOSIT: N_("Le dégagement est inscrit. Reçu n° {number}."),
    asked.SLIP: N_("La remise de chèques est inscrite. Reçu n° {number}."),
    asked.FREEZE: N_("La caisse est arrêtée pour le contrôle. Comptez le tiroir."),
    asked.COUNT: N_("Le comptage est inscrit. Reçu n° {number}."),
    asked.CHECK: N_("Le contrôle est inscrit. Reçu n° {number}."),
    asked.CLOSE: N_("La caisse est fermée, la journée est clôturée. Reçu n° {number}."),
    asked.REVERSE: N_("L’écriture est contre-passée. Reçu n° {number}."),
    asked.LOADED: N_("C’est noté\u00a0: la carte était rechargée."),
    asked.UNLOADED: N_("C’est noté\u00a0: la somme est à rendre."),
    asked.BACK: N_("Remettez {sum} à la personne. Reçu n° {number}."),
    asked.PAID: N_("Remettez {sum} à la personne. Reçu n° {number}."),
    asked.TAKEN: N_("C’est noté\u00a0: la carte avait été débitée."),
    asked.UNTAKEN: N_("C’est noté\u00a0: la carte n’avait pas été débitée."),
    asked.PRINT: N_("Le papier est imprimé."),
    asked.DUPLICATE: N_("Le billet est imprimé."),
}
STATES: Mapping[TillState, str] = {
    TillState.CLOSED: N_("Caisse fermée"),
    TillState.OPEN: N_("Caisse ouverte"),
    TillState.FROZEN: N_("Caisse arrêtée pour contrôle"),
    TillState.COUNTED: N_("Caisse comptée"),
}
# route or DO, argument, icon, heading, detail
Task = tuple[str, str, str, str, str]
Ways = tuple[str, tuple[tuple[str, str], ...]]  # what to check; each way's name and words
TASKS: Mapping[TillState, tuple[Task, ...]] = {
    TillState.CLOSED: (
        (SUM, asked.OPEN, "lock", N_("Ouvrir la caisse"), N_("Compter le fonds de caisse")),
    ),
    TillState.OPEN: (
        (SUM, asked.CODE, "keyboard", N_("Code de la borne"), N_("Donné pour payer au guichet")),
        (SUM, asked.CASH, "cash", N_("Recharger en espèces"), N_("Posez la carte")),
        (SUM, asked.CHEQUE, "file-text", N_("Recharger par chèque"), N_("Posez la carte")),
        (SUM, asked.REFUND, "coin-euro", N_("Rembourser une somme"), N_("De la carte posée")),
        (CASE, asked.EMPTY, "wallet", N_("Vider la carte"), N_("Rendre tout son solde")),
        ("bills", "", "file-text", N_("Encaisser une facture"), N_("Recopier sa référence")),
        (SUM, asked.DUPLICATE, "printer", N_("Réimprimer un billet"), N_("Par son numéro")),
        (SUM, asked.COUNT, "clipboard-text", N_("Compter et fermer"), N_("Comptage à l’aveugle")),
        (SUM, asked.HANDOVER, "users", N_("Passer la caisse"), N_("À la personne suivante")),
        (SUM, asked.DEPOSIT, "box", N_("Dégagement d’espèces"), N_("Responsable")),
        (SUM, asked.SLIP, "mail", N_("Remise de chèques"), N_("Responsable")),
        (CASE, asked.FREEZE, "hand-stop", N_("Contrôle inopiné"), N_("Responsable")),
        (SUM, asked.REVERSE, "history", N_("Contre-passer un reçu"), N_("Deux personnes")),
        (DO, asked.REPORT, "receipt", N_("Situation de la caisse"), N_("Responsable")),
    ),
    TillState.FROZEN: (
        (SUM, asked.CHECK, "clipboard-text", N_("Compter le tiroir"), N_("Fin du contrôle")),
    ),
    TillState.COUNTED: (
        (DO, asked.CLOSE, "lock", N_("Fermer la caisse"), N_("L’écart est inscrit")),
        (SUM, asked.COUNT, "clipboard-text", N_("Recompter"), N_("Chaque comptage reste")),
    ),
}


def build_till(context: Context, _argument: str = "") -> Frame:
    """Give the till's home: state, meter, and what may be done now."""
    words, view = context.words, context.till
    if view.known is None:
        wait = words("Un instant…")
        wrong = staff_sentence(words, view.problem)
        return Frame(
            title=words("Caisse"),
            age=no_age(),
            empty=wrong or wait,
            action=_leave(context),
            spoken=(words("Caisse."), wrong or wait),
        )
    rows = (*_waiting(context, view.known), *_tasks(context, view.known), *_meter(context))
    banner = _banner(context, view.known)
    return Frame(
        title=words("Caisse"),
        subtitle=words(STATES[view.known.till.state]),
        age=no_age(),
        lead=_since(context, view.known),
        banner=banner,
        rows=rows,
        action=_leave(context),
        spoken=(words(STATES[view.known.till.state]) + ".", banner.text, *all_said(rows)),
    )


def build_list(context: Context, _argument: str = "") -> Frame:
    """Give what staff must settle."""
    words, known = context.words, context.till.known
    rows: tuple[Row, ...] = ()
    if known is not None:
        rows = (
            *(_topup_row(context, one) for one in known.topups),
            *(_move_row(context, one, words("Remboursement à verser")) for one in known.owed),
            *(_move_row(context, one, words("Débit incertain")) for one in known.disputes),
        )
    return Frame(
        title=words("À régler"),
        subtitle=words("Caisse"),
        age=no_age(),
        banner=_told(context),
        rows=rows,
        empty="" if rows else words("Rien n’est à régler."),
        action=_back(context),
        spoken=(words("À régler."), *all_said(rows)),
    )


def build_case(context: Context, case: str) -> ArticleFrame:
    """Give one case: what it is, what to check, and the ways to settle it.

    What can't be taken back by a tap is a case too: emptying a card, beginning a check.
    """
    if case in {asked.EMPTY, asked.FREEZE}:
        return _confirm(context, case)
    words, found = context.words, _found(context, case)
    if found is None:
        return ArticleFrame(
            title=words("À régler"),
            age=no_age(),
            empty=words("C’est réglé."),
            action=_back(context),
        )
    heading, sum_, (check, ways) = found
    said = spelled(context, sum_)
    return ArticleFrame(
        title=words("À régler"),
        subtitle=words("Caisse"),
        age=no_age(),
        verdict=words.money(sum_),
        rest=heading,
        note=said,
        tone="warn",
        banner=_told(context),
        rows=(
            Row(key="check", glyph="info-circle", heading=words("À vérifier"), detail=check),
            *(
                Row(key=way, glyph="check", heading=name, route=DO, argument=f"{way}/{case}")
                for way, name in ways
            ),
        ),
        action=_back(context),
        spoken=(f"{heading}, {said}.", check, *(f"{name}." for _, name in ways)),
    )


def _found(context: Context, case: str) -> tuple[str, Money, Ways] | None:
    """Give a case's name, its sum and the ways to settle it; None when it isn't there any more."""
    words, known = context.words, context.till.known
    if known is None:
        return None
    for topup in known.topups:
        if topup.id == case:
            return _heading(context, topup), topup.amount, _topup_ways(context, topup)
    for move in (*known.owed, *known.disputes):
        if move.id == case:
            owed = move in known.owed
            heading = words("Remboursement à verser") if owed else words("Débit incertain")
            return heading, move.amount, _move_ways(context, owed=owed)
    return None


def _confirm(context: Context, what: str) -> ArticleFrame:
    """Ask once more before a card is emptied, or the till stopped."""
    words, reading = context.words, context.wallet.reading
    balance = None if reading is None else reading.face.balance
    if what == asked.FREEZE:
        title, ask, rest = words("Contrôle inopiné"), words("Arrêter la caisse\u00a0?"), ""
        note = words("Rien ne bouge plus jusqu’au comptage du tiroir.")
        name = words("Arrêter la caisse")
    else:
        title, rest = words("Vider la carte"), "" if balance is None else spelled(context, balance)
        ask = words("Posez la carte") if balance is None else words.money(balance)
        note = words("Tout le solde est retiré de la carte et remis en espèces.")
        name = words("Vider la carte") if balance is not None else ""
    go = Action(title=name, glyph="check", argument=what)
    return ArticleFrame(
        title=title,
        subtitle=words("Caisse"),
        age=no_age(),
        verdict=ask,
        rest=rest,
        note=note,
        tone="warn",
        banner=_told(context),
        action=go if name else _back(context),
        spoken=(ask, rest, note),
    )


def build_paper(context: Context, _argument: str = "") -> Frame:
    """Give the last paper: the session's report, or the surprise check's record."""
    words, view = context.words, context.till
    rows = tuple(_paper_row(place, line) for place, line in enumerate(view.lines))
    printing = Action(title=words("Imprimer"), glyph="printer", argument=asked.PRINT)
    counted = view.known is not None and view.known.till.state is TillState.COUNTED
    action = printing if view.printer else _back(context)
    if counted:
        detail = words("L’écart est inscrit")
        action = Action(
            title=words("Fermer la caisse"), detail=detail, glyph="lock", argument=asked.CLOSE
        )
    return Frame(
        title=words("Papier de caisse"),
        subtitle=words("Caisse"),
        age=no_age(),
        banner=_told(context),
        rows=rows,
        empty="" if rows else words("Un instant…"),
        action=action,
        spoken=(words("Papier de caisse."), _told(context).text, *all_said(rows)),
    )


def build_card_again(context: Context, _argument: str = "") -> ArticleFrame:
    """Ask for the citizen's card again: the second person's badge lay in its place."""
    words, view, wallet = context.words, context.till, context.wallet
    purse = wallet.reading is not None and wallet.reading.face.kind == "purse"
    ask = words("Reposez la carte de la personne sur le lecteur.")
    go = Action(title=words("Valider"), glyph="check")
    return ArticleFrame(
        title=words("Caisse"),
        subtitle=words("Deux personnes"),
        age=no_age(),
        verdict=words("C’est accordé."),
        rest=ask,
        tone="good",
        banner=Banner(text=staff_sentence(words, view.problem), glyph="alert-triangle"),
        action=go if purse and view.pending is not None else _back(context),
        spoken=(words("C’est accordé."), ask, staff_sentence(words, view.problem)),
    )


def spelled(context: Context, sum_: Money) -> str:
    """Give a sum in words, "" for one that is too large to be put in words."""
    if not 0 <= sum_.cents <= EUROS_MAX * 100:
        return ""
    return in_words(sum_, context.words.language)


def told_text(context: Context, told: Told) -> str:
    """Give the sentence of what was done."""
    words = context.words
    pattern = words(TOLD.get(told.what, ""))
    out = told.out
    said = "" if out is None else f"{words.money(out)} ({spelled(context, out)})"
    return pattern.format(number=told.number, sum=said)


def _told(context: Context) -> Banner:
    view = context.till
    wrong = staff_sentence(context.words, view.problem)
    said = "" if view.told is None else told_text(context, view.told)
    return Banner(text=wrong or said, glyph="alert-triangle" if wrong else "circle-check")


def _banner(context: Context, known: Known) -> Banner:
    """Tell the last refusal or act; else the meter's alarm."""
    told, rules = _told(context), context.territory.till
    if told.text or not rules.alarms(known.on_cards):
        return told
    alarm = context.words(
        "Les cartes portent {pct}\u00a0% du seuil. Prévenez le régisseur.",
        pct=rules.float_pct(known.on_cards),
    )
    return Banner(text=alarm, glyph="alert-triangle", tone="bad")


def _since(context: Context, known: Known) -> str:
    words, till = context.words, known.till
    staff = context.identity.staff
    if till.since is None:
        return ""
    mine = staff is not None and staff.tag == till.holder
    holder = words("vous") if mine else words("badge {tag}", tag=till.holder[:TAG_SHOWN])
    at = words.clock(local(context, till.since))
    return words("Ouverte depuis {time}, tenue par {holder}.", time=at, holder=holder)


def _tasks(context: Context, known: Known) -> list[Row]:
    words = context.words
    return [
        Row(
            key=argument,
            glyph=glyph,
            family="school",
            heading=words(heading),
            detail=words(detail),
            route=route,
            argument=argument,
        )
        for route, argument, glyph, heading, detail in TASKS[known.till.state]
    ]


def _waiting(context: Context, known: Known) -> tuple[Row, ...]:
    """Give the way to what must be settled, first of all."""
    words = context.words
    if not known.cases:
        return ()
    return (
        Row(
            key="list",
            glyph="alert-triangle",
            family="care",
            heading=words("À régler"),
            detail=words.n("{n} cas attend", "{n} cas attendent", known.cases),
            tone="warn",
            route=LIST,
        ),
    )


def _meter(context: Context) -> tuple[Row, ...]:
    """Give the drawer's level, coarse since the count is blind, and the meter of the cards."""
    words, known, rules = context.words, context.till.known, context.territory.till
    if known is None:
        return ()
    full = _drawer_warns(known, rules)
    drawer = Row(
        key="drawer",
        glyph="box",
        heading=words("Tiroir"),
        detail=words("Presque plein\u00a0: faites un dégagement.")
        if full
        else words("Sous son plafond de {sum}", sum=words.money(rules.drawer_max)),
        tone="warn" if full else "muted",
    )
    meter = Row(
        key="meter",
        glyph="coin-euro",
        heading=words("Sur toutes les cartes"),
        detail=words(
            "{pct}\u00a0% du seuil de {sum}",
            pct=rules.float_pct(known.on_cards),
            sum=words.money(rules.float_max),
        ),
        trailing=words.money(known.on_cards),
        tone="warn" if rules.alarms(known.on_cards) else "muted",
    )
    return drawer, meter


def _drawer_warns(known: Known, rules: TillRules) -> bool:
    return known.till.cash.cents * 100 >= rules.drawer_max.cents * DRAWER_WARNS_PCT


def _heading(context: Context, topup: TopupRow) -> str:
    words = context.words
    if topup.state is TopupState.REFUNDING:
        return words("Somme à rendre")
    return words("Recharge à vérifier")


def _topup_row(context: Context, topup: TopupRow) -> Row:
    words, at = context.words, local(context, topup.created_at)
    means = {"cash": words("en espèces"), "cheque": words("par chèque")}
    paid = means.get(topup.provider, words("par carte ou téléphone"))
    return Row(
        key=topup.id,
        glyph="cash",
        family="care",
        heading=_heading(context, topup),
        detail=f"{at:%d/%m} {words.clock(at)}, {paid}",
        trailing=words.money(topup.amount),
        route=CASE,
        argument=topup.id,
    )


def _move_row(context: Context, move: MoveRow, heading: str) -> Row:
    words, at = context.words, local(context, move.created_at)
    return Row(
        key=move.id,
        glyph="credit-card",
        family="care",
        heading=heading,
        detail=f"{at:%d/%m} {words.clock(at)}",
        trailing=words.money(move.amount),
        route=CASE,
        argument=move.id,
    )


def _topup_ways(context: Context, topup: TopupRow) -> Ways:
    words = context.words
    if topup.state is TopupState.REFUNDING:
        check = words("La carte n’a pas été rechargée. Rendez la somme, contre reçu.")
        if topup.order is not None:
            check = words("Le billet n’a pas été fait. Rendez la somme, contre reçu.")
        if topup.bill is not None:
            check = words("La facture n’est pas payée. Rendez la somme, contre reçu.")
        return check, ((asked.BACK, words("La somme est rendue")),)
    check = words(
        "Lisez la carte\u00a0: ses dernières opérations montrent-elles cette recharge\u00a0?"
    )
    if topup.provider not in COUNTER_PROVIDERS:
        check = f"{check} " + words("Comparez avec le relevé de la banque.")
    return check, (
        (asked.LOADED, words("Oui, la carte est rechargée")),
        (asked.UNLOADED, words("Non, la somme est à rendre")),
    )


def _move_ways(context: Context, *, owed: bool) -> Ways:
    words = context.words
    if owed:
        check = words("La carte a été débitée, la somme n’a pas été remise.")
        return check, ((asked.PAID, words("Remettre la somme")),)
    check = words("Lisez la carte\u00a0: ses dernières opérations montrent-elles ce débit\u00a0?")
    return check, (
        (asked.TAKEN, words("Oui, la carte est débitée")),
        (asked.UNTAKEN, words("Non, rien n’est débité")),
    )


def _paper_row(place: int, line: SlipLine) -> Row:
    return Row(key=f"{place}", glyph="", heading=line.text, trailing=line.right)


def _leave(context: Context) -> Action:
    title = context.words("Retour au guichet")
    return Action(title=title, glyph="arrow-left", route="counter", honey=False)


def _back(context: Context) -> Action:
    title = context.words("Retour à la caisse")
    return replace(_leave(context), title=title, route="till")
