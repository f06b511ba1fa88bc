"""Enrolment: asked with a key, compared by people, told to the key alone."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from django.http import HttpResponse

from kiosk.domain.errors import InputRefused, NothingThere
from kiosk.domain.fingerprint import fingerprint
from sync.hub.audit.models import Entry
from sync.hub.devices import enrolment
from sync.hub.devices.models import Device, Enrolment
from sync.hub.here import Here
from sync.hub.territories.models import Territory
from sync.licence import open_licence
from sync.protocol.enrolment import EnrolAsk, EnrolBegun, Enrolled, TokenAsk
from tests.conftest import MovedClock
from tests.kiosks import Key, Kiosk, enrolled, public_hex


class Newcomer:
    """A kiosk that isn't let in yet: it signs under the name of its own key."""

    def __init__(self, here: Here, key: Key | None = None) -> None:
        self.key = key or ed25519.Ed25519PrivateKey.generate()
        self.kiosk = Kiosk(clock=here.clock, id=public_hex(self.key), key=self.key)
        edwards = isinstance(self.key, ed25519.Ed25519PrivateKey)
        self.algorithm = "ed25519" if edwards else "ecdsa-p256-sha256"

    def ask(self, name: str = "borne-1", territory: str = "orne", **how: str) -> HttpResponse:
        given = {"algorithm": self.algorithm, "public_key": self.kiosk.id, **how}
        body = {"territory": territory, "name": name, **given}
        return self.kiosk.post("/v1/enrol", body)

    def begun(self, name: str = "borne-1") -> EnrolBegun:
        answer = self.ask(name)
        assert answer.status_code == 200, answer.content
        return msgspec.json.decode(answer.content, type=EnrolBegun)

    def poll(self, device_code: str) -> HttpResponse:
        ask = TokenAsk(device_code=device_code, public_key=self.kiosk.id)
        return self.kiosk.post("/v1/enrol/token", ask)


@pytest.fixture(autouse=True)
def territory(here: Here) -> Territory:
    return Territory.objects.create(slug="orne", name="L’Orne")


@pytest.fixture
def newcomer(here: Here) -> Newcomer:
    return Newcomer(here)


def test_a_kiosk_is_let_in_and_signs_under_its_new_name(
    here: Here, newcomer: Newcomer, clock: MovedClock
) -> None:
    begun = newcomer.begun()
    assert b"authorization_pending" in newcomer.poll(begun.device_code).content
    waiting = enrolment.waiting(here, begun.user_code)
    assert enrolment.words_of(waiting) == begun.fingerprint
    device = enrolment.approve(here, waiting, None)
    clock.move(6)
    told = msgspec.json.decode(newcomer.poll(begun.device_code).content, type=Enrolled)
    assert (told.kiosk, told.hub_key) == (device.id, here.key.public_key.hex())
    licence = open_licence(told.licence, here.key.public_key)
    assert (licence.kiosk, licence.key) == (device.id, newcomer.kiosk.id)
    kiosk = Kiosk(clock=here.clock, id=told.kiosk, key=newcomer.key)
    assert kiosk.ask("GET", f"/v1/k/{told.kiosk}/private").status_code == 200


def test_a_tpm_s_key_is_let_in_too(here: Here) -> None:
    newcomer = Newcomer(here, ec.generate_private_key(ec.SECP256R1()))
    device = enrolment.approve(here, enrolment.waiting(here, newcomer.begun().user_code), None)
    assert device.algorithm == "ecdsa-p256-sha256"


def test_the_words_are_four_and_the_kiosk_can_work_them_out(newcomer: Newcomer) -> None:
    words = newcomer.begun().fingerprint
    assert words == fingerprint(bytes.fromhex(newcomer.kiosk.id))
    assert len(words.split()) == 4


def test_the_qr_text_leads_to_the_page_with_the_code(newcomer: Newcomer) -> None:
    begun = newcomer.begun()
    assert begun.verification_uri_complete == (
        f"https://hub.example.fr/gestion/bornes/admettre?code={begun.user_code}"
    )


def test_a_key_that_the_caller_doesn_t_hold_is_refused(here: Here, newcomer: Newcomer) -> None:
    other = Newcomer(here)
    assert newcomer.ask(public_key=other.kiosk.id).status_code == 401
    assert Enrolment.objects.count() == 0


def test_who_has_seen_the_code_gets_nothing_by_it(here: Here, newcomer: Newcomer) -> None:
    begun = newcomer.begun()
    enrolment.approve(here, enrolment.waiting(here, begun.user_code), None)
    assert Newcomer(here).poll(begun.device_code).status_code == 401


