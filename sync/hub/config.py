"""The hub's settings: DIR/hub.toml, then the environment, else a hub alone on loopback.

Rules:
1. Both are read strictly: an unknown name or a wrong type is refused with its place.
2. ``DATABASE_URL`` is PostgreSQL or nothing; without it the hub keeps one SQLite file in DIR.
3. A hub that others reach has a ``public_url`` by https; only loopback goes without.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from kiosk.domain.errors import InputRefused

FILE, SQLITE, BLOBS, PHOTOS = "hub.toml", "hub.db", "blobs", "photos"
SECRET, SIGNING_KEY, ROOT_KEY = "hub.secret", "hub-signing.key", "hub-root.key"
CARD_KEY = "hub-card.key"  # the card keys in the database are sealed under it
BYTES_MAX = 20_000
PREFIX = "ALVEOLE_HUB_"
DATABASE_VARIABLE = "DATABASE_URL"
PASSWORD_VARIABLE = "ALVEOLE_HUB_PASSWORD"  # noqa: S105  # of `create-admin`; no setting
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
POSTGRES = ("postgres", "postgresql")
OPTIONS_MAX = 20  # of a database's address

Host = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9.-]{1,200}$")]


class HubFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What hub.toml may say; the environment says the same as ALVEOLE_HUB_<NAME>."""

    database_url: str = ""
    public_url: Annotated[str, msgspec.Meta(pattern=r"^(https://[a-z0-9.:-]{3,200})?$")] = ""
    allowed_hosts: tuple[Host, ...] = ()
    territory: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]{0,64}$")] = ""
    image_every: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """A PostgreSQL database by its parts; ``host`` is a name or the folder of a socket."""

    name: str
    user: str = ""
    password: str = ""
    host: str = ""
    port: str = ""
    options: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HubConfig:
    """A hub's settings; ``database`` None is the SQLite file in ``data``.

    ``image_every`` is after how many manifests a new image may be made, 0 for none.
    """

    data: Path
    database: Database | None = None
    public_url: str = ""
    allowed_hosts: tuple[str, ...] = ()
    territory: str = ""
    image_every: int = 0

    @property
    def hosts(self) -> tuple[str, ...]:
        """The Host headers that are answered."""
        own = (urlsplit(self.public_url).hostname or "",) if self.public_url else ()
        return (*LOOPBACK, *own, *self.allowed_hosts)


def load(data: Path, environment: Mapping[str, str] | None = None) -> HubConfig:
    """Read the settings of a hub's data folder; raises InputRefused with the place."""
    environment = os.environ if environment is None else environment
    given = _read(data / FILE)
    for name, word in sorted(environment.items()):
        if name.startswith(PREFIX) and name != PASSWORD_VARIABLE:
            key = name.removeprefix(PREFIX).lower()
            given[key] = _of_word(key, word)
    if environment.get(DATABASE_VARIABLE):
        given["database_url"] = environment[DATABASE_VARIABLE]
    try:
        said = msgspec.convert(given, HubFile)
    except msgspec.ValidationError as wrong:
        raise InputRefused(
            str(wrong), where=f"{FILE} or ${PREFIX}…", todo="see docs/hub.md"
        ) from wrong
    return HubConfig(
        data=data,
        database=database_of(said.database_url) if said.database_url else None,
        public_url=said.public_url,
        allowed_hosts=said.allowed_hosts,
        territory=said.territory,
        image_every=said.image_every,
    )


def _of_word(key: str, word: str) -> object:
    """Give a setting's value out of the environment's word for it."""
    if key == "allowed_hosts":
        return word.split(",")
    return int(word) if key == "image_every" and word.isdecimal() else word


def database_of(url: str) -> Database:
    """Read ``postgresql://user:password@host:port/name?host=/folder``; raises InputRefused."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as wrong:
        raise InputRefused("not an address", where=DATABASE_VARIABLE) from wrong
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in POSTGRES or not name:
        raise InputRefused(
            "only PostgreSQL has an address here", where=DATABASE_VARIABLE, todo="leave it empty "
            "for SQLite",
        )  # fmt: skip
    try:
        options = dict(parse_qsl(parts.query, strict_parsing=True, max_num_fields=OPTIONS_MAX))
    except ValueError as wrong:
        if parts.query:
            raise InputRefused("wrong options", where=DATABASE_VARIABLE) from wrong
        options = {}
    folder = options.pop("host", "")
    return Database(
        name=name,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        host=folder or parts.hostname or "",
        port=str(port or ""),
        options=options,
    )


def _read(file: Path) -> dict[str, object]:
    try:
        raw = file.read_bytes()
        if len(raw) > BYTES_MAX:
            raise InputRefused(f"more than {BYTES_MAX} bytes", where=str(file))
        given = dict(tomllib.loads(raw.decode()))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as wrong:
        raise InputRefused(f"can't be read: {wrong}", where=str(file)) from wrong
    if "@" in str(given.get("database_url", "")) and file.stat().st_mode & 0o077:
        raise InputRefused("others may read it", where=str(file), todo=f"chmod 600 {file.name}")
    return given
