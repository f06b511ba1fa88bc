"""What the card buys, by service: entries, books, passes; a tap opens its sale."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.product import Product
from kiosk.domain.record import text_in
from kiosk.domain.territory import Service
from ui.context import Context
from ui.views.card import card_age, card_name, figure
from ui.views.frame import Banner, Frame, Row, all_said, joined, no_age
from ui.views.moments import today

LIST_MAX = 60


def build_shop(context: Context, service_id: str = "") -> Frame:
    """Give the products of one service, or of all that sell something."""
    words, wallet = context.words, context.wallet
    rows = tuple(_row(context, one) for one in sold(context, service_id))
    if not service_id and context.desk is not None and entries_of(context):
        rows = (_without_card(context), *rows)
    known = wallet.reading is not None
    return Frame(
        title=words("Acheter avec la carte"),
        subtitle=card_name(context, wallet) if known else words.text(context.territory.name),
        age=card_age(context, wallet) if known else no_age(),
        lead=words(
            "Solde sur la carte\u00a0: {sum}.",
            sum=figure(context, wallet.reading.face.balance, masked=wallet.masked),
        )
        if wallet.reading
        else words("Choisissez, puis posez votre carte."),
        banner=Banner(text=""),
        rows=rows,
        empty=words("Rien ne se vend ici pour l’instant."),
        private=known,
        spoken=(words("Acheter avec la carte."), *all_said(rows)),
    )


def build_entries(context: Context, service_id: str = "") -> Frame:
    """Give the entries that are sold without a card, of one service or of all."""
    words = context.words
    rows = tuple(
        replace(_row(context, one), route="ticket") for one in entries_of(context, service_id)
    )
    return Frame(
        title=words("Acheter une entrée sans carte"),
        subtitle=words.text(context.territory.name),
        age=no_age(),
        lead=words("Vous payez avec votre téléphone. Le billet est un code à montrer à l’entrée."),
        banner=Banner(text=""),
        rows=rows,
        empty=words("Rien ne se vend ici pour l’instant."),
        spoken=(words("Acheter une entrée sans carte."), *all_said(rows)),
    )


def entries_of(context: Context, service_id: str = "") -> list[Product]:
    """Give the entries that a visitor may buy, of one service or of all."""
    return [one for one in sold(context, service_id) if one.kind == "entry"]


def entry_row(context: Context, service_id: str) -> tuple[Row, ...]:
    """Give the row that sells a service's entry without a card; none where none is sold."""
    found = entries_of(context, service_id) if context.desk is not None else []
    if not found:
        return ()
    one = found[0]
    route, argument = ("ticket", str(one.code)) if len(found) == 1 else ("entries", service_id)
    return (
        replace(
            _without_card(context),
            trailing=price_of(context, one) if len(found) == 1 else "",
            demo=one.demo,
            route=route,
            argument=argument,
        ),
    )


def _without_card(context: Context) -> Row:
    words = context.words
    return Row(
        key="without-card",
        glyph="ticket",
        family="culture",
        heading=words("Acheter une entrée sans carte"),
        detail=words("payée par téléphone, billet à montrer à l’entrée"),
        demo=context.wallet.simulated,
        route="entries",
    )


def sold(context: Context, service_id: str = "") -> list[Product]:
    """Give what the territory sells, by service in the hive's order, then by code."""
    services = [one.id for one in sorted(context.territory.services, key=lambda s: s.cell)]
    products = context.territory.products.products.values()
    found = [one for one in products if service_id in ("", one.service)]
    return sorted(found, key=lambda one: (_place(services, one.service), one.code))[:LIST_MAX]


def _place(services: list[str], service: str) -> int:
    return services.index(service) if service in services else len(services)


def service_of(context: Context, product: Product) -> Service | None:
    """Give the service that a product belongs to; None for one without a cell."""
    return next((one for one in context.territory.services if one.id == product.service), None)


def price_of(context: Context, product: Product) -> str:
    """Give « 3,20 € », or « gratuit »."""
    price = product.price()
    return context.words.money(price) if price.cents else context.words("gratuit")


def _row(context: Context, product: Product) -> Row:
    words, service = context.words, service_of(context, product)
    return Row(
        key=str(product.code),
        glyph=service.icon if service else "ticket",
        family=service.family if service else "live",
        heading=text_in(product.title, words.language)[0],
        detail=joined(words.text(service.title) if service else "", lasting(context, product)),
        trailing=price_of(context, product),
        section="",
        demo=product.demo,
        route="sale",
        argument=str(product.code),
    )


def lasting(context: Context, product: Product) -> str:
    """Say how long a pass lasts, or how many entries a book has; "" for anything else."""
    words = context.words
    if product.kind == "book":
        return words.n("{n} entrée", "{n} entrées", product.entries)
    grant = product.grant(today(context))
    if grant is None:
        return ""
    return words("valable jusqu’au {day}", day=f"{grant.valid_until:%d/%m/%Y}")
