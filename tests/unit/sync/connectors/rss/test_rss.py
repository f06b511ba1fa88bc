from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Notice, facts_of
from kiosk.domain.record import Geo, Record, Reject
from sync.connectors.base import Context, Item, guarded
from sync.connectors.registry import FOLDER, manifest_of
from sync.connectors.rss import entries
from sync.connectors.rss.connector import NAME_CHARS_MAX, parse
from sync.connectors.rss.times import end_of, time_of

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
FIXTURES = FOLDER / "rss" / "fixtures"


def read(raw: bytes, timezone: str = "Europe/Paris") -> list[Item]:
    context = Context(
        dataset="news", source="Bourg", licence="LO", observed_at=NOW, now=NOW, timezone=timezone
    )
    return list(guarded(parse, raw, context, manifest_of("rss"), time.monotonic))


def records(items: list[Item]) -> dict[str, Record]:
    return {item.id: item for item in items if isinstance(item, Record)}


def rejects(items: list[Item]) -> dict[str, str]:
    return {item.where: item.why for item in items if isinstance(item, Reject)}


def fixture(name: str) -> list[Item]:
    return read((FIXTURES / name).read_bytes())


def rss(*parts: str) -> bytes:
    items = "".join(f"<item>{part}</item>" for part in parts)
    return f"<rss><channel>{items}</channel></rss>".encode()


def only(raw: bytes) -> Record:
    (record,) = records(read(raw)).values()
    return record


def test_news_are_notices_that_raise_no_alert() -> None:
    market = records(fixture("mairie.rss.xml"))["bourg-1"]
    assert market.kind == "notice"
    assert facts_of(market, Notice) == Notice(level="info")
    assert market.title == {"fr": "Le marché déménage place des Tilleuls"}
    assert (market.source, market.licence, market.observed_at) == ("Bourg", "LO", NOW)


def test_the_fullest_text_is_made_plain() -> None:
    market = records(fixture("mairie.rss.xml"))["bourg-1"]
    assert market.body["fr"] == "Dès dimanche à 8\u00a0h\u00a0:\n• primeurs\n• fromages"


def test_news_hold_from_the_day_they_were_published() -> None:
    market = records(fixture("mairie.rss.xml"))["bourg-1"]
    assert market.valid_from == datetime(2026, 11, 20, 7, 30, tzinfo=UTC)
    assert market.data["published"] == "2026-11-20T08:30:00+01:00"
    assert market.valid_until is None


def test_where_to_read_more_and_how_it_is_filed_are_kept() -> None:
    market = records(fixture("mairie.rss.xml"))["bourg-1"]
    assert market.data["url"] == "https://bourg.example/marche"
    assert market.data["categories"] == ["Marché", "Voirie"]
    assert market.geo == Geo(lat=48.43, lon=0.09)


def test_news_without_title_are_called_by_their_beginning() -> None:
    library = records(fixture("mairie.rss.xml"))["https://bourg.example/biblio"]
    assert library.title["fr"] == "La bibliothèque inventée ferme à midi & rouvre lundi."
    assert len(only(rss(f"<description>{'mot ' * 90}</description>")).title["fr"]) <= NAME_CHARS_MAX


def test_a_day_that_cannot_be_read_is_unknown() -> None:
    library = records(fixture("mairie.rss.xml"))["https://bourg.example/biblio"]
    assert (library.valid_from, library.data["published"]) == (None, None)


def test_what_is_wrong_in_a_feed_is_said_by_entry() -> None:
    assert rejects(fixture("mairie.rss.xml")) == {
        "entry 3": "it ended at 2026-11-08T00:00:00+01:00",
        "entry 4": "no title to call it by",
        "bourg-1": "an earlier item bears the same id",
    }
    assert rejects(fixture("agglo.atom.xml")) == {"entry 3": "no title to call it by"}


def test_news_with_an_end_to_come_hold_until_then() -> None:
    raw = rss("<title>T</title><valid>end=2026-12-01T17:00+01:00</valid>")
    assert only(raw).valid_until == datetime(2026, 12, 1, 16, tzinfo=UTC)


def test_atom_is_read_by_its_types() -> None:
    found = records(fixture("agglo.atom.xml"))
    water = found["tag:agglo.example,2026:1"]
    assert water.title == {"fr": "Eau & assainissement : coupure"}
    assert water.body == {"fr": "De 9 h à 11 h\nrue du Val"}
    assert water.data["url"] == "https://agglo.example/1"
    assert water.data["categories"] == ["Eau"]
    assert water.valid_from == datetime(2026, 11, 21, 17, tzinfo=UTC)


def test_plain_text_in_atom_is_no_markup() -> None:
    pool = records(fixture("agglo.atom.xml"))["tag:agglo.example,2026:2"]
    assert pool.title == {"en": "Pool <b>open</b>"}
    assert pool.body == {"en": "a < b"}


