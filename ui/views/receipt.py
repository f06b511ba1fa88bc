"""The receipt of a top-up or a bill: what is signed, and its words on the screen and on paper."""

from __future__ import annotations

from datetime import UTC
from urllib.parse import quote

from kiosk.domain.printing import Setting, Slip, SlipLine
from kiosk.domain.receipt import TEXT_BYTES_MAX, Mark, Receipt, ReceiptKind, ReceiptLine
from kiosk.usecases.reload_progress import Progress
from ui.context import Context
from ui.qr import Matrix
from ui.views.card import DOTS
from ui.views.moments import local


def receipt_of(context: Context, progress: Progress, *, kiosk: str, copies: int) -> Receipt:
    """Give the receipt of what is done; ``copies``: how many were given before."""
    words, row, wallet = context.words, progress.row, context.wallet
    marks = Mark.DEMO if wallet.simulated else Mark.NONE
    marks |= Mark.TRAINING if context.training else Mark.NONE
    bill = row.bill
    label = words("Recharge de la carte")
    if bill is not None:
        label = words("Facture {reference}", reference=bill.reference)
    return Receipt(
        number=row.id,
        kind=ReceiptKind.TOPUP if bill is None else ReceiptKind.INVOICE,
        lines=(ReceiptLine(label=fitted(label), amount=row.amount),),
        territory=fitted(words.text(context.territory.name)),
        kiosk=kiosk,
        at=row.changed_at.astimezone(UTC).replace(microsecond=0),
        entry=row.entry,
        last_four=wallet.last_four if bill is None else "",
        marks=marks | (Mark.DUPLICATE if copies else Mark.NONE),
    )


def fitted(text: str) -> str:
    """Cut a text to what a receipt's field holds, at a whole character."""
    return text.encode()[:TEXT_BYTES_MAX].decode(errors="ignore")


def heads(context: Context, receipt: Receipt) -> tuple[str, ...]:
    """Give what must be said loudly, first of all."""
    words = context.words
    said = {
        Mark.TRAINING: words("FORMATION — sans valeur"),
        Mark.DEMO: words("SIMULATION\u00a0: aucune somme réelle"),
        Mark.DUPLICATE: words("DUPLICATA"),
    }
    return tuple(text for mark, text in said.items() if mark in receipt.marks)


def headline_of(context: Context, receipt: Receipt) -> str:
    """Say of what it is the receipt."""
    words = context.words
    bill = receipt.kind is ReceiptKind.INVOICE
    return words("Reçu de paiement") if bill else words("Reçu de recharge")


def receipt_lines(context: Context, receipt: Receipt) -> tuple[str, ...]:
    """Give the receipt's text, line by line: what the screen and a phone show."""
    words = context.words
    at = local(context, receipt.at)
    lines = (
        headline_of(context, receipt),
        *heads(context, receipt),
        receipt.territory,
        f"{at:%d/%m/%Y} {words.clock(at)}",
        _card(context, receipt),
        "" if receipt.kind is ReceiptKind.TOPUP else receipt.lines[0].label,
        words("Montant\u00a0: {sum}", sum=words.money(receipt.total)),
        words("Écriture n°\u00a0{number}", number=receipt.entry),
    )
    return tuple(line for line in lines if line)


def slip_of(context: Context, receipt: Receipt, matrix: Matrix) -> Slip:
    """Give the receipt as it is printed, its signed code last."""
    words = context.words
    at = local(context, receipt.at)
    strong = Setting.STRONG
    lines = [
        SlipLine(text=receipt.territory, setting=Setting.TITLE),
        *(SlipLine(text=head, setting=strong) for head in heads(context, receipt)),
        SlipLine(text=headline_of(context, receipt), setting=strong),
        SlipLine(text=f"{at:%d/%m/%Y}", right=words.clock(at)),
        *(SlipLine(text=one.label, right=words.money(one.amount)) for one in receipt.lines),
        SlipLine(text=words("Total"), right=words.money(receipt.total), setting=strong),
        SlipLine(text=receipt.total_in_words(words.language)),
    ]
    lines += [
        *([SlipLine(text=_card(context, receipt))] if receipt.last_four else []),
        SlipLine(text=words("Borne"), right=receipt.kiosk),
        SlipLine(text=words("Numéro"), right=receipt.number),
        SlipLine(text=words("Écriture n°\u00a0{number}", number=receipt.entry)),
    ]
    return Slip(lines=tuple(lines), matrix=tuple(tuple(row) for row in matrix))


def _card(context: Context, receipt: Receipt) -> str:
    """Name the card by its last four characters, "" where none was used."""
    if not receipt.last_four:
        return ""
    return context.words("Carte {number}", number=f"{DOTS}\u00a0{receipt.last_four}")


def carried(lines: tuple[str, ...], code: str, page: str) -> tuple[str, ...]:
    """Give the parts of the QR code: the page's address with the code in its fragment.

    Without a page the words come first, so that any phone shows them without a network.
    """
    if page:
        return (f"{page}#{quote(code, safe='$*+-./:')}",)
    return ("\n".join((*lines, "")), code)
