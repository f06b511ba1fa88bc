"""What an enrolled device sends and fetches: events, photos, its private channel."""

from __future__ import annotations

import re

from kiosk.domain.errors import InputRefused, NothingThere
from sync.hub.api.operation import Answer, Call
from sync.hub.api.wire import PhotoState
from sync.hub.cards.private import private_of
from sync.hub.events import intake, photos
from sync.hub.events.models import Photo
from sync.protocol.events import read_batch

_PIECE = re.compile(r"bytes (\d{1,9})-(\d{1,9})/(\d{1,9})")


def events(call: Call) -> Answer:
    """Take a batch of events; answered with how far they are here."""
    return Answer(body=intake.take(call.hub, call.caller, read_batch(call.raw)))


def put_photo(call: Call) -> Answer:
    """Take a piece of a photo (Content-Range), or a whole one; 409 tells the piece that is due."""
    piece = _piece(call)
    photo = photos.take(call.hub, call.caller, call.path["sha256"], piece)
    after = piece.offset + len(piece.data)
    taken = photo.complete_at is not None or photo.size == after
    return Answer(status=200 if taken else 409, body=_state(photo))


def photo_state(call: Call) -> Answer:
    """Say how far a photo is; its bytes are never given out here."""
    found = photos.find(call.caller, call.path["sha256"])
    if found is None:
        raise NothingThere("none of it is here")
    return Answer(body=_state(found))


def private(call: Call) -> Answer:
    """Give pending loads, lost cards and the licence."""
    known = call.request.GET.get("lost_cards", "0")
    if not known.isascii() or not known.isdigit() or len(known) > 9:
        raise InputRefused("lost_cards is a version")
    return Answer(body=private_of(call.hub, call.caller, known_version=int(known)))


def _piece(call: Call) -> photos.Piece:
    said = call.request.headers.get("Content-Range", "")
    if not said:
        return photos.Piece(offset=0, total=len(call.raw), data=call.raw)
    found = _PIECE.fullmatch(said)
    if found is None or int(found[2]) - int(found[1]) + 1 != len(call.raw):
        raise InputRefused("Content-Range isn't that of the body")
    return photos.Piece(offset=int(found[1]), total=int(found[3]), data=call.raw)


def _state(photo: Photo) -> PhotoState:
    return PhotoState(size=photo.size, total=photo.total, complete=photo.complete_at is not None)
