"""The languages of the territory, each under its own name."""

from __future__ import annotations

from collections.abc import Mapping

from ui.context import Context
from ui.views.choices import Choice, ChoicesFrame, said
from ui.views.frame import no_age
from ui.words import N_, Words

# A language is looked for under its own name, so these are translated into nothing.
NAMES: Mapping[str, str] = {
    "fr": "Français",
    "en": "English",
    "de": "Deutsch",
    "es": "Español",
    "it": "Italiano",
    "nl": "Nederlands",
}


CONTINUE, CHOSEN = N_("Continuer en français"), N_("Langue choisie")


def name_of(language: str) -> str:
    """Give a language's own name, its tag where we don't know it."""
    return NAMES.get(language, language)


def build_languages(context: Context, _argument: str = "") -> ChoicesFrame:
    """Give the territory's languages; each says in itself that it is the one in use."""
    words = context.words
    choices = tuple(_choice(context, language) for language in context.territory.languages)
    return ChoicesFrame(
        title=words("Langue"),
        subtitle=words("Vous restez sur le même écran."),
        age=no_age(),
        choices=choices,
        spoken=(words("Choisissez votre langue."), *(said(choice) for choice in choices)),
    )


def _choice(context: Context, language: str) -> Choice:
    own = Words(language)
    chosen = language == context.words.language
    return Choice(
        key=language,
        heading=name_of(language),
        detail=own(CONTINUE),
        glyph="language",
        chosen=chosen,
        state_text=own(CHOSEN) if chosen else "",
        state_glyph="circle-check" if chosen else "",
    )