def test_polls_that_come_too_fast_are_slowed(newcomer: Newcomer) -> None:
    code = newcomer.begun().device_code
    newcomer.poll(code)
    assert b"slow_down" in newcomer.poll(code).content


def test_a_code_lives_a_quarter_of_an_hour(
    here: Here, newcomer: Newcomer, clock: MovedClock
) -> None:
    begun = newcomer.begun()
    clock.move(15 * 60 + 1)
    assert b"expired_token" in newcomer.poll(begun.device_code).content
    with pytest.raises(NothingThere):
        enrolment.waiting(here, begun.user_code)


def test_a_refused_kiosk_is_told_so(here: Here, newcomer: Newcomer) -> None:
    begun = newcomer.begun()
    enrolment.refuse(here, enrolment.waiting(here, begun.user_code), None)
    assert b"access_denied" in newcomer.poll(begun.device_code).content
    assert Device.objects.count() == 0


def test_a_living_device_s_name_is_taken(here: Here, newcomer: Newcomer) -> None:
    enrolled(here, "borne-1")
    waiting = enrolment.waiting(here, newcomer.begun("borne-1").user_code)
    with pytest.raises(InputRefused):
        enrolment.approve(here, waiting, None)
    Device.objects.update(revoked_at=here.clock.now())
    assert enrolment.approve(here, waiting, None).name == "borne-1"


def test_a_key_that_was_let_in_gets_its_answer_again(here: Here, newcomer: Newcomer) -> None:
    device = enrolment.approve(here, enrolment.waiting(here, newcomer.begun().user_code), None)
    again = newcomer.poll(newcomer.begun("borne-2").device_code)
    assert msgspec.json.decode(again.content, type=Enrolled).kiosk == device.id
    assert Device.objects.count() == 1


def test_a_key_that_was_shut_out_stays_out(here: Here, newcomer: Newcomer) -> None:
    device = enrolment.approve(here, enrolment.waiting(here, newcomer.begun().user_code), None)
    enrolment.revoke(here, device, None)
    assert newcomer.ask("borne-2").status_code == 422


def test_a_key_belongs_to_one_territory(here: Here, newcomer: Newcomer) -> None:
    Territory.objects.create(slug="sarthe", name="La Sarthe")
    enrolment.approve(here, enrolment.waiting(here, newcomer.begun().user_code), None)
    assert newcomer.ask(territory="sarthe").status_code == 422


def test_an_unknown_territory_is_told(newcomer: Newcomer) -> None:
    assert newcomer.ask(territory="nowhere").status_code == 404


@pytest.mark.parametrize("name", ["", "Borne 1", "too-long-name", "x/y", "é"])
def test_a_name_that_can_t_be_one_is_refused(newcomer: Newcomer, name: str) -> None:
    assert newcomer.ask(name).status_code == 422


def test_fields_that_nobody_asked_for_are_refused(newcomer: Newcomer) -> None:
    assert newcomer.ask(admin="true").status_code == 422


def test_too_many_that_wait_are_too_many(here: Here, newcomer: Newcomer) -> None:
    ask = EnrolAsk(territory="orne", name="b", algorithm="ed25519", public_key="0" * 64)
    now = here.clock.now()
    Enrolment.objects.bulk_create(
        Enrolment(
            device_code=str(number),
            user_code=str(number),
            territory_id=ask.territory,
            name=ask.name,
            algorithm=ask.algorithm,
            public_key=ask.public_key,
            created_at=now,
            expires_at=now + timedelta(minutes=1),
        )
        for number in range(enrolment.WAITING_MAX)
    )
    assert newcomer.ask().status_code == 422


def test_every_answer_to_a_request_is_noted(here: Here, newcomer: Newcomer) -> None:
    device = enrolment.approve(here, enrolment.waiting(here, newcomer.begun().user_code), None)
    enrolment.revoke(here, device, None)
    enrolment.revoke(here, device, None)
    acts = list(Entry.objects.order_by("id").values_list("action", "actor"))
    assert acts == [("device.approved", "console"), ("device.revoked", "console")]


def test_a_licence_is_prolonged_once_half_of_it_has_passed(here: Here, clock: MovedClock) -> None:
    device = Device.objects.get(id=enrolled(here).id)
    first = open_licence(enrolment.licence_of(here, device), here.key.public_key).until
    clock.move(timedelta(days=14).total_seconds())
    assert open_licence(enrolment.licence_of(here, device), here.key.public_key).until == first
    clock.move(timedelta(days=2).total_seconds())
    until = open_licence(enrolment.licence_of(here, device), here.key.public_key).until
    assert until == int((clock.now() + timedelta(days=30)).timestamp())
