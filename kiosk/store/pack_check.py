"""The checker of territory packs: every fault with its file and line.

Rules:
1. Whatever the loader leaves out is a fault (kiosk.store.pack).
2. Every title stands in every language of the pack, on at most 40 characters for a tile.
3. Each service has its cell, an icon that is there, and a dataset of its screen's kind.
4. Products have a title in every language; those of a demonstration say so.
5. Colours read at 4.5 : 1 beside ink (WCAG 2.2, 1.4.3).
6. A pack is data: TOML, NDJSON and text files, no links, nothing that runs.
The records are checked by kiosk.store.pack_check_records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import get_args

from kiosk.domain.errors import HoursNotUnderstood
from kiosk.domain.opening_hours.reading import parse as parse_hours
from kiosk.domain.territory import ServiceKind
from kiosk.domain.text import TITLE_MAX
from kiosk.store.pack import (
    DATASETS,
    PACK,
    SERVICES,
    THEME,
    Kept,
    kept_datasets,
    kept_services,
    read_head,
    read_texts,
    read_theme,
)
from kiosk.store.pack_bills import issuer_entries, kept_issuers
from kiosk.store.pack_check_records import Expected, check_seed, title_faults
from kiosk.store.pack_format import FILES_MAX, DatasetEntry, PackFile, ServiceEntry
from kiosk.store.pack_products import kept_products, product_entries
from kiosk.store.pack_toml import Fault, Toml, read_toml

ICONS = Path(__file__).resolve().parents[2] / "assets" / "third_party" / "tabler" / "icons"
INK = "#14202B"
CONTRAST_MIN = 4.5
TILE_TITLE_MAX = 40
SUFFIXES = (".toml", ".ndjson", ".txt", ".md")

# What the screen of each kind of service can show.
SHOWN: Mapping[str, frozenset[str]] = {
    "departures": frozenset({"stop"}),
    "places": frozenset({"place", "gauge", "commune"}),
    "agenda": frozenset({"event"}),
    "cinema": frozenset({"event", "place"}),
    "menus": frozenset({"menu"}),
    "waste": frozenset({"waste"}),
    "gauges": frozenset({"gauge", "place"}),
    "notices": frozenset({"notice"}),
    "steps": frozenset({"step"}),
    "duty": frozenset({"duty", "place"}),
    "weather": frozenset({"forecast"}),
    "observations": frozenset({"observation", "notice"}),
    "slopes": frozenset({"slope"}),
    "avalanche": frozenset({"avalanche"}),
    "bathing": frozenset({"bathing"}),
    "tides": frozenset({"tide"}),
    "card": frozenset(),
    "info": frozenset({"notice", "step", "place", "report"}),
    "walks": frozenset({"walk"}),
    "sorting": frozenset({"sorting"}),
    "vehicles": frozenset({"stop"}),
    "itinerary": frozenset({"stop", "place"}),
}
assert set(SHOWN) == set(get_args(ServiceKind))


def hours_understood(expression: str) -> bool:
    """Say whether opening hours are understood, and need no repair."""
    try:
        return not parse_hours(expression).warnings
    except HoursNotUnderstood:
        return False


def check(
    folder: Path, *, icons: Path = ICONS, hours: Callable[[str], bool] = hours_understood
) -> list[Fault]:
    """Give the faults of the pack in ``folder``, by file and line.

    ``icons`` is the folder of the icons that services may name; ``hours`` says whether opening
    hours are understood.
    """
    faults = list(_strangers(folder))
    head = read_head(folder)
    if isinstance(head, Fault):
        return sorted({*faults, head})
    datasets = kept_datasets(folder, faults)
    kinds = {kept.entry.id: kept.entry.kind for kept in datasets}
    services = kept_services(folder, kinds, faults)
    kept_products(folder, {kept.entry.id for kept in services}, faults)
    faults += _product_faults(folder, head)
    kept_issuers(folder, {kept.entry.id for kept in services}, faults)
    faults += _issuer_faults(folder, head)
    faults += _head_faults(folder, head)
    faults += _theme_faults(folder)
    faults += _text_faults(folder, head)

    there = {path.stem for path in icons.glob("*.svg")}

    def has_icon(name: str) -> bool:
        return name in there or not there

    expected = Expected(head=head, hours=hours, has_icon=has_icon)
    faults += _service_faults(_Checked(folder, SERVICES, head), services, kinds, has_icon)
    faults += _dataset_faults(_Checked(folder, DATASETS, head), datasets, expected)
    return sorted(set(faults))


@dataclass(frozen=True, slots=True)
class _Checked:
    """A file under check, and the pack's own data."""

    folder: Path
    name: str
    head: PackFile

    def toml(self) -> Toml:
        """Give the file, empty when it can't be read (the loader told so)."""
        toml = read_toml(self.folder, self.name)
        return Toml(name=self.name, text="", tables={}) if isinstance(toml, Fault) else toml


def _strangers(folder: Path) -> Iterator[Fault]:
    """Find what isn't data."""
    found = list(islice(folder.rglob("*"), FILES_MAX + 1))
    if len(found) > FILES_MAX:
        yield Fault(file=".", line=0, what=f"more than {FILES_MAX} files")
    for path in found:
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            yield Fault(file=name, line=0, what="a link: a pack holds only its own files")
        elif not path.is_dir() and (path.suffix not in SUFFIXES or path.name.startswith(".")):
            allowed = ", ".join(SUFFIXES)
            yield Fault(file=name, line=0, what=f"not data: a pack holds only {allowed}")


