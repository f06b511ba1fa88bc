"""Whose bills can be paid here: one line an issuer, as its paper names it."""

from __future__ import annotations

from kiosk.domain.bill import Issuer
from kiosk.domain.record import text_in
from ui.context import Context
from ui.views.frame import Banner, Frame, Row, all_said, no_age

BILLS, BILL = "bills", "bill"  # the routes


def build_bills(context: Context, service_id: str = "") -> Frame:
    """Give the issuers of one service, or of all."""
    words = context.words
    rows = tuple(_row(context, one) for one in issuers_of(context, service_id))
    ask = words("Qui vous a envoyé la facture\u00a0?")
    return Frame(
        title=words("Payer une facture"),
        subtitle=words.text(context.territory.name),
        age=no_age(),
        lead=ask,
        banner=Banner(text=""),
        rows=rows,
        empty=words("Aucune facture ne se paie ici. Demandez à l’accueil."),
        footnote=words("L’identifiant à six chiffres est en haut de la facture."),
        spoken=(words("Payer une facture."), ask, *all_said(rows)),
    )


def issuers_of(context: Context, service_id: str = "") -> list[Issuer]:
    """Give who sends bills for a service, or for any."""
    issuers = context.territory.bills.issuers.values()
    return [one for one in issuers if service_id in ("", one.service)]


def bill_row(context: Context, service_id: str = "") -> tuple[Row, ...]:
    """Give the row that pays a service's bills; none where none are taken."""
    found = issuers_of(context, service_id) if context.desk is not None else []
    if not found:
        return ()
    words, alone = context.words, len(found) == 1
    return (
        Row(
            key="bills",
            glyph="file-text",
            family="card",
            heading=words("Payer une facture"),
            detail=words("avec la référence qui y est imprimée"),
            demo=context.wallet.simulated,
            route=BILL if alone else BILLS,
            argument=found[0].number if alone else service_id,
        ),
    )


def name_of(context: Context, issuer: Issuer) -> str:
    """Give an issuer's name in the citizen's language."""
    return text_in(issuer.title, context.words.language)[0]


def _row(context: Context, issuer: Issuer) -> Row:
    services = {one.id: one for one in context.territory.services}
    service = services[issuer.service]
    return Row(
        key=issuer.number,
        glyph=service.icon,
        family=service.family,
        heading=name_of(context, issuer),
        detail=context.words("Identifiant {number}", number=issuer.number),
        demo=issuer.demo,
        route=BILL,
        argument=issuer.number,
    )
