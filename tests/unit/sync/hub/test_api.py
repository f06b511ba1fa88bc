"""The API as its own document tells it: who is denied, what strangers' bytes do to it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import schemathesis
from django.http import HttpResponse
from django.test import Client, override_settings
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.core.result import Ok

from sync.hub.accounts.models import Membership, Role, User
from sync.hub.accounts.rights import RIGHTS, Action, may
from sync.hub.api import openapi
from sync.hub.api.table import table
from sync.hub.devices.models import Device, Enrolment
from sync.hub.events.models import Event
from sync.hub.here import Here
from sync.protocol.blobs import compress
from sync.protocol.events import line_of
from tests.conftest import MovedClock
from tests.hubs import made
from tests.kiosks import HOST, Kiosk, enrolled, event, get, send
from tests.unit.payments.worlds import Hub

DOCUMENT: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(openapi.document(table())))
FUZZED = int(os.environ.get("API_FUZZ", "8"))  # examples of an operation; more by hand
HERE, ELSEWHERE = "orne", "sarthe"
CODE = "BCDFGHJK"


def operations(*who: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in DOCUMENT["paths"].items():
        for method, told in methods.items():
            if told["x-who"] in who:
                yield method.upper(), path, told


def address(path: str, territory: str = HERE, kiosk: str = "knobody") -> str:
    given_ = {"territory": territory, "kiosk": kiosk, "sha256": "0" * 64, "code": CODE}
    return path.format_map(given_)


def body_of(told: dict[str, Any]) -> tuple[bytes, str]:
    content = told.get("requestBody", {}).get("content", {})
    media = next(iter(content), "application/octet-stream")
    return (b"{}" if content else b""), media


NAMES = [f"{method} {path}" for method, path, _ in operations("device", "staff")]


@pytest.fixture
def people(here: Here) -> dict[str, Client]:
    """A client logged in for each role here, each role elsewhere, and odd accounts."""
    enrolled(here, territory=HERE)
    enrolled(here, territory=ELSEWHERE)
    clients: dict[str, Client] = {"nobody": Client(raise_request_exception=False)}
    for role in Role:
        for territory in (HERE, ELSEWHERE):
            clients[f"{role}@{territory}"] = logged_in(f"{role}-{territory}", role, territory)
    clients["without a role"] = logged_in("plain", None, HERE)
    inactive = logged_in("gone", Role.ADMINISTRATOR, HERE)
    User.objects.filter(username="gone").update(is_active=False)
    clients["left"] = inactive
    return clients


def logged_in(name: str, role: Role | None, territory: str) -> Client:
    user = User.objects.create_user(name)
    if role is not None:
        Membership.objects.create(user=user, territory_id=territory, role=role)
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def asked(client: Client, method: str, path: str, told: dict[str, Any]) -> int:
    body, media = body_of(told)
    answer: Any = client.generic(
        method, path, body, content_type=media, secure=True, headers={"host": HOST}
    )
    assert isinstance(answer, HttpResponse)
    return answer.status_code


def test_staff_are_denied_all_that_isn_t_their_role_s_in_their_territory(
    people: dict[str, Client],
) -> None:
    denied = allowed = 0
    for method, path, told in operations("staff"):
        for who, client in people.items():
            status = asked(client, method, address(path), told)
            role, _, territory = who.partition("@")
            if territory == HERE and role in told["x-roles"]:
                assert status not in {401, 403}, (method, path, who, status)
                allowed += 1
            else:
                assert status == (401 if who in {"nobody", "left"} else 403), (path, who, status)
                denied += 1
    assert denied >= 80
    assert allowed >= 15


def test_a_session_is_no_device_and_a_device_no_session(
    here: Here, people: dict[str, Client]
) -> None:
    for method, path, told in operations("device"):
        status = asked(people["administrator@orne"], method, address(path), told)
        assert status == 401, path
    kiosk = enrolled(here, "borne-7")
    for method, path, told in operations("staff"):
        body, media = body_of(told)
        assert kiosk.ask(method, address(path), body, media=media).status_code in {401, 403}, path


@pytest.mark.parametrize("who", ["unsigned", "stranger", "revoked", "another"])
def test_devices_that_aren_t_the_one_are_denied_everything(here: Here, who: str) -> None:
    own = enrolled(here, "borne-1")
    caller = {
        "unsigned": own,
        "stranger": Kiosk(clock=here.clock, id="kstranger"),
        "revoked": enrolled(here, "borne-2"),
        "another": enrolled(here, "borne-3", ELSEWHERE),
    }[who]
    if who == "revoked":
        Device.objects.filter(id=caller.id).update(revoked_at=here.clock.now())
    wanted = {"unsigned": 401, "stranger": 401, "revoked": 403, "another": 404}[who]
    for method, path, told in operations("device"):
        if who == "another" and "{kiosk}" not in path:
            continue  # payments: whose they are is tested with the payments
        body, media = body_of(told)
        request = caller.signed(method, address(path, kiosk=own.id), body)
        if who == "unsigned":
            request.headers.clear()
        assert send(request, body, media=media).status_code == wanted, path


def test_the_kiosk_s_own_calls_are_not_denied(here: Here) -> None:
    kiosk = enrolled(here)
    for method, path, told in operations("device"):
        body, media = body_of(told)
        answer = kiosk.ask(method, address(path, kiosk=kiosk.id), body, media=media)
        assert answer.status_code not in {401, 403, 405}, path


def test_another_method_is_refused(here: Here) -> None:
    kiosk = enrolled(here)
    for path, methods in DOCUMENT["paths"].items():
        request = kiosk.signed("PATCH", address(path, kiosk=kiosk.id))
        answer = send(request)
        assert answer.status_code in {403, 405}, path
        if answer.status_code == 405:
            assert set(answer["Allow"].lower().split(", ")) == set(methods)


def test_a_form_of_another_site_is_refused(here: Here) -> None:
    enrolled(here)
    client = logged_in("claire", Role.EDITOR, HERE)
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.cookies = client.cookies
    answer = strict.post("/v1/staff/orne/publish", secure=True, headers={"host": HOST})
    assert answer.status_code == 403


def test_a_kiosk_is_let_in_and_out_by_the_api(here: Here) -> None:
    enrolled(here, "borne-9")
    now = here.clock.now()
    Enrolment.objects.create(
        device_code="0", user_code=CODE, territory_id=HERE, name="borne-1",
        algorithm="ed25519", public_key="ab" * 32, created_at=now,
        expires_at=now + timedelta(minutes=5),
    )  # fmt: skip
    client = logged_in("theo", Role.TECHNICIAN, HERE)

    def call(method: str, path: str) -> Any:
        answer: Any = client.generic(method, path, secure=True, headers={"host": HOST})
        assert answer.status_code in {200, 204}, answer.content
        return msgspec.json.decode(answer.content) if answer.content else None

    assert len(call("GET", f"/v1/staff/orne/enrolments/{CODE}")["fingerprint"].split()) == 4
    kiosk = call("POST", f"/v1/staff/orne/enrolments/{CODE}/approve")["kiosk"]
    call("POST", f"/v1/staff/orne/kiosks/{kiosk}/revoke")
    told = {
        one["kiosk"]: one["revoked_at"] for one in call("GET", "/v1/staff/orne/kiosks")["devices"]
    }
    assert told[kiosk] is not None
    assert told["korneborne9"] is None


def test_a_superuser_may_all_and_an_action_has_roles(here: Here) -> None:
    root = User.objects.create_superuser("root", password="a-long-password")
    assert all(may(root, action, HERE) for action in Action)
    assert set(RIGHTS) == set(Action)


def test_the_document_is_served_and_names_every_operation(here: Here) -> None:
    assert len(EACH) == len(table())
    served = msgspec.json.decode(get("/openapi.json").content)
    assert served == DOCUMENT
    named = [
        told["operationId"] for methods in served["paths"].values() for told in methods.values()
    ]
    assert sorted(named) == sorted(one.id for one in table())
    assert len(set(named)) == len(named)


@pytest.fixture
def whole(database: str, tmp_path: Path, clock: MovedClock) -> Iterator[Here]:
    """A hub with payments, a kiosk and an administrator."""
    bank = Hub()
    hub = made(tmp_path / "hub", clock, payments=bank.service)
    with override_settings(HUB=hub):
        yield hub
    bank.store.close()


@schemathesis.serializer("application/zstd")
def as_it_is(_context: Any, value: Any) -> bytes:
    """Send what was made up for a frame as it is."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
