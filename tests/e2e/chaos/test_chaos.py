"""The chaos matrix of SYNC.md: whatever the line, the disk, the clock or the hub does, a kiosk ends
equal to its hub, and each of its events is counted once.

Hub (with nginx, over TLS) and kiosk have network namespaces of their own; a wire of ours between
two tun devices harms real packets. Each cell shows that its fault has bitten.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests import front
from tests.e2e.chaos.lab import Lab, faulty, laboratory
from tests.e2e.chaos.side import refusal
from tests.e2e.chaos.wire import BlackHole, Cut, Dead, Delay, Fault, HalfOpen, Loss, Reorder

HOUR_S = 3600


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    why_not = refusal() or front.missing()
    if why_not and os.environ.get("CI") == "true":
        pytest.fail(f"the chaos matrix must run here: {why_not}")
    if why_not:
        pytest.skip(f"the chaos matrix can't run here: {why_not}")
    with laboratory(tmp_path_factory.mktemp("chaos")) as running:
        yield running


def test_over_a_good_line_one_round_is_enough(lab: Lab) -> None:
    lab.kiosk("good")
    lab.publish()
    assert lab.round("good")["taken"] == ["stops"]
    assert not lab.differs("good")


@pytest.mark.parametrize(
    ("name", "fault"),
    [("loss", Loss(0.05)), ("delay", Delay(0.15)), ("reorder", Reorder(4))],
    ids=["loss", "delay", "reorder"],
)
def test_a_bad_line_ends_equal(lab: Lab, name: str, fault: Fault) -> None:
    lab.kiosk(name)
    lab.publish()
    with faulty(lab, fault):
        lab.until_equal(name)
    assert fault.bites > 0


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("cut", Cut(after=40_000, times=4)),
        ("halfopen", HalfOpen(after=60_000, times=3)),
        ("mtu", BlackHole(1300)),
    ],
    ids=["cut in the body", "half open", "black hole"],
)
def test_where_a_plain_program_fails_a_kiosk_ends_equal(lab: Lab, name: str, fault: Fault) -> None:
    lab.kiosk(name)
    lab.publish()
    with faulty(lab, fault):
        assert lab.kiosks.ask("plainly", blob=lab.hub.ask("largest"))
        before = fault.bites
        lab.until_equal(name)
    assert fault.bites > before


def test_over_a_dead_line_nothing_is_equal_and_nothing_is_lost(lab: Lab) -> None:
    lab.kiosk("dead")
    lab.publish()
    lab.until_equal("dead")
    lab.publish()
    lab.kiosks.ask("facts", name="dead", count=5)
    with faulty(lab, Dead()):
        assert lab.round("dead")["fault"] == "HubUnavailable"
        assert lab.differs("dead")
    lab.until_equal("dead")


def test_an_answer_that_is_lost_counts_nothing_twice(lab: Lab) -> None:
    lab.kiosk("answer")
    lab.publish()
    lab.until_equal("answer")
    lab.kiosks.ask("facts", name="answer", count=40)
    with faulty(lab, HalfOpen(after=1_600, times=1, down=False)) as fault:
        assert lab.round("answer")["fault"] == "HubUnavailable"
        assert lab.differs("answer").startswith("acknowledged")  # the hub has them: not yet known
    assert fault.bites > 0
    lab.until_equal("answer")


@pytest.mark.parametrize(
    ("certificate", "answer"),
    [("stranger", "200 login"), ("hub", "200 login"), ("hub", "302 https://192.0.2.1/login")],
)
def test_a_captive_portal_changes_nothing(lab: Lab, certificate: str, answer: str) -> None:
    name = f"portal{certificate}{answer[:3]}"
    lab.kiosk(name)
    lab.publish()
    lab.until_equal(name)
    lab.publish()
    lab.hub.ask("front", name="portal", certificate=certificate, answer=answer)
    try:
        assert lab.round(name)["fault"] in {"HubUnavailable", "FeedForged", "FeedRefused"}
        assert lab.differs(name)
    finally:
        lab.hub.ask("front", name="fresh")
    lab.until_equal(name)


@pytest.mark.parametrize("ahead_s", [-72 * HOUR_S, -HOUR_S, HOUR_S])
def test_a_wrong_clock_stops_nothing_and_is_reported(lab: Lab, ahead_s: int) -> None:
    name = f"clock{ahead_s}".replace("-", "m")
    lab.kiosk(name)
    lab.publish()
    lab.until_equal(name)
    lab.publish()
    lab.kiosks.ask("facts", name=name, count=5)
    lab.until_equal(name, ahead_s=ahead_s)
    assert abs(lab.round(name, ahead_s=ahead_s)["skew_s"] + ahead_s) < 60


def test_a_full_disk_keeps_the_old_data_until_there_is_room(lab: Lab) -> None:
    lab.kiosks.ask("small_disk", name="full")
    lab.kiosk("full")
    lab.publish()
    lab.until_equal("full")
    before = lab.kiosks.ask("state", name="full")["records"]
    lab.publish()
    lab.kiosks.ask("fill_disk", name="full")
    done = lab.round("full")
    assert "fault" in done or done["kept"]
    assert lab.kiosks.ask("state", name="full")["records"] == before
    lab.kiosks.ask("free_disk", name="full")
    lab.until_equal("full")


def test_a_stale_cache_never_leads_back(lab: Lab) -> None:
    lab.kiosk("stale")
    lab.publish()
    lab.hub.ask("front", name="stale")
    lab.until_equal("stale")
    lab.hub.ask("front", name="fresh")
    lab.publish()
    lab.until_equal("stale")
    lab.hub.ask("front", name="stale")
    try:
        assert "rollback" in lab.round("stale")["why"]
        assert not lab.differs("stale")
    finally:
        lab.hub.ask("front", name="fresh")
    lab.publish()
    lab.until_equal("stale")


def test_a_cache_that_spoils_blobs_is_gone_past(lab: Lab) -> None:
    lab.hub.ask("front", name="stale")
    try:
        for name in ("spoils", "spoilt"):
            lab.kiosk(name)
        lab.round("spoils")
        assert lab.hub.ask("spoil_cache") > 1
        assert lab.round("spoilt")["taken"] == ["stops"]
    finally:
        lab.hub.ask("front", name="fresh")
    for name in ("spoils", "spoilt"):
        lab.until_equal(name)


@pytest.mark.parametrize("more", [0, 5])
def test_a_restored_hub_is_told_what_it_lost(lab: Lab, more: int) -> None:
    name = f"restored{more}"
    lab.kiosk(name)
    lab.publish()
    lab.hub.ask("keep")
    lab.until_equal(name)
    lab.hub.ask("restore")
    assert lab.hub.ask("state", name=name)["events"] == []
    lab.kiosks.ask("facts", name=name, count=more)
    lab.until_equal(name)
    assert "hub.restored" in lab.kiosks.ask("state", name=name)["alarms"]


def test_a_cloned_kiosk_is_an_alarm_and_steals_no_number(lab: Lab) -> None:
    lab.kiosk("origin")
    lab.until_equal("origin")
    lab.kiosks.ask("clone", name="origin", copy="copy")
    for name in ("origin", "copy"):
        lab.kiosks.ask("facts", name=name, count=3)
        lab.round(name)
    assert not lab.differs("origin")
    assert lab.hub.ask("state", name="origin")["forks"] == 3
    assert "events.fork" in lab.kiosks.ask("state", name="copy")["alarms"]


def test_a_poisoned_event_goes_to_quarantine_and_holds_nothing_back(lab: Lab) -> None:
    lab.kiosk("poison")
    number = lab.kiosks.ask("facts", name="poison", count=1, kind="NOT A KIND !")
    lab.kiosks.ask("facts", name="poison", count=5)
    lab.until_equal("poison")
    assert lab.kiosks.ask("state", name="poison")["refused"] == [[number, "event.kind"]]
    assert lab.hub.ask("state", name="poison")["rejected"] == [number]


def test_a_hub_that_is_killed_comes_back_to_the_same(lab: Lab) -> None:
    lab.kiosk("killed")
    lab.publish()
    lab.hub.ask("stop")
    assert lab.differs("killed")
    assert "fault" in lab.round("killed")
    lab.hub.ask("serve")
    lab.until_equal("killed")
