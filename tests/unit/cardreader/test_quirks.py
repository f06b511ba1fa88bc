from __future__ import annotations

import pytest

from cardreader.quirks import Role, quirk_of, role_of


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Virtual PCD 00 00", "citizen"),
        ("ACS ACR1252 Dual Reader [ACR1252 Dual Reader PICC] 00 00", "citizen"),
        ("ACS ACR1252 Dual Reader [ACR1252 Dual Reader SAM] 01 00", "sam"),
        (
            "HID Global OMNIKEY 5422 Smartcard Reader [OMNIKEY 5422CL Smartcard Reader] 01 00",
            "citizen",
        ),
        ("HID Global OMNIKEY 5422 Smartcard Reader [OMNIKEY 5422 Smartcard Reader] 00 00", "other"),
    ],
)
def test_a_slots_role_is_told_by_its_name(name: str, role: Role) -> None:
    assert role_of(name) == role


def test_a_pattern_picks_the_citizens_reader_without_regard_to_case_or_order() -> None:
    assert role_of("ACS ACR122U PICC Interface 01 00", "acs acr122u*") == "citizen"
    assert role_of("Virtual PCD 00 00", "acs acr122u*") == "other"


def test_a_sam_slot_is_never_the_citizens_whatever_the_pattern() -> None:
    assert role_of("ACS ACR1252 Dual Reader [ACR1252 Dual Reader SAM] 01 00", "*") == "sam"


def test_a_reader_that_beeps_is_hushed() -> None:
    assert quirk_of("ACS ACR122U PICC Interface 00 00").escape == bytes.fromhex("FF00520000")
    assert quirk_of("Virtual PCD 00 00").escape == b""