def _head_faults(folder: Path, head: PackFile) -> Iterator[Fault]:
    """Check what the loader lets pass in ``pack.toml``."""
    checked = _Checked(folder, PACK, head)
    toml = checked.toml()
    if head.slug != folder.resolve().name:
        yield toml.fault("the slug isn't the folder's name", "slug")
    for key, texts in (("name", head.name), ("host", head.host)):
        for what in title_faults(texts, checked.head.languages, TITLE_MAX):
            yield toml.fault(f"{key}: {what}", key)
    box, here = head.bounds, head.position
    if not (box.south <= here.lat <= box.north and box.west <= here.lon <= box.east):
        yield toml.fault("position outside of the bounds", "position")


def _theme_faults(folder: Path) -> Iterator[Fault]:
    """Check that every colour can be read beside ink."""
    told: list[Fault] = []
    colours = read_theme(folder, told)
    yield from told
    toml = read_toml(folder, THEME)
    for token, colour in colours.items():
        if not isinstance(toml, Fault) and (ratio := contrast(colour, INK)) < CONTRAST_MIN:
            what = f"{token}: contrast {ratio:.1f} beside ink, {CONTRAST_MIN} is asked"
            yield toml.fault(what, token)


def _text_faults(folder: Path, head: PackFile) -> Iterator[Fault]:
    """Check that every free text stands in every language."""
    told: list[Fault] = []
    found = read_texts(folder, head.languages, told)
    yield from told
    for name, texts in found.items():
        for language in head.languages:
            if not texts.get(language):
                yield Fault(file=f"texts/{language}.toml", line=0, what=f"no text `{name}`")


def _service_faults(
    checked: _Checked,
    services: list[Kept[ServiceEntry]],
    kinds: Mapping[str, str],
    has_icon: Callable[[str], bool],
) -> Iterator[Fault]:
    """Check what the loader lets pass in ``services.toml``."""
    toml = checked.toml()
    cells: dict[tuple[int, int], str] = {}
    for one in services:
        entry = one.entry

        def fault(what: str, key: str, index: int = one.index, name: str = entry.id) -> Fault:
            return toml.fault(f"service `{name}`: {what}", key, table="service", index=index)

        for what in title_faults(entry.title, checked.head.languages, TILE_TITLE_MAX):
            yield fault(what, "title")
        if not has_icon(entry.icon):
            yield fault(f"no icon `{entry.icon}`", "icon")
        if entry.cell in cells:
            yield fault(f"stands in the cell of `{cells[entry.cell]}`", "cell")
        cells.setdefault(entry.cell, entry.id)
        for name in entry.datasets:
            if kinds[name] not in SHOWN[entry.kind]:
                what = f"a screen of kind {entry.kind} can't show `{name}` ({kinds[name]})"
                yield fault(what, "datasets")


def _product_faults(folder: Path, head: PackFile) -> Iterator[Fault]:
    """Check what the loader lets pass in ``products.toml``."""
    for toml, index, entry in product_entries(folder):
        about = f"product {entry.code}"
        for what in title_faults(entry.title, head.languages, TITLE_MAX):
            yield toml.fault(f"{about}: {what}", "title", table="product", index=index)
        if head.demo and not entry.demo:
            what = f"{about}: a demonstration's product says `demo = true`"
            yield toml.fault(what, "code", table="product", index=index)


def _issuer_faults(folder: Path, head: PackFile) -> Iterator[Fault]:
    """Check what the loader lets pass in ``bills.toml``."""
    for toml, index, entry in issuer_entries(folder):
        about = f"issuer {entry.number}"
        for what in title_faults(entry.title, head.languages, TITLE_MAX):
            yield toml.fault(f"{about}: {what}", "title", table="issuer", index=index)
        if head.demo and not entry.demo:
            what = f"{about}: a demonstration's issuer says `demo = true`"
            yield toml.fault(what, "number", table="issuer", index=index)


def _dataset_faults(
    checked: _Checked, datasets: list[Kept[DatasetEntry]], expected: Expected
) -> Iterator[Fault]:
    """Check what the loader lets pass in ``datasets.toml``, and the seeds."""
    toml = checked.toml()
    for one in datasets:
        entry = one.entry
        about = f"dataset `{entry.id}`"
        for what in title_faults(entry.title, checked.head.languages, TITLE_MAX):
            yield toml.fault(f"{about}: {what}", "title", table="dataset", index=one.index)
        if entry.seed and not (checked.folder / entry.seed).exists():
            what = f"{about}: no `{entry.seed}`"
            yield toml.fault(what, "seed", table="dataset", index=one.index)
        elif entry.seed:
            yield from check_seed(checked.folder, entry, expected)


def contrast(first: str, second: str) -> float:
    """Give the contrast ratio of two ``#rrggbb`` colours, 1…21 (WCAG 2.2)."""
    low, high = sorted((_luminance(first), _luminance(second)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    """Give the relative luminance (WCAG 2.2, "relative luminance")."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (red, green, blue)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
