"""A kiosk asks to be let in: it believes what people compared, and may die at any step."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.domain.errors import (
    DeviceRevoked,
    EnrolmentRefused,
    FeedForged,
    FeedRefused,
    InputRefused,
)
from kiosk.domain.fingerprint import fingerprint
from kiosk.store import enrolment as files
from kiosk.store.device_key import DeviceKey
from kiosk.store.enrolment import EnrolmentStore, LetIn, Waiting
from sync.client import HubClient
from sync.engine.enrolling import Hands, Wish, enrol
from sync.enrolment import Pace, trusted
from tests.alv1 import ROOT, STRANGER, Publisher, Reply, TestHub
from tests.enrol_desk import APPROVED, KIOSK, SILENT, UNTIL, EnrolDesk
from tests.unit.sync.clock import MovedClock

WORDS = fingerprint(ROOT.public_key)


class Killed(Exception):
    """The process died."""


@dataclass
class Newcomer:
    """A kiosk's data folder and what it shows; resting moves its clock."""

    folder: Path
    hub: TestHub
    clock: MovedClock = field(default_factory=MovedClock)
    shown: list[Waiting] = field(default_factory=list)
    rests: list[float] = field(default_factory=list)
    dies_at_rest: int = 0

    @property
    def store(self) -> EnrolmentStore:
        return EnrolmentStore(self.folder)

    def wish(self, **how: str) -> Wish:
        return replace(Wish(hub=self.hub.url, territory="orne", name="borne-1"), **how)

    async def _rest(self, seconds: float) -> None:
        self.rests.append(seconds)
        self.clock.at += timedelta(seconds=seconds)
        if len(self.rests) == self.dies_at_rest:
            raise Killed

    def enrol(self, **how: str) -> LetIn:
        hands = Hands(
            store=self.store,
            signer=DeviceKey(self.folder),
            clock=self.clock,
            show=self.shown.append,
            rest=self._rest,
        )

        async def run() -> LetIn:
            async with HubClient(self.hub.url, "orne") as client:
                return await enrol(client, self.wish(**how), hands)

        return asyncio.run(run())


@pytest.fixture
def hub() -> Iterator[TestHub]:
    publisher = Publisher()
    with TestHub(publisher) as served:
        served.desk = EnrolDesk(key=publisher.key)
        yield served


@pytest.fixture
def desk(hub: TestHub) -> EnrolDesk:
    assert isinstance(hub.desk, EnrolDesk)
    return hub.desk


@pytest.fixture
def kiosk(tmp_path: Path, hub: TestHub) -> Newcomer:
    return Newcomer(tmp_path, hub)


def test_a_kiosk_is_let_in_once_people_have_answered(kiosk: Newcomer, desk: EnrolDesk) -> None:
    desk.script = ["authorization_pending", "authorization_pending", APPROVED]
    done = kiosk.enrol(words=WORDS)
    assert (done.kiosk, done.root) == (KIOSK, ROOT.public_key.hex())
    assert kiosk.rests == [5, 5]
    standing = kiosk.store.standing()
    assert standing is not None
    assert standing.until == datetime.fromtimestamp(UNTIL, UTC)


def test_the_key_and_what_was_agreed_are_for_this_user_alone(kiosk: Newcomer) -> None:
    kiosk.enrol()
    for name in ("device.key", files.FILE, files.LICENCE_FILE):
        assert (kiosk.folder / name).stat().st_mode & 0o777 == 0o600


def test_asking_twice_is_harmless(kiosk: Newcomer, desk: EnrolDesk) -> None:
    assert kiosk.enrol() == kiosk.enrol()
    assert len(desk.asks) == 1


def test_a_kiosk_that_was_killed_goes_on_with_its_code(kiosk: Newcomer, desk: EnrolDesk) -> None:
    desk.script = ["authorization_pending"]
    kiosk.dies_at_rest = 1
    with pytest.raises(Killed):
        kiosk.enrol()
    desk.script = [APPROVED]
    assert kiosk.enrol().kiosk == KIOSK
    assert len(desk.asks) == 1
    assert kiosk.shown[0] == kiosk.shown[1]


@pytest.mark.parametrize("lost", [[files.FILE], [files.FILE, files.LICENCE_FILE]])
def test_a_kiosk_that_died_before_it_kept_the_answer_asks_again(
    kiosk: Newcomer, desk: EnrolDesk, lost: list[str]
) -> None:
    first = kiosk.enrol()
    for name in lost:
        (kiosk.folder / name).unlink()
    assert kiosk.enrol() == first
    assert {ask.public_key for ask in desk.asks} == {DeviceKey(kiosk.folder).public_key.hex()}


