"""What an operation of the API is: its address, who may call it, its shapes, its handler."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

import msgspec
from django.http import HttpRequest

from sync.hub.accounts.models import User
from sync.hub.accounts.rights import Action
from sync.hub.devices.models import Device
from sync.hub.here import Here

JSON, ZSTD, BYTES = "application/json", "application/zstd", "application/octet-stream"
NO_STORE = "no-store"
BODY_MAX = 20_000  # bytes of a JSON body

_Shape = TypeVar("_Shape")


class Who(StrEnum):
    """Who may call an operation."""

    ANYONE = "anyone"
    KEY = "key"  # whoever signs with the key that stands in the body: an enrolment
    DEVICE = "device"  # an enrolled device, by its signature; its {kiosk} is itself
    STAFF = "staff"  # a session of the back office, with the action's right in {territory}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request whose caller was recognised and whose body was decoded."""

    hub: Here
    request: HttpRequest
    path: Mapping[str, str]
    raw: bytes = b""
    body: object = None
    device: Device | None = None
    user: User | None = None

    def body_as(self, shape: type[_Shape]) -> _Shape:
        """Give the decoded body."""
        assert isinstance(self.body, shape), "the table says which shape it is"
        return self.body

    @property
    def caller(self) -> Device:
        """The device that calls."""
        assert self.device is not None, "the table says that a device calls"
        return self.device


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is answered; a body that isn't bytes is written as JSON."""

    status: int = 200
    body: Any = b""
    media: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    cache: str = NO_STORE

    def encoded(self) -> bytes:
        """Give the body's bytes."""
        return self.body if isinstance(self.body, bytes) else msgspec.json.encode(self.body)


Handler = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One line of the table.

    ``body`` is a shape that is decoded strictly, or a media type whose bytes the handler reads;
    ``answers`` are the shapes or media types by status; ``query`` are the parameters' patterns.
    """

    id: str
    method: str
    path: str
    who: Who
    summary: str
    handler: Handler
    body: Any = None
    body_max: int = BODY_MAX
    answers: Mapping[int, Any] = field(default_factory=dict[int, Any])
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    action: Action | None = None


# The patterns of what stands in braces in a path.
PARAMETERS: Mapping[str, str] = {
    "territory": "[a-z0-9][a-z0-9-]{0,63}",
    "kiosk": "[a-z0-9]{1,32}",
    "sha256": "[0-9a-f]{64}",
    "code": "[A-Z0-9-]{4,20}",
}