FOUND: list[Any] = [found.ok() for found in SCHEMA.get_all_operations() if isinstance(found, Ok)]
EACH = [pytest.param(one, id=one.label) for one in FOUND]


@pytest.mark.parametrize("operation", EACH)
def test_no_bytes_of_a_stranger_make_it_fail(whole: Here, operation: Any) -> None:
    kiosk = enrolled(whole)
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_superuser("root", password="a-long-password"))
    who = operation.definition.raw["x-who"]

    @settings(
        max_examples=FUZZED,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def fuzz(case: Any) -> None:
        sent = case.as_transport_kwargs(base_url=f"https://{HOST}")
        body, media = encoded(sent, case.media_type)
        path = str(sent["url"]).removeprefix(f"https://{HOST}")
        if "{kiosk}" in operation.path and who == "device":
            path = path.replace(str(case.path_parameters["kiosk"]), kiosk.id)
        answer = (
            kiosk.ask(case.method.upper(), path, body, media=media)
            if who in {"device", "key"}
            else client.generic(
                case.method, path, body, content_type=media, secure=True, headers={"host": HOST}
            )
        )
        assert answer.status_code < 500 or answer.status_code == 503, (path, body, answer.content)

    fuzz()


def encoded(sent: dict[str, Any], media: str | None) -> tuple[bytes, str]:
    if "json" in sent and sent["json"] is not None:
        return msgspec.json.encode(sent["json"]), "application/json"
    data = sent.get("data")
    raw = data if isinstance(data, bytes) else str(data or "").encode("utf-8", "replace")
    return raw, media or "application/octet-stream"


LINES = st.lists(st.one_of(st.binary(max_size=40), st.just(line_of(event(1)))), max_size=4)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(lines=LINES)
def test_no_frame_of_a_stranger_s_lines_makes_it_fail(here: Here, lines: list[bytes]) -> None:
    Event.objects.all().delete()
    Device.objects.all().delete()
    kiosk = enrolled(here)
    data = compress(b"".join(line + b"\n" for line in lines))
    answer = kiosk.ask("POST", f"/v1/events/{kiosk.id}", data, media="application/zstd")
    assert answer.status_code == (200 if lines == [line_of(event(1))] else 422)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b'{"topup":1}',
        b'{"topup":"T","amount_cents":true,"currency":"eur","key":"k"}',
        b'{"topup":"T","amount_cents":"5","currency":"eur","key":"k"}',
        b'{"topup":"T","amount_cents":NaN,"currency":"eur","key":"k"}',
        b'{"topup":"T","amount_cents":5.5,"currency":"eur","key":"k"}',
        b'{"topup":"T","amount_cents":500,"currency":"eur","key":"k","admin":true}',
        b'{"topup":"\xff","amount_cents":500,"currency":"eur","key":"k"}',
        b'{"topup":"T\\u0000","amount_cents":500,"currency":"eur","key":"k"}',
        b"[" * 20_000,
    ],
)  # fmt: skip
def test_a_lax_body_is_never_taken(whole: Here, body: bytes) -> None:
    kiosk = enrolled(whole)
    answer = kiosk.ask("POST", "/v1/payments/create", body, media="application/json")
    assert answer.status_code == 422
