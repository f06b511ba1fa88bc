"""The comfort panel: text, contrast, reach, keyboard and times, each a switch."""

from __future__ import annotations

from ui.comfort import Comfort
from ui.context import Context
from ui.views.choices import Choice, ChoicesFrame, said
from ui.views.frame import Action, no_age
from ui.words import N_

# Each switch: its name in ui.comfort.Comfort, icon, heading and what it does.
SWITCHES = (
    ("large", "text-size", N_("Grand texte"), N_("Des lettres plus grandes, l’accueil en liste.")),
    ("contrast", "contrast", N_("Fort contraste"), N_("Blanc et jaune sur fond noir.")),
    ("low", "arrow-bar-to-down", N_("À portée basse"), N_("Tout ce qui se touche est en bas.")),
    ("keys", "keyboard", N_("Clavier et voix"), N_("Avancez avec les flèches, tout est annoncé.")),
    ("slow", "clock-pause", N_("Plus de temps"), N_("Trois fois plus de temps avant d’effacer.")),
)


def build_comfort(context: Context, _argument: str = "") -> ChoicesFrame:
    """Give the switches as they stand; the action puts all of them back."""
    words, comfort = context.words, context.comfort
    choices = tuple(
        _switch(context, name, glyph, words(heading), words(detail))
        for name, glyph, heading, detail in SWITCHES
    )
    back = Action(
        title=words("Tout remettre"),
        detail=words("L’affichage habituel"),
        glyph="history",
    )
    return ChoicesFrame(
        title=words("Confort"),
        subtitle=words("Choisissez ce qui vous aide. Tout s’efface à la fin de votre visite."),
        age=no_age(),
        choices=choices,
        action=back if comfort != Comfort() else Action(title=""),
        spoken=(
            words("Confort. Choisissez ce qui vous aide."),
            *(said(choice) for choice in choices),
        ),
    )


def _switch(context: Context, name: str, glyph: str, heading: str, detail: str) -> Choice:
    chosen = bool(getattr(context.comfort, name))
    return Choice(
        key=name,
        heading=heading,
        detail=detail,
        glyph=glyph,
        chosen=chosen,
        state_text=context.words("Activé") if chosen else context.words("Désactivé"),
        state_glyph="circle-check" if chosen else "x",
    )
