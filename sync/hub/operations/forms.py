"""What people type of reports; every field is bounded, and says in a sentence what is wrong."""

from __future__ import annotations

from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from kiosk.domain.money import CENTS_MAX
from kiosk.domain.text import clean, clean_line
from sync.hub.office.forms import NAME_MAX, PASSWORD_MAX
from sync.hub.operations.models import ANSWER_MAX

REFERENCE_MAX: Final = 60
_SENTENCES: Final = {
    "required": _("Remplissez ce champ."),
    "invalid": _("Cette valeur n’est pas lisible."),
    "max_length": _("Au plus %(limit_value)d caractères."),
    "null_characters_not_allowed": _("Ce texte contient un caractère interdit."),
}


class AnswerForm(forms.Form):
    """An answer to a citizen."""

    answer = forms.CharField(
        label=_("Réponse"),
        max_length=ANSWER_MAX,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages=dict(_SENTENCES),
    )

    def clean_answer(self) -> str:
        """Clean the text as every text from outside; it can't become empty."""
        text = clean(str(self.cleaned_data["answer"]), limit=ANSWER_MAX)
        if not text:
            raise forms.ValidationError(_("Remplissez ce champ."))
        return text


class TransferForm(forms.Form):
    """A transfer of the régie's; ``seen`` is what the person saw as given back before, in cents."""

    reference = forms.CharField(max_length=REFERENCE_MAX)
    seen = forms.IntegerField(min_value=0, max_value=CENTS_MAX)
    second = forms.CharField(max_length=NAME_MAX, required=False)
    second_password = forms.CharField(max_length=PASSWORD_MAX, required=False, strip=False)

    def clean_reference(self) -> str:
        """Clean the text as every text from outside; it can't become empty."""
        text = clean_line(str(self.cleaned_data["reference"]), limit=REFERENCE_MAX)
        if not text:
            raise forms.ValidationError(_SENTENCES["required"])
        return text
