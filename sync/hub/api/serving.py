"""From a request to a handler and back: who calls, what they say, what they are answered.

Rules:
1. The caller is known before the body is decoded; a body is decoded strictly, or refused.
2. A declared error is answered as a Problem with its status; anything else is a bug: 500.
3. What a device asks is answered signed, refusals too once it is known; nothing of it is cached.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

import msgspec
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException
from django.urls import URLPattern, re_path
from django.views.decorators.csrf import csrf_exempt

from kiosk.domain.errors import (
    AlveoleError,
    DeviceRevoked,
    InputRefused,
    NothingThere,
    SignatureRefused,
    StaffOnly,
)
from payments.wire import problem_of
from sync.hub.accounts.models import User
from sync.hub.accounts.rights import may
from sync.hub.api.operation import JSON, PARAMETERS, Answer, Call, Operation, Who
from sync.hub.api.problems import status_of
from sync.hub.devices.models import Device
from sync.hub.devices.signatures import (
    DeviceKey,
    key_id_of,
    sign_answer,
    verify,
)
from sync.hub.here import Here, here
from sync.hub.middleware import BARE
from sync.hub.territories.models import Territory
from sync.message_signing import Answered, Asked

SEEN_EVERY = timedelta(seconds=60)  # a device's last contact is written no more often
_IN_BRACES = re.compile(r"\{(\w+)\}")


def routes(table: Sequence[Operation]) -> list[URLPattern]:
    """Give Django's routes of the table: one a path, methods told apart inside."""
    by_path: dict[str, dict[str, Operation]] = {}
    for operation in table:
        by_path.setdefault(operation.path, {})[operation.method] = operation
    return [re_path(_pattern(path), _view(methods)) for path, methods in by_path.items()]


def _pattern(path: str) -> str:
    named = _IN_BRACES.sub(lambda found: f"(?P<{found[1]}>{PARAMETERS[found[1]]})", path)
    return rf"^{named.removeprefix('/')}\Z"


def _view(methods: Mapping[str, Operation]) -> Callable[..., HttpResponse]:
    def view(request: HttpRequest, **path: str) -> HttpResponse:
        operation = methods.get(request.method or "")
        if operation is None:
            return HttpResponse(status=405, headers={"Allow": ", ".join(methods)})
        return _answered(here(), operation, request, path)

    if any(one.who is Who.STAFF for one in methods.values()):
        return view  # a session's calls carry Django's token
    setattr(view, BARE, True)
    return csrf_exempt(view)


def _answered(
    hub: Here, operation: Operation, request: HttpRequest, path: Mapping[str, str]
) -> HttpResponse:
    known: list[Device] = []
    try:
        answer = _handled(hub, operation, request, path, known)
    except AlveoleError as wrong:
        answer = Answer(status=status_of(wrong), body=problem_of(wrong))
    except (RequestDataTooBig, RawPostDataException):
        answer = Answer(status=413, body=problem_of(InputRefused("too large")))
    response = _response(answer)
    if known:
        _sign(hub, request, response)
    return response


def _handled(
    hub: Here,
    operation: Operation,
    request: HttpRequest,
    path: Mapping[str, str],
    known: list[Device],
) -> Answer:
    """Recognise, decode, handle; ``known`` gets the device once its signature holds."""
    raw = request.body
    if len(raw) > operation.body_max:
        return Answer(status=413, body=problem_of(InputRefused("too large")))
    user = _staff(operation, request, path) if operation.who is Who.STAFF else None
    device = _device(hub, request, path, raw, known) if operation.who is Who.DEVICE else None
    body = decoded(operation, request, raw)
    call = Call(hub=hub, request=request, path=path, raw=raw, body=body, device=device, user=user)
    return operation.handler(call)


def _staff(operation: Operation, request: HttpRequest, path: Mapping[str, str]) -> User:
    user = request.user
    if not isinstance(user, User) or not user.is_authenticated:
        raise SignatureRefused("log in first")
    assert operation.action is not None, "what staff do is an action"
    if not may(user, operation.action, path["territory"]):
        raise StaffOnly("no right to do this here")
    if not Territory.objects.filter(slug=path["territory"]).exists():
        raise NothingThere("no such territory")
    return user


def _device(
    hub: Here, request: HttpRequest, path: Mapping[str, str], raw: bytes, known: list[Device]
) -> Device:
    """Recognise the device that has signed; raises SignatureRefused, DeviceRevoked."""
    asked = asked_of(request)
    device = Device.objects.filter(id=key_id_of(asked)).first()
    if device is None:
        raise SignatureRefused("the signature isn't taken")
    now = hub.clock.now()
    verify(asked, raw, key_of(device), now)
    known.append(device)
    if device.revoked_at is not None:
        raise DeviceRevoked("this device was shut out")
    if path.get("kiosk", device.id) != device.id:
        raise NothingThere("another device's")
    if device.seen_at is None or now - device.seen_at >= SEEN_EVERY:
        device.seen_at = now
        device.save(update_fields=["seen_at"])
    return device


def key_of(device: Device) -> DeviceKey:
    """Give a device's key as the verifier wants it."""
    return DeviceKey(id=device.id, algorithm=device.algorithm, public_key=device.public_key)


def asked_of(request: HttpRequest) -> Asked:
    """Give a request as it was signed: under the hub's public address where it has one."""
    public = here().config.public_url
    base = public or f"{request.scheme}://{request.get_host()}"
    return Asked(
        method=request.method or "",
        url=base + request.get_full_path(),
        headers=dict(request.headers),
    )


def decoded(operation: Operation, request: HttpRequest, raw: bytes) -> object:
    """Decode a body strictly; raises InputRefused."""
    if operation.body is None:
        return None
    media = (request.content_type or "").lower()
    wanted = operation.body if isinstance(operation.body, str) else JSON
    if media != wanted:
        raise InputRefused(f"the body is {wanted}")
    if isinstance(operation.body, str):
        return None
    if b"\\u0000" in raw:  # PostgreSQL holds no NUL in a text
        raise InputRefused("not a request: a text with a NUL")
    try:
        return msgspec.json.decode(raw, type=operation.body)
    except (msgspec.MsgspecError, ValueError, RecursionError) as wrong:
        raise InputRefused(f"not a request: {wrong}"[:500]) from wrong


def _response(answer: Answer) -> HttpResponse:
    headers = {"Cache-Control": answer.cache, **answer.headers}
    body = answer.encoded()
    response = HttpResponse(body, status=answer.status, content_type=answer.media, headers=headers)
    if body:
        response.headers["X-Content-Type-Options"] = "nosniff"
    else:
        del response.headers["Content-Type"]  # a poll's answer stays below 400 bytes
    return response


def _sign(hub: Here, request: HttpRequest, response: HttpResponse) -> None:
    answering = Answered(status_code=response.status_code, headers={}, request=asked_of(request))
    sign_answer(answering, response.content, hub.key, hub.clock.now())
    for name, value in answering.headers.items():
        response.headers[name] = value
