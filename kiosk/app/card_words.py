"""The words for what stands on a card in numbers, from the territory's products."""

from __future__ import annotations

from cardreader.image import NamedProduct, ProductNames
from kiosk.domain.product import Catalogue
from kiosk.domain.record import text_in


def names_of(catalogue: Catalogue, language: str = "") -> ProductNames:
    """Give the products' names; without a language none: screens name them in the citizen's."""
    products = catalogue.products.values()
    named = {
        one.code: NamedProduct(label=text_in(one.title, language)[0], service=one.service)
        for one in products
        if language
    }
    books = {one.book: one.code for one in products if one.kind == "book"}
    return ProductNames(products=named, books=books)
