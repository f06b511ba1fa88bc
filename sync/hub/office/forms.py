"""What people type: every field is bounded, and says in a sentence what is wrong with it."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from kiosk.domain.text import clean, clean_line
from sync.hub.office.models import BODY_MAX, TITLE_MAX, Level

NAME_MAX: Final = 150  # Django's for account names
PASSWORD_MAX: Final = 256  # longer ones would only keep the hash busy
CODE_TYPED_MAX: Final = 20
MOMENT: Final = "%Y-%m-%dT%H:%M"  # as <input type="datetime-local"> reads and writes it


class SignInForm(forms.Form):
    """A name and its password."""

    name = forms.CharField(
        label=_("Nom"),
        max_length=NAME_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Mot de passe"),
        max_length=PASSWORD_MAX,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    """The six digits that a phone shows."""

    code = forms.CharField(
        label=_("Code à six chiffres"),
        max_length=6,
        validators=[RegexValidator(r"\A[0-9]{6}\Z", _("Le code a six chiffres."), "pattern")],
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )


class AdmissionForm(forms.Form):
    """The code on a kiosk's screen, typed or carried by its QR."""

    code = forms.CharField(
        label=_("Code affiché par la borne"),
        max_length=CODE_TYPED_MAX,
        validators=[
            RegexValidator(
                r"\A[A-Za-z]{4}[- ]?[A-Za-z]{4}\Z", _("Le code a huit lettres."), "pattern"
            )
        ],
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


class NoticeForm(forms.Form):
    """A notice; its moments are read in the zone in force (the territory's)."""

    title = forms.CharField(label=_("Titre"), max_length=TITLE_MAX)
    body = forms.CharField(
        label=_("Texte"),
        max_length=BODY_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    level = forms.ChoiceField(label=_("Niveau"), choices=Level.choices)
    valid_from = forms.DateTimeField(
        label=_("Afficher à partir du (vide : dès la publication)"),
        required=False,
        input_formats=[MOMENT],
        widget=forms.DateTimeInput(format=MOMENT, attrs={"type": "datetime-local"}),
    )
    valid_until = forms.DateTimeField(
        label=_("Retirer le"),
        input_formats=[MOMENT],
        widget=forms.DateTimeInput(format=MOMENT, attrs={"type": "datetime-local"}),
    )

    def clean_title(self) -> str:
        """Clean the title as every text from outside; it can't become empty."""
        title = clean_line(str(self.cleaned_data["title"]), limit=TITLE_MAX)
        if not title:
            raise forms.ValidationError(_("Remplissez ce champ."))
        return title

    def clean_body(self) -> str:
        """Clean the text."""
        return clean(str(self.cleaned_data["body"]), limit=BODY_MAX)

    def clean(self) -> dict[str, Any]:
        """Hold the end after the beginning."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        begins, ends = cleaned.get("valid_from"), cleaned.get("valid_until")
        if begins is not None and ends is not None and ends <= begins:
            self.add_error("valid_until", _("La fin vient après le début."))
        return cleaned


class ActForm(forms.Form):
    """Which revision somebody saw when they acted on it."""

    revision = forms.IntegerField(min_value=1, max_value=2**31 - 1)


_SENTENCES: Final = {
    "required": _("Remplissez ce champ."),
    "invalid": _("Cette valeur n’est pas lisible."),
    "invalid_choice": _("Choisissez une des valeurs proposées."),
    "max_length": _("Au plus %(limit_value)d caractères."),
    "null_characters_not_allowed": _("Ce texte contient un caractère interdit."),
}


def _say_all() -> None:
    """Give every field the house's sentences in place of Django's."""
    for form in (SignInForm, CodeForm, AdmissionForm, NoticeForm):
        for field in form.base_fields.values():
            field.error_messages.update(_SENTENCES)


_say_all()
