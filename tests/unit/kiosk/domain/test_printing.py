"""Printers' addresses are read strictly; a slip has its bounds."""

from __future__ import annotations

import pytest

from kiosk.domain.printing import (
    LINES_MAX,
    TEXT_MAX,
    AddressKind,
    PrinterAddress,
    PrinterState,
    Slip,
    SlipLine,
    printer_address,
)

LINE = SlipLine(text="Reçu")


@pytest.mark.parametrize(
    ("word", "address"),
    [
        ("none", PrinterAddress(kind=AddressKind.NONE)),
        ("file:/dev/usb/lp0", PrinterAddress(kind=AddressKind.FILE, path="/dev/usb/lp0")),
        (
            "network:printer.example:9100",
            PrinterAddress(kind=AddressKind.NETWORK, host="printer.example", port=9100),
        ),
        ("usb:04b8:0e15", PrinterAddress(kind=AddressKind.USB, vendor="04b8", product="0e15")),
    ],
)
def test_an_address_is_read(word: str, address: PrinterAddress) -> None:
    assert printer_address(word) == address


@pytest.mark.parametrize(
    "word",
    [
        *("", "None", "none:", "file:", "file:relative", "file:/a\0b", "network:host"),
        *("network:host:0", "network:host:65536", "network:ho st:9100", "network::9100"),
        *("usb:04b8", "usb:04B8:0e15", "usb:4b8:e15", "serial:/dev/ttyS0"),
    ],
)
def test_anything_else_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        printer_address(word)


def test_only_a_printer_with_paper_prints() -> None:
    assert [state for state in PrinterState if state.prints] == ["ready", "paper_low"]


@pytest.mark.parametrize("count", [0, LINES_MAX + 1])
def test_a_slip_has_lines_but_not_too_many(count: int) -> None:
    with pytest.raises(ValueError, match="lines"):
        Slip(lines=(LINE,) * count)


def test_a_line_is_not_endless() -> None:
    with pytest.raises(ValueError, match="characters"):
        SlipLine(text="x" * TEXT_MAX, right="y")


@pytest.mark.parametrize("matrix", [((True,), (True,)), ((True,) * 178,) * 178])
def test_a_code_is_a_square_of_bounded_side(matrix: tuple[tuple[bool, ...], ...]) -> None:
    with pytest.raises(ValueError, match="square"):
        Slip(lines=(LINE,), matrix=matrix)
