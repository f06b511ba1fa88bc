"""The kiosk's settings: DIR/settings.toml, then the environment (ALVEOLE_<NAME>), else defaults.

Both are read strictly: an unknown name, a wrong type or a value out of range is refused with its
line. A kiosk without a settings file runs the demo. docs/operations.md lists every setting.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from kiosk.domain.errors import InputRefused
from kiosk.domain.role import Role

FILE = "settings.toml"
BYTES_MAX = 100_000
PREFIX = "ALVEOLE_"
# Variables that are no settings: the data folder, the tests' corpus, and "production" or not.
OTHER_VARIABLES = frozenset({"ALVEOLE_DATA", "ALVEOLE_CORPUS", "ALVEOLE_ENV"})
HUB_PREFIX = "ALVEOLE_HUB_"  # the hub's settings (sync.hub.config), on the same machine
SIDE_MIN, SIDE_MAX = 320, 7680  # pixels of a screen's side

HUB = r"^(https?://[A-Za-z0-9.\[\]:-]{1,100}(/[A-Za-z0-9._~-]{0,60}){0,4})?$"
RECEIPT_PAGE = r"^(https://[A-Za-z0-9.-]{1,100}(/[A-Za-z0-9._~-]{0,60}){0,4})?$"
# the hub's page: https anywhere, plain http on this machine alone (the demonstration)
PAY_PAGE = r"^(https://[A-Za-z0-9.:-]{1,100}/code|http://127\.0\.0\.1:\d{1,5}/code)?$"

Seconds = Annotated[int, msgspec.Meta(ge=5, le=3600)]


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an installer may set; ``territory`` "" is the demo's, ``size`` "" the whole screen.

    ``px_per_mm`` 0 asks the screen itself. The idle warning comes ``idle_warning_s`` after the
    last touch, the wipe ``idle_s`` after it (TRUST.md, "Privacy"). ``role`` is what the device is
    for; a gate lets people in for the product of code ``gate_product``. ``reader_pattern`` names
    the citizen's reader, shell style; "" is any that holds no SAM. ``scanner`` reads paper tickets
    at a gate. ``kiosk`` is its name on receipts, ``receipt_page`` the address of the page that
    verifies them, ``pay_page`` the hub's page for offline codes ("" there are none). With
    ``training`` money lies in a journal of its own and is worth nothing; below ``free_bytes_min``
    bytes of free disk no money operation begins. ``hub`` is the address of the territory's hub;
    without one the kiosk feeds itself (the demo). ``payments`` says who takes the money.
    """

    territory: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]{0,64}$")] = ""
    windowed: bool = False
    size: Annotated[str, msgspec.Meta(pattern=r"^(\d{3,4}x\d{3,4})?$")] = ""
    px_per_mm: Annotated[float, msgspec.Meta(ge=0, le=40)] = 0
    idle_s: Seconds = 60
    idle_warning_s: Seconds = 45
    role: Role = "kiosk"
    gate_product: Annotated[int, msgspec.Meta(ge=0, le=65535)] = 0
    reader: Literal["virtual", "pcsc", "none"] = "virtual"
    reader_pattern: Annotated[str, msgspec.Meta(max_length=128)] = ""
    kiosk: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]{1,8}$")] = "borne"
    printer: str = "none"
    scanner: Literal["none", "keyboard"] = "none"
    paper_mm: Literal[58, 80] = 80
    receipt_page: Annotated[str, msgspec.Meta(pattern=RECEIPT_PAGE)] = ""
    pay_page: Annotated[str, msgspec.Meta(pattern=PAY_PAGE)] = ""
    voice: Literal["espeak", "none"] = "espeak"
    headphones: Literal["never", "always"] = "never"
    training: bool = False
    free_bytes_min: Annotated[int, msgspec.Meta(ge=10_000_000, le=10**12)] = 50_000_000
    hub: Annotated[str, msgspec.Meta(pattern=HUB)] = ""
    payments: Literal["simulator", "hub"] = "simulator"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    def __post_init__(self) -> None:
        """Refuse what no single field shows (msgspec tells it as a ValidationError)."""
        if self.idle_warning_s >= self.idle_s:
            raise ValueError("idle_warning_s must be less than idle_s")
        if (self.role == "gate") != (self.gate_product > 0):
            raise ValueError("gate_product: a gate has one, nothing else")
        if self.size and not all(SIDE_MIN <= side <= SIDE_MAX for side in self.pixels):
            raise ValueError(f"size: a side must have {SIDE_MIN} to {SIDE_MAX} pixels")
        if self.payments == "hub" and not self.hub:
            raise ValueError("payments: the setting hub must say where the hub is")
        if self.printer == "none":
            return
        from kiosk.domain.printing import printer_address

        try:
            printer_address(self.printer)
        except ValueError as wrong:
            raise ValueError(f"printer: {wrong}") from wrong

    @property
    def pixels(self) -> tuple[int, int]:
        """The window's width and height; (0, 0) is the whole screen."""
        width, _, height = self.size.partition("x")
        return (int(width), int(height)) if height else (0, 0)


