"""libfreefare 0.4 (EV1, AES) on our virtual card, and our reader on what it leaves."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from cardreader.desfire.constants import CommMode, KeySettings
from cardreader.desfire.ev1 import Ev1Handshake
from cardreader.layout import ACCESS, ENTRIES, IDENTITY, IDENTITY_LEN, PURSE, Key, unpack_identity
from cardreader.virtual.cards import TEST_NUMBER, TEST_UID, plain_card
from cardreader.virtual.chip.card import VirtualDesfire
from cardreader.virtual.issue import known_keys
from tests.e2e.card.peers import AID, BLANK, UID, absent, blank_card, entered, key

SOURCE = Path(__file__).parents[2] / "referees" / "freefare_peer.c"
HEADER = Path("/usr/include/freefare.h")
COMPILE_TIMEOUT_S = 120
EXCHANGES_MAX = 40  # of one command
SETTINGS = (
    KeySettings.MASTER_CHANGEABLE | KeySettings.FREE_LISTING | KeySettings.SETTINGS_CHANGEABLE
)
FULL = int(CommMode.FULL)


class Refused(Exception):
    """The card or the library said no; the two status bytes."""


class Freefare:
    """The library in a process of its own; we carry its frames to ``chip``."""

    def __init__(self, program: Path, chip: VirtualDesfire) -> None:
        self.chip = chip
        self._process = subprocess.Popen(
            [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def __call__(self, command: str, *arguments: bytes | int) -> bytes:
        words = [one.hex() if isinstance(one, bytes) else str(one) for one in arguments]
        self._say(" ".join((command, *words)))
        for _ in range(EXCHANGES_MAX):
            word, _, rest = self._hear().partition(" ")
            if word == "OK":
                return bytes.fromhex(rest)
            if word == "ERR":
                raise Refused(rest)
            self._say(self.chip.answer(bytes.fromhex(rest)).hex())
        raise AssertionError(f"{command} never ends")

    def close(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            _pipe(pipe).close()
        assert self._process.wait(10) == 0

    def _say(self, line: str) -> None:
        _pipe(self._process.stdin).write(line + "\n")

    def _hear(self) -> str:
        line = _pipe(self._process.stdout).readline()
        assert line, "the referee has gone"
        return line.rstrip("\n")


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    compiler = shutil.which("gcc")
    if compiler is None or not HEADER.is_file():
        absent("gcc or libfreefare-dev: not installed")
    target = tmp_path_factory.mktemp("referee") / "freefare_peer"
    options = ["-O1", "-Wall", "-Wextra", "-Werror", "-o", str(target)]
    libraries = ["-lfreefare", "-lnfc"]
    subprocess.run(
        [compiler or "gcc", *options, str(SOURCE), *libraries],
        check=True,
        timeout=COMPILE_TIMEOUT_S,
    )
    return target


@pytest.fixture
def freefare(program: Path) -> Iterator[Freefare]:
    peer = Freefare(program, blank_card())
    yield peer
    peer.close()


def rights(file: int) -> int:
    """The word that the library's functions take."""
    return int.from_bytes(ACCESS[file].pack(), "little")


def personalise(freefare: Freefare) -> None:
    """Lay out CARD.md's files with the library alone."""
    freefare("select", bytes(3))
    freefare("authenticate", 0, BLANK)
    freefare("create_application", AID, SETTINGS, 6)
    freefare("select", AID)
    freefare("authenticate", 0, BLANK)
    for number in range(1, 6):
        freefare("change_key", number, key(number), number, BLANK)
    freefare("create_standard", 0, FULL, rights(0), 32)
    freefare("create_backup", 1, FULL, rights(1), 32)
    freefare("create_value", 2, FULL, rights(2), 0, 15_000, 1500, 1)
    freefare("create_value", 3, FULL, rights(3), 0, 100, 10, 1)
    freefare("create_backup", 4, FULL, rights(4), 64)
    freefare("create_cyclic", 5, FULL, rights(5), 32, 11)
    freefare("create_backup", 6, FULL, rights(6), 16)
    freefare("change_key", 0, key(0), 9, BLANK)


def number(data: bytes) -> int:
    return int.from_bytes(data, "little", signed=True)


def test_it_knows_the_card(freefare: Freefare) -> None:
    assert freefare("version") == UID
    freefare("authenticate", 0, BLANK)
    assert freefare("uid") == UID
    assert freefare("version") == UID


def test_what_it_personalises_is_the_layout(freefare: Freefare) -> None:
    personalise(freefare)
    freefare("authenticate", 0, key(0))
    assert freefare("files") == bytes(range(7))
    assert freefare("settings", 2) == bytes((2, FULL)) + ACCESS[2].pack()
    assert [freefare("key_version", one) for one in range(6)] == [
        bytes((one,)) for one in (9, 1, 2, 3, 4, 5)
    ]


