"""The purse card as the kiosk's port: a session over a transport and an authority."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from cardreader.authority import CardAuthority
from cardreader.image import CardImage, ProductNames
from cardreader.operations import Committed, ReadCard, TakeSpend, WriteLoad
from cardreader.transport import Transport
from kiosk.domain.errors import CardPulled, CardTampered, OtherCard
from kiosk.domain.purse import CardFace, Load, Prepared, Spend, Written

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where cards are served: the authority over their keys, the words, the kiosk's number."""

    authority: CardAuthority
    names: ProductNames
    kiosk: int = 0


class PurseCardSession:
    """ports.CardSession of one card, from laying to lifting.

    Each call begins with SELECT, bound to the UID of the first one; a spend goes on in the session
    of the reading before it, if that still stands. Once a call raised CardPulled or OtherCard, the
    card that was laid is gone: every later call says so.
    """

    def __init__(self, transport: Transport, desk: Desk) -> None:
        self._transport = transport
        self._desk = desk
        self._image: CardImage | None = None
        self._gone = False

    def read(self) -> CardFace:
        """Read the whole face; raises CardForeign, CardTampered, CardPulled."""
        return self._alive(lambda: self._read().face(self._desk.names))

    def glance(self) -> CardFace:
        """Read all but the log's older records; raises CardForeign, CardTampered, CardPulled."""
        return self._alive(lambda: self._read(whole_log=False).face(self._desk.names))

    def write_load(self, load: Load) -> CardFace:
        """Write one numbered load in one commit; a delivered one answers as written.

        Raises PurseFull, CardBlocked, CardExpired, CardTampered, KeyAbsent, CreditSpent,
        CardPulled (unknown).
        """

        def write() -> CardFace:
            image = self._known(whole_log=True)
            operation = WriteLoad(image=image, load=load, kiosk=self._desk.kiosk)
            done = self._desk.authority.run(self._transport, operation)
            return self._after(image, done).face(self._desk.names)

        return self._alive(write)

    def spend(self, spend: Spend, prepared: Callable[[Prepared], None]) -> Written:
        """Take one spend in one commit; see ports.CardSession and operations.TakeSpend."""

        def take() -> Written:
            image = self._known()
            operation = TakeSpend(image=image, spend=spend, kiosk=self._desk.kiosk)
            done = self._desk.authority.go_on(self._transport, operation, prepared)
            face = self._after(image, done).face(self._desk.names)
            return Written(face=face, commits=done.change.commits, proof=done.proof)

        return self._alive(take)

    def _known(self, *, whole_log: bool = False) -> CardImage:
        image = self._image
        if image is None or (whole_log and not image.whole_log):
            return self._read()
        return image

    def _read(self, *, whole_log: bool = True) -> CardImage:
        before = self._image
        uid = None if before is None else before.uid
        image = self._desk.authority.run(self._transport, ReadCard(uid=uid, whole_log=whole_log))
        if before is not None and image.commits < before.commits:
            raise CardTampered(f"the card's counter went back to {image.commits}")
        self._image = image
        return image

    def _after(self, image: CardImage, done: Committed | None) -> CardImage:
        """Give the image after an operation: computed when nothing came between, else read."""
        if done is None or done.record.seq != image.sequence + 1:
            return self._read()
        self._image = image.after(done.record, done.change)
        return self._image

    def _alive(self, step: Callable[[], T]) -> T:
        if self._gone:
            raise CardPulled("the card that was laid is gone")
        try:
            return step()
        except (CardPulled, OtherCard):
            self._gone = True
            raise
