"""The contract of every connector, run on all fixtures, on damaged ones and on the corpus."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

import msgspec
import pytest

from bench._corpus import FILES
from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import KINDS, facts_of
from kiosk.domain.record import Record, Reject
from sync.connectors.base import Context, Item, guarded, read_bounded
from sync.connectors.registry import FOLDER, available, load, manifest_of

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
SLUGS = [manifest.slug for manifest in available()]
FIXTURES = sorted(
    path for slug in SLUGS for path in (FOLDER / slug / "fixtures").glob("*") if path.is_file()
)
BINARY = (".pb", ".zip")
VARIANTS = 40

# The corpus' files for each connector, with the records that they must give at least.

Damage: TypeAlias = Callable[[bytes, random.Random], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a connector made of some bytes; ``refused`` says why there is nothing."""

    records: list[Record]
    rejects: list[Reject]
    refused: str = ""


def context_of(slug: str) -> Context:
    return Context(
        dataset=f"{slug}-test", source="Bourg inventé", licence="CC0", observed_at=NOW, now=NOW
    )


def read(slug: str, raw: bytes) -> Outcome:
    items: list[Item] = []
    manifest = manifest_of(slug)
    try:
        items += guarded(load(slug).parse, raw, context_of(slug), manifest, time.monotonic)
    except InputRefused as refused:
        return Outcome(records=[], rejects=[], refused=str(refused))
    return Outcome(
        records=[item for item in items if isinstance(item, Record)],
        rejects=[item for item in items if isinstance(item, Reject)],
    )


def truncated(raw: bytes, chance: random.Random) -> bytes:
    return raw[: chance.randrange(len(raw))]


