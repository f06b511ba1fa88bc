"""The code that a kiosk gives for paying at the counter: it says what is asked, and nothing else.

Rules (ADR 0019):

1. Digits alone: the till's pad types them, and no sign is taken for another one when it is spoken.
2. What is asked stands in the code itself, so that kiosk and counter need no network, no shared
   database and no clock; the same order always has the same code::

       1 <sum in cents, 5 digits> <card's last four> <check, 2 digits>              (12 digits)
       2 <product, 5 digits> <tariff's place, 1 digit> <persons, 1 digit> <check>   (10 digits)

   A tariff's place is that among the product's tariffs by name. A letter at a card number's end is
   written as a digit too (``four_of``).
3. The two check digits are those of ISO 7064, MOD 97-10: every single wrong digit and every swap
   of two neighbours is found.
4. It authorises nothing and names nobody: the agent takes the money, at the counter's own prices,
   and what is asked is checked as if it had been typed. Two citizens may carry the same code.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.errors import CounterCodeWrong, ProductUnknown
from kiosk.domain.money import Money
from kiosk.domain.product import Catalogue, Product
from kiosk.domain.ticket_order import PERSONS_MAX

CODE_DIGITS = 12  # the longest code
_LOAD, _ENTRY = "1", "2"
_LENGTHS = {CODE_DIGITS: _LOAD, 10: _ENTRY}
_SUM_MAX, _PLACE_MAX = 99_999, 9
_GROUP = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadAsked:
    """A sum to be loaded on the card whose number ends in ``four`` (``four_of``)."""

    amount: Money
    four: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryAsked:
    """An entry to be sold to who has no card."""

    product: int
    tariff: str
    persons: int


def load_code(amount: Money, last_four: str) -> str:
    """Give the code of a top-up, "" for a sum that no code can say, or no card."""
    if not last_four or not 0 < amount.cents <= _SUM_MAX:
        return ""
    return _checked(f"{_LOAD}{amount.cents:05d}{four_of(last_four)}")


def entry_code(product: Product, tariff: str, persons: int) -> str:
    """Give the code of an entry, "" for one that no code can say."""
    tariffs = sorted(product.prices)
    place = tariffs.index(tariff) if tariff in tariffs else _PLACE_MAX + 1
    if place > _PLACE_MAX or not 1 <= persons <= PERSONS_MAX:
        return ""
    return _checked(f"{_ENTRY}{product.code:05d}{place}{persons}")


def read_counter_code(digits: str, catalogue: Catalogue) -> LoadAsked | EntryAsked:
    """Give what a typed code asks for.

    Raises CounterCodeWrong for what no kiosk has given, ProductUnknown for an entry or a tariff
    that isn't sold here.
    """
    kind = _LENGTHS.get(len(digits), "") if digits.isascii() and digits.isdigit() else ""
    sound = kind != "" and digits[0] == kind and int(digits) % 97 == 1
    if sound and kind == _LOAD:
        return _load(int(digits[1:6]), digits[6:10])
    if sound and kind == _ENTRY:
        return _entry(int(digits[1:6]), int(digits[6]), int(digits[7]), catalogue)
    raise CounterCodeWrong(f"{len(digits)} signs that are no kiosk's code")


def four_of(last_four: str) -> str:
    """Give a card number's last signs as four digits; digits stay what they are."""
    return "".join(f"{(ord(sign) - ord('0')) % 10}" for sign in last_four).rjust(4, "0")[-4:]


def grouped(code: str) -> str:
    """Give a code as it is shown and spoken: in groups of four."""
    return "\u00a0".join(code[place : place + _GROUP] for place in range(0, len(code), _GROUP))


def _load(cents: int, four: str) -> LoadAsked:
    if not cents:
        raise CounterCodeWrong("a top-up of nothing")
    return LoadAsked(amount=Money(cents), four=four)


def _entry(code: int, place: int, persons: int, catalogue: Catalogue) -> EntryAsked:
    if not 1 <= persons <= PERSONS_MAX:
        raise CounterCodeWrong(f"an entry for {persons} people")
    product = catalogue.product(code)
    tariffs = sorted(product.prices)
    if product.kind != "entry" or place >= len(tariffs):
        raise ProductUnknown(f"no entry {code} with {place + 1} tariffs is sold")
    return EntryAsked(product=code, tariff=tariffs[place], persons=persons)


def _checked(digits: str) -> str:
    """Give the digits with their two check digits (rule 3)."""
    return f"{digits}{98 - int(digits) * 100 % 97:02d}"
