"""Closings as the hub judges them: a cut, a copied or a rewritten journal is said."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from kiosk.store.device_key import DeviceKey
from kiosk.store.ledger_demo import write_demo
from kiosk.store.outbox import OutboxReader
from sync.hub.devices.models import Algorithm, Device
from sync.hub.events import intake
from sync.hub.events.closings import Fault, chain_of
from sync.hub.here import Here
from sync.protocol.events import Event as Told
from tests.kiosks import enrolled

LINES = 2_300  # three days and their month
Change = Callable[[dict[str, object]], Mapping[str, object]]


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Told], str]:
    """What a kiosk with a journal of some days tells, and its key."""
    folder = tmp_path_factory.mktemp("journal")
    key = DeviceKey(folder)
    write_demo(folder / "ledger.db", LINES, key)
    rows = OutboxReader(folder / "ledger.db").after(0, 100)
    return [
        Told(epoch="e1", seq=row.seq, kind=row.kind, subject=row.subject, at=row.at,
             payload=row.payload)
        for row in rows
    ], key.public_key.hex()  # fmt: skip


@pytest.fixture
def device(here: Here, journal: tuple[list[Told], str]) -> Device:
    found = Device.objects.get(id=enrolled(here).id)
    found.public_key = journal[1]
    found.save()
    return found


def changed(told: Told, change: Change) -> Told:
    payload = json.dumps(change(json.loads(told.payload)))
    return Told(
        epoch=told.epoch, seq=told.seq, kind=told.kind, subject=told.subject, at=told.at,
        payload=payload,
    )  # fmt: skip


def test_a_sound_journal_is_anchored_with_its_totals(
    here: Here, device: Device, journal: tuple[list[Told], str]
) -> None:
    intake.take(here, device, journal[0])
    chain = chain_of(device)
    assert [one.number for one in chain.anchors] == [*range(1, len(journal[0]) + 1)]
    assert chain.faults == ()
    assert chain.last is not None
    assert chain.last.closing is not None
    assert chain.last.closing.period == "month"
    assert chain.last.closing.moved("bank.clearing") > 0


def test_a_kiosk_without_closings_has_an_empty_chain(device: Device) -> None:
    assert chain_of(device).last is None


def test_a_closing_that_is_left_out_is_a_gap(
    here: Here, device: Device, journal: tuple[list[Told], str]
) -> None:
    events = journal[0]
    harmless = Told(epoch="e1", seq=2, kind="till.opened", subject="", at=events[1].at,
                    payload="{}")  # fmt: skip
    intake.take(here, device, [events[0], harmless, *events[2:]])
    assert chain_of(device).faults == (Fault.GAP,)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda told: told | {"closing": 1}, Fault.TWICE),
        (lambda told: told | {"previous": "0" * 64}, Fault.BROKEN),
        (lambda told: told | {"hash": "1" * 64}, Fault.BROKEN),
        (lambda told: told | {"signature": "0" * 128}, Fault.UNSIGNED),
        (lambda told: told | {"canonical": "ALV-CLOSING-1\n"}, Fault.UNREADABLE),
        (lambda told: {"closing": "two"}, Fault.UNREADABLE),
    ],
)
def test_what_was_tampered_with_is_said(
    here: Here, device: Device, journal: tuple[list[Told], str], change: Change, fault: Fault
) -> None:
    events = journal[0]
    intake.take(here, device, [events[0], changed(events[1], change), *events[2:]])
    assert fault in chain_of(device).anchors[1].faults


def test_a_perpetual_total_that_shrinks_is_said(
    here: Here, device: Device, journal: tuple[list[Told], str]
) -> None:
    first, second = journal[0][:2]
    swapped = [
        Told(epoch="e1", seq=seq, kind=one.kind, subject="", at=one.at, payload=one.payload)
        for seq, one in ((1, second), (2, first))
    ]
    intake.take(here, device, swapped)
    assert Fault.BACKWARDS in chain_of(device).faults


def test_another_key_s_closings_are_not_this_kiosk_s(
    here: Here, journal: tuple[list[Told], str]
) -> None:
    device = Device.objects.get(id=enrolled(here).id)
    intake.take(here, device, journal[0])
    assert set(chain_of(device).faults) == {Fault.UNSIGNED}
    Device.objects.update(algorithm=Algorithm.P256)
    device.refresh_from_db()
    assert set(chain_of(device).faults) == {Fault.UNSIGNED}


def test_an_older_kiosk_s_hash_is_an_anchor_without_totals(
    here: Here, device: Device, journal: tuple[list[Told], str]
) -> None:
    def bare(told: dict[str, object]) -> Mapping[str, object]:
        return {name: told[name] for name in ("closing", "last", "hash")}

    intake.take(here, device, [changed(one, bare) for one in journal[0]])
    chain = chain_of(device)
    assert chain.faults == ()
    assert all(one.closing is None and one.digest for one in chain.anchors)


def test_each_journal_that_a_kiosk_has_had_is_judged_by_itself(
    here: Here, device: Device, journal: tuple[list[Told], str], tmp_path: Path
) -> None:
    intake.take(here, device, journal[0])
    again = [
        Told(epoch="e2", seq=one.seq, kind=one.kind, subject="", at=one.at, payload=one.payload)
        for one in journal[0]
    ]
    intake.take(here, device, again)
    assert chain_of(device).faults == ()
    assert len(chain_of(device).anchors) == 2 * len(journal[0])
