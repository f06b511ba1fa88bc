"""The edge without a service: its codes, and what a kiosk without pcscd meets."""

from __future__ import annotations

import pytest

from cardreader.pcsc import Context, error_of
from kiosk.domain.errors import AlveoleError, CardForeign, CardPulled, ReaderAbsent


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (0x80100016, CardPulled),
        (0x80100069, CardPulled),
        (0x80100068, CardPulled),
        (0x8010000C, CardPulled),
        (0x80100065, CardForeign),
        (0x8010001D, ReaderAbsent),
        (0x8010001E, ReaderAbsent),
        (0x8010000B, ReaderAbsent),
        (0x12345678, ReaderAbsent),
    ],
)
def test_every_code_is_a_declared_error(code: int, error: type[AlveoleError]) -> None:
    assert type(error_of(code, "SCardTransmit")) is error


def test_an_error_names_what_it_means_the_call_and_the_code() -> None:
    words = str(error_of(0x8010001D, "SCardEstablishContext"))
    assert words == "the PC/SC service doesn't run (SCardEstablishContext: 0x8010001D)"


def test_without_a_service_there_is_no_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PCSCLITE_CSOCK_NAME", "/nonexistent/pcscd.comm")
    with pytest.raises(ReaderAbsent):
        Context()
