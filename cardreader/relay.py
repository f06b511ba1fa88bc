"""The relay: somebody far away, the hub, runs an operation on the card of this reader.

Rules:

1. The far side holds the keys and decides every APDU; the kiosk only carries them.
2. One dialogue is one operation: each step is an APDU for the card, a question to the kiosk
   (make this durable), or the end.
3. A card that fails is told to the far side, which knows whether a commit was under way.
4. A dialogue has at most STEPS_MAX steps, and waits at most STEP_SECONDS_MAX for each.

``FarSide`` is the hub's half without a network; the hub puts its own wire between the two.
"""

from __future__ import annotations

import queue
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from cardreader.authority import CardAuthority, Continued, Durable, Operation, no_journal
from cardreader.transport import Transport
from kiosk.domain.errors import AlveoleError, CardPulled, KeyAbsent
from kiosk.domain.purse import Prepared

STEPS_MAX = 256  # issuing a card takes 42
STEP_SECONDS_MAX = 10.0
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class SendApdu:
    """The far side wants this APDU sent; it goes on with the answer's bytes."""

    apdu: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeDurable:
    """The far side is about to commit; it goes on, with no bytes, when the journal has this."""

    prepared: Prepared


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The operation is over; ``outcome`` tells how."""


Step = SendApdu | MakeDurable | Ended


class Dialogue(Protocol[T_co]):
    """One operation under way on the far side."""

    def begin(self) -> Step:
        """Give the first step; raises KeyAbsent when the far side doesn't answer."""
        ...

    def go_on(self, answer: bytes | AlveoleError) -> Step:
        """Hand over a card's answer, or what failed, and give the next step; raises KeyAbsent."""
        ...

    def outcome(self) -> T_co:
        """Give the outcome; raises what ended the operation."""
        ...

    def close(self) -> None:
        """Leave; the far side sees a card that was pulled."""
        ...


class Relay(Protocol):
    """The way to the far side."""

    def dialogue(self, operation: Operation[T]) -> Dialogue[T]:
        """Open a dialogue for one operation."""
        ...


class RelayAuthority:
    """CardAuthority whose keys are far away."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay

    def run(
        self, transport: Transport, operation: Operation[T], durable: Durable = no_journal
    ) -> T:
        """Run one operation; see CardAuthority. KeyAbsent: the far side doesn't answer."""
        dialogue = self._relay.dialogue(operation)
        try:
            return self._converse(dialogue, transport, durable)
        finally:
            dialogue.close()

    def go_on(
        self, transport: Transport, operation: Continued[T], durable: Durable = no_journal
    ) -> T:
        """Run one operation from SELECT on: each dialogue is a session of its own."""
        return self.run(transport, operation, durable)

    def _converse(self, dialogue: Dialogue[T], transport: Transport, durable: Durable) -> T:
        step = dialogue.begin()
        committing = False
        for _ in range(STEPS_MAX):
            if isinstance(step, Ended):
                return dialogue.outcome()
            answer: bytes | AlveoleError = b""
            if isinstance(step, MakeDurable):
                durable(step.prepared)
                committing = True
            else:
                answer = _answer(transport, step.apdu)
            try:
                step = dialogue.go_on(answer)
            except KeyAbsent as lost:
                if committing:
                    raise CardPulled("the far side is lost in a commit") from lost
                raise
        raise KeyAbsent(f"the far side doesn't end ({STEPS_MAX} steps)")


class FarSide:
    """Relay in one process: runs operations under ``authority``, a thread for each dialogue."""

    def __init__(
        self, authority: CardAuthority, *, step_seconds_max: float = STEP_SECONDS_MAX
    ) -> None:
        self._authority = authority
        self._step_seconds_max = step_seconds_max

    def dialogue(self, operation: Operation[T]) -> Dialogue[T]:
        """Open a dialogue."""
        return _FarDialogue(self._authority, operation, self._step_seconds_max)


class _FarDialogue(Generic[T]):
    """Two queues around a thread in which the operation runs on a tunnelled card."""

    def __init__(
        self, authority: CardAuthority, operation: Operation[T], step_seconds_max: float
    ) -> None:
        self._authority, self._operation = authority, operation
        self._seconds = step_seconds_max
        self._steps: queue.SimpleQueue[Step] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[bytes | AlveoleError] = queue.SimpleQueue()
        self._left = threading.Event()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="relay")
        self._future: Future[T] | None = None

    def begin(self) -> Step:
        """Start the operation and give its first step."""
        self._future = self._thread.submit(self._authority.run, self, self._operation, self._ask)
        self._future.add_done_callback(lambda _: self._steps.put(Ended()))
        return self._next()

    def go_on(self, answer: bytes | AlveoleError) -> Step:
        """Let the operation go on with an answer."""
        self._answers.put(answer)
        return self._next()

    def outcome(self) -> T:
        """Give the outcome; raises what ended the operation."""
        assert self._future is not None, "a dialogue ends after it began"
        return self._future.result()

    def close(self) -> None:
        """End the thread: whatever it still asks is answered by a pulled card."""
        self._left.set()
        self._answers.put(CardPulled("the kiosk left"))
        self._thread.shutdown(wait=True)

    def transmit(self, apdu: bytes) -> bytes:
        """Be the tunnelled card's Transport, on the far side."""
        return self._asked(SendApdu(apdu=apdu))

    def _ask(self, prepared: Prepared) -> None:
        self._asked(MakeDurable(prepared=prepared))

    def _asked(self, step: Step) -> bytes:
        if self._left.is_set():
            raise CardPulled("the kiosk left")
        self._steps.put(step)
        try:
            answer = self._answers.get(timeout=self._seconds)
        except queue.Empty:
            raise CardPulled("the kiosk says nothing more") from None
        if isinstance(answer, AlveoleError):
            raise answer
        return answer

    def _next(self) -> Step:
        try:
            return self._steps.get(timeout=self._seconds)
        except queue.Empty:
            raise KeyAbsent("the far side doesn't answer") from None


def _answer(transport: Transport, apdu: bytes) -> bytes | AlveoleError:
    try:
        return transport.transmit(apdu)
    except AlveoleError as failed:
        return failed
