"""What the files of a territory pack may hold (docs/add-a-territory.md tells it to people)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

from kiosk.domain.bill import BILL_LEAST, BILL_MOST
from kiosk.domain.card_limits import BOOK_MAX, PURSE_MAX
from kiosk.domain.card_rules import CardRules
from kiosk.domain.product import CODE_MAX, FULL, PASS_DAYS_MAX, ProductKind
from kiosk.domain.record import ID_MAX, POPULARITY_MAX
from kiosk.domain.territory import Family, ServiceKind
from kiosk.domain.till_rules import CASH_MAX, FLOAT_MAX, TillRules

SERVICES_MAX = 60
DATASETS_MAX = 200
PRODUCTS_MAX = 500
ISSUERS_MAX = 12  # all on one screen
TARIFFS_MAX = 12
SEED_BYTES_MAX = 10_000_000
SEED_RECORDS_MAX = 50_000
SEED_LINE_MAX = 65_536  # bytes of one record
FILES_MAX = 2000
WEEKS_MAX = 26
GLANCE_MAX = 34  # characters that a cell of the hive has room for
_RULES, _TILL = CardRules(), TillRules()  # of a territory that says nothing

Slug: TypeAlias = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*\Z", max_length=60)]
Language: TypeAlias = Annotated[str, Meta(pattern=r"^[a-z]{2}\Z")]
Colour: TypeAlias = Annotated[str, Meta(pattern=r"^#[0-9A-Fa-f]{6}\Z")]
Seed: TypeAlias = Annotated[
    str, Meta(pattern=r"^(seeds/[a-z0-9]+(-[a-z0-9]+)*(\.ndjson)?)?\Z", max_length=80)
]
Texts: TypeAlias = dict[Language, str]
Some: TypeAlias = Annotated[str, Meta(min_length=1)]
Seconds: TypeAlias = Annotated[int, Meta(ge=0)]
Latitude: TypeAlias = Annotated[float, Meta(ge=-90, le=90)]
Longitude: TypeAlias = Annotated[float, Meta(ge=-180, le=180)]
Cents: TypeAlias = Annotated[int, Meta(ge=0, le=10_000_000)]
Price: TypeAlias = Annotated[int, Meta(ge=1, le=10_000_000)]
Count: TypeAlias = Annotated[int, Meta(ge=0, le=1_000_000)]
MonthDay: TypeAlias = Annotated[str, Meta(pattern=r"^\d{2}-\d{2}\Z")]
Weekday: TypeAlias = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
# The keys of kiosk.domain.facts.KINDS (a test keeps the two equal).
RecordKind: TypeAlias = Literal[
    "place",
    "walk",
    "event",
    "menu",
    "waste",
    "sorting",
    "step",
    "notice",
    "gauge",
    "duty",
    "commune",
    "stop",
    "tide",
    "avalanche",
    "bathing",
    "slope",
    "forecast",
    "observation",
    "problem",
    "report",
    "opening",
    "hive",
]


class Position(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A WGS 84 position in degrees."""

    lat: Latitude
    lon: Longitude


