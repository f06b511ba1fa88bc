"""Makes a notice of each entry of an RSS 2.0, RSS 1.0 or Atom feed.

Rules:
1. HTML becomes plain text (sync.connectors.plain_text); nothing in it is fetched or executed.
2. An entry without a title is called by the beginning of its text; one without both is rejected.
3. An entry holds from the day it was published, and until the end of its ``dcterms:valid``; what
   ended before ``now`` is rejected. When it was published stands in ``published`` too, null when
   the feed doesn't tell.
4. ``observed_at`` is when the feed was read: a publisher may be silent for months.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import partial
from zoneinfo import ZoneInfo

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Notice, data_of
from kiosk.domain.record import Record
from kiosk.domain.text import clean_line
from sync.connectors.base import Context, Item, each, record_of
from sync.connectors.rss.entries import Entry, entries_of
from sync.connectors.rss.times import end_of, time_of
from sync.connectors.strict_xml import read_xml, text_of
from sync.connectors.times import zone_of

NAME_CHARS_MAX = 90  # of a title made of the text's beginning


def parse(raw: bytes, context: Context) -> Iterator[Item]:
    """Give the entries' notices; raises InputRefused when it isn't RSS or Atom."""
    zone = zone_of(context)
    entries = entries_of(read_xml(raw), context.language)
    numbered = ((f"entry {number}", entry) for number, entry in enumerate(entries, 1))
    yield from each(numbered, partial(_notice, context=context, zone=zone))


def _notice(entry: Entry, context: Context, zone: ZoneInfo) -> Record:
    element = entry.element
    body = entry.body()
    title = entry.title() or _beginning(body)
    published = time_of(text_of(element, "pubDate", "published", "date", "issued", "updated"), zone)
    ends = end_of(text_of(element, "valid"), zone)
    if ends and ends <= context.now:
        raise InputRefused(f"it ended at {ends.isoformat()}")
    return record_of(
        context,
        id=entry.id() or entry.url() or _digest(title, body),
        kind="notice",
        title=title,
        body=body,
        geo=entry.geo(),
        valid_from=published,
        valid_until=ends,
        data={
            **data_of(Notice()),
            "url": entry.url(),
            "published": published.isoformat() if published else None,
            "categories": [*entry.categories()],
        },
    )


def _beginning(body: dict[str, str]) -> dict[str, str]:
    return {tag: clean_line(text, limit=NAME_CHARS_MAX) for tag, text in body.items()}


def _digest(title: dict[str, str], body: dict[str, str]) -> str:
    return hashlib.blake2b(repr((title, body)).encode(), digest_size=12).hexdigest()