def test_polls_slow_down_for_good_when_the_hub_asks_for_it(
    kiosk: Newcomer, desk: EnrolDesk
) -> None:
    desk.script = ["slow_down", "authorization_pending", APPROVED]
    kiosk.enrol()
    assert kiosk.rests == [10, 10]


def test_a_silent_hub_is_asked_less_and_less_often(kiosk: Newcomer, desk: EnrolDesk) -> None:
    desk.script = [SILENT, SILENT, APPROVED]
    assert kiosk.enrol().kiosk == KIOSK
    pace = Pace(interval_s=5)
    for _ in range(9):
        pace = pace.missed()
    assert pace.rest_s(0.99) > 200
    assert pace.heard().rest_s(0.99) == 5


def test_a_refused_kiosk_says_so(kiosk: Newcomer, desk: EnrolDesk) -> None:
    desk.script = ["access_denied"]
    with pytest.raises(EnrolmentRefused):
        kiosk.enrol()
    assert kiosk.store.let_in() is None


def test_a_code_that_is_over_is_asked_for_anew_three_times_in_all(
    kiosk: Newcomer, desk: EnrolDesk
) -> None:
    desk.script = ["expired_token"]
    with pytest.raises(EnrolmentRefused):
        kiosk.enrol()
    assert len(desk.asks) == 3


def test_a_code_nobody_answers_ends_with_its_time(kiosk: Newcomer, desk: EnrolDesk) -> None:
    desk.script = ["authorization_pending"]
    with pytest.raises(EnrolmentRefused):
        kiosk.enrol()
    assert len(desk.asks) == 3
    assert sum(kiosk.rests) == 3 * 900


def test_the_words_of_another_hub_are_refused_before_anything_is_asked(
    kiosk: Newcomer, desk: EnrolDesk
) -> None:
    with pytest.raises(InputRefused, match="another hub"):
        kiosk.enrol(words=fingerprint(STRANGER.public_key))
    assert desk.asks == []


def test_off_this_machine_a_hub_is_not_believed_without_its_words() -> None:
    notice = Publisher().notice()
    with pytest.raises(InputRefused, match="words"):
        trusted(notice, "orne", "", here=False)
    assert trusted(notice, "orne", f" {WORDS.upper()} ", here=False).root == ROOT.public_key


def test_a_hub_of_another_territory_is_refused() -> None:
    with pytest.raises(InputRefused, match="orne"):
        trusted(Publisher().notice(), "sarthe", WORDS, here=True)


@pytest.mark.parametrize(
    "lie",
    [
        {"licence": {"kiosk": "kother"}},
        {"licence": {"territory": "sarthe"}},
        {"licence": {"key": "0" * 64}},
        {"enrolled": {"hub_key": STRANGER.public_key.hex()}},
        {"enrolled": {"territory": "sarthe"}},
        {"licence": {"territory": "sarthe"}, "enrolled": {"territory": "sarthe"}},
        {"enrolled": {"licence": "bm90IGEgbGljZW5jZQ"}},
        {"key": STRANGER},
    ],
)
def test_an_answer_that_isn_t_our_hub_s_to_us_is_forged(
    kiosk: Newcomer, desk: EnrolDesk, lie: dict[str, object]
) -> None:
    for name, value in lie.items():
        setattr(desk, name, value)
    with pytest.raises(FeedForged):
        kiosk.enrol()
    assert kiosk.store.let_in() is None


@pytest.mark.parametrize("told", [b"{", b"[]", b'{"message": "' + b"x" * 900 + b'"}'])
def test_what_the_hub_can_t_take_is_told_in_its_bounded_words(
    kiosk: Newcomer, desk: EnrolDesk, told: bytes
) -> None:
    desk.refusal = told
    with pytest.raises(InputRefused) as refused:
        kiosk.enrol()
    assert len(str(refused.value)) < 500


def test_an_answer_of_another_shape_is_refused(kiosk: Newcomer, hub: TestHub) -> None:
    hub.desk = lambda _path, _body: Reply(status=200, body=b"{}", headers={})
    with pytest.raises(FeedRefused):
        kiosk.enrol()


def test_a_kiosk_of_one_hub_isn_t_let_in_at_another(kiosk: Newcomer) -> None:
    kiosk.enrol()
    with pytest.raises(InputRefused, match="this kiosk is"):
        kiosk.enrol(hub="https://hub.example.fr")


def test_a_kiosk_that_was_shut_out_needs_a_new_key(kiosk: Newcomer) -> None:
    kiosk.enrol()
    kiosk.store.revoke(kiosk.clock.now())
    with pytest.raises(DeviceRevoked, match=r"device\.key"):
        kiosk.enrol()
    for name in ("device.key", files.FILE):
        (kiosk.folder / name).unlink()
    kiosk.enrol()
    standing = kiosk.store.standing()
    assert standing is not None
    assert standing.state(kiosk.clock.now() - timedelta(days=1)) == "valid"
