"""What people type: every field is bounded, and says in a sentence what is wrong with it."""

from __future__ import annotations

from typing import Final

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

NAME_MAX: Final = 150  # Django's for account names
PASSWORD_MAX: Final = 256  # longer ones would only keep the hash busy
CODE_TYPED_MAX: Final = 20


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


class ActForm(forms.Form):
    """Which revision somebody saw when they acted on it."""

    revision = forms.IntegerField(min_value=1, max_value=2**31 - 1)


class HiveActForm(forms.Form):
    """What is done with a hive: which revision was seen (0: no draft), and with what."""

    revision = forms.IntegerField(min_value=0, max_value=2**31 - 1)
    service = forms.CharField(max_length=64, required=False)
    position = forms.IntegerField(min_value=1, max_value=200, required=False)
    number = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False)


_SENTENCES: Final = {
    "required": _("Remplissez ce champ."),
    "invalid": _("Cette valeur n’est pas lisible."),
    "invalid_choice": _("Choisissez une des valeurs proposées."),
    "empty": _("Ce fichier est vide."),
    "max_length": _("Au plus %(limit_value)d caractères."),
    "null_characters_not_allowed": _("Ce texte contient un caractère interdit."),
}


def speaking(*kinds: type[forms.Form]) -> None:
    """Give every field of these forms the house's sentences in place of Django's."""
    for form in kinds:
        for field in form.base_fields.values():
            field.error_messages.update(_SENTENCES)


speaking(SignInForm, CodeForm, AdmissionForm)
