"""The take-away screen: a phone reads from the panel what the screen carries."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import zxingcpp
from PIL import Image
from PySide6.QtGui import QImage

from tests.ui.kiosks import LANDSCAPE, PORTRAIT, Kiosk
from ui.comfort import Comfort
from ui.views.takeaway import TakeawayFrame

PLACE = "place/piscines/piscine-tilleuls"
MODES = [Comfort(), Comfort(large=True, contrast=True), Comfort(low=True, large=True)]


def scanned(kiosk: Kiosk) -> list[str]:
    image = kiosk.window.grabWindow().convertToFormat(QImage.Format.Format_Grayscale8)
    wide, high, stride = image.width(), image.height(), image.bytesPerLine()
    grey = Image.frombytes("L", (wide, high), bytes(image.constBits()), "raw", "L", stride)
    return [str(found.text) for found in zxingcpp.read_barcodes(grey)]


def payload(kiosk: Kiosk) -> str:
    frame = kiosk.app.opened.frame
    assert isinstance(frame, TakeawayFrame)
    return frame.payload


@pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE])
@pytest.mark.parametrize("comfort", MODES, ids=repr)
@pytest.mark.parametrize("argument", [PLACE, "departures/bus"])
def test_a_phone_reads_the_payload_from_the_panel(
    kiosk_of: Callable[[tuple[int, int]], Kiosk],
    size: tuple[int, int],
    comfort: Comfort,
    argument: str,
) -> None:
    kiosk = kiosk_of(size)
    kiosk.app.setComfort(comfort)
    kiosk.show("takeaway", argument)
    assert scanned(kiosk) == [payload(kiosk)]


def test_the_main_action_offers_the_other_form(kiosk: Kiosk) -> None:
    kiosk.show("takeaway", PLACE)
    kiosk.tap("Emporter le contact")
    assert scanned(kiosk)[0].startswith("BEGIN:VCARD")
    kiosk.tap("Emporter le lieu")
    assert scanned(kiosk)[0].startswith("geo:")


def test_the_same_content_stands_there_to_be_read(kiosk: Kiosk) -> None:
    kiosk.show("takeaway", PLACE)
    shown = "\n".join(kiosk.texts())
    for part in ("Piscine des Tilleuls", "12 rue des Tilleuls", "Alençon", "02 61 91 00 20"):
        assert part in shown


def test_nothing_to_carry_off_shows_no_code(kiosk: Kiosk) -> None:
    kiosk.show("takeaway", "place/nothing/here")
    assert scanned(kiosk) == []
    assert "Il n’y a rien à emporter ici. Demandez à l’accueil." in kiosk.texts()
