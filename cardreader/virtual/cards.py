"""Cards as the territory issues them, made of software: blank chips, personalised by our reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from cardreader.authority import CardAuthority, authority_for_tests
from cardreader.issue import NewCard, personalise
from cardreader.layout import (
    AID,
    LAST_LOAD,
    LAST_LOAD_LEN,
    LOG,
    PROOF,
    RECORD_LEN,
    Identity,
    Record,
    Standing,
    pack_last_load,
)
from cardreader.virtual.chip.card import VirtualDesfire
from cardreader.virtual.chip.memory import DataFile, File, Generation, MacFile, Memory, RecordFile
from cardreader.virtual.issue import known_set
from cardreader.virtual.link import InMemoryTransport

TEST_UID = bytes.fromhex("04A17E57CA4D01")
TEST_NUMBER = "ALV61-0000-0001"
TEST_ISSUE = datetime(2026, 1, 1, tzinfo=UTC)
TEST_TERRITORY = 61


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What has happened to a card since its issue: the log as it stands, oldest record first."""

    records: tuple[Record, ...]
    last_load: int
    commits: int


def authority() -> CardAuthority:
    """Give the authority over the test keys; whoever runs in production refuses it first."""
    return authority_for_tests(known_set(), environment="")


def issued(uid: bytes, new: NewCard, past: Past | None = None) -> Memory:
    """Give the memory of a personalised card, with its past."""
    chip = VirtualDesfire(Memory(uid=uid))
    personalise(InMemoryTransport(chip), authority(), new)
    return chip.memory if past is None else _lived(chip.memory, past)


def plain_card(
    *, balance_cents: int = 0, entries: int = 0, generation: Generation = 2
) -> VirtualDesfire:
    """Give the card of ``alveole card virtual``; an EV1 has no transaction MAC."""
    new = NewCard(
        identity=Identity(number=TEST_NUMBER, territory=TEST_TERRITORY, issued=TEST_ISSUE.date()),
        standing=Standing(valid_until=date(TEST_ISSUE.year + 5, 12, 31)),
        at=TEST_ISSUE,
        opening_cents=balance_cents,
        opening_entries=entries,
    )
    memory = issued(TEST_UID, new)
    return VirtualDesfire(_as_ev1(memory) if generation == 1 else memory)


def _lived(memory: Memory, past: Past) -> Memory:
    """Write a past into a card that was just issued."""
    files = dict(memory.applications[AID].files)
    log, loads, proof = files[LOG], files[LAST_LOAD], files[PROOF]
    assert isinstance(log, RecordFile), "the layout's own"
    assert isinstance(loads, DataFile), "the layout's own"
    assert isinstance(proof, MacFile), "the layout's own"
    records = tuple(one.pack().ljust(RECORD_LEN, b"\x00") for one in past.records)
    content = pack_last_load(past.last_load).ljust(LAST_LOAD_LEN, b"\x00")
    files[LOG] = replace(log, records=records)
    files[LAST_LOAD] = replace(loads, content=content)
    files[PROOF] = replace(proof, counter=past.commits)
    return _with_files(memory, files)


def _as_ev1(memory: Memory) -> Memory:
    """Give the same card as an EV1 would hold it: without a transaction MAC."""
    files = {no: one for no, one in memory.applications[AID].files.items() if no != PROOF}
    return replace(_with_files(memory, files), generation=1)


def _with_files(memory: Memory, files: Mapping[int, File]) -> Memory:
    app = replace(memory.applications[AID], files=files)
    return replace(memory, applications={**memory.applications, AID: app})
