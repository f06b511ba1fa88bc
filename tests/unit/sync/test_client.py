"""The HTTP client: bounded, resuming, signing; it believes nothing it gets."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from kiosk.domain.errors import (
    BlobDamaged,
    FeedForged,
    FeedRefused,
    HubUnavailable,
    InputRefused,
)
from sync import client as under_test
from sync.client import HubClient
from sync.message_signing import Identity, sign
from sync.protocol.blobs import BLOB_BYTES_MAX, compress, name_of
from sync.protocol.events import Event, read_answer, write_batch
from sync.source import Polled
from tests.alv1 import HUB, STRANGER, Publisher, Reply, TestHub, many
from tests.fault_proxy import Fault, FaultProxy
from tests.signers import SeededSigner

KIOSK = SeededSigner(seed=bytes(range(9, 41)))
IDENTITY = Identity(device="kiosk-1", signer=KIOSK, hub_key=HUB.public_key)
BLOB = compress(os.urandom(60_000))
NAME = name_of(BLOB)
EVENT = Event(epoch="e1", seq=1, kind="k", subject="s", at="now", payload="{}")


@pytest.fixture
def hub() -> Iterator[TestHub]:
    publisher = Publisher()
    publisher.publish("stops", many(30))
    publisher.blobs[NAME] = BLOB
    with TestHub(publisher) as served:
        served.intake.public_key = KIOSK.public_key
        yield served


def poll(hub: TestHub, etag: str) -> Polled:
    polled = run(hub.url, lambda client: client.manifest(etag))
    assert isinstance(polled, Polled)
    return polled


def run(url: str, ask: Callable[[HubClient], Awaitable[object]], stall_s: float = 5) -> object:
    async def asked() -> object:
        async with HubClient(url, "orne", stall_s=stall_s) as client:
            return await ask(client)

    return asyncio.run(asked())


def over(hub: TestHub, plan: list[Fault], ask: Callable[[HubClient], Awaitable[object]]) -> object:
    """Ask over a bad line."""

    async def asked() -> object:
        async with (
            FaultProxy(hub.url, plan) as proxy,
            HubClient(proxy.url, "orne", stall_s=0.2) as client,
        ):
            return await ask(client)

    return asyncio.run(asked())


def test_a_manifest_comes_with_its_etag_and_the_clocks_skew(hub: TestHub) -> None:
    polled = poll(hub, "")
    assert polled.data == hub.publisher.signed()
    assert polled.etag == '"1-1"'
    assert polled.skew_s is not None
    assert abs(polled.skew_s) < 5


def test_an_unchanged_manifest_is_none(hub: TestHub) -> None:
    assert poll(hub, '"1-1"').data is None


@pytest.mark.parametrize("fault", ["none", "cut", "stall", "flip", "lost", "refuse"])
def test_a_blob_comes_over_any_line_that_gets_better(hub: TestHub, fault: Fault) -> None:
    if fault == "flip":
        with pytest.raises(BlobDamaged):
            over(hub, [fault], lambda client: client.blob(NAME))
        return
    assert over(hub, [fault] * 3, lambda client: client.blob(NAME)) == BLOB


def test_what_came_is_not_asked_for_again(hub: TestHub) -> None:
    over(hub, ["cut", "cut"], lambda client: client.blob(NAME))
    ranges = [headers.get("Range", "") for path, headers in hub.asked if NAME in path]
    assert ranges[0] == ""
    firsts = [int(one.removeprefix("bytes=").split("-")[0]) for one in ranges[1:]]
    assert firsts == sorted(firsts)
    assert firsts[0] > 0


def test_after_a_stall_half_as_much_is_asked_for(hub: TestHub) -> None:
    over(hub, ["stall", "stall"], lambda client: client.blob(NAME))
    spans = [
        int(last) - int(first) + 1
        for _, headers in hub.asked
        if "Range" in headers
        for first, last in [headers["Range"].removeprefix("bytes=").split("-")]
    ]
    assert spans[:2] == [BLOB_BYTES_MAX // 2, BLOB_BYTES_MAX // 4]


def test_after_stalls_connections_use_smaller_segments(hub: TestHub) -> None:
    async def segments(client: HubClient) -> list[int]:
        found: list[int] = []
        for _ in range(4):
            with client._socket((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("", 0))) as made:
                found.append(told_by(made))
            with suppress(HubUnavailable):
                await client.manifest("")
        return found

    free, first, *least = cast("list[int]", over(hub, ["stall"] * 3, segments))
    assert free > 1180 >= first > 536 >= least[0] == least[1]


def told_by(made: socket.socket) -> int:
    """Connect; give the segments that the other end will send."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        made.connect(server.getsockname())
        with server.accept()[0] as other:
            return other.getsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG)


def test_a_dead_line_is_unavailable(hub: TestHub) -> None:
    with pytest.raises(HubUnavailable):
        over(hub, ["refuse"] * 20, lambda client: client.blob(NAME))
    with pytest.raises(HubUnavailable):
        over(hub, ["lost"] * 20, lambda client: client.manifest(""))


def test_a_fresh_blob_is_asked_for_past_caches(hub: TestHub) -> None:
    run(hub.url, lambda client: client.blob(NAME, fresh=True))
    assert hub.asked[-1][1]["Cache-Control"] == "no-cache"


def spoilt(hub: TestHub, **changes: object) -> None:
    hub.spoil = lambda _path, reply: replace(reply, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"status": 503, "headers": {"Retry-After": "7"}}, HubUnavailable),
        ({"status": 404}, HubUnavailable),
        ({"status": 301, "headers": {"Location": "http://127.0.0.1:1/"}}, BlobDamaged),
        ({"status": 206}, BlobDamaged),
        ({"body": bytes(300_000)}, BlobDamaged),
        ({"body": b"other"}, BlobDamaged),
    ],
)
def test_an_answer_that_is_no_blob_is_refused(
    hub: TestHub, changes: dict[str, object], refusal: type[Exception]
) -> None:
    spoilt(hub, **changes)
    with pytest.raises(refusal):
        run(hub.url, lambda client: client.blob(NAME))


