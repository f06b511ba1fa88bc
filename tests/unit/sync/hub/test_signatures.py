"""Signed requests and answers: who is taken for whom, and who isn't."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from sync.hub.devices.models import Algorithm, Device, Nonce
from sync.hub.here import Here
from tests.conftest import MovedClock
from tests.kiosks import Kiosk, enrolled, event, is_signed, send


@pytest.fixture
def kiosk(here: Here) -> Kiosk:
    return enrolled(here)


def path(kiosk: Kiosk) -> str:
    return f"/v1/k/{kiosk.id}/private"


def test_a_signed_request_is_taken_and_its_answer_is_signed(here: Here, kiosk: Kiosk) -> None:
    answer = kiosk.ask("GET", path(kiosk))
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert kiosk.last is not None
    assert is_signed(here, kiosk.last, answer)


def test_a_signed_answer_is_none_to_another_request(here: Here, kiosk: Kiosk) -> None:
    answer = kiosk.ask("GET", path(kiosk))
    other = kiosk.signed("GET", path(kiosk))
    assert not is_signed(here, other, answer)


def test_a_tpm_s_p256_key_is_taken(here: Here, kiosk: Kiosk) -> None:
    kiosk.key = ec.generate_private_key(ec.SECP256R1())
    Device.objects.filter(id=kiosk.id).update(algorithm=Algorithm.P256, public_key=kiosk.public_key)
    assert kiosk.ask("GET", path(kiosk)).status_code == 200


def test_another_algorithm_than_the_pinned_one_is_refused(here: Here, kiosk: Kiosk) -> None:
    kiosk.key = ec.generate_private_key(ec.SECP256R1())
    assert kiosk.ask("GET", path(kiosk)).status_code == 401


def test_an_unsigned_request_is_refused(kiosk: Kiosk) -> None:
    asked = kiosk.signed("GET", path(kiosk))
    assert send(replace(asked, headers={})).status_code == 401


def test_another_key_is_refused(kiosk: Kiosk) -> None:
    kiosk.key = ed25519.Ed25519PrivateKey.generate()
    assert kiosk.ask("GET", path(kiosk)).status_code == 401


def test_an_unknown_device_is_refused(here: Here, kiosk: Kiosk) -> None:
    stranger = Kiosk(clock=here.clock, id="kstranger")
    assert stranger.ask("GET", "/v1/k/kstranger/private").status_code == 401


def test_the_same_request_is_taken_once(kiosk: Kiosk) -> None:
    asked = kiosk.signed("GET", path(kiosk))
    assert send(asked).status_code == 200
    assert send(asked).status_code == 401


def test_a_nonce_is_used_once_whatever_it_signs(kiosk: Kiosk) -> None:
    nonce = "n" * 20
    assert kiosk.ask("GET", path(kiosk), nonce=nonce).status_code == 200
    data = kiosk.tell([event(1)], nonce=nonce)
    assert data.status_code == 401


@pytest.mark.parametrize("nonce", ["short", "x" * 200])
def test_a_nonce_of_another_length_is_refused(kiosk: Kiosk, nonce: str) -> None:
    assert kiosk.ask("GET", path(kiosk), nonce=nonce).status_code == 401


@pytest.mark.parametrize(("seconds", "status"), [(-66, 401), (-60, 200), (5, 200), (7, 401)])
def test_a_request_is_a_minute_old_at_most(kiosk: Kiosk, seconds: int, status: int) -> None:
    created = kiosk.clock.now() + timedelta(seconds=seconds)
    assert kiosk.ask("GET", path(kiosk), created=created).status_code == status


def test_spent_nonces_are_forgotten_when_no_request_of_then_would_be_taken(
    kiosk: Kiosk, clock: MovedClock
) -> None:
    kiosk.ask("GET", path(kiosk))
    clock.move(120)
    kiosk.ask("GET", path(kiosk))
    assert Nonce.objects.count() == 1


@pytest.mark.parametrize("covered", [("@method",), ("@target-uri",), ("@authority",)])
def test_a_signature_that_covers_too_little_is_refused(
    kiosk: Kiosk, covered: tuple[str, ...]
) -> None:
    assert kiosk.ask("GET", path(kiosk), covered=covered).status_code == 401


def test_another_tag_is_refused(kiosk: Kiosk) -> None:
    assert kiosk.ask("GET", path(kiosk), tag="other").status_code == 401


def test_a_signature_holds_for_its_method_and_address_alone(kiosk: Kiosk) -> None:
    asked = kiosk.signed("GET", path(kiosk))
    assert send(replace(asked, url=f"{asked.url}?lost_cards=1")).status_code == 401
    assert send(replace(asked, method="POST")).status_code == 405


def test_a_changed_body_is_refused(kiosk: Kiosk) -> None:
    asked = kiosk.signed("POST", f"/v1/events/{kiosk.id}", b"what was signed")
    assert send(asked, b"something else!", media="application/zstd").status_code == 401


def test_a_body_without_a_signed_digest_is_refused(kiosk: Kiosk) -> None:
    asked = kiosk.signed("POST", f"/v1/events/{kiosk.id}")
    assert send(asked, b"unsigned", media="application/zstd").status_code == 401


def test_an_idempotency_key_that_is_there_is_covered(kiosk: Kiosk) -> None:
    asked = kiosk.signed("GET", path(kiosk))
    asked.headers["Idempotency-Key"] = "added on the way"
    assert send(asked).status_code == 401
    signed = kiosk.ask("GET", path(kiosk), headers={"idempotency-key": "k-1"})
    assert signed.status_code == 200


def test_a_revoked_device_is_told_so_and_the_answer_is_signed(here: Here, kiosk: Kiosk) -> None:
    Device.objects.filter(id=kiosk.id).update(revoked_at=here.clock.now())
    answer = kiosk.ask("GET", path(kiosk))
    assert answer.status_code == 403
    assert b"device.revoked" in answer.content
    assert kiosk.last is not None
    assert is_signed(here, kiosk.last, answer)


def test_a_device_is_only_itself(here: Here, kiosk: Kiosk) -> None:
    other = enrolled(here, "borne-2")
    assert kiosk.ask("GET", path(other)).status_code == 404


def test_its_last_contact_is_noted_once_a_minute(kiosk: Kiosk, clock: MovedClock) -> None:
    kiosk.ask("GET", path(kiosk))
    first = Device.objects.get(id=kiosk.id).seen_at
    clock.move(30)
    kiosk.ask("GET", path(kiosk))
    assert Device.objects.get(id=kiosk.id).seen_at == first
    clock.move(31)
    kiosk.ask("GET", path(kiosk))
    assert Device.objects.get(id=kiosk.id).seen_at == clock.now()
