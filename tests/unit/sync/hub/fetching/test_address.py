"""The table of addresses (TRUST.md, "SSRF"): what a hub fetches from, and what it doesn't."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import AddressRefused
from sync.hub.fetching.address import checked, is_public, target_of

REFUSED_URLS = [
    # other schemes and shapes
    "", "/feed.json", "feed.json", "//example.fr/x", "file:///etc/passwd", "ftp://example.fr/x",
    "gopher://example.fr/", "data:text/plain,x", "jar:https://example.fr!/", "javascript:1",
    "https://", "https:///x", "https://user@example.fr/", "https://user:pass@example.fr/",
    "https://example.fr@127.0.0.1/", "https://127.0.0.1\\@example.fr/",
    "https://example.fr:22/", "https://example.fr:8080/", "http://example.fr:443/",
    "https://example.fr:99999/", "https://example.fr:x/", "https://example.fr/a b",
    "https://example.fr/\r\nHost: x", "https://exämple.fr/", "https://example.fr/" + "a" * 1000,
    "https://example.fr\t/", "https://[::1", "https://exa_mple.fr/", "https://-a.fr/",
    # names of our own network
    "https://localhost/", "https://LOCALHOST/", "https://localhost./", "https://a.localhost/",
    "https://printer.local/", "https://db.internal/", "https://box.lan/", "https://nas.home/",
    "https://intranet/", "https://1.168.192.in-addr.arpa/", "https://hub.test/",
    # numbers that aren't plain IPv4 addresses
    "http://2130706433/", "http://017700000001/", "http://0x7f000001/", "http://0x7f.0.0.1/",
    "http://0177.0.0.1/", "http://127.1/", "http://127.0.1/", "http://0/", "http://1/",
    "http://127.0.0.01/", "http://256.1.1.1/", "http://1.2.3.4.5/",
    "http://[fe80::1%25eth0]/", "http://[::ffff:127.0.0.1/",
]  # fmt: skip

PRIVATE = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255",
    "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1",
    "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1",
    "255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1",
    "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
    "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1",
    "2002:7f00:1::", "2002:a00:1::1", "2001:0:7f00:1::", "fec0::1", "not an address", "",
]  # fmt: skip

PUBLIC = ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "2002:5db8:d822::1"]


def reached(url: str) -> str:
    """Give where a fetch would connect to, whose names all lead to a public address."""
    target = target_of(url)
    return checked([target.host] if target.literal else PUBLIC)


def test_the_table_is_as_long_as_it_should_be() -> None:
    assert len(REFUSED_URLS) + len(PRIVATE) >= 60


@pytest.mark.parametrize("url", REFUSED_URLS)
def test_a_wrong_address_is_refused_before_any_look_up(url: str) -> None:
    with pytest.raises(AddressRefused):
        reached(url)


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_isn_t_public_is_refused(address: str) -> None:
    assert not is_public(address)
    with pytest.raises(AddressRefused):
        checked(["93.184.216.34", address])


@pytest.mark.parametrize("address", [one for one in PRIVATE if ":" in one and "." not in one])
def test_the_same_written_in_a_url_is_refused(address: str) -> None:
    with pytest.raises(AddressRefused):
        checked([target_of(f"http://[{address}]/").host])


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_taken(address: str) -> None:
    assert checked([address]) == address


@pytest.mark.parametrize(
    ("url", "host", "port", "path"),
    [
        ("https://data.orne.fr/api?a=1", "data.orne.fr", 443, "/api?a=1"),
        ("http://data.orne.fr", "data.orne.fr", 80, "/"),
        ("https://Data.Orne.FR:443/x#part", "data.orne.fr", 443, "/x"),
        ("https://93.184.216.34/x", "93.184.216.34", 443, "/x"),
        ("https://[2606:2800:220:1::1946]/", "2606:2800:220:1::1946", 443, "/"),
        ("https://data.orne.fr./", "data.orne.fr", 443, "/"),
    ],
)  # fmt: skip
def test_a_public_source_is_taken(url: str, host: str, port: int, path: str) -> None:
    target = target_of(url)
    assert (target.host, target.port, target.path) == (host, port, path)


@given(st.integers(0, 2**32 - 1))
def test_no_number_alone_is_a_host(number: int) -> None:
    for form in (f"{number}", f"0x{number:x}", f"0{number:o}"):
        with pytest.raises(AddressRefused):
            checked([target_of(f"http://{form}/").host])


@given(st.text(max_size=60))
def test_whatever_is_written_is_refused_or_public(text: str) -> None:
    try:
        target = target_of(f"http://{text}/")
    except AddressRefused:
        return
    assert "." in target.host or ":" in target.host
