"""The contract of ports.Scanner; every scanner passes it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow

from kiosk.devices.scanner import KeyboardWedge
from kiosk.devices.scanner_simulator import ScannerStandIn
from kiosk.domain.sealed import TEXT_MAX
from kiosk.ports import Scanner
from tests.conftest import MovedClock

Show = Callable[[str], None]
NO_MODIFIER = Qt.KeyboardModifier.NoModifier


class TypedInto(QWindow):
    """A field elsewhere: counts the keys that reach it."""

    def __init__(self) -> None:
        super().__init__()
        self.typed = ""

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        self.typed += event.text()


def type_keys(window: QWindow, text: str) -> None:
    for letter in (*text, "\r"):
        key = Qt.Key.Key_Return if letter == "\r" else Qt.Key.Key_unknown
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QGuiApplication.sendEvent(window, QKeyEvent(kind, key, NO_MODIFIER, letter))


@pytest.fixture
def field(qapp: QGuiApplication) -> TypedInto:
    return TypedInto()


@pytest.fixture(params=["keyboard", "stand-in"])
def scanner(
    request: pytest.FixtureRequest, clock: MovedClock, field: TypedInto
) -> tuple[Scanner, Show]:
    if request.param == "stand-in":
        stand_in = ScannerStandIn()
        return stand_in, stand_in.show
    return KeyboardWedge(clock, lambda: True), lambda text: type_keys(field, text)


def test_each_code_is_told_whole_and_once(scanner: tuple[Scanner, Show]) -> None:
    port, show = scanner
    codes: list[str] = []
    port.watch(codes.append)
    for code in ("ALV1:AB $%*+-./:", "x", "ALV1:AB $%*+-./:"):
        show(code)
    port.close()
    assert codes == ["ALV1:AB $%*+-./:", "x", "ALV1:AB $%*+-./:"]


def test_the_longest_code_is_told_and_a_longer_one_never(scanner: tuple[Scanner, Show]) -> None:
    port, show = scanner
    codes: list[str] = []
    port.watch(codes.append)
    for length in (TEXT_MAX, TEXT_MAX + 1, 5 * TEXT_MAX):
        show("A" * length)
    port.close()
    assert [len(code) for code in codes] == [TEXT_MAX]


def test_an_empty_code_is_nothing(scanner: tuple[Scanner, Show]) -> None:
    port, show = scanner
    codes: list[str] = []
    port.watch(codes.append)
    show("")
    port.close()
    assert codes == []


def test_a_closed_scanner_tells_nothing(scanner: tuple[Scanner, Show]) -> None:
    port, show = scanner
    codes: list[str] = []
    port.watch(codes.append)
    port.close()
    show("ALV1:")
    assert codes == []


def test_a_scanned_code_reaches_no_field(clock: MovedClock, field: TypedInto) -> None:
    wedge = KeyboardWedge(clock, lambda: True)
    wedge.watch(lambda _: None)
    type_keys(field, "ALV1:SECRET")
    wedge.close()
    assert field.typed == ""


def test_what_is_typed_elsewhere_is_neither_taken_nor_kept(
    clock: MovedClock, field: TypedInto
) -> None:
    listens, codes = False, list[str]()
    wedge = KeyboardWedge(clock, lambda: listens)
    wedge.watch(codes.append)
    type_keys(field, "1234")
    listens = True
    type_keys(field, "ALV1:")
    wedge.close()
    assert (field.typed, codes) == ("1234\r", ["ALV1:"])


def test_half_a_code_from_before_is_forgotten(clock: MovedClock, field: TypedInto) -> None:
    codes: list[str] = []
    wedge = KeyboardWedge(clock, lambda: True)
    wedge.watch(codes.append)
    press = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_unknown, NO_MODIFIER, "9")
    QGuiApplication.sendEvent(field, press)
    clock.move(1)
    type_keys(field, "ALV1:")
    wedge.close()
    assert codes == ["ALV1:"]
