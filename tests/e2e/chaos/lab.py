"""The laboratory of the chaos matrix: a hub, kiosks and the wire between them."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.e2e.chaos.side import Side
from tests.e2e.chaos.wire import HUB, Clear, Fault, Wire

RECORDS = 1200  # some blobs of 100 KiB and more
ROUNDS_MAX = 8
PAUSE_S = 0.4  # the web server may keep a manifest for a second
_seeds = count(2)


@dataclass
class Lab:
    """Both sides and the wire."""

    folder: Path
    hub: Side
    kiosks: Side
    wire: Wire
    admitted: dict[str, str] = field(default_factory=dict)

    def kiosk(self, name: str) -> None:
        """Make a kiosk, let it in, give it facts to tell."""
        key = self.kiosks.ask("begin", name=name)
        self.admitted[name] = self.hub.ask("admit", public_key=key, name=name)
        self.kiosks.ask("admitted", name=name, device=self.admitted[name])
        self.kiosks.ask("facts", name=name, count=20)

    def publish(self, records: int = RECORDS) -> None:
        """Let the hub have news."""
        self.hub.ask("publish", count=records, seed=next(_seeds))

    def round(self, name: str, **how: object) -> dict[str, Any]:
        """Let a kiosk sync once."""
        answer: dict[str, Any] = self.kiosks.ask("round", name=name, **how)
        return answer

    def until_equal(self, name: str, **how: object) -> list[str]:
        """Let a kiosk sync until it is equal to the hub; gives the faults on the way."""
        faults: list[str] = []
        for _ in range(ROUNDS_MAX):
            done = self.round(name, **how)
            faults += [done["why"]] if "fault" in done else []
            if not self.differs(name):
                return faults
            time.sleep(PAUSE_S)
        raise AssertionError(f"{name} isn't equal: {self.differs(name)}; {faults}")

    def differs(self, name: str) -> str:
        """Give in what kiosk and hub differ, "" when in nothing."""
        here = self.kiosks.ask("state", name=name)
        there = self.hub.ask("state", name=self.admitted[name])
        if here["records"] != there["records"]:
            return f"records {here['records']}, the hub's {there['records']}"
        if here["events"] != there["events"]:
            return f"{len(here['events'])} events, the hub's {len(there['events'])}"
        last = len(here["events"])
        return "" if here["acked"] == last else f"acknowledged {here['acked']} of {last}"


@contextmanager
def laboratory(folder: Path) -> Iterator[Lab]:
    """Make a laboratory in ``folder``."""
    authority = _certificates(folder)
    home = folder / "kiosks"
    home.mkdir()
    hub = Side("tests.e2e.chaos.hub_side", folder, {})
    kiosks = Side("tests.e2e.chaos.kiosk_side", home, {"SSL_CERT_FILE": str(authority)})
    wire = Wire(hub.tun, kiosks.tun)
    lab = Lab(folder=folder, hub=hub, kiosks=kiosks, wire=wire)
    try:
        yield lab
    finally:
        kiosks.close()
        hub.close()
        wire.close()


@contextmanager
def faulty(lab: Lab, fault: Fault) -> Iterator[Fault]:
    """Harm the line; it is good again afterwards."""
    lab.wire.fault = fault
    try:
        yield fault
    finally:
        lab.wire.fault = Clear()


def _certificates(folder: Path) -> Path:
    """Make the hub's certificate, which kiosks believe, and a stranger's; gives the former."""
    for name in ("hub", "stranger"):
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=30))
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HUB))]),
                critical=False,
            )
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(key, SHA256())
        )
        (folder / f"{name}.pem").write_bytes(made.public_bytes(Encoding.PEM))
        (folder / f"{name}.key").write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )
    return folder / "hub.pem"
