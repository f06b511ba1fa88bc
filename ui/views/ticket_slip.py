"""A bought entry on paper: what it is for, its days, what was paid, and its code."""

from __future__ import annotations

from kiosk.domain.amounts import in_words
from kiosk.domain.payment import TopupRow
from kiosk.domain.printing import Setting, Slip, SlipLine
from kiosk.domain.record import text_in
from kiosk.domain.ticket_order import TicketOrder
from ui.context import Context
from ui.qr import matrix_of
from ui.views.moments import local
from ui.views.ticket import lasting, what_of


def ticket_slip(context: Context, row: TopupRow, order: TicketOrder, *, kiosk: str) -> Slip:
    """Give the ticket as it is printed; one that was printed before says "duplicata"."""
    words, strong = context.words, Setting.STRONG
    at = local(context, row.created_at)
    product = context.territory.products.product(order.product)
    heads = (
        words("SIMULATION\u00a0: aucune somme réelle") if context.wallet.simulated else "",
        words("DUPLICATA") if order.copies else "",
    )
    lines = [
        SlipLine(text=words.text(context.territory.name), setting=Setting.TITLE),
        *(SlipLine(text=head, setting=strong) for head in heads if head),
        SlipLine(text=text_in(product.title, words.language)[0], setting=strong),
        SlipLine(text=what_of(context, product, order), setting=strong),
        SlipLine(text=lasting(words, order)),
        SlipLine(text=words("Total"), right=words.money(row.amount), setting=strong),
        SlipLine(text=in_words(row.amount, words.language)),
        SlipLine(text=f"{at:%d/%m/%Y}", right=words.clock(at)),
        SlipLine(text=words("Borne"), right=kiosk),
        SlipLine(text=words("Numéro"), right=row.id),
        SlipLine(text=words("Écriture n°\u00a0{number}", number=row.entry)),
        SlipLine(text=words("À montrer au lecteur de l’entrée, une seule fois.")),
    ]
    matrix = matrix_of(order.ticket)
    return Slip(lines=tuple(lines), matrix=tuple(tuple(line) for line in matrix))
