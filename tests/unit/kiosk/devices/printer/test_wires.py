"""Wires: everything is sent or an error tells so, by a deadline."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.devices.printer.wires import Limits, usb_path, wire_to
from kiosk.domain.errors import PrinterUnavailable
from kiosk.domain.printing import AddressKind, PrinterAddress
from tests.printers import PrinterOnTheNetwork

HURRIED = Limits(write_s=0.2, connect_s=0.5, answer_s=0.05)
ASK_PAPER = b"\x10\x04\x04"


def file_at(path: Path) -> PrinterAddress:
    return PrinterAddress(kind=AddressKind.FILE, path=str(path))


def test_a_plain_file_keeps_one_receipt_behind_the_other(tmp_path: Path) -> None:
    for word in (b"one", b"two"):
        with wire_to(file_at(tmp_path / "out"), HURRIED) as wire:
            wire.write(word)
            assert wire.ask(ASK_PAPER) is None
    assert (tmp_path / "out").read_bytes() == b"onetwo"


def test_a_file_that_can_t_be_opened_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(PrinterUnavailable):
        wire_to(file_at(tmp_path / "absent" / "out"), HURRIED)


@pytest.fixture
def pipe(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    """A pipe whose reader reads nothing: like a printer whose buffer is full."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    yield path, reader
    os.close(reader)


def test_a_device_that_takes_nothing_ends_in_time(pipe: tuple[Path, int]) -> None:
    with (
        wire_to(file_at(pipe[0]), HURRIED) as wire,
        pytest.raises(PrinterUnavailable, match="not taken in time"),
    ):
        wire.write(bytes(1_000_000))


def test_a_device_that_goes_away_is_unavailable(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    with wire_to(file_at(tmp_path / "pipe"), HURRIED) as wire:
        os.close(reader)
        with pytest.raises(PrinterUnavailable):
            wire.write(b"slip")


def test_a_full_disk_is_unavailable() -> None:
    with wire_to(file_at(Path("/dev/full")), HURRIED) as wire, pytest.raises(PrinterUnavailable):
        wire.write(b"slip")


@pytest.fixture
def far() -> Iterator[PrinterOnTheNetwork]:
    made = PrinterOnTheNetwork()
    yield made
    made.close()


def test_a_question_over_the_network_is_answered(far: PrinterOnTheNetwork) -> None:
    with wire_to(far.address, HURRIED) as wire:
        assert wire.ask(ASK_PAPER) == 0x12


def test_a_silent_printer_is_not_waited_for(far: PrinterOnTheNetwork) -> None:
    far.paper = None
    with wire_to(far.address, HURRIED) as wire:
        assert wire.ask(ASK_PAPER) is None


def test_a_deaf_printer_ends_in_time(far: PrinterOnTheNetwork) -> None:
    far.deaf = True
    with wire_to(far.address, HURRIED) as wire, pytest.raises(PrinterUnavailable):
        wire.write(bytes(50_000_000))


def test_nobody_at_the_address_is_unavailable(far: PrinterOnTheNetwork) -> None:
    address = far.address
    far.close()
    with pytest.raises(PrinterUnavailable):
        wire_to(address, HURRIED)
    far.__post_init__()


@pytest.fixture
def usb(tmp_path: Path) -> Path:
    """Two USB printers as the kernel lists them."""
    for number, product in enumerate(("0202", "0e15")):
        device = tmp_path / "devices" / f"1-{number}"
        (device / "1-0:1.0").mkdir(parents=True)
        (device / "idVendor").write_text("04b8\n")
        (device / "idProduct").write_text(f"{product}\n")
        entry = tmp_path / "usbmisc" / f"lp{number}"
        entry.mkdir(parents=True)
        (entry / "device").symlink_to(device / "1-0:1.0")
    return tmp_path / "usbmisc"


def usb_at(vendor: str, product: str) -> PrinterAddress:
    return PrinterAddress(kind=AddressKind.USB, vendor=vendor, product=product)


def test_a_usb_printer_is_found_by_its_ids(usb: Path) -> None:
    assert usb_path(usb_at("04b8", "0e15"), usb) == Path("/dev/usb/lp1")


def test_a_usb_printer_that_is_not_there_is_unavailable(usb: Path, tmp_path: Path) -> None:
    for printers in (usb, tmp_path / "none"):
        with pytest.raises(PrinterUnavailable, match="no USB printer"):
            usb_path(usb_at("04b8", "ffff"), printers)


def test_a_damaged_entry_of_the_kernel_s_list_is_passed_over(usb: Path, tmp_path: Path) -> None:
    (tmp_path / "devices" / "1-0" / "idVendor").unlink()
    assert usb_path(usb_at("04b8", "0e15"), usb) == Path("/dev/usb/lp1")
