"""Every field of every content's form: its bounds, and the sentence that tells them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from sync.hub.office.content_forms import (
    FORMS,
    ContentForm,
    EventForm,
    Ground,
    MenuForm,
    NoticeForm,
    OpeningForm,
)
from sync.hub.office.menu_table import TABLE_BYTES_MAX, Fault, Reading
from sync.hub.office.models import BODY_MAX, TITLE_MAX, Content
from tests.offices import EVENT, NOTICE, OPENING

GROUND = Ground(
    has_communes=True,
    places=[("piscines/tilleuls", "Piscine des Tilleuls")],
    read=lambda raw: Reading(raw=raw),
)
KEPT = "Zm9v"
GOOD: Mapping[type[ContentForm], Mapping[str, str]] = {
    NoticeForm: NOTICE,
    EventForm: EVENT,
    OpeningForm: {**OPENING, "place": "piscines/tilleuls"},
    MenuForm: {"title": "Décembre", "kept": KEPT, "valid_until": "2026-12-24T18:00"},
}
COMMON = [
    ("title", "", "Remplissez ce champ."),
    ("title", "\u200b", "Remplissez ce champ."),
    ("title", "x" * (TITLE_MAX + 1), f"Au plus {TITLE_MAX} caractères."),
    ("valid_from", "demain", "Cette valeur n’est pas lisible."),
    ("valid_from", "2126-12-24T18:00", "La fin vient après le début."),
    ("valid_until", "2026-13-01T10:00", "Cette valeur n’est pas lisible."),
]
BAD = [
    *((kind, *case) for kind in GOOD for case in COMMON),
    (NoticeForm, "valid_until", "", "Remplissez ce champ."),
    *((kind, "body", "\0", "Ce texte contient un caractère interdit.") for kind in
      (NoticeForm, EventForm)),
    (NoticeForm, "body", "x" * (BODY_MAX + 1), f"Au plus {BODY_MAX} caractères."),
    (NoticeForm, "level", "purple", "Choisissez une des valeurs proposées."),
    (NoticeForm, "level", "", "Remplissez ce champ."),
    (EventForm, "starts_at", "", "Remplissez ce champ."),
    (EventForm, "ends_at", "2026-12-05T13:00", "La fin vient après le début."),
    (EventForm, "place", "x" * 121, "Au plus 120 caractères."),
    (EventForm, "commune", "x" * 121, "Au plus 120 caractères."),
    (EventForm, "price", "x" * 121, "Au plus 120 caractères."),
    (OpeningForm, "place", "piscines/autre", "Choisissez une des valeurs proposées."),
    (OpeningForm, "place", "", "Remplissez ce champ."),
    (OpeningForm, "first_day", "24/12", "Cette valeur n’est pas lisible."),
    (OpeningForm, "last_day", "2026-12-01", "La fin vient après le début."),
    (OpeningForm, "last_day", "2027-12-25", "Au plus une année."),
    *((OpeningForm, "hours", typed, "Écrivez les heures ainsi") for typed in
      ("9-12", "12:00-09:00", "09:00-12:00,11:00-13:00", "off", "09:00", "24:30-25:00")),
    (OpeningForm, "hours", "09:00-10:00," * 6, "Au plus 60 caractères."),
    (MenuForm, "kept", "", "Choisissez un fichier."),
    (MenuForm, "kept", "pas du base64 !", "Choisissez un fichier."),
]  # fmt: skip
UNBOUNDED = {"cascades", "table"}  # a tick; a file, which has its own tests


@pytest.fixture(autouse=True)
def paris() -> Iterator[None]:
    with timezone.override(ZoneInfo("Europe/Paris")):
        yield


def form(kind: type[ContentForm], **changed: str) -> ContentForm:
    return kind({**GOOD[kind], **changed}, ground=GROUND)  # type: ignore[arg-type]  # a plain dict does


def told(kind: type[ContentForm], **changed: str) -> list[str]:
    errors = form(kind, **changed).errors
    return [str(one) for several in errors.values() for one in several]


def test_what_is_good_is_taken() -> None:
    for kind in GOOD:
        assert told(kind) == []


@pytest.mark.parametrize(("kind", "field", "typed", "sentence"), BAD)
def test_a_bound_is_told_in_a_sentence(
    kind: type[ContentForm], field: str, typed: str, sentence: str
) -> None:
    assert any(one.startswith(sentence) for one in told(kind, **{field: typed}))


def test_every_kind_and_every_field_has_a_case_here() -> None:
    assert set(GOOD) == set(FORMS.values())
    tried = {(kind, field) for kind, field, _, _ in BAD}
    fields = {(kind, name) for kind in GOOD for name in form(kind).fields}
    assert fields - tried == {one for one in fields if one[1] in UNBOUNDED}


@given(title=st.text(max_size=TITLE_MAX), body=st.text(max_size=BODY_MAX))
def test_any_text_is_taken_clean_or_refused(title: str, body: str) -> None:
    filled = form(NoticeForm, title=title, body=body)
    if filled.is_valid():
        taken = filled.cleaned_data["title"]
        assert taken
        assert "\n" not in taken
        assert len(taken) <= TITLE_MAX
        assert "\u202e" not in taken + filled.cleaned_data["body"]


@pytest.mark.parametrize(
    ("kind", "changed", "ends"),
    [
        (EventForm, {"valid_until": ""}, datetime(2026, 12, 5, 17, tzinfo=UTC)),
        (EventForm, {"valid_until": "", "ends_at": ""}, datetime(2026, 12, 5, 15, tzinfo=UTC)),
        (OpeningForm, {"valid_until": ""}, datetime(2026, 12, 31, 23, tzinfo=UTC)),
    ],
)
def test_what_is_over_by_itself_needs_no_end(
    kind: type[ContentForm], changed: dict[str, str], ends: datetime
) -> None:
    filled = form(kind, **changed)
    assert filled.is_valid(), filled.errors
    assert filled.written().valid_until == ends


def test_a_form_of_a_change_shows_what_was_written() -> None:
    written = form(EventForm).written if form(EventForm).is_valid() else None
    assert written is not None
    filled = form(EventForm)
    assert filled.is_valid()
    was = filled.written()
    content = Content(title=was.title, data=was.data, valid_until=was.valid_until)
    shown = str(EventForm(ground=GROUND, content=content))
    assert 'value="2026-12-05T14:00"' in shown
    assert 'value="Salle des fêtes"' in shown


def test_only_a_territory_with_communes_is_asked_about_them() -> None:
    alone = Ground(read=GROUND.read)
    assert "cascades" not in NoticeForm(ground=alone).fields
    assert "cascades" in NoticeForm(ground=GROUND).fields


@pytest.mark.parametrize(
    ("size", "sentence"),
    [(0, "Ce fichier est vide."), (TABLE_BYTES_MAX + 1, "Ce fichier dépasse 128 Kio.")],
)
def test_a_file_has_its_bounds(size: int, sentence: str) -> None:
    files = {"table": SimpleUploadedFile("menus.csv", b"x" * size)}
    filled = MenuForm({"title": "Décembre"}, files, ground=GROUND)
    assert str(filled.errors["table"][0]).startswith(sentence)


def test_a_file_with_a_fault_is_refused_whole() -> None:
    faulty = Ground(read=lambda raw: Reading(raw=raw, faults=(Fault(where="Ligne 3", why="x"),)))
    filled = MenuForm({**GOOD[MenuForm], "accept": "1"}, ground=faulty)
    assert str(filled.errors["table"][0]).startswith("Ce fichier a des fautes")
