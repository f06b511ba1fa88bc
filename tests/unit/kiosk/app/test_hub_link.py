"""The kiosk's link to the hub that takes its payments: settings, token, what was last told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.app import diagnostics
from kiosk.app.hub_link import HubLink, link_of
from kiosk.app.settings import Settings
from kiosk.domain.errors import InputRefused, PaymentUnavailable
from kiosk.store.enrolment import EnrolmentStore, LetIn
from payments.hub_server import HubPayments, HubServer
from payments.service import Counter
from payments.signed import SignedGateway
from tests.alv1 import HUB, STRANGER
from tests.unit.payments.worlds import Hub

TOKEN = "t" * 40
NOWHERE = "http://127.0.0.1:9"  # the discard port: nobody listens


@pytest.fixture
def url() -> Iterator[str]:
    hub = Hub()
    hub.service._counter = Counter(provider="payfip")
    with HubServer(HubPayments(hub.service, token=TOKEN), sweep_s=3600) as server:
        yield server.url


def link(folder: Path, url: str, token: str = TOKEN) -> HubLink:
    (folder / "hub-token").write_text(token + "\n")
    return HubLink(url=url, folder=folder)


def test_without_the_setting_the_stand_in_takes_the_payments(tmp_path: Path) -> None:
    assert link_of(Settings(hub=NOWHERE), tmp_path) is None


def test_training_keeps_the_stand_in_whatever_is_set(tmp_path: Path) -> None:
    assert link_of(Settings(payments="hub", hub=NOWHERE, training=True), tmp_path) is None


def test_a_hub_on_this_machine_takes_the_payments(tmp_path: Path) -> None:
    found = link_of(Settings(payments="hub", hub=NOWHERE), tmp_path)
    assert found == HubLink(url=NOWHERE, folder=tmp_path)
    assert found.page == f"{NOWHERE}/code"


@pytest.mark.parametrize("hub", ["https://hub.example", "http://hub.example"])
def test_a_hub_on_another_machine_is_refused_until_the_kiosk_is_enrolled(
    tmp_path: Path, hub: str
) -> None:
    with pytest.raises(InputRefused):
        link_of(Settings(payments="hub", hub=hub), tmp_path)


def let_in(folder: Path, hub: str) -> None:
    EnrolmentStore(folder).keep(
        LetIn(
            hub=hub,
            territory="orne",
            name="borne-1",
            kiosk="kabc",
            root="0" * 64,
            key=HUB.public_key.hex(),
            epoch=1,
        )
    )


def test_a_hub_elsewhere_that_has_let_the_kiosk_in_takes_its_payments(tmp_path: Path) -> None:
    let_in(tmp_path, "https://hub.example")
    found = link_of(Settings(payments="hub", hub="https://hub.example"), tmp_path)
    assert found is not None
    assert (found.signed, found.page) == (True, "")
    assert isinstance(found.gateway(), SignedGateway)
    with pytest.raises(InputRefused):
        link_of(Settings(payments="hub", hub="https://other.example"), tmp_path)


def test_a_hub_of_this_machine_keeps_its_token_where_there_is_one(tmp_path: Path) -> None:
    let_in(tmp_path, NOWHERE)
    settings = Settings(payments="hub", hub=NOWHERE)
    found = link_of(settings, tmp_path)
    assert found is not None
    assert found.signed
    (tmp_path / "hub-token").write_text(TOKEN)
    found = link_of(settings, tmp_path)
    assert found is not None
    assert not found.signed


def test_an_enrolment_that_was_lost_meanwhile_takes_no_payment(tmp_path: Path) -> None:
    with pytest.raises(PaymentUnavailable):
        HubLink(url="https://hub.example", folder=tmp_path, signed=True).gateway()


def test_the_hub_s_newest_key_is_the_one_of_the_last_licence(tmp_path: Path) -> None:
    let_in(tmp_path, NOWHERE)
    EnrolmentStore(tmp_path).keep_licence("text", STRANGER.public_key)
    link_to = HubLink(url=NOWHERE, folder=tmp_path, signed=True)
    assert link_to._identity().hub_key == STRANGER.public_key


def test_what_the_hub_says_is_kept(tmp_path: Path, url: str) -> None:
    one = link(tmp_path, url)
    assert (one.last_told, one.simulated) == ("", True)
    assert one.ask() == "payfip"
    again = HubLink(url=NOWHERE, folder=tmp_path)
    assert (again.last_told, again.simulated) == ("payfip", False)


@pytest.mark.parametrize("kept", [b"", b"\xff", b"../up", b"x" * 300])
def test_a_kept_word_that_is_no_provider_is_none(tmp_path: Path, kept: bytes) -> None:
    (tmp_path / "hub-provider").write_bytes(kept)
    assert HubLink(url=NOWHERE, folder=tmp_path).last_told == ""


def test_without_a_token_there_is_no_payment(tmp_path: Path) -> None:
    with pytest.raises(PaymentUnavailable, match="hub-token"):
        HubLink(url=NOWHERE, folder=tmp_path).gateway()


@pytest.mark.parametrize("token", ["guess", ""])
def test_a_hub_tells_nothing_to_a_stranger(tmp_path: Path, url: str, token: str) -> None:
    with pytest.raises(PaymentUnavailable):
        link(tmp_path, url, token).ask()
    assert not (tmp_path / "hub-provider").exists()


def test_doctor_tells_what_the_hub_takes_money_with(tmp_path: Path, url: str) -> None:
    found = diagnostics.payments(link(tmp_path, url))
    assert found.state == "ok"
    assert "payfip" in found.what
    assert not (tmp_path / "hub-provider").exists()  # it only looks


def test_doctor_warns_of_a_silent_hub(tmp_path: Path) -> None:
    found = diagnostics.payments(link(tmp_path, NOWHERE))
    assert (found.state, found.do.startswith("start it")) == ("warn", True)


def test_doctor_tells_that_the_stand_in_takes_the_payments() -> None:
    assert diagnostics.payments(None).what.startswith("simulated")
