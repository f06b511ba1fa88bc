"""Card keys from the hub to a tap: delivered sealed, used, withdrawn, and never in clear.

A real hub and real commands, each in a process of its own; the card is a virtual chip that was
personalised with the hub's own masters, and the kiosk is wired as production wires it.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from cardreader.authority import HolderAuthority
from cardreader.issue import NewCard, personalise
from cardreader.keys import KeyRing, KeySet
from cardreader.layout import Identity, Key, Standing
from cardreader.virtual.chip.card import VirtualDesfire
from cardreader.virtual.chip.memory import Memory
from cardreader.virtual.link import InMemoryTransport
from kiosk.app.backing import Production
from kiosk.app.card_chain import Chain, purse_opener
from kiosk.app.console import Place
from kiosk.app.container import build
from kiosk.app.context import context_of
from kiosk.app.hub_relay import HubRelay
from kiosk.app.installed import Installed, SystemClock, installed
from kiosk.app.safe import Safe
from kiosk.domain.environment import PRODUCTION
from kiosk.domain.errors import CardKeysAwaited, DeviceRevoked, KeyAbsent
from kiosk.domain.money import Money
from kiosk.domain.purse import card_tag
from kiosk.domain.sale import Order
from kiosk.ports import CardSession
from kiosk.store.card_keys import FILE, CardKeyStore
from kiosk.usecases.spend_card import SpendStage
from tests.e2e.served_hub import ROOT, alveole, served
from tests.e2e.test_enrolment import let_in

SWIM, LESSON, PASS = 101, 103, 104
NUMBER = "ALV61-0000-7001"
UID = bytes.fromhex("04A17E57CA4D77")


@dataclass
class Territory:
    """A territory's masters, as a card bureau has them, and one of its cards."""

    keys: KeySet
    chip: VirtualDesfire

    def lay(self) -> InMemoryTransport:
        return InMemoryTransport(self.chip)


def territory() -> Territory:
    keys = KeySet(version=3, masters={key: secrets.token_bytes(16) for key in Key})
    chip = VirtualDesfire(Memory(uid=UID))
    new = NewCard(
        identity=Identity(number=NUMBER, territory=61, issued=date(2026, 1, 5)),
        standing=Standing(valid_until=None),
        at=datetime(2026, 1, 5, tzinfo=UTC),
        opening_cents=9000,
        opening_entries=1,
    )
    personalise(InMemoryTransport(chip), HolderAuthority(KeyRing([keys])), new)
    return Territory(keys, chip)


def file_of(keys: KeySet, folder: Path) -> Path:
    file = folder / "masters.json"
    named = {key.name.lower(): master.hex() for key, master in keys.masters.items()}
    file.write_bytes(msgspec.json.encode({"version": keys.version, **named}))
    file.chmod(0o600)
    return file


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    with served(tmp_path) as running:
        yield running


def synced(data: Path, url: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "main.py", "sync", "once", "--hub", url, "--data", str(data)]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False, env=os.environ
    )


@contextmanager
def production(data: Path, url: str) -> Iterator[tuple[Installed, Safe]]:
    """A kiosk's settings and journal as kiosk.app.counters ties them in production."""
    found = installed(Place(data=data, territory="orne"))
    settings = msgspec.structs.replace(found.settings, reader="pcsc", payments="hub", hub=url)
    here = replace(found, settings=settings)
    safe = Safe(here, context_of(here, SystemClock()), Production(CardKeyStore(data), relayed=True))
    try:
        yield here, safe
    finally:
        safe.close()
        here.content.close()


def laid(data: Path, card: Territory) -> CardSession:
    return purse_opener(Chain(environment=PRODUCTION, folder=data))(card.lay())


def in_clear(folder: Path, secrets_: list[bytes]) -> list[str]:
    """Give the files in which a secret stands, raw, in hexadecimal or in base64."""
    import base64

    found: list[str] = []
    for file in (one for one in folder.rglob("*") if one.is_file()):
        content = file.read_bytes()
        lower = content.lower()
        for secret in secrets_:
            bare = base64.b64encode(secret).rstrip(b"=")[:-1]
            if secret in content or secret.hex().encode() in lower or bare in content:
                found.append(str(file.relative_to(folder)))
    return found


def spend(data: Path, url: str, card: Territory) -> None:
    """Pay an entry from the book and a lesson from the purse; a pass wants the hub's keys."""
    with production(data, url) as (here, safe):
        build(here, SystemClock(), environment=PRODUCTION).close()
        sales = safe.sales()
        session = laid(data, card)
        assert session.read().number == NUMBER
        for product in (SWIM, LESSON):
            sales.card_laid(session)
            assert sales.ask(Order(product=product)).stage is SpendStage.DONE
            sales.leave()
        sales.card_laid(session)
        with pytest.raises(KeyAbsent):
            sales.ask(Order(product=PASS))


def load(hub: Path, data: Path, url: str, card: Territory) -> None:
    """Lay the card for which a load waits at the hub: the hub writes it over this reader."""
    tag = card_tag(NUMBER, CardKeyStore(data).tags)
    alveole(hub, "hub", "pend-load", tag, "1200", "--after", "0")
    assert synced(data, url).returncode == 0
    with production(data, url) as (_, safe):
        link = safe.link
        assert link is not None
        chain = Chain(environment=PRODUCTION, folder=data, relay=HubRelay(link.relay))
        safe.topups().card_laid(purse_opener(chain)(card.lay()))


def test_card_keys_go_from_the_hub_to_a_tap_and_are_withdrawn_from_who_is_shut_out(
    hub: tuple[Path, str], tmp_path: Path
) -> None:
    folder, url = hub
    card = territory()
    data = tmp_path / "kiosk"
    data.mkdir()
    kiosk = let_in(folder, url, data)
    assert synced(data, url).returncode == 0
    with production(data, url) as (_, safe), pytest.raises(CardKeysAwaited):
        safe.sales()
    with pytest.raises(CardKeysAwaited):
        laid(data, card).read()

    masters = file_of(card.keys, tmp_path)
    told = alveole(folder, "hub", "card-keys", "--import", str(masters))
    assert (told["versions"], told["edition"]) == ([3], 1)
    masters.unlink()
    done = synced(data, url)
    assert done.returncode == 0, done.stderr
    assert (data / FILE).stat().st_mode & 0o777 == 0o600

    spend(data, url, card)
    load(folder, data, url, card)
    face = laid(data, card).read()
    assert (face.sequence, face.last_load) == (3, 1)
    assert face.balance == Money(9000 - 1100 + 1200)

    held = [card.keys.masters[key] for key in (Key.IDENTIFY, Key.DEBIT)]
    kept = CardKeyStore(data)
    assert in_clear(data, [*card.keys.masters.values(), kept.tags]) == []
    assert in_clear(folder, [*card.keys.masters.values(), kept.tags]) == []
    assert all(one.hex() not in done.stdout + done.stderr for one in held)

    alveole(folder, "hub", "revoke", kiosk)
    assert synced(data, url).returncode == 1
    assert not (data / FILE).exists()
    with pytest.raises(CardKeysAwaited):
        laid(data, card).read()
    with production(data, url) as (_, safe), pytest.raises(DeviceRevoked):
        safe.permit()
