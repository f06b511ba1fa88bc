"""No key, nonce, card number or UID is left on the disk by a whole session (CARD.md, 7).

Everything the demonstration's kiosk writes (journal, content, log at its most talkative level) is
searched byte by byte, after a visit that pays, loads, tears, mistakes and identifies.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from cardreader.desfire.constants import Ins
from cardreader.layout import Key
from cardreader.virtual.demo_chips import EMPTY_NUMBER, EMPTY_UID, USED_NUMBER, USED_UID
from cardreader.virtual.issue import known_keys, known_master
from cardreader.virtual.link import InMemoryTransport
from cardreader.virtual.things import staff_badge
from kiosk.app import logging as log
from kiosk.domain.money import Money
from tests.ui.money import MoneyKiosk

OWN, EMPTY, BANK, BADGE = 0, 1, 2, 4
CINEMA, ENTRY = "301", "101"
NONCES = frozenset(
    {Ins.AUTHENTICATE_EV2_FIRST, Ins.AUTHENTICATE_EV2_NON_FIRST, Ins.ADDITIONAL_FRAME}
)
NONCE_LEN = 16


@pytest.fixture
def nonces(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Everything of a nonce's length that travels in authentications, both ways."""
    heard: list[bytes] = []
    transmit = InMemoryTransport.transmit

    def overheard(self: InMemoryTransport, apdu: bytes) -> bytes:
        answer = transmit(self, apdu)
        if len(apdu) > 1 and apdu[1] in NONCES:
            heard.extend(one for one in (apdu[5:-1], answer[:-2]) if len(one) >= NONCE_LEN)
        return answer

    monkeypatch.setattr(InMemoryTransport, "transmit", overheard)
    return heard


@pytest.fixture
def logged(money: MoneyKiosk) -> Iterator[Path]:
    """The state folder, with the log in it."""
    folder, root = money.path.parent, logging.getLogger()
    level = root.level
    log.start(folder / "log", money.clock.now(), level="debug")
    yield folder
    log.stop()
    root.setLevel(level)


def a_whole_session(money: MoneyKiosk) -> None:
    money.ask()
    money.phone()
    assert money.wallet.reading is not None
    assert money.wallet.reading.face.balance == Money(3240)
    for product in (CINEMA, ENTRY):
        money.app.show("sale", product)
        money.settle()
        money.act()
    money.app.show("sale", CINEMA)
    money.settle()
    money.tray.tear()
    money.act()
    for thing in (EMPTY, BANK, OWN, BADGE, EMPTY):
        money.lay(thing)
    money.lift()
    money.app.end()
    money.settle()


def spelled(secret: bytes) -> Iterable[bytes]:
    """Give the ways in which bytes may be written."""
    for one in (secret, secret[::-1]):
        yield one
        for text in (one.hex(), one.hex(" "), one.hex(":")):
            yield text.encode()
            yield text.upper().encode()


def numbers() -> Iterable[bytes]:
    for number in (USED_NUMBER, EMPTY_NUMBER):
        yield number.encode()
        yield number.replace("-", "").encode()
        yield number.encode().hex().encode()


def leaks(folder: Path, secrets: Iterable[bytes]) -> list[str]:
    """Name the files that hold a secret, in any spelling."""
    ways = [*(way for one in secrets for way in spelled(one)), *numbers()]
    held = [(file.name, file.read_bytes()) for file in folder.rglob("*") if file.is_file()]
    return [name for name, content in held if any(way in content for way in ways)]


def test_the_disk_holds_no_key_nonce_number_or_uid_after_a_whole_session(
    money: MoneyKiosk, nonces: list[bytes], logged: Path
) -> None:
    a_whole_session(money)
    money.close()
    keys = [known_master(key) for key in Key]
    keys += [one for uid in (USED_UID, EMPTY_UID) for one in known_keys(uid).values()]
    uids = [USED_UID, EMPTY_UID, staff_badge().uid]
    assert {"ledger.db", "alveole.jsonl"} <= {file.name for file in logged.rglob("*")}
    assert len(nonces) > 50
    assert leaks(logged, [*keys, *uids, *nonces]) == []


def test_the_search_finds_a_leak_in_any_spelling(tmp_path: Path) -> None:
    for way in (USED_UID, USED_UID.hex(":").upper().encode(), EMPTY_NUMBER.encode()):
        (tmp_path / "leak").write_bytes(b"before" + way + b"after")
        assert leaks(tmp_path, [USED_UID]) == ["leak"]