def load(folder: Path, environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings of a data folder; raises InputRefused with file and line."""
    file = folder / FILE
    text = _text(file)
    values = _toml(file, text)
    environment = os.environ if environment is None else environment
    for name, word in sorted(environment.items()):
        ours = name.startswith(PREFIX) and not name.startswith(HUB_PREFIX)
        if ours and name not in OTHER_VARIABLES:
            values[_known(name)] = word
    return _convert(values, file, text, environment)


def _text(file: Path) -> str:
    if not file.exists():
        return ""
    try:
        if file.stat().st_size > BYTES_MAX:
            raise InputRefused(f"more than {BYTES_MAX} bytes", where=str(file))
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as wrong:
        raise InputRefused(f"can't be read: {wrong}", where=str(file)) from wrong


def _toml(file: Path, text: str) -> dict[str, object]:
    try:
        return dict(tomllib.loads(text))
    except tomllib.TOMLDecodeError as wrong:
        raise InputRefused(f"not TOML: {wrong}", where=str(file), todo="mend the line") from wrong


def _known(variable: str) -> str:
    """Give the setting's name of a variable."""
    name = variable.removeprefix(PREFIX).lower()
    if name not in Settings.__struct_fields__:
        known = ", ".join(PREFIX + field.upper() for field in Settings.__struct_fields__)
        raise InputRefused("no such setting", where=f"${variable}", todo=f"known: {known}")
    return name


def _convert(
    values: Mapping[str, object], file: Path, text: str, environment: Mapping[str, str]
) -> Settings:
    """Convert strictly; words of the environment are read as the field's type wants them."""
    try:
        words = {name for name in values if PREFIX + name.upper() in environment}
        spoken = {name: _of_word(name, values[name]) for name in words}
        return msgspec.convert({**values, **spoken}, Settings)
    except msgspec.ValidationError as wrong:
        name = _named(str(wrong))
        variable = PREFIX + name.upper()
        where = f"${variable}" if variable in environment else f"{file}:{_line(text, name)}"
        raise InputRefused(str(wrong), where=where, todo="see docs/operations.md") from wrong


def _of_word(name: str, word: object) -> object:
    """Give an environment's word as a value; a word that doesn't fit stays and is refused."""
    default = getattr(Settings(), name)
    if isinstance(default, bool):
        return {"1": True, "true": True, "0": False, "false": False}.get(str(word).lower(), word)
    if isinstance(default, int | float) and re.fullmatch(r"\d+(\.\d+)?", str(word)):
        return float(str(word)) if "." in str(word) else int(str(word))
    return word


def _named(message: str) -> str:
    """Find the field that a validation message speaks of, "" when it speaks of none."""
    found = re.search(r"\$\.(\w+)|unknown field `(\w+)`|^(\w+):|^(\w+) must", message)
    return next((group for group in found.groups() if group), "") if found else ""


def _line(text: str, name: str) -> int:
    """Give the line that sets ``name``; 1 when none does."""
    pattern = re.compile(rf"\s*\[?[\"']?{re.escape(name)}\b")
    lines = text.splitlines()
    return next((n for n, line in enumerate(lines, 1) if name and pattern.match(line)), 1)