def flipped(raw: bytes, chance: random.Random) -> bytes:
    spoiled = bytearray(raw)
    for _ in range(chance.randint(1, 12)):
        spoiled[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    return bytes(spoiled)


def shuffled(raw: bytes, chance: random.Random) -> bytes:
    lines = raw.splitlines(keepends=True)
    chance.shuffle(lines)
    return b"".join(lines)


def wrongly_encoded(raw: bytes, chance: random.Random) -> bytes:
    encoding = chance.choice(("utf-16", "utf-32", "cp037", "utf-7", "latin-1"))
    return raw.decode("utf-8", "replace").encode(encoding, "replace")


def with_entities(raw: bytes, chance: random.Random) -> bytes:
    entity = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
    return _inserted(raw, entity, chance)


def deeply_nested(raw: bytes, chance: random.Random) -> bytes:
    opening = chance.choice((b"[", b'{"a":', b"BEGIN:VEVENT\r\n", b'"', b"((((", b"\x0a\xff"))
    return _inserted(raw, opening * chance.choice((50, 3_000)), chance)


def with_odd_numbers(raw: bytes, chance: random.Random) -> bytes:
    odd = (b"NaN", b"Infinity", b"-1e999", b"9" * 400, b"-0", b"1_000", b"0x7f", b"\xd9\xa3")
    digits = [index for index, byte in enumerate(raw) if chr(byte).isdigit()] or [0]
    at = chance.choice(digits)
    return raw[:at] + chance.choice(odd) + raw[at + 1 :]


def with_hostile_text(raw: bytes, chance: random.Random) -> bytes:
    hostile = (b"\x00", b"\xed\xa0\x80", b"\\ud800", "\u202e".encode(), b"\x1b[2J", b"<img src=x>")
    return _inserted(raw, chance.choice(hostile) * chance.randint(1, 40), chance)


def _inserted(raw: bytes, what: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(raw) + 1)
    return raw[:at] + what + raw[at:]


DAMAGES: list[Damage] = [
    truncated, flipped, shuffled, wrongly_encoded, with_entities, deeply_nested,
    with_odd_numbers, with_hostile_text,
]  # fmt: skip


def damaged(path: Path, damage: Damage) -> Iterator[bytes]:
    raw = path.read_bytes()
    for number in range(VARIANTS):
        yield damage(raw, random.Random(f"{path.name}|{damage.__name__}|{number}"))


def broken_promises(outcome: Outcome) -> list[str]:
    """Say what is wrong with an outcome: every record complete, every text clean, all JSON."""
    wrong: list[str] = []
    for record in outcome.records:
        text = msgspec.json.encode(record).decode()  # also fails on what isn't JSON
        if any(character in text for character in "\x1b\u202e\x00"):
            wrong.append(f"{record.id}: unsafe characters")
        if not all(math.isfinite(number) for number in numbers(dict(record.data))):
            wrong.append(f"{record.id}: a number that isn't one")
        if record.kind in KINDS:
            facts_of(record, KINDS[record.kind])
    wrong += [f"empty reject {reject}" for reject in outcome.rejects if not reject.why]
    ids = [record.id for record in outcome.records]
    if len(ids) != len(set(ids)):
        wrong.append("an id stands twice")
    return wrong


def numbers(value: object) -> Iterator[float]:
    if isinstance(value, dict | list | tuple):
        for part in value.values() if isinstance(value, dict) else value:
            yield from numbers(part)
    elif isinstance(value, float):
        yield value


def named(path: Path) -> str:
    return f"{path.parent.parent.name}/{path.name}"


@pytest.mark.parametrize("slug", SLUGS)
def test_a_connector_folder_has_all_its_parts(slug: str) -> None:
    folder = FOLDER / slug
    assert (folder / "README.md").is_file()
    assert (folder / "connector.py").read_text().startswith('"""')
    assert any((folder / "fixtures").iterdir())


@pytest.mark.parametrize("slug", SLUGS)
def test_a_connector_is_told_of_in_the_documentation(slug: str, root: Path) -> None:
    assert f"| `{slug}` |" in (root / "docs" / "add-a-connector.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("slug", SLUGS)
def test_a_manifest_promises_what_can_be_kept(slug: str) -> None:
    manifest = manifest_of(slug)
    assert 0 < manifest.refresh_s < manifest.stale_s
    assert 0 < manifest.max_bytes <= 200_000_000
    assert 0 < manifest.max_seconds <= 120
    assert manifest.attribution
    assert manifest.licence


@pytest.mark.parametrize("slug", SLUGS)
def test_a_connector_keeps_the_context_of_its_records(slug: str) -> None:
    demo = replace(context_of(slug), demo=True, source="Démonstration")
    for path in FIXTURES:
        if path.parent.parent.name != slug:
            continue
        items = list(load(slug).parse(path.read_bytes(), demo))
        found = [item for item in items if isinstance(item, Record)]
        assert {record.source for record in found} == {"Démonstration"}
        assert {record.dataset for record in found} == {f"{slug}-test"}
        assert all(record.demo for record in found)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_connector_imports_no_other_connector(slug: str) -> None:
    others = [f"sync.connectors.{other}." for other in SLUGS if other != slug]
    for file in (FOLDER / slug).glob("*.py"):
        source = file.read_text()
        assert [other for other in others if other in source] == [], file.name


@pytest.mark.parametrize("slug", SLUGS)
def test_a_connector_opens_nothing_by_itself(slug: str) -> None:
    for file in (FOLDER / slug).glob("*.py"):
        source = file.read_text()
        for banned in ("open(", "import socket", "urllib", "datetime.now(", "time.time("):
            assert banned not in source.replace(".open(", ""), f"{file.name}: {banned}"


@pytest.mark.parametrize("path", FIXTURES, ids=named)
def test_a_fixture_gives_complete_records(path: Path) -> None:
    slug = path.parent.parent.name
    outcome = read(slug, read_bounded(path, manifest_of(slug)))
    assert outcome.refused == ""
    assert outcome.records
    assert broken_promises(outcome) == []


@pytest.mark.parametrize("path", FIXTURES, ids=named)
def test_a_fixture_is_read_the_same_twice(path: Path) -> None:
    slug = path.parent.parent.name
    raw = path.read_bytes()
    assert read(slug, raw) == read(slug, raw)


@pytest.mark.parametrize("path", FIXTURES, ids=named)
@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damaged_fixture_ends_in_records_rejects_or_a_refusal(path: Path, damage: Damage) -> None:
    slug = path.parent.parent.name
    for raw in damaged(path, damage):
        assert broken_promises(read(slug, raw)) == []


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("raw", [b"", b"\x00" * 100, b"\xff\xfe", b"null", b"[]", b"\n" * 50])
def test_what_holds_nothing_gives_no_record(slug: str, raw: bytes) -> None:
    assert read(slug, raw).records == []


@pytest.mark.parametrize("slug", SLUGS)
def test_another_connectors_fixture_is_no_crash(slug: str) -> None:
    for path in FIXTURES:
        assert broken_promises(read(slug, path.read_bytes())) == []


@pytest.mark.parametrize("slug", FILES)
def test_every_real_file_ends_in_records_rejects_or_a_refusal(slug: str, corpus: Path) -> None:
    patterns, least = FILES[slug]
    files = sorted(path for pattern in patterns for path in corpus.glob(pattern))
    outcomes = {path: read(slug, path.read_bytes()) for path in files}
    assert files
    wrong = {path.name: broken_promises(outcome) for path, outcome in outcomes.items()}
    assert {name: faults for name, faults in wrong.items() if faults} == {}
    assert sum(len(outcome.records) for outcome in outcomes.values()) >= least
