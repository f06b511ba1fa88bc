from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Problem, Report, facts_of
from kiosk.domain.record import Geo, Json, Record, Reject
from sync.connectors.base import Context, Item, guarded
from sync.connectors.open311 import answers
from sync.connectors.open311.connector import KEYWORDS_MAX, parse
from sync.connectors.registry import FOLDER, manifest_of

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)


def read(raw: bytes) -> list[Item]:
    context = Context(dataset="r", source="Ville", licence="LO", observed_at=NOW, now=NOW)
    return list(guarded(parse, raw, context, manifest_of("open311"), time.monotonic))


def records(items: list[Item]) -> dict[str, Record]:
    return {item.id: item for item in items if isinstance(item, Record)}


def rejects(items: list[Item]) -> dict[str, str]:
    return {item.where: item.why for item in items if isinstance(item, Reject)}


def fixture(name: str) -> list[Item]:
    return read((FOLDER / "open311" / "fixtures" / name).read_bytes())


def request(**told: Json) -> list[Item]:
    entry = {"service_request_id": "1", "service_name": "N", **told}
    return read(json.dumps([entry]).encode())


def test_a_service_is_a_problem_that_can_be_reported() -> None:
    hole = records(fixture("services.json"))["problem:nid-de-poule"]
    assert (hole.kind, hole.title) == ("problem", {"fr": "Nid-de-poule"})
    assert hole.body == {"fr": "Trou dans la chaussée."}
    assert facts_of(hole, Problem) == Problem(
        code="nid-de-poule", group="Voirie", keywords=("route", "trou"), asks_more=True
    )


def test_what_is_not_told_of_a_service_stays_unknown() -> None:
    lamp = records(fixture("services.json"))["problem:12"]
    assert facts_of(lamp, Problem) == Problem(code="12")
    assert lamp.body == {}


def test_services_are_the_same_in_xml() -> None:
    dump = records(fixture("services.xml"))["problem:depot"]
    assert dump.title == {"fr": "Dépôt sauvage"}
    assert facts_of(dump, Problem) == Problem(
        code="depot", group="Propreté", keywords=("ordures", "déchets"), asks_more=False
    )


def test_a_request_is_a_report_at_its_position() -> None:
    report = records(fixture("requests.json"))["report:638344"]
    assert (report.kind, report.title) == ("report", {"fr": "Nid-de-poule"})
    assert report.body == {"fr": "Devant la halle\ninventée."}
    assert report.geo == Geo(lat=48.43, lon=0.09)
    assert facts_of(report, Report) == Report(
        state="closed",
        problem="nid-de-poule",
        reported_at=datetime(2026, 11, 14, 14, 37, 38, tzinfo=UTC),
        updated_at=datetime(2026, 11, 15, 9, tzinfo=UTC),
        answer="Rebouché.",
        agency="Voirie",
        address="1 rue du Val",
    )


def test_a_report_was_true_when_it_was_read() -> None:
    assert records(fixture("requests.json"))["report:638344"].observed_at == NOW


def test_citizens_are_not_read() -> None:
    for record in records(fixture("requests.json")).values():
        assert "quelquun" not in repr(record)


def test_a_report_without_the_name_of_its_problem_is_called_by_its_code() -> None:
    report = records(fixture("requests.json"))["report:2"]
    assert report.title == {"fr": "12"}
    assert facts_of(report, Report).state == ""
    assert facts_of(report, Report).reported_at == datetime(2026, 11, 19, 23, tzinfo=UTC)
    assert report.geo == Geo(lat=48.44, lon=0.1)


def test_requests_are_the_same_in_xml() -> None:
    report = records(fixture("requests.xml"))["report:9"]
    assert (report.title, report.geo) == ({"fr": "Dépôt sauvage"}, Geo(lat=48.4, lon=0.1))
    facts = facts_of(report, Report)
    assert (facts.state, facts.problem, facts.answer) == ("open", "depot", "")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        (
            "services.json",
            {
                "entry 3": "no title to call it by",
                "entry 4": "neither service_request_id nor service_code",
                "entry 5": "neither service_request_id nor service_code",
            },
        ),
        ("requests.json", {"entry 3": "not an ISO time: hier"}),
        ("services.xml", {"entry 2": "no title to call it by"}),
        ("requests.xml", {"entry 2": "neither service_request_id nor service_code"}),
    ],
)
def test_what_is_wrong_is_said_by_entry(name: str, why: dict[str, str]) -> None:
    assert rejects(fixture(name)) == why


@pytest.mark.parametrize("status", ["", "in progress", "OPENED", 3, None, True, ["open"]])
def test_a_state_that_is_none_of_the_standard_is_unknown(status: Json) -> None:
    (report,) = records(request(status=status)).values()
    assert facts_of(report, Report).state == ""


@pytest.mark.parametrize(
    ("lat", "long"), [(None, 1), ("x", "y"), (0, 0), (91, 0), ("nan", "1"), (True, 1), ([], {})]
)
def test_a_position_that_is_none_is_unknown(lat: Json, long: Json) -> None:
    (report,) = records(request(lat=lat, long=long)).values()
    assert report.geo is None


def test_keywords_are_bounded() -> None:
    words = ",".join(map(str, range(100)))
    raw = json.dumps([{"service_code": "c", "service_name": "n", "keywords": words}]).encode()
    (problem,) = records(read(raw)).values()
    assert len(facts_of(problem, Problem).keywords) == KEYWORDS_MAX


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{}", b"null", b"[1, 2]", b"<rss/>", b"<service/>", b'{"services": 1}',
        b'[{"code": 404, "description": "no such jurisdiction"}]',
        b"<errors><error><code>404</code></error></errors>",
        b'{"service_code": "c", "attributes": []}', b'{"type": "array", "items": {}}',
    ],
)  # fmt: skip
def test_what_is_no_answer_is_refused(raw: bytes) -> None:
    with pytest.raises(InputRefused):
        read(raw)


def test_an_empty_answer_is_one() -> None:
    assert read(b"[]") == []
    assert read(b"<services/>") == []


def test_an_endless_answer_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "ENTRIES_MAX", 2)
    with pytest.raises(InputRefused, match="more than 2 entries"):
        fixture("services.json")


@given(st.dictionaries(st.sampled_from(["status", "lat", "long", "address"]), st.text(max_size=8)))
def test_whatever_a_request_tells_it_is_a_report(told: dict[str, Json]) -> None:
    assert list(records(request(**told))) == ["report:1"]


def test_the_schemas_of_the_standard_are_no_answers(corpus: Path) -> None:
    files = sorted((corpus / "open311").glob("*.json"))
    assert files
    for file in files:
        with pytest.raises(InputRefused):
            read(file.read_bytes())
