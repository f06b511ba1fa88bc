"""The log: facts as JSON lines in DIR/log, redacted, rotated, kept thirty days at most.

What a line never holds (TRUST.md, "Privacy"): names, card numbers, tokens, keys. ``redact``
takes them out by the name of their field and by their shape, wherever they stand.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping, MutableMapping
from datetime import UTC, datetime, timedelta
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import cast

import structlog

FILE = "alveole.jsonl"
FILE_BYTES_MAX = 2_000_000
FILES_MAX = 10
KEPT = timedelta(days=30)
DEPTH_MAX = 8  # deeper values are cut: a log line is flat
HIDDEN = "[hidden]"

# Fields whose value is hidden whatever it looks like (compared without "_" and case).
_FIELDS = re.compile(
    "address|apikey|authorization|card|cardnumber|clientsecret|email|firstname|key|lastname|mac|"
    "name|number|pan|password|phone|pin|query|secret|signature|token|typed|uid"
)
_SHAPES = re.compile(
    r"""
      \b (?:sk|pk|rk) _ (?:live|test) _ \w+   # Stripe's keys
    | \b whsec_ \w+                          # webhook secrets
    | \b \w+ _secret_ \w+                    # client secrets
    | (?i: \b bearer \s+ \S+ )
    | \b (?: \d [ -]? ){12,18} \d \b         # bank cards (ISO/IEC 7812: 13 to 19 digits)
    | (?i: \b 04 [0-9a-f]{12} \b )           # 7-byte UIDs of NXP chips
    | \b [0-9a-fA-F]{32,} \b                 # keys, MACs, digests
    | \b eyJ [\w-]+ \. [\w-]+ \. [\w-]*     # JSON web tokens
    | [\w.+-]+ @ [\w-]+ \. [\w.-]+           # e-mail addresses
    """,
    re.VERBOSE,
)


def redact(value: object, *, depth: int = 0) -> object:
    """Give ``value`` with every secret or personal part replaced by a mark."""
    match value:
        case bool() | float() | None:
            return value
        case int():  # a card number may come as a number
            return HIDDEN if _SHAPES.fullmatch(str(value)) else value
        case Mapping() | list() | tuple() | set() | frozenset():
            inside = cast("Iterable[object]", value)
            return _redact_inside(inside, depth + 1) if depth < DEPTH_MAX else HIDDEN
        case _:
            return _SHAPES.sub(HIDDEN, str(value))


def _redact_inside(value: Iterable[object], depth: int) -> object:
    """Redact each part of a collection."""
    if isinstance(value, Mapping):
        fields = cast("Mapping[object, object]", value).items()
        return {str(name): _field(str(name), part, depth) for name, part in fields}
    return [redact(part, depth=depth) for part in value]


def _field(name: str, value: object, depth: int) -> object:
    return HIDDEN if _hides(name) else redact(value, depth=depth)


def _hides(field: str) -> bool:
    return _FIELDS.fullmatch(field.replace("_", "").casefold()) is not None


def _redact_line(
    _logger: object, _method: str, line: MutableMapping[str, object]
) -> Mapping[str, object]:
    """Redact a whole line (a structlog processor); the event's name and times stay."""
    return {field: _field(field, value, 0) for field, value in line.items()}


def drop_old(folder: Path, now: datetime) -> int:
    """Delete the log files not written for thirty days; gives how many."""
    old = [
        file
        for file in folder.glob("*.jsonl*")
        if now.timestamp() - file.stat().st_mtime > KEPT.total_seconds()
    ]
    for file in old:
        file.unlink()
    return len(old)


def start(folder: Path, now: datetime, *, level: str = "info", name: str = FILE) -> Path:
    """Send the process's log to the rotated file ``name`` in ``folder``; gives the file.

    Raises OSError when the folder can't be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    drop_old(folder, now)
    file = folder / name
    handler = RotatingFileHandler(
        file, maxBytes=FILE_BYTES_MAX, backupCount=FILES_MAX - 1, encoding="utf-8"
    )
    handler.setFormatter(_formatter())
    root = logging.getLogger()
    for earlier in [h for h in root.handlers if isinstance(h, RotatingFileHandler)]:
        root.removeHandler(earlier)
        earlier.close()
    root.addHandler(handler)
    root.setLevel(level.upper())
    _configure()
    return file


def stop() -> None:
    """Close the log file (tests, end of the process)."""
    root = logging.getLogger()
    for handler in [h for h in root.handlers if isinstance(h, RotatingFileHandler)]:
        root.removeHandler(handler)
        handler.close()
    structlog.reset_defaults()


def log_bug(bug: BaseException, *, command: str, folder: Path) -> Path | None:
    """Log a bug with its trace; gives the file, or None when it can't be written."""
    try:
        file = start(folder, datetime.now(UTC))
    except OSError:
        return None
    structlog.get_logger("kiosk.app").error("bug", command=command, exc_info=bug)
    stop()
    return file


def _shared() -> list[structlog.types.Processor]:
    return [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _formatter() -> logging.Formatter:
    """Render both our lines and those of libraries; both are redacted last."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_shared(),
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _redact_line,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


def _configure() -> None:
    structlog.configure(
        processors=[
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
