"""The printer port over ESC/POS and its wires, and the port of a kiosk without a printer.

Rules:
1. The paper is asked for before a receipt is sent, and again afterwards: what ran out of paper
   on the way was not given.
2. A printer that tells nothing (a plain file, a silent device) is believed to be ready.
3. A wire is opened for each receipt: a printer may be switched off and on between two.
"""

from __future__ import annotations

from collections.abc import Callable

from kiosk.devices.printer.escpos import PAPERS, commands
from kiosk.devices.printer.wires import Limits, Wire, wire_to
from kiosk.domain.errors import PaperOut, PrinterUnavailable
from kiosk.domain.printing import AddressKind, PrinterAddress, PrinterState, Slip
from kiosk.ports import Printer

# DLE EOT n asks a printer that also prints (ESC/POS, real-time status); an answer has its fixed
# bits, so that a stray byte isn't taken for one.
ASK_ONLINE, ASK_PAPER = b"\x10\x04\x01", b"\x10\x04\x04"
FIXED_MASK, FIXED = 0x93, 0x12
OFFLINE, PAPER_NEAR_END, PAPER_END = 0x08, 0x0C, 0x60


class NoPrinter:
    """Implements ports.Printer where there is none."""

    def state(self) -> PrinterState:
        """Tell that there is none."""
        return PrinterState.ABSENT

    def print(self, slip: Slip) -> None:  # noqa: ARG002  # the port's argument
        """Refuse; raises PrinterUnavailable."""
        raise PrinterUnavailable("this kiosk has no printer")


class EscposPrinter:
    """Implements ports.Printer over a wire."""

    def __init__(self, open_wire: Callable[[], Wire], *, paper_mm: int = 80) -> None:
        self._open_wire = open_wire
        self._paper = PAPERS[paper_mm]

    def state(self) -> PrinterState:
        """Ask the printer; one that can't be reached is absent."""
        try:
            with self._open_wire() as wire:
                return _state(wire)
        except PrinterUnavailable:
            return PrinterState.ABSENT

    def print(self, slip: Slip) -> None:
        """Print and cut; raises PaperOut, PrinterUnavailable."""
        data = commands(slip, self._paper)
        with self._open_wire() as wire:
            _check(_state(wire))
            wire.write(data)
            _check(_state(wire))


def printer_of(address: PrinterAddress, *, paper_mm: int = 80) -> Printer:
    """Give the printer of the settings."""
    if address.kind is AddressKind.NONE:
        return NoPrinter()
    return EscposPrinter(lambda: wire_to(address, Limits()), paper_mm=paper_mm)


def probed(address: PrinterAddress, wait_s: float) -> PrinterState:
    """Ask a printer how it stands, without waiting for it longer than a few ``wait_s``."""
    limits = Limits(write_s=wait_s, connect_s=wait_s, answer_s=wait_s)
    return EscposPrinter(lambda: wire_to(address, limits)).state()


def _state(wire: Wire) -> PrinterState:
    paper, online = _answer(wire, ASK_PAPER), _answer(wire, ASK_ONLINE)
    if paper & PAPER_END:
        return PrinterState.PAPER_OUT
    if online & OFFLINE:
        return PrinterState.ABSENT
    return PrinterState.PAPER_LOW if paper & PAPER_NEAR_END else PrinterState.READY


def _answer(wire: Wire, question: bytes) -> int:
    """Give the answered bits, none when nothing that is an answer comes."""
    answer = wire.ask(question)
    return answer if answer is not None and answer & FIXED_MASK == FIXED else 0


def _check(state: PrinterState) -> None:
    if state is PrinterState.PAPER_OUT:
        raise PaperOut("the printer has no paper left")
    if not state.prints:
        raise PrinterUnavailable("the printer is offline")
