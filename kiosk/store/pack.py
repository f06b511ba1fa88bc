"""The loader of territory packs: a folder of data in, a Territory out.

Rules:
1. Only ``pack.toml`` is indispensable: without it there is no territory (InputRefused).
2. Everything else may be missing or broken: the entry or file is left out and told as a fault.
3. Text is cleaned here, on its way into the values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from kiosk.domain.bill import Issuers
from kiosk.domain.card_rules import CardRules
from kiosk.domain.errors import InputRefused
from kiosk.domain.freshness import Policy
from kiosk.domain.money import Money
from kiosk.domain.product import Catalogue
from kiosk.domain.record import Geo, Localised
from kiosk.domain.territory import Bounds, Dataset, Service, Territory
from kiosk.domain.text import BODY_MAX, TITLE_MAX, clean, clean_line
from kiosk.domain.till_rules import TillRules
from kiosk.store.pack_bills import kept_issuers
from kiosk.store.pack_format import (
    DATASETS_MAX,
    SERVICES_MAX,
    CardSettings,
    DatasetEntry,
    MoneySettings,
    PackFile,
    ServiceEntry,
    Texts,
    ThemeFile,
)
from kiosk.store.pack_products import kept_products
from kiosk.store.pack_toml import Fault, Toml, decode, entries, read_toml

PACK, THEME, SERVICES, DATASETS = "pack.toml", "theme.toml", "services.toml", "datasets.toml"

Entry = TypeVar("Entry", ServiceEntry, DatasetEntry)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A territory as far as its pack could be read, and what had to be left out."""

    territory: Territory
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept(Generic[Entry]):
    """An entry that can be used, and its place among its file's entries."""

    index: int
    entry: Entry


def load_territory(folder: Path) -> Territory:
    """Load the pack in ``folder``; raises InputRefused when its ``pack.toml`` can't be used."""
    return load_pack(folder).territory


def load_pack(folder: Path) -> Pack:
    """Load the pack in ``folder`` and tell its faults; raises InputRefused like load_territory."""
    head = read_head(folder)
    if isinstance(head, Fault):
        raise InputRefused(head.what, where=f"{folder.name}/{head.file}:{head.line}")
    faults: list[Fault] = []
    datasets = {kept.entry.id: dataset_of(kept.entry) for kept in kept_datasets(folder, faults)}
    services = kept_services(folder, datasets, faults)
    products = kept_products(folder, {kept.entry.id for kept in services}, faults)
    issuers = kept_issuers(folder, {kept.entry.id for kept in services}, faults)
    territory = Territory(
        slug=head.slug,
        dated=head.dated,
        name=_lines(head.name),
        host=_lines(head.host),
        insee=tuple(head.insee),
        holidays_zone=head.holidays_zone,
        languages=tuple(head.languages),
        timezone=head.timezone,
        position=Geo(lat=head.position.lat, lon=head.position.lon),
        bounds=Bounds(**{edge: getattr(head.bounds, edge) for edge in Bounds.__slots__}),
        phone=clean_line(head.phone),
        demo=head.demo,
        services=tuple(_service(kept.entry) for kept in services),
        datasets=datasets,
        theme=read_theme(folder, faults),
        texts=read_texts(folder, head.languages, faults),
        products=Catalogue.of(products),
        bills=Issuers.of(issuers),
        card=_rules(head.card),
        till=_till_rules(head.money),
    )
    return Pack(territory=territory, faults=tuple(faults))


def read_head(folder: Path) -> PackFile | Fault:
    """Read ``pack.toml``, or say why it can't be used."""
    toml = read_toml(folder, PACK)
    if isinstance(toml, Fault):
        return toml
    head = decode(toml, toml.tables, PackFile)
    if isinstance(head, Fault):
        return head
    if not any(_lines(head.name).values()):
        return toml.fault("a name is missing", "name")
    try:
        ZoneInfo(head.timezone)
    except (KeyError, ValueError, OSError):
        return toml.fault(f"timezone: unknown time zone {head.timezone!r}", "timezone")
    return head


def kept_datasets(folder: Path, faults: list[Fault]) -> list[Kept[DatasetEntry]]:
    """Read the datasets that can be used; the others are told in ``faults``."""
    toml = _optional(folder, DATASETS, faults)
    if toml is None:
        return []
    return list(_unique(toml, "dataset", DatasetEntry, DATASETS_MAX, faults))


def kept_services(
    folder: Path, datasets: Mapping[str, object], faults: list[Fault]
) -> list[Kept[ServiceEntry]]:
    """Read the services that can be used: well formed, and fed by datasets that are there."""
    toml = _optional(folder, SERVICES, faults)
    if toml is None:
        return []
    kept: list[Kept[ServiceEntry]] = []
    for one in _unique(toml, "service", ServiceEntry, SERVICES_MAX, faults):
        missing = [name for name in one.entry.datasets if name not in datasets]
        for name in missing:
            what = f"service `{one.entry.id}`: no dataset `{name}`"
            faults.append(toml.fault(what, "datasets", table="service", index=one.index))
        if not missing:
            kept.append(one)
    return kept


