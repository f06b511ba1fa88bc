"""Reads ``products.toml`` of a territory pack, and finds what is wrong in it.

A pack without the file sells nothing. A product that can't be used is left out and told: one whose
fields contradict each other, whose code stands twice, or whose service isn't in the pack.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from kiosk.domain.money import Money
from kiosk.domain.product import Product
from kiosk.domain.text import TITLE_MAX, clean_line
from kiosk.store.pack_format import PRODUCTS_MAX, ProductEntry
from kiosk.store.pack_toml import Fault, Toml, entries, read_toml

PRODUCTS = "products.toml"


def kept_products(
    folder: Path, services: Collection[str], faults: list[Fault]
) -> tuple[Product, ...]:
    """Read the products that can be used; the others are told in ``faults``."""
    toml = _optional(folder)
    if isinstance(toml, Fault):
        faults.append(toml)
    if toml is None or isinstance(toml, Fault):
        return ()
    kept: dict[int, Product] = {}
    for index, entry in entries(toml, "product", ProductEntry, most=PRODUCTS_MAX):
        made = entry if isinstance(entry, Fault) else _product(toml, index, entry)
        wrong = made if isinstance(made, Fault) else _misplaced(toml, index, made, services, kept)
        if wrong is not None:
            faults.append(wrong)
        elif isinstance(made, Product):
            kept[made.code] = made
    return tuple(kept.values())


def product_entries(folder: Path) -> Iterator[tuple[Toml, int, ProductEntry]]:
    """Give the well-formed entries with their file and place, for the checker."""
    toml = _optional(folder)
    if toml is None or isinstance(toml, Fault):
        return
    for index, entry in entries(toml, "product", ProductEntry, most=PRODUCTS_MAX):
        if not isinstance(entry, Fault):
            yield toml, index, entry


def _optional(folder: Path) -> Toml | Fault | None:
    return read_toml(folder, PRODUCTS) if (folder / PRODUCTS).exists() else None


def _product(toml: Toml, index: int, entry: ProductEntry) -> Product | Fault:
    month_day = None
    if entry.season_end is not None:
        month, _, day = entry.season_end.partition("-")
        month_day = int(month), int(day)
    try:
        return Product(
            code=entry.code,
            kind=entry.kind,
            service=entry.service,
            title={
                language: clean_line(text, limit=TITLE_MAX)
                for language, text in entry.title.items()
            },
            prices={tariff: Money(cents) for tariff, cents in entry.price_cents.items()},
            book=entry.book,
            entries=entry.entries,
            days=entry.days,
            season_end=month_day,
            demo=entry.demo,
        )
    except ValueError as wrong:
        return toml.fault(str(wrong), "kind", table="product", index=index)


def _misplaced(
    toml: Toml,
    index: int,
    product: Product,
    services: Collection[str],
    before: Collection[int],
) -> Fault | None:
    if product.code in before:
        what = f"product {product.code} stands twice"
        return toml.fault(what, "code", table="product", index=index)
    if product.service not in services:
        what = f"product {product.code}: no service `{product.service}`"
        return toml.fault(what, "service", table="product", index=index)
    return None
