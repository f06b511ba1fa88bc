"""Every field of every form: its bounds, and the sentence that tells them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from django import forms

from sync.hub.office.forms import AdmissionForm, CodeForm, SignInForm

GOOD: Mapping[type[forms.Form], Mapping[str, str]] = {
    SignInForm: {"name": "claire", "password": "mot de passe"},
    CodeForm: {"code": "123456"},
    AdmissionForm: {"code": "BCDF-GHJK"},
}
BAD = [
    (SignInForm, "name", "", "Remplissez ce champ."),
    (SignInForm, "name", "x" * 151, "Au plus 150 caractères."),
    (SignInForm, "name", "a\0b", "Ce texte contient un caractère interdit."),
    (SignInForm, "password", "", "Remplissez ce champ."),
    (SignInForm, "password", "x" * 257, "Au plus 256 caractères."),
    (CodeForm, "code", "", "Remplissez ce champ."),
    (CodeForm, "code", "12345", "Le code a six chiffres."),
    (CodeForm, "code", "١٢٣٤٥٦", "Le code a six chiffres."),
    (CodeForm, "code", "1234567", "Le code a six chiffres."),
    (AdmissionForm, "code", "", "Remplissez ce champ."),
    (AdmissionForm, "code", "BCDF", "Le code a huit lettres."),
    (AdmissionForm, "code", "x" * 21, "Le code a huit lettres."),
]


def told(kind: type[forms.Form], **changed: str) -> dict[str, list[str]]:
    form = kind({**GOOD[kind], **changed})
    return {name: [str(one) for one in errors] for name, errors in form.errors.items()}


def test_what_is_good_is_taken() -> None:
    for kind in GOOD:
        assert told(kind) == {}


@pytest.mark.parametrize(("kind", "field", "typed", "sentence"), BAD)
def test_a_bound_is_told_in_a_sentence(
    kind: type[forms.Form], field: str, typed: str, sentence: str
) -> None:
    found = told(kind, **{field: typed})
    assert sentence in [one for errors in found.values() for one in errors]


def test_every_field_has_a_case_here() -> None:
    tried = {(kind, field) for kind, field, _, _ in BAD}
    assert tried == {(kind, name) for kind in GOOD for name in kind.base_fields}


def test_a_faulty_field_is_tied_to_its_sentence_for_screen_readers() -> None:
    shown = str(CodeForm({"code": "x"})["code"])
    assert 'aria-invalid="true"' in shown
    assert 'aria-describedby="id_code_error"' in shown