def test_a_blobs_name_is_never_a_path(hub: TestHub) -> None:
    with pytest.raises(FeedRefused):
        run(hub.url, lambda client: client.blob("../../etc/passwd"))


def test_the_hub_says_how_long_to_wait(hub: TestHub) -> None:
    spoilt(hub, status=429, headers={"Retry-After": "7"})
    with pytest.raises(HubUnavailable) as told:
        run(hub.url, lambda client: client.manifest(""))
    assert told.value.after_s == 7


@pytest.mark.parametrize("status", [201, 302, 418])
def test_an_answer_of_another_status_is_refused(hub: TestHub, status: int) -> None:
    spoilt(hub, status=status)
    with pytest.raises(FeedRefused):
        run(hub.url, lambda client: client.manifest(""))


def test_a_manifest_without_end_is_refused(hub: TestHub) -> None:
    spoilt(hub, body=bytes(300_000))
    with pytest.raises(FeedRefused, match="more than"):
        run(hub.url, lambda client: client.manifest(""))


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 30 Nov 2026 12:00:00 -0000"])
def test_a_date_that_says_nothing_is_no_skew(date: str) -> None:
    client = HubClient("http://127.0.0.1:1", "orne")
    assert client._skew_s({"Date": date}) is None


def test_a_clock_that_is_behind_is_told() -> None:
    client = HubClient("http://127.0.0.1:1", "orne", now=lambda: datetime(2026, 11, 30, tzinfo=UTC))
    assert client._skew_s({"Date": "Mon, 30 Nov 2026 01:00:00 GMT"}) == 3600


@pytest.mark.parametrize(
    "url",
    ["http://hub.example", "ftp://127.0.0.1", "https://", "https://a:b@hub.example",
     "https://hub.example/?x=1", "http://[::1", "http://127.0.0.1:0"],
)  # fmt: skip
def test_an_address_that_may_not_be_used_is_refused(url: str) -> None:
    with pytest.raises(InputRefused):
        HubClient(url, "orne")


def test_https_anywhere_and_http_on_loopback_are_taken() -> None:
    assert under_test.checked("https://hub.example/orne/") == "https://hub.example/orne"
    assert under_test.checked("http://[::1]:8642") == "http://[::1]:8642"


def send(hub: TestHub, identity: Identity = IDENTITY) -> bytes:
    batch, _ = write_batch([EVENT])
    data = run(hub.url, lambda client: client.send(batch, identity, key="e1-1-1"))
    assert isinstance(data, bytes)
    return data


def test_a_batch_is_signed_and_its_answer_verified(hub: TestHub) -> None:
    assert read_answer(send(hub)).ack == 1
    assert hub.intake.held == {("e1", 1): EVENT}


def test_a_batch_of_a_stranger_is_not_taken(hub: TestHub) -> None:
    with pytest.raises(FeedRefused, match="401"):
        send(hub, replace(IDENTITY, signer=STRANGER))


def test_an_answer_of_a_stranger_is_forged(hub: TestHub) -> None:
    with pytest.raises(FeedForged):
        send(hub, replace(IDENTITY, hub_key=STRANGER.public_key))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _, reply: replace(reply, body=b'{"ack":9}'),
        lambda _, reply: replace(reply, headers={}),
        lambda _, reply: replace(reply, headers={**reply.headers, "Signature": "hub=:AAAA:"}),
    ],
)
def test_a_changed_answer_is_forged(hub: TestHub, spoil: Callable[[str, Reply], Reply]) -> None:
    hub.spoil = spoil
    with pytest.raises(FeedForged):
        send(hub)


def test_yesterdays_answer_answers_nothing_today(hub: TestHub) -> None:
    kept: list[Reply] = []
    hub.spoil = lambda _, reply: kept.append(reply) or kept[0]  # type: ignore[func-returns-value]
    send(hub)
    with pytest.raises(FeedForged):
        send(hub)


@pytest.mark.parametrize("hours", [-72, 1])
def test_a_wrong_clock_signs_once_more_at_the_hubs_own_moment(
    hub: TestHub, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    answer, moments = refuses_once(hub, monkeypatch, hours)
    assert read_answer(answer()).ack == 1
    assert abs((moments[1] - datetime.now(UTC)).total_seconds()) < 60


def test_a_right_clock_that_is_refused_asks_no_second_time(
    hub: TestHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, moments = refuses_once(hub, monkeypatch, 0)
    with pytest.raises(FeedRefused):
        answer()
    assert len(moments) == 1


def refuses_once(
    hub: TestHub, monkeypatch: pytest.MonkeyPatch, hours: int
) -> tuple[Callable[[], bytes], list[datetime]]:
    """Let the hub refuse the first batch of a kiosk whose clock is wrong; note how it signs."""
    moments: list[datetime] = []

    def noted(*words: Any, now: datetime, **named: Any) -> None:
        moments.append(now)
        sign(*words, now=now, **named)

    monkeypatch.setattr(under_test, "sign", noted)
    hub.spoil = lambda _path, reply: replace(reply, status=401) if len(moments) == 1 else reply

    async def tell() -> bytes:
        clock = timedelta(hours=hours)
        async with HubClient(hub.url, "orne", now=lambda: datetime.now(UTC) + clock) as client:
            return await client.send(write_batch([EVENT])[0], IDENTITY, key="e1-1-1")

    return lambda: asyncio.run(tell()), moments
