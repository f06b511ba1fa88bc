"""Reads ``bills.toml`` of a territory pack: who sends the bills that its kiosks take.

A pack without the file takes none. An issuer that can't be used is left out and told: one whose
number stands twice, or whose service isn't in the pack.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from kiosk.domain.bill import Issuer
from kiosk.domain.money import Money
from kiosk.domain.text import TITLE_MAX, clean_line
from kiosk.store.pack_format import ISSUERS_MAX, IssuerEntry
from kiosk.store.pack_toml import Fault, Toml, entries, read_toml

BILLS = "bills.toml"
TABLE = "issuer"


def kept_issuers(
    folder: Path, services: Collection[str], faults: list[Fault]
) -> tuple[Issuer, ...]:
    """Read the issuers that can be used; the others are told in ``faults``."""
    toml = _optional(folder)
    if isinstance(toml, Fault):
        faults.append(toml)
    if toml is None or isinstance(toml, Fault):
        return ()
    kept: dict[str, Issuer] = {}
    for index, entry in entries(toml, TABLE, IssuerEntry, most=ISSUERS_MAX):
        if isinstance(entry, Fault):
            faults.append(entry)
        elif entry.number in kept:
            what = f"issuer {entry.number} stands twice"
            faults.append(toml.fault(what, "number", table=TABLE, index=index))
        elif entry.service not in services:
            what = f"issuer {entry.number}: no service `{entry.service}`"
            faults.append(toml.fault(what, "service", table=TABLE, index=index))
        else:
            kept[entry.number] = _issuer(entry)
    return tuple(kept.values())


def issuer_entries(folder: Path) -> Iterator[tuple[Toml, int, IssuerEntry]]:
    """Give the well-formed entries with their file and place, for the checker."""
    toml = _optional(folder)
    if toml is None or isinstance(toml, Fault):
        return
    for index, entry in entries(toml, TABLE, IssuerEntry, most=ISSUERS_MAX):
        if not isinstance(entry, Fault):
            yield toml, index, entry


def _optional(folder: Path) -> Toml | Fault | None:
    return read_toml(folder, BILLS) if (folder / BILLS).exists() else None


def _issuer(entry: IssuerEntry) -> Issuer:
    return Issuer(
        number=entry.number,
        service=entry.service,
        title={
            language: clean_line(text, limit=TITLE_MAX) for language, text in entry.title.items()
        },
        most=Money(entry.most_cents),
        demo=entry.demo,
    )
