"""The Printer port: one suite for every way to a printer, over a printer made of software."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.devices.printer.port import EscposPrinter, NoPrinter, printer_of
from kiosk.devices.printer.wires import Limits, wire_to
from kiosk.domain.errors import PaperOut, PrinterUnavailable
from kiosk.domain.printing import AddressKind, PrinterAddress, PrinterState
from kiosk.ports import Printer
from tests.printers import END, NEAR_END, OFFLINE, READY, PrinterOnTheNetwork, read_slip
from tests.slips import CODE, a_slip

HURRIED = Limits(write_s=0.5, connect_s=0.5, answer_s=0.1)


@pytest.fixture
def far() -> Iterator[PrinterOnTheNetwork]:
    made = PrinterOnTheNetwork()
    yield made
    made.close()


@pytest.fixture(params=["file", "network"])
def ready(
    request: pytest.FixtureRequest, tmp_path: Path, far: PrinterOnTheNetwork
) -> tuple[Printer, Callable[[], bytes]]:
    """Give each printer that is ready, and how to see what came out."""
    if request.param == "network":
        return printer_of(far.address), lambda: bytes(far.printed)
    path = tmp_path / "paper"
    address = PrinterAddress(kind=AddressKind.FILE, path=str(path))
    return printer_of(address), path.read_bytes


def test_a_printer_that_is_ready_says_so(ready: tuple[Printer, Callable[[], bytes]]) -> None:
    assert ready[0].state() is PrinterState.READY


def test_a_slip_comes_out_whole(ready: tuple[Printer, Callable[[], bytes]]) -> None:
    ready[0].print(a_slip())
    paper = read_slip(ready[1]())
    assert "20,00 €" in paper.text
    assert paper.codes == [CODE]
    assert paper.cut


def test_two_slips_come_out_one_behind_the_other(
    ready: tuple[Printer, Callable[[], bytes]],
) -> None:
    for _ in range(2):
        ready[0].print(a_slip())
    assert read_slip(ready[1]()).codes == [CODE, CODE]


@pytest.fixture(params=["none", "file", "network", "usb"])
def absent(request: pytest.FixtureRequest, tmp_path: Path) -> Printer:
    far = PrinterOnTheNetwork()
    network = far.address
    far.close()
    addresses = {
        "none": PrinterAddress(kind=AddressKind.NONE),
        "file": PrinterAddress(kind=AddressKind.FILE, path=str(tmp_path / "no" / "paper")),
        "network": network,
        "usb": PrinterAddress(kind=AddressKind.USB, vendor="0000", product="0000"),
    }
    return printer_of(addresses[request.param])


def test_a_printer_that_is_not_there_is_absent(absent: Printer) -> None:
    assert absent.state() is PrinterState.ABSENT


def test_nothing_is_printed_where_there_is_no_printer(absent: Printer) -> None:
    with pytest.raises(PrinterUnavailable):
        absent.print(a_slip())


def over(far: PrinterOnTheNetwork) -> Printer:
    return EscposPrinter(lambda: wire_to(far.address, HURRIED))


@pytest.mark.parametrize(
    ("paper", "online", "state"),
    [
        (READY, READY, PrinterState.READY),
        (NEAR_END, READY, PrinterState.PAPER_LOW),
        (END, OFFLINE, PrinterState.PAPER_OUT),
        (READY, OFFLINE, PrinterState.ABSENT),
        (None, None, PrinterState.READY),
        (0xFF, 0xFF, PrinterState.READY),
    ],
    ids=["ready", "low", "out", "cover open", "silent", "no answer at all"],
)
def test_a_printer_tells_how_it_stands(
    far: PrinterOnTheNetwork, paper: int | None, online: int | None, state: PrinterState
) -> None:
    far.paper, far.online = paper, online
    assert over(far).state() is state


def test_little_paper_still_prints(far: PrinterOnTheNetwork) -> None:
    far.paper = NEAR_END
    over(far).print(a_slip())
    assert far.printed


def test_without_paper_nothing_is_sent(far: PrinterOnTheNetwork) -> None:
    far.paper = END
    with pytest.raises(PaperOut):
        over(far).print(a_slip())
    assert far.printed == b""


def test_a_printer_that_is_offline_is_unavailable(far: PrinterOnTheNetwork) -> None:
    far.online = OFFLINE
    with pytest.raises(PrinterUnavailable):
        over(far).print(a_slip())


def test_paper_that_ends_on_the_way_is_told(far: PrinterOnTheNetwork) -> None:
    far.runs_out = True
    with pytest.raises(PaperOut):
        over(far).print(a_slip())


def test_a_kiosk_without_a_printer_never_tries() -> None:
    assert isinstance(printer_of(PrinterAddress(kind=AddressKind.NONE)), NoPrinter)
