"""Measures the connectors on the real files of the corpus: what each makes of its own, how fast."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from time import monotonic, process_time

from bench._corpus import FILES, corpus
from kiosk.app.cli_bench import Options
from kiosk.domain.errors import InputRefused
from kiosk.domain.record import Record
from sync.connectors.base import Context, guarded
from sync.connectors.registry import load, manifest_of

GATES: Mapping[str, float] = {"slowest_s": 20.0}


def run(_options: Options) -> dict[str, float]:
    """Read each connector's files once; ``refused`` files end with exit code 2."""
    figures: dict[str, float] = {
        "files": 0,
        "records": 0,
        "rejects": 0,
        "refused": 0,
        "slowest_s": 0,
    }
    for slug, (patterns, _least) in FILES.items():
        for path in sorted(file for pattern in patterns for file in corpus().glob(pattern)):
            records, rejects, refused, spent_s = _read(slug, path.read_bytes())
            figures["files"] += 1
            figures["records"] += records
            figures["rejects"] += rejects
            figures["refused"] += refused
            figures["slowest_s"] = max(figures["slowest_s"], spent_s)
            figures[f"{slug}_records"] = figures.get(f"{slug}_records", 0) + records
    return figures


def _read(slug: str, raw: bytes) -> tuple[int, int, int, float]:
    """Give the numbers of records, of rejects, of refused files, and the processor seconds."""
    now, manifest = datetime.now(UTC), manifest_of(slug)
    context = Context(
        dataset=slug, source="corpus", licence=manifest.licence, observed_at=now, now=now
    )
    start = process_time()
    try:
        items = list(guarded(load(slug).parse, raw, context, manifest, monotonic))
    except InputRefused:
        return 0, 0, 1, process_time() - start
    records = sum(isinstance(item, Record) for item in items)
    return records, len(items) - records, 0, process_time() - start
