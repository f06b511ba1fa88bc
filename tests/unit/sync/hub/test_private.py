"""Photos piece by piece, and what one device may know."""

from __future__ import annotations

import hashlib

import msgspec
import pytest
from django.http import HttpResponse

from sync.hub.api.wire import PhotoState
from sync.hub.cards.models import PendingLoad
from sync.hub.cards.private import block
from sync.hub.events import photos
from sync.hub.events.models import Photo
from sync.hub.here import Here
from sync.protocol.private import Private
from tests.kiosks import Kiosk, enrolled, get

PICTURE = b"\xff\xd8\xff" + bytes(range(256)) * 8
NAME = hashlib.sha256(PICTURE).hexdigest()


@pytest.fixture
def kiosk(here: Here) -> Kiosk:
    return enrolled(here)


def put(kiosk: Kiosk, data: bytes, place: str = "", name: str = NAME) -> HttpResponse:
    headers = {"Content-Range": place} if place else {}
    return kiosk.ask("PUT", f"/v1/u/{kiosk.id}/{name}", data, headers=headers)


def state(answer: HttpResponse) -> PhotoState:
    return msgspec.json.decode(answer.content, type=PhotoState)


def test_a_whole_photo_is_kept_for_the_hub_s_user_alone(here: Here, kiosk: Kiosk) -> None:
    answer = put(kiosk, PICTURE)
    assert state(answer).complete
    assert answer["Cache-Control"] == "no-store"
    file = here.photos / kiosk.id / NAME
    assert file.read_bytes() == PICTURE
    assert file.stat().st_mode & 0o077 == 0
    assert get(f"/v1/b/{NAME}").status_code == 404


def test_a_photo_that_was_cut_goes_on_where_it_is(here: Here, kiosk: Kiosk) -> None:
    total = len(PICTURE)
    first = put(kiosk, PICTURE[:1000], f"bytes 0-999/{total}")
    assert state(first) == PhotoState(size=1000, total=total, complete=False)
    path = f"/v1/u/{kiosk.id}/{NAME}"
    assert state(kiosk.ask("GET", path)).size == 1000
    with (here.photos / kiosk.id / NAME).open("ab") as file:
        file.write(b"what a crash left behind")
    rest = put(kiosk, PICTURE[1000:], f"bytes 1000-{total - 1}/{total}")
    assert state(rest).complete


def test_a_piece_that_isn_t_due_is_told_which_one_is(kiosk: Kiosk) -> None:
    total = len(PICTURE)
    answer = put(kiosk, PICTURE[500:], f"bytes 500-{total - 1}/{total}")
    assert answer.status_code == 409
    assert state(answer).size == 0


def test_a_photo_that_is_sent_again_is_there(kiosk: Kiosk) -> None:
    put(kiosk, PICTURE)
    assert put(kiosk, PICTURE).status_code == 200
    assert Photo.objects.count() == 1


def test_other_bytes_under_its_name_are_refused_and_gone(here: Here, kiosk: Kiosk) -> None:
    assert put(kiosk, PICTURE[:-1] + b"!").status_code == 422
    assert Photo.objects.count() == 0
    assert not (here.photos / kiosk.id / NAME).exists()
    assert state(put(kiosk, PICTURE)).complete


def test_what_isn_t_a_photo_is_refused(kiosk: Kiosk) -> None:
    page = b"<html>not a photo</html>"
    assert put(kiosk, page, name=hashlib.sha256(page).hexdigest()).status_code == 422


@pytest.mark.parametrize(
    "place",
    ["bytes 0-9/5", "bytes 0-9/99999999", "bytes 5-4/9", "bytes 0-3/10", "bytes */10", "0-9/10"],
)
def test_a_wrong_range_is_refused(kiosk: Kiosk, place: str) -> None:
    assert put(kiosk, PICTURE[:10], place).status_code == 422


def test_a_photo_has_one_size(kiosk: Kiosk) -> None:
    put(kiosk, PICTURE[:10], "bytes 0-9/100")
    assert put(kiosk, PICTURE[10:20], "bytes 10-19/200").status_code == 422


def test_a_piece_over_the_limit_is_refused(kiosk: Kiosk) -> None:
    assert put(kiosk, b"x" * (photos.PIECE_BYTES_MAX + 1)).status_code == 413


def test_too_many_unfinished_photos_are_too_many(here: Here, kiosk: Kiosk) -> None:
    rows = (
        Photo(device_id=kiosk.id, sha256=f"{number:064}", total=5, began_at=here.clock.now())
        for number in range(photos.WAITING_MAX)
    )
    Photo.objects.bulk_create(rows)
    assert put(kiosk, PICTURE[:10], "bytes 0-9/100").status_code == 422


def test_another_device_s_photo_isn_t_there(here: Here, kiosk: Kiosk) -> None:
    put(kiosk, PICTURE)
    other = enrolled(here, "borne-2")
    assert other.ask("GET", f"/v1/u/{other.id}/{NAME}").status_code == 404


def private(kiosk: Kiosk, query: str = "") -> Private:
    answer = kiosk.ask("GET", f"/v1/k/{kiosk.id}/private{query}")
    assert answer.status_code == 200, answer.content
    return msgspec.json.decode(answer.content, type=Private)


def test_a_device_learns_its_territory_s_loads_and_lost_cards(here: Here, kiosk: Kiosk) -> None:
    enrolled(here, territory="sarthe")
    for territory, card in (("orne", "a" * 32), ("sarthe", "b" * 32)):
        PendingLoad.objects.create(
            territory_id=territory,
            card=card,
            number=1,
            amount_cents=2000,
            created_at=here.clock.now(),
        )
        block(here, territory, card, "", None)
    told = private(kiosk)
    assert [(one.card, one.amount_cents) for one in told.loads] == [("a" * 32, 2000)]
    assert list(told.lost_cards.cards or {}) == ["a" * 32]


def test_a_list_that_the_device_holds_isn_t_sent_again(here: Here, kiosk: Kiosk) -> None:
    block(here, "orne", "a" * 32, "", None)
    version = private(kiosk).lost_cards.version
    again = private(kiosk, f"?lost_cards={version}").lost_cards
    assert (again.version, again.cards) == (version, None)
    assert block(here, "orne", "a" * 32, "", None) is False
    block(here, "orne", "c" * 32, "", None)
    assert len(private(kiosk, f"?lost_cards={version}").lost_cards.cards or {}) == 2


def test_a_load_that_was_done_waits_no_more(here: Here, kiosk: Kiosk) -> None:
    now = here.clock.now()
    PendingLoad.objects.create(
        territory_id="orne", card="a" * 32, number=1, amount_cents=5, created_at=now, loaded_at=now
    )
    assert private(kiosk).loads == ()


@pytest.mark.parametrize("version", ["x", "-1", "9" * 10, "%C2%B2"])
def test_a_version_that_can_t_be_one_is_refused(kiosk: Kiosk, version: str) -> None:
    path = f"/v1/k/{kiosk.id}/private?lost_cards={version}"
    assert kiosk.ask("GET", path).status_code == 422