def test_a_time_without_offset_is_local() -> None:
    pool = records(fixture("agglo.atom.xml"))["tag:agglo.example,2026:2"]
    assert pool.valid_from == datetime(2026, 11, 20, 9, tzinfo=UTC)


def test_rss_1_is_read_beside_its_channel_and_in_its_encoding() -> None:
    feast = records(fixture("office.rdf.xml"))["https://office.example/1"]
    assert feast.title == {"fr": "Fête de la pomme"}
    assert feast.geo == Geo(lat=48.5, lon=0.1)
    assert feast.data["categories"] == ["Terroir"]
    assert feast.valid_from == datetime(2026, 11, 18, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attribute", "tag"),
    [("", "fr"), ('xml:lang="de-AT"', "de"), ('xml:lang=""', "fr"), ('xml:lang="x;"', "fr")],
)
def test_a_text_may_say_its_language(attribute: str, tag: str) -> None:
    assert only(rss(f"<title {attribute}>T</title>")).title == {tag: "T"}


def test_an_entry_without_id_and_link_has_a_stable_one() -> None:
    raw = rss("<title>Un</title>", "<title>Deux</title>")
    assert list(records(read(raw))) == list(records(read(raw)))
    assert len(records(read(raw))) == 2


@pytest.mark.parametrize("link", ["/x", "javascript:alert(1)", "file:///etc/passwd", "", "data:x"])
def test_a_link_that_is_no_web_address_is_left_out(link: str) -> None:
    assert only(rss(f"<title>T</title><link>{link}</link>")).data["url"] == ""


@pytest.mark.parametrize("point", ["x y", "1", "91 0", "nan 1", "", "1 2 3", "inf 1"])
def test_a_point_that_is_none_is_unknown(point: str) -> None:
    assert only(rss(f"<title>T</title><point>{point}</point>")).geo is None


def test_a_position_may_be_gml() -> None:
    raw = rss("<title>T</title><where><Point><pos>36.9 31.1</pos></Point></where>")
    assert only(raw).geo == Geo(lat=36.9, lon=31.1)


@pytest.mark.parametrize("raw", [b"", b"{}", b"<html/>", b"<rss>", b"<alert/>", b"hello"])
def test_what_is_no_feed_is_refused(raw: bytes) -> None:
    with pytest.raises(InputRefused):
        read(raw)


def test_an_empty_feed_is_one() -> None:
    assert read(b"<rss/>") == []
    assert read(b"<feed xmlns='http://www.w3.org/2005/Atom'/>") == []


def test_an_endless_feed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "ENTRIES_MAX", 1)
    with pytest.raises(InputRefused, match="more than 1 entries"):
        read(rss("<title>a</title>", "<title>b</title>"))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Thu, 01 Jan 2026 10:00:00 GMT", datetime(2026, 1, 1, 10, tzinfo=UTC)),
        ("01 Jan 2026 10:00 +0200", datetime(2026, 1, 1, 8, tzinfo=UTC)),
        ("Thu, 01 Jan 2026 10:00:00 -0000", datetime(2026, 1, 1, 10, tzinfo=UTC)),
        ("Thu, 01 Jan 2026 10:00:00", datetime(2026, 1, 1, 9, tzinfo=UTC)),
        ("2026-07-01", datetime(2026, 6, 30, 22, tzinfo=UTC)),
        ("2026-07-01T10:00Z", datetime(2026, 7, 1, 10, tzinfo=UTC)),
        ("", None),
        ("demain", None),
        ("Thu, 99 Jan 2026 10:00:00 GMT", None),
        ("Thu, 01 Jan 1800 10:00:00 GMT", None),
        ("Thu, 01 Jan 99999 10:00:00 GMT", None),
    ],
)
def test_the_times_of_feeds_are_read(text: str, moment: datetime | None) -> None:
    assert time_of(text, PARIS) == moment


@pytest.mark.parametrize("text", ["", "start=2026-01-01", "end=", "end=soon", "P1D"])
def test_a_period_without_end_is_open(text: str) -> None:
    assert end_of(text, PARIS) is None


@given(st.text(max_size=40))
def test_whatever_the_time_it_is_aware_or_unknown(text: str) -> None:
    moment = time_of(text, PARIS)
    assert moment is None or moment.tzinfo is not None


def test_the_corpus_of_feeds_is_read(corpus: Path) -> None:
    feeds = corpus / "rss" / "wellformed"
    title = only((feeds / "lang" / "entry_title_xml_lang_inherit_3.xml").read_bytes())
    assert title.title == {"en": "Example test"}
    content = only((feeds / "lang" / "entry_content_xml_lang_inherit_3.xml").read_bytes())
    assert content.body == {"en": "Example test"}
