from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Level, Notice, facts_of
from kiosk.domain.record import Geo, Json, Record, Reject
from sync.connectors.base import Context, Item, guarded
from sync.connectors.cap import alerts
from sync.connectors.cap.connector import VALID_S_MAX, parse
from sync.connectors.registry import FOLDER, manifest_of

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
SENT = datetime(2026, 11, 22, 7, tzinfo=UTC)
WIND = "alerte@prefecture.example|invente-2|1"


def read(raw: bytes, now: datetime = NOW, **extra: Json) -> list[Item]:
    context = Context(
        dataset="cap", source="Préfecture", licence="LO", observed_at=now, now=now, extra=extra
    )
    return list(guarded(parse, raw, context, manifest_of("cap"), time.monotonic))


def records(items: list[Item]) -> dict[str, Record]:
    return {item.id: item for item in items if isinstance(item, Record)}


def rejects(items: list[Item]) -> dict[str, str]:
    return {item.where: item.why for item in items if isinstance(item, Reject)}


def fixture(name: str, now: datetime = NOW, **extra: Json) -> list[Item]:
    return read((FOLDER / "cap" / "fixtures" / name).read_bytes(), now, **extra)


def alert(info: str = "<event>E</event>", **told: str) -> bytes:
    parts = {
        "identifier": "x", "sender": "s", "sent": "2026-11-22T07:00:00Z", "status": "Actual",
        "msgType": "Alert", "scope": "Public", **told,
    }  # fmt: skip
    body = "".join(f"<{name}>{text}</{name}>" for name, text in parts.items() if text)
    return f"<alert>{body}<info>{info}</info></alert>".encode()


def only(raw: bytes) -> Record:
    (record,) = records(read(raw)).values()
    return record


def test_an_alert_speaks_each_of_its_languages() -> None:
    wind = records(fixture("vent.cap.xml"))[WIND]
    assert wind.kind == "notice"
    assert wind.title == {"fr": "Vent violent sur le pays inventé", "en": "Strong wind"}
    assert wind.body == {"fr": "Rafales à 110 km/h.\nJusqu’au soir.\nRestez à l’abri."}


def test_an_alert_holds_from_its_onset_until_it_expires() -> None:
    wind = records(fixture("vent.cap.xml"))[WIND]
    assert wind.observed_at == SENT
    assert wind.valid_from == datetime(2026, 11, 22, 8, tzinfo=UTC)
    assert wind.valid_until == datetime(2026, 11, 22, 19, tzinfo=UTC)


def test_the_colour_of_meteoalarm_counts_before_the_severity() -> None:
    found = records(fixture("vent.cap.xml"))
    assert facts_of(found[WIND], Notice).level == "red"
    assert found[WIND].data["severity"] == "Severe"


def test_where_it_holds_and_who_says_so_are_kept() -> None:
    wind = records(fixture("vent.cap.xml"))[WIND]
    assert wind.geo == Geo(lat=48.43, lon=0.09)
    assert wind.data["areas"] == ["Pays inventé"]
    assert wind.data["geocodes"] == {"NUTS3": ["FRD13"]}
    assert wind.data["sender"] == "Préfecture inventée"
    assert wind.data["url"] == "https://prefecture.example/vent"
    assert wind.data["replaces"] == ["alerte@prefecture.example|invente-1"]


def test_infos_of_different_matters_stand_apart() -> None:
    found = records(fixture("vent.cap.xml"))
    power = found["alerte@prefecture.example|invente-2|2"]
    assert len(found) == 2
    assert power.title == {"fr": "Coupures d’électricité"}
    assert (facts_of(power, Notice).level, power.data["severity"]) == ("info", "Unknown")
    assert power.geo is None


def test_an_alert_without_end_holds_a_day_or_as_long_as_the_settings_say() -> None:
    power = records(fixture("vent.cap.xml"))["alerte@prefecture.example|invente-2|2"]
    assert power.valid_until == SENT + timedelta(days=1)
    assert only(alert()).valid_from == SENT
    assert records(read(alert(), valid_s=60)) == {}
    for odd in (0, -1, VALID_S_MAX + 1, "x", 1.5):
        with pytest.raises(InputRefused, match="valid_s"):
            read(alert(), valid_s=odd)


def test_only_what_stands_is_published() -> None:
    items = fixture("plusieurs.cap.xml")
    assert list(records(items)) == ["s@x.example|a|1"]
    assert rejects(items) == {
        "alert 2": "withdrawn: a later alert updates or cancels it",
        "alert 3": "not an alert or update: msgType Cancel",
        "alert 4": "not an actual alert: status Exercise",
        "alert 5, info 1": "withdrawn: it ended at 2026-11-21T07:00:00+00:00",
        "alert 6": "no info in it",
    }