def _unique(
    toml: Toml, table: str, kind: type[Entry], most: int, faults: list[Fault]
) -> Iterator[Kept[Entry]]:
    """Give the entries with a title and an id that none before them has."""
    seen: set[str] = set()
    for index, entry in entries(toml, table, kind, most=most):
        if isinstance(entry, Fault):
            faults.append(entry)
        elif entry.id in seen:
            what = f"{table} `{entry.id}` stands twice"
            faults.append(toml.fault(what, "id", table=table, index=index))
        elif not any(_lines(entry.title).values()):
            what = f"{table} `{entry.id}`: a title is missing"
            faults.append(toml.fault(what, "title", table=table, index=index))
        else:
            seen.add(entry.id)
            yield Kept(index=index, entry=entry)


def read_theme(folder: Path, faults: list[Fault]) -> dict[str, str]:
    """Read the colours of ``theme.toml``: token name → ``#rrggbb``; {} when it can't be used."""
    toml = _optional(folder, THEME, faults)
    if toml is None:
        return {}
    theme = decode(toml, toml.tables, ThemeFile)
    if isinstance(theme, Fault):
        faults.append(theme)
        return {}
    return {"accent": theme.accent, "emblem": theme.emblem}


def read_texts(
    folder: Path, languages: list[str], faults: list[Fault]
) -> dict[str, dict[str, str]]:
    """Read ``texts/<language>.toml``: name of the text → language → words."""
    texts: dict[str, dict[str, str]] = {}
    for language in languages:
        toml = _optional(folder, f"texts/{language}.toml", faults)
        words = {} if toml is None else _strings(toml, faults)
        for name, text in words.items():
            texts.setdefault(name, {})[language] = clean(text, limit=BODY_MAX)
    return texts


def _strings(toml: Toml, faults: list[Fault]) -> dict[str, str]:
    """Decode a flat file of strings; broken ones are told and left out."""
    strings: dict[str, str] = {}
    for key, value in toml.tables.items():
        found = decode(toml, value, str, key=key)
        if isinstance(found, Fault):
            faults.append(found)
        else:
            strings[key] = found
    return strings


def _optional(folder: Path, name: str, faults: list[Fault]) -> Toml | None:
    toml = read_toml(folder, name)
    if isinstance(toml, Fault):
        faults.append(toml)
        return None
    return toml


def _lines(texts: Texts) -> Localised:
    return {language: clean_line(text, limit=TITLE_MAX) for language, text in texts.items()}


def _rules(card: CardSettings) -> CardRules:
    return CardRules(
        purse_max=Money(card.purse_max_cents),
        debit_max=Money(card.debit_max_cents),
        card_moves_max=card.card_moves_max,
        card_sum_max=Money(card.card_sum_max_cents),
        kiosk_moves_max=card.kiosk_moves_max,
        kiosk_sum_max=Money(card.kiosk_sum_max_cents),
        blocklist_max=timedelta(hours=card.blocklist_max_hours),
    )


def _till_rules(money: MoneySettings) -> TillRules:
    return TillRules(
        cash_max=Money(money.cash_max_cents),
        cheque_max=Money(money.cheque_max_cents),
        drawer_max=Money(money.drawer_max_cents),
        refund_two=Money(money.refund_two_cents),
        difference_two=Money(money.difference_two_cents),
        float_max=Money(money.float_max_cents),
        float_alarm_pct=money.float_alarm_pct,
    )


def _service(entry: ServiceEntry) -> Service:
    return Service(
        id=entry.id,
        kind=entry.kind,
        family=entry.family,
        icon=entry.icon,
        title=_lines(entry.title),
        datasets=tuple(entry.datasets),
        focus=clean_line(entry.focus),
        cell=entry.cell,
        phone=clean_line(entry.phone),
        intro={language: clean(text) for language, text in entry.intro.items()},
        glance=_lines(entry.glance),
    )


def dataset_of(entry: DatasetEntry) -> Dataset:
    """Give the value that an entry of ``datasets.toml`` stands for."""
    policy = Policy(live_s=entry.live_s, stale_s=entry.stale_s, withdraw=entry.withdraw)
    return Dataset(
        id=entry.id,
        title=_lines(entry.title),
        kind=entry.kind,
        connector=entry.connector,
        source=clean_line(entry.source),
        licence=clean_line(entry.licence),
        seed=entry.seed,
        policy=policy,
        demo=entry.demo,
    )
