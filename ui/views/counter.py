"""The counter's home: who is there, and what a member of staff may do with cards."""

from __future__ import annotations

from collections.abc import Mapping

from ui.context import Context
from ui.sentences import sentence
from ui.views.frame import Action, Banner, Frame, Row, all_said, no_age
from ui.views.pin import BLOCK, LOST, STAFF
from ui.words import N_

TOLD: Mapping[str, str] = {
    "blocked": N_("La carte finissant par {number} est bloquée ici. La liste part au réseau."),
    "issued": N_("La carte finissant par {number} est prête."),
    "moved": N_("Le solde de la carte finissant par {number} est sur la carte neuve."),
    "again": N_("La carte a été retirée trop tôt. Reposez-la, puis recommencez."),
    "manual": N_("Un responsable doit vérifier\u00a0: la carte neuve ne répond pas comme attendu."),
}
TYPED: Mapping[str, str] = {"block": BLOCK, "lost": LOST}  # tasks that begin on the pad


def build_counter(context: Context, _argument: str = "") -> Frame:
    """Give the counter: it asks for a badge, then shows the tasks."""
    words, identity = context.words, context.identity
    if identity.staff is None:
        return _closed(context)
    rows = tuple(_tasks(context))
    told = words(TOLD[identity.told], number=identity.number) if identity.told else ""
    wrong = sentence(words, identity.problem)
    return Frame(
        title=words("Guichet"),
        subtitle=words("Responsable") if identity.staff.role == "manager" else words("Agent"),
        age=no_age(),
        lead=words("Posez la carte de la personne, ou choisissez."),
        banner=Banner(text=wrong or told, glyph="alert-triangle" if wrong else "circle-check"),
        rows=rows,
        action=Action(
            title=words("Fermer le guichet"),
            detail=words("Rien ne reste"),
            glyph="logout",
            honey=False,
        ),
        spoken=(words("Guichet."), wrong or told, *all_said(rows)),
    )


def _closed(context: Context) -> Frame:
    words = context.words
    ask = Row(
        key="badge",
        glyph="id",
        family="school",
        heading=words("Posez votre badge d’agent"),
        detail=words("Puis tapez votre code."),
    )
    return Frame(
        title=words("Guichet"),
        subtitle=words.text(context.territory.name),
        age=no_age(),
        rows=(ask,),
        action=Action(title=words("Taper mon code"), glyph="keyboard", route="pin", argument=STAFF),
        spoken=(words("Guichet."), *all_said((ask,))),
    )


def _till(context: Context) -> tuple[tuple[str, str, str, str], ...]:
    """Give the way to the till, where there is one."""
    words = context.words
    if context.tills is None:
        return ()
    return (("till", "cash", words("Caisse"), words("Espèces, chèques, remboursements")),)


def _tasks(context: Context) -> list[Row]:
    words = context.words
    tasks = (
        ("shop", "basket", words("Vendre"), words("Entrées, carnets, abonnements")),
        *_till(context),
        ("card", "nfc", words("Lire une carte"), words("Solde, carnets, dernières opérations")),
        ("block", "lock", words("Bloquer une carte perdue"), words("Par son numéro")),
        ("issue", "id", words("Éditer une carte"), words("Posez une carte vierge")),
        ("lost", "history", words("Remplacer une carte perdue"), words("Déplacer son solde")),
        ("hive", "home", words("Services du territoire"), words("Ce que voient les habitants")),
    )
    return [
        Row(
            key=route,
            glyph=glyph,
            family="live",
            heading=name,
            detail=detail,
            route="pin" if route in TYPED else route,
            argument=TYPED.get(route, ""),
        )
        for route, glyph, name, detail in tasks
    ]