class Box(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The box in which every position of the pack lies, degrees."""

    south: Latitude
    west: Longitude
    north: Latitude
    east: Longitude


class CardSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[card]`` of ``pack.toml``: what a card may take without the network; sums in cents."""

    purse_max_cents: Annotated[int, Meta(ge=1, le=PURSE_MAX.cents)] = _RULES.purse_max.cents
    debit_max_cents: Cents = _RULES.debit_max.cents
    card_moves_max: Count = _RULES.card_moves_max
    card_sum_max_cents: Cents = _RULES.card_sum_max.cents
    kiosk_moves_max: Count = _RULES.kiosk_moves_max
    kiosk_sum_max_cents: Cents = _RULES.kiosk_sum_max.cents
    blocklist_max_hours: Annotated[int, Meta(ge=1, le=24 * 366)] = (
        _RULES.blocklist_max // timedelta(hours=1)
    )


class MoneySettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[money]`` of ``pack.toml``: the limits of the régie's till; sums in cents."""

    cash_max_cents: Annotated[int, Meta(ge=1, le=CASH_MAX.cents)] = _TILL.cash_max.cents
    cheque_max_cents: Price = _TILL.cheque_max.cents
    drawer_max_cents: Price = _TILL.drawer_max.cents
    refund_two_cents: Price = _TILL.refund_two.cents
    difference_two_cents: Cents = _TILL.difference_two.cents
    float_max_cents: Annotated[int, Meta(ge=1, le=FLOAT_MAX.cents)] = _TILL.float_max.cents
    float_alarm_pct: Annotated[int, Meta(ge=1, le=100)] = _TILL.float_alarm_pct


class PackFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``pack.toml``: who runs the kiosk, where it stands."""

    slug: Slug
    dated: date | None = None
    name: Texts
    host: Texts
    insee: Annotated[
        list[Annotated[str, Meta(pattern=r"^(\d{2}|2[AB])(\d{3})?\Z")]], Meta(min_length=1)
    ]
    holidays_zone: Literal["A", "B", "C"]
    languages: Annotated[list[Language], Meta(min_length=1)]
    timezone: Some
    position: Position
    bounds: Box
    phone: str = ""
    demo: bool = False
    card: CardSettings = CardSettings()
    money: MoneySettings = MoneySettings()


class ThemeFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``theme.toml``: the two tokens that a territory may colour."""

    accent: Colour = "#FFB81C"
    emblem: Colour = "#FFB81C"


class ServiceEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One ``[[service]]`` of ``services.toml``."""

    id: Slug
    kind: ServiceKind
    family: Family
    icon: Slug
    title: Texts
    datasets: list[Slug] = []
    focus: str = ""
    cell: tuple[Annotated[int, Meta(ge=0, le=20)], Annotated[int, Meta(ge=0, le=20)]]
    phone: str = ""
    intro: Texts = {}
    glance: dict[Language, Annotated[str, Meta(max_length=GLANCE_MAX)]] = {}


class DatasetEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One ``[[dataset]]`` of ``datasets.toml``; durations in seconds."""

    id: Slug
    title: Texts
    kind: RecordKind
    connector: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*\Z", max_length=40)]
    source: Some
    licence: Some
    seed: Seed = ""
    live_s: Seconds = 0
    stale_s: Seconds = 30 * 86_400
    withdraw: bool = False
    demo: bool = False


class ProductEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One ``[[product]]`` of ``products.toml``; prices in cents by tariff category."""

    code: Annotated[int, Meta(ge=1, le=CODE_MAX)]
    kind: ProductKind
    service: Slug
    title: Texts
    price_cents: Annotated[dict[Slug, Cents], Meta(min_length=1, max_length=TARIFFS_MAX)]
    book: Annotated[int, Meta(ge=0, le=31)] = 0
    entries: Annotated[int, Meta(ge=0, le=BOOK_MAX)] = 0
    days: Annotated[int, Meta(ge=0, le=PASS_DAYS_MAX)] = 0
    season_end: MonthDay | None = None
    demo: bool = False

    def __post_init__(self) -> None:
        if FULL not in self.price_cents:
            raise ValueError(f"no `{FULL}` price")


class IssuerEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One ``[[issuer]]`` of ``bills.toml``."""

    number: Annotated[str, Meta(pattern=r"^[0-9]{6}\Z")]
    service: Slug
    title: Texts
    most_cents: Annotated[int, Meta(ge=BILL_LEAST.cents, le=BILL_MOST.cents)] = BILL_MOST.cents
    demo: bool = False


class Every(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A weekly rule: on these days, for so many weeks, in the weeks whose turn it is."""

    days: Annotated[list[Weekday], Meta(min_length=1)]
    weeks: Annotated[int, Meta(ge=1, le=WEEKS_MAX)] = 5
    turn: Annotated[int, Meta(ge=0)] = 0
    of: Annotated[int, Meta(ge=1)] = 1


class RecordLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of a seed file."""

    id: Annotated[str, Meta(min_length=1, max_length=ID_MAX)]
    title: Texts
    body: Texts = {}
    geo: Position | None = None
    source: str = ""
    licence: str = ""
    demo: bool = False
    observed_at: str = ""
    valid_from: str = ""
    valid_until: str = ""
    confidence: Annotated[float, Meta(ge=0, le=1)] = 1.0
    popularity: Annotated[int, Meta(ge=0, le=POPULARITY_MAX)] = 0
    every: Every | None = None
    data: dict[str, object] = {}
