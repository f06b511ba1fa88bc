"""The phone's page and its two calls, without a socket."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.domain.errors import InputRefused
from kiosk.domain.reload_code import code_for, request_text
from kiosk.store.hub_codes import HubCodes
from payments.code_routes import LOOK, PAGE, PAY, CodeRoutes, code_page
from payments.hub_server import HubPayments
from payments.wire import BYTES_MAX
from tests.code_requests import CODE_KEY, a_request
from tests.signers import OURS
from tests.unit.payments.test_codes import HubWorld

TOKEN = "t" * 32
ASK = json.dumps({"request": request_text(a_request(), OURS)}).encode()


@pytest.fixture
def world() -> Iterator[HubWorld]:
    one = HubWorld()
    yield one
    one.close()


@pytest.fixture
def hub(world: HubWorld) -> HubPayments:
    routes = CodeRoutes(world.codes, code_page(demo=True))
    return HubPayments(world.service, token=TOKEN, codes=routes)


def test_a_phone_pays_and_is_shown_its_code(hub: HubPayments, world: HubWorld) -> None:
    looked = json.loads(hub.post(LOOK, ASK, {}).body)
    assert (looked["state"], looked["amount_cents"], looked["kiosk"]) == ("new", 2000, "borne-01")
    assert json.loads(hub.post(PAY, ASK, {}).body)["url"]
    world.citizen_pays()
    paid = json.loads(hub.post(LOOK, ASK, {}).body)
    assert (paid["state"], paid["code"]) == ("paid", code_for(a_request(), CODE_KEY))
    assert paid["side"] >= 21
    assert re.fullmatch(r"(M\d+ \d+h1v1h-1z)+", paid["path"])


def test_a_hub_s_timer_captures_what_a_phone_left(hub: HubPayments, world: HubWorld) -> None:
    hub.post(PAY, ASK, {})
    world.citizen_pays()
    hub.sweep()
    assert world.taken() == [2000]


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b'{"request": 5}', b'{"request": "x", "more": 1}', b"\xff"]
)
def test_what_is_no_request_is_refused(hub: HubPayments, body: bytes) -> None:
    answered = hub.post(LOOK, body, {})
    assert (answered.status, json.loads(answered.body)["error"]) == (422, InputRefused.message_key)


def test_a_tampered_request_is_told_so(hub: HubPayments) -> None:
    text = request_text(a_request(), OURS)
    changed = text[:30] + ("A" if text[30] != "A" else "B") + text[31:]
    answered = hub.post(LOOK, json.dumps({"request": changed}).encode(), {})
    assert (answered.status, json.loads(answered.body)["error"]) == (400, "code.tampered")


def test_a_hub_without_codes_has_no_page(world: HubWorld) -> None:
    bare = HubPayments(world.service, token=TOKEN)
    assert bare.get(PAGE).status == 404
    assert bare.post(LOOK, ASK, {}).status == 401


def test_the_page_fetches_nothing_but_its_own_calls(hub: HubPayments) -> None:
    html = hub.get(PAGE).body.decode()
    assert not re.search(r"\bsrc=|https?:|import\(|XMLHttpRequest|@import|url\(", html)
    assert re.findall(r"fetch\(([^,]*),", html) == ["path"]


def test_the_page_s_policy_lets_its_own_style_and_script_run_and_nothing_else() -> None:
    page = code_page(demo=False)
    html = page.html.decode()
    for tag in ("style", "script"):
        (content,) = re.findall(f"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in page.policy
    assert page.policy.startswith("default-src 'none'; ")
    assert "unsafe" not in page.policy


def test_only_the_demonstration_s_page_is_marked() -> None:
    assert b'data-demo="yes"' in code_page(demo=True).html
    assert b'data-demo="yes"' not in code_page(demo=False).html


def test_every_word_of_the_page_is_there_in_both_languages() -> None:
    html = code_page(demo=False).html.decode()
    french, english = re.findall(r"  (?:fr|en): \{(.*?)\n  \},", html, re.DOTALL)
    names = [re.findall(r'(?:^|\s)"?([\w.]+)"?: ["]', part) for part in (french, english)]
    assert names[0] == names[1]
    assert len(names[0]) > 20


def test_a_damaged_table_of_the_hub_is_refused(tmp_path: Path) -> None:
    (tmp_path / "hub-codes.db").write_bytes(b"no database, " * 200)
    with pytest.raises(InputRefused):
        HubCodes(tmp_path / "hub-codes.db")


def test_a_request_fits_what_a_call_may_hold() -> None:
    assert len(ASK) < min(BYTES_MAX, 1000)
