"""Where a top-up stands, as the citizen's screen shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kiosk.domain.money import Money
from kiosk.domain.payment import PAY_MAX, PaymentView, TopupRow, TopupState
from kiosk.domain.purse import CardFace


class Stage(StrEnum):
    """What the citizen's screen shows."""

    PAY = "pay"
    CARD = "card"  # lay the card that began
    PAID = "paid"  # lay the card that began, now or later: the money was taken
    CARD_AGAIN = "card_again"  # lay the same card again: whether it was written is unknown
    CONFIRMING = "confirming"  # accepted, to be confirmed: not "paid"
    DONE = "done"
    LEAVING = "leaving"  # being given up
    CANCELED = "canceled"  # nothing was taken
    REFUND = "refund"  # was taken, will be given back
    STAFF = "staff"  # staff must look


_STAGES = {
    TopupState.CREATED: Stage.PAY,
    TopupState.INTENT_CREATED: Stage.PAY,
    TopupState.AUTHORIZED: Stage.CARD,
    TopupState.PAID: Stage.PAID,
    TopupState.CARD_WRITING: Stage.CARD_AGAIN,
    TopupState.CAPTURING: Stage.CONFIRMING,
    TopupState.DONE: Stage.DONE,
    TopupState.CANCELING: Stage.LEAVING,
    TopupState.CANCELED: Stage.CANCELED,
    TopupState.REFUNDING: Stage.REFUND,
    TopupState.REFUNDED: Stage.REFUND,
    TopupState.MANUAL: Stage.STAFF,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a top-up stands.

    ``payment`` is what the QR shows, once the far side has told it; ``message_key`` a sentence to
    show beside the stage ("" for none); ``balance`` what the card says after the write, else what
    it will be; ``pay_until`` the end of the visible clock.
    """

    row: TopupRow
    stage: Stage
    balance: Money | None
    payment: PaymentView | None
    message_key: str
    pay_until: datetime

    @property
    def ended(self) -> bool:
        """Whether nothing will move any more."""
        return self.row.ended


@dataclass(slots=True, kw_only=True)
class Run:
    """A top-up under way in this process; only its row outlives the process."""

    row: TopupRow
    payment: PaymentView | None = None
    face: CardFace | None = None
    message_key: str = ""

    @property
    def progress(self) -> Progress:
        """What the screen is told."""
        row, face = self.row, self.face
        written = face if face is not None and face.carries(row.id) else None
        expected = None if row.balance_before is None else row.balance_before + row.amount
        return Progress(
            row=row,
            stage=_STAGES[row.state],
            balance=written.balance if written else expected,
            payment=self.payment,
            message_key=self.message_key or row.note,
            pay_until=row.created_at + PAY_MAX,
        )
