"""From a bare data folder to a kiosk that was let in, fed, told of its cards, and shut out again.

A real hub and real commands, each in a process of its own; the card is a virtual one.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cardreader.virtual import DEMO_CARD_KEY
from kiosk.app.hub_link import link_of
from kiosk.app.settings import Settings
from kiosk.domain.errors import CardBlocked, DeviceRevoked, PaymentUnavailable
from kiosk.domain.fingerprint import fingerprint
from kiosk.domain.money import Money
from kiosk.domain.purse import card_tag
from kiosk.store.device_key import DeviceKey
from kiosk.store.enrolment import EnrolmentStore, Waiting
from kiosk.store.pending_loads import PendingLoads
from tests.e2e.served_hub import ROOT, alveole, served
from tests.unit.kiosk.usecases.money_world import Crash, Fuse, World

WAIT_S = 60.0
LOAD = 1200


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    with served(tmp_path) as running:
        yield running


def asking(data: Path, url: str, words: str) -> subprocess.Popen[str]:
    """Start to enrol, in a process that waits for the hub's people."""
    command = [sys.executable, "main.py", "sync", "enrol", url, "--name", "borne-1"]
    return subprocess.Popen(
        [*command, "--words", words, "--data", str(data)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ,
    )


def code_of(data: Path) -> str:
    """Wait until the request is kept; gives its code."""
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end:
        known = EnrolmentStore(data).known()
        if isinstance(known, Waiting):
            return known.user_code
        time.sleep(0.05)
    raise AssertionError("the kiosk doesn't ask")


def let_in(hub: Path, url: str, data: Path) -> str:
    """Enrol a kiosk that is killed while it waits; gives its id."""
    words = alveole(hub, "hub", "words")["words"]["orne"]
    first = asking(data, url, words)
    code = code_of(data)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    second = asking(data, url, words)
    shown = alveole(hub, "hub", "enrol-code", code)
    assert shown["fingerprint"] == fingerprint(DeviceKey(data).public_key)
    approved = alveole(hub, "hub", "enrol-code", code, "--approve")
    told, _ = second.communicate(timeout=WAIT_S)
    assert second.returncode == 0, told
    assert code in told
    assert shown["fingerprint"] in told
    return str(approved["kiosk"])


def in_the_hub(hub: Path, work: str) -> None:
    """Do what the back office's pages do."""
    command = [sys.executable, "main.py", "hub", "manage", "--data", str(hub), "--"]
    subprocess.run([*command, "shell", "-c", work], cwd=ROOT, check=True, timeout=120)


def test_a_kiosk_is_let_in_loads_once_knows_lost_cards_and_is_shut_out(
    hub: tuple[Path, str], tmp_path: Path
) -> None:
    folder, url = hub
    data = tmp_path / "kiosk"
    data.mkdir()
    kiosk = let_in(folder, url, data)
    assert alveole(data, "sync", "enrol", url)["kiosk"] == kiosk  # once more is harmless

    link = link_of(Settings(payments="hub", hub=url), data)
    assert link is not None
    assert link.ask() == "simulator"
    payment = link.gateway().create("T-1", Money(1000), idempotency_key="T-1:create")
    assert link.gateway().find("T-1") == payment

    world = World(data / "ledger.db", loads=PendingLoads(data), lists_lost=True)
    face = world.card.face
    tag = card_tag(face.number, DEMO_CARD_KEY)
    pending = ("hub", "pend-load", tag, str(LOAD), "--after", str(face.last_load))
    assert alveole(folder, *pending)["number"] == face.last_load + 1
    assert len(alveole(data, "sync", "once", "--hub", url)["taken"]) > 30
    standing = EnrolmentStore(data).standing()
    assert standing is not None
    standing.check(world.clock.now())

    written_then_killed = world.boot(Fuse(names_until(world, "write_load after")))
    with pytest.raises(Crash):
        written_then_killed.card_laid(world.lay())
    healthy = world.boot()
    healthy.card_laid(world.lay())
    healthy.leave()
    healthy.card_laid(world.lay())
    world.die()
    assert world.card.face.balance == face.balance + Money(LOAD)
    assert world.rows("SELECT count(*) FROM entry") == [(1,)]
    alveole(data, "sync", "once", "--hub", url)
    alveole(data, "sync", "once", "--hub", url)
    assert not PendingLoads(data).any()

    in_the_hub(
        folder,
        "from sync.hub.here import here; from sync.hub.cards.private import block;"
        f" block(here(), 'orne', '{tag}', '', None)",
    )
    alveole(data, "sync", "once", "--hub", url)
    again = world.boot()
    assert again.lost(world.card.face)
    with pytest.raises(CardBlocked):
        again.start(world.card.face, Money(1000))
    world.die()

    alveole(folder, "hub", "revoke", kiosk)
    command = [sys.executable, "main.py", "sync", "once", "--hub", url, "--data", str(data)]
    done = subprocess.run(
        [*command, "--json"], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 1
    assert json.loads(done.stdout[done.stdout.index("{") :])["revoked"] is True
    shut_out = EnrolmentStore(data).standing()
    assert shut_out is not None
    with pytest.raises(DeviceRevoked):
        shut_out.check(world.clock.now())
    with pytest.raises(PaymentUnavailable):
        link.gateway().create("T-2", Money(1000), idempotency_key="T-2:create")


def names_until(world: World, name: str) -> int:
    """Count a load's effects up to ``name``, on a copy that is thrown away."""
    copy = World(world.path.with_name("rehearsal.db"), clock=world.clock, loads=world.loads)
    fuse = Fuse()
    kiosk = copy.boot(fuse)
    kiosk.card_laid(copy.lay())
    copy.die()
    return fuse.names.index(name) + 1
