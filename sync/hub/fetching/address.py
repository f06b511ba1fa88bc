"""Which addresses a hub fetches from: public ones, written plainly (pure).

Rules:
1. https or http on their own ports, no user in the address, no control characters.
2. A host is a name with a dot, or an IP address in its usual writing: no decimal, octal,
   hexadecimal or shortened form, which libraries read in different ways.
3. An IP address is public: not private, loopback, link-local, shared, multicast, reserved or a
   cloud's metadata; what an IPv6 address carries inside (mapped, 6to4, Teredo, NAT64) is as well.
4. All addresses that a name has must be public; the one that was checked is the one connected to.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from kiosk.domain.errors import AddressRefused

URL_MAX = 1000
PORTS = {"https": 443, "http": 80}
_NAME = re.compile(r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,62}")
_INNER = ("localhost", "local", "internal", "lan", "home", "corp", "intranet", "arpa", "test")
_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
_SPECIAL = (ipaddress.ip_network("192.0.0.0/24"),)  # RFC 6890; some Pythons call parts global

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An address in its parts; ``literal`` when the host is an IP address."""

    scheme: str
    host: str
    port: int
    path: str
    literal: bool


def target_of(url: str) -> Target:
    """Read an address; raises AddressRefused."""
    _check_signs(url)
    parts = _split(url)
    if parts.scheme not in PORTS or "@" in parts.netloc:
        raise AddressRefused("only https or http, without a user")
    host = (parts.hostname or "").removesuffix(".")
    port = _port(parts)
    literal = _is_literal(host)
    if not literal and (not _NAME.fullmatch(host) or host.rpartition(".")[2] in _INNER):
        raise AddressRefused("not a public name")
    path = parts.path or "/"
    whole = f"{path}?{parts.query}" if parts.query else path
    return Target(scheme=parts.scheme, host=host, port=port, path=whole, literal=literal)


def _check_signs(url: str) -> None:
    """Refuse what readers take in two ways: blanks, controls, back slashes, other scripts."""
    if len(url) > URL_MAX or not url.isascii() or not url.isprintable():
        raise AddressRefused("not a plain address")
    if " " in url or "\\" in url:
        raise AddressRefused("a blank or a back slash")


def checked(addresses: Sequence[str]) -> str:
    """Give the first of a host's addresses once all are public; raises AddressRefused."""
    if not addresses:
        raise AddressRefused("the name leads nowhere")
    for one in addresses:
        if not is_public(one):
            raise AddressRefused("it leads into a network that isn't public")
    return addresses[0]


def is_public(text: str) -> bool:
    """Say whether an IP address, and all that it carries inside, is public (rule 3)."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return all(map(_is_open, (address, *_carried(address))))


def _is_open(address: Address) -> bool:
    """Say whether an address by itself is anybody's to reach."""
    closed = address.is_private or address.is_multicast or address.is_reserved
    site = isinstance(address, ipaddress.IPv6Address) and address.is_site_local
    special = any(address in network for network in _SPECIAL)  # of one version with it, or False
    return address.is_global and not (closed or site or special)


def _carried(address: Address) -> list[ipaddress.IPv4Address]:
    if isinstance(address, ipaddress.IPv4Address):
        return []
    carried = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    last = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    if any(address in network for network in _NAT64) or int(address) >> 32 == 0:
        carried.append(last)
    return [one for one in carried if one is not None]


def _is_literal(host: str) -> bool:
    """Say whether the host is an IP address in its usual writing; raises AddressRefused."""
    if ":" in host:
        try:
            ipaddress.IPv6Address(host)
        except ValueError as wrong:
            raise AddressRefused("not an IPv6 address") from wrong
        return "%" not in host
    if re.fullmatch(r"[0-9.]+|.*\.?0x[0-9a-f]*", host):
        try:
            return str(ipaddress.IPv4Address(host)) == host
        except ValueError as wrong:
            raise AddressRefused("a number that isn't a plain IPv4 address") from wrong
    return False


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError as wrong:
        raise AddressRefused("not an address") from wrong


def _port(parts: SplitResult) -> int:
    usual = PORTS[parts.scheme]
    try:
        given = parts.port
    except ValueError as wrong:
        raise AddressRefused("not a port") from wrong
    if given not in {None, usual}:
        raise AddressRefused("another port than its own")
    return usual