@pytest.mark.parametrize("name", ["vent.cap.xml", "plusieurs.cap.xml"])
def test_an_old_alert_gives_nothing(name: str) -> None:
    assert records(fixture(name, NOW + timedelta(days=3))) == {}


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"status": "Test"}, "not an actual alert: status Test"),
        ({"status": ""}, "not an actual alert: status not told"),
        ({"scope": "Private"}, "not for the public: scope Private"),
        ({"scope": ""}, "not for the public: scope not told"),
        ({"msgType": "Ack"}, "not an alert or update: msgType Ack"),
        ({"sent": "hier"}, "not an ISO time: hier"),
        ({"sent": ""}, "not an ISO time:"),
    ],
)
def test_what_is_not_for_the_public_now_is_rejected(told: dict[str, str], why: str) -> None:
    assert rejects(read(alert(**told))) == {"alert 1": why}


@pytest.mark.parametrize(
    ("info", "why"),
    [
        ("<severity>Extreme</severity>", "no title to call it by"),
        ("<event>E</event><expires>soon</expires>", "not an ISO time: soon"),
        (
            "<event>E</event><onset>2026-11-23T00Z</onset><expires>2026-11-22T23Z</expires>",
            "it ends before it starts",
        ),
    ],
)
def test_what_is_wrong_in_an_info_is_rejected(info: str, why: str) -> None:
    assert rejects(read(alert(info))) == {"alert 1, info 1": why}


@pytest.mark.parametrize(
    ("severity", "level"),
    [
        ("Extreme", "red"), ("SEVERE", "orange"), ("Moderate", "yellow"), ("Minor", "info"),
        ("Unknown", "info"), ("", "info"),
    ],
)  # fmt: skip
def test_the_severity_is_the_level(severity: str, level: Level) -> None:
    info = f"<event>E</event><severity>{severity}</severity>"
    assert facts_of(only(alert(info)), Notice).level == level


@pytest.mark.parametrize("circle", ["", "x", "48", "99,0 1", "48;1 2", "nan,1 2"])
def test_a_circle_that_is_none_has_no_position(circle: str) -> None:
    assert only(alert(f"<event>E</event><area><circle>{circle}</circle></area>")).geo is None


def test_codes_are_kept_by_their_name_each_once() -> None:
    pair = "<geocode><valueName>{}</valueName><value>{}</value></geocode>"
    codes = [("NUTS3", "A"), ("NUTS3", "B"), ("NUTS3", "A"), ("", "C"), ("SAME", "")]
    areas = "".join(f"<area>{pair.format(*code)}</area>" for code in codes)
    record = only(alert(f"<event>E</event>{areas}"))
    assert record.data["geocodes"] == {"NUTS3": ["A", "B"], "SAME": []}


@pytest.mark.parametrize(
    ("awareness", "level"),
    [
        ("2; yellow; Moderate", "yellow"),
        ("3; Orange; Severe", "orange"),
        ("1; green; Minor", "red"),
        ("", "red"),
    ],
)
def test_a_colour_that_is_no_alert_leaves_the_severity(awareness: str, level: Level) -> None:
    told = f"<valueName>awareness_level</valueName><value>{awareness}</value>"
    info = f"<event>E</event><severity>Extreme</severity><parameter>{told}</parameter>"
    assert facts_of(only(alert(info)), Notice).level == level


def test_a_link_that_is_no_web_address_is_left_out() -> None:
    assert only(alert("<event>E</event><web>javascript:x</web>")).data["url"] == ""


@pytest.mark.parametrize(
    "raw", [b"", b"{}", b"<CV/>", b"<rss/>", b"<alert/>", b"<alert><identifier/></alert>"]
)
def test_what_is_no_cap_is_refused(raw: bytes) -> None:
    with pytest.raises(InputRefused):
        read(raw)


def test_endless_alerts_are_refused_and_endless_infos_rejected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(alerts, "INFOS_MAX", 0)
    assert rejects(read(alert())) == {"alert 1": "more than 0 infos"}
    monkeypatch.setattr(alerts, "ALERTS_MAX", 0)
    with pytest.raises(InputRefused, match="more than 0 alerts"):
        read(alert())


@given(st.text(alphabet="abc, @|", max_size=30))
def test_whatever_it_refers_to_it_is_published(references: str) -> None:
    items = read(alert(references=references))
    assert len(records(items)) == 1


@pytest.mark.parametrize(
    ("name", "now", "count"),
    [
        ("australia.cap", datetime(2011, 10, 6, tzinfo=UTC), 1),
        ("thunderstorm.cap", datetime(2003, 6, 17, 22, tzinfo=UTC), 1),
        ("KAR0-0306112239-SW.cap", datetime(2003, 6, 12, 8, tzinfo=UTC), 1),
        ("earthquake-iso8859-1.cap", datetime(2012, 10, 15, tzinfo=UTC), 1),
        ("canada_signed.cap", datetime(2013, 1, 24, 22, tzinfo=UTC), 1),
        ("invalid.cap", datetime(2010, 8, 31, 1, tzinfo=UTC), 0),
        ("no_optional_fields.cap", datetime(2010, 8, 31, 6, tzinfo=UTC), 0),
    ],
)
def test_real_alerts_held_then_and_are_withdrawn_now(
    corpus: Path, name: str, now: datetime, count: int
) -> None:
    raw = (corpus / "alertes" / "cap" / name).read_bytes()
    assert len(records(read(raw, now))) >= count
    assert (len(records(read(raw, now))) > 0) == (count > 0)
    assert records(read(raw)) == {}