def test_it_debits_and_our_reader_agrees(freefare: Freefare) -> None:
    personalise(freefare)
    freefare("authenticate", 2, key(2))
    assert number(freefare("value", 2, FULL)) == 1500
    freefare("debit", 2, 320, FULL)
    freefare("write_record", 5, bytes(range(32)), FULL)
    assert number(freefare("value", 2, FULL)) == 1500
    freefare("commit")
    assert number(freefare("value", 2, FULL)) == 1180
    ours = entered(freefare.chip, 2, key(2), Ev1Handshake)
    assert ours.value(2) == 1180
    ours = entered(freefare.chip, 1, key(1), Ev1Handshake)
    assert ours.read_records(5, 32, count=1, records_max=10) == [bytes(range(32))]


def test_our_reader_debits_and_it_agrees(freefare: Freefare) -> None:
    personalise(freefare)
    ours = entered(freefare.chip, 2, key(2), Ev1Handshake)
    ours.debit(2, 500)
    ours.write_record(5, b"ours".ljust(30))
    ours.commit_silently()
    freefare("select", AID)
    freefare("authenticate", 2, key(2))
    assert number(freefare("value", 2, FULL)) == 1000
    freefare("authenticate", 1, key(1))
    assert freefare("read_records", 5, 1, 32, FULL) == b"ours".ljust(30) + bytes(2)


@pytest.mark.parametrize("mode", list(CommMode))
def test_both_read_what_the_other_wrote_in_every_mode(freefare: Freefare, mode: CommMode) -> None:
    personalise(freefare)
    freefare("authenticate", 0, key(0))
    freefare("create_backup", 7, mode, rights(1), 100)
    freefare("authenticate", 5, key(5))
    freefare("write", 7, bytes(range(100)), mode)
    freefare("commit")
    assert entered(freefare.chip, 1, key(1), Ev1Handshake).read_data(7, 100, mode=mode) == (
        bytes(range(100))
    )
    freefare("select", AID)
    freefare("authenticate", 1, key(1))
    assert freefare("read", 7, 100, mode) == bytes(range(100))


def test_it_refunds_no_more_than_it_took(freefare: Freefare) -> None:
    personalise(freefare)
    freefare("authenticate", 2, key(2))
    freefare("debit", 2, 300, FULL)
    freefare("commit")
    freefare("authenticate", 3, key(3))
    with pytest.raises(Refused, match="BE"):
        freefare("limited_credit", 2, 301, FULL)
    freefare("authenticate", 3, key(3))
    freefare("limited_credit", 2, 300, FULL)
    freefare("commit")
    assert number(freefare("value", 2, FULL)) == 1500


def test_it_loads_and_gives_a_transaction_up(freefare: Freefare) -> None:
    personalise(freefare)
    freefare("authenticate", 4, key(4))
    freefare("credit", 2, 2000, FULL)
    freefare("abort")
    assert number(freefare("value", 2, FULL)) == 1500
    freefare("credit", 2, 2000, FULL)
    freefare("commit")
    assert number(freefare("value", 2, FULL)) == 3500


def test_it_is_refused_what_its_key_may_not(freefare: Freefare) -> None:
    personalise(freefare)
    freefare("authenticate", 1, key(1))
    with pytest.raises(Refused, match="9D"):
        freefare("debit", 2, 1, FULL)


def test_it_debits_a_card_that_was_issued_with_the_published_keys(freefare: Freefare) -> None:
    freefare.chip = plain_card(balance_cents=1500, entries=10, generation=1)
    keys = known_keys(TEST_UID)
    freefare("select", AID)
    freefare("authenticate", Key.DEBIT, keys[Key.DEBIT])
    assert number(freefare("value", PURSE, FULL)) == 1500
    freefare("debit", PURSE, 320, FULL)
    freefare("debit", ENTRIES, 1, FULL)
    freefare("commit")
    assert number(freefare("value", PURSE, FULL)) == 1180
    assert number(freefare("value", ENTRIES, FULL)) == 9
    freefare("authenticate", Key.IDENTIFY, keys[Key.IDENTIFY])
    identity = unpack_identity(freefare("read", IDENTITY, IDENTITY_LEN, FULL))
    assert identity.number == TEST_NUMBER


def test_it_formats_the_card(freefare: Freefare) -> None:
    personalise(freefare)
    freefare("select", bytes(3))
    freefare("authenticate", 0, BLANK)
    freefare("format")
    with pytest.raises(Refused, match="A0"):
        freefare("select", AID)
