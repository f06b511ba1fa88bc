"""Help: whom to call, emergency numbers, what the kiosk can do, how to read its signs."""

from __future__ import annotations

from collections.abc import Sequence

from ui.context import Context
from ui.views.frame import Banner, Frame, Row, no_age
from ui.words import N_

# Emergency numbers of France (arrêté du 6 octobre 2022; 114: décret 2008-346): number, whom.
EMERGENCIES = (
    ("112", N_("Toutes les urgences, partout en Europe")),
    ("15", N_("Samu\u00a0: un médecin, une vie en danger")),
    ("18", N_("Pompiers\u00a0: feu, accident, secours")),
    ("17", N_("Police ou gendarmerie")),
    ("114", N_("Sourds et malentendants\u00a0: par SMS ou vidéo")),
)
# What the kiosk does: icon, family, what, how.
USES = (
    ("hand-finger", "live", N_("Lire"), N_("Chaque alvéole donne déjà la réponse. Touchez-la.")),
    ("search", "move", N_("Chercher"), N_("Écrivez un mot\u00a0: piscine, mairie, identité…")),
    ("nfc", "school", N_("Poser sa carte"), N_("En bas, à tout moment\u00a0: solde et recharge.")),
    ("qrcode", "culture", N_("Emporter"), N_("Visez le carré avec votre téléphone, sans réseau.")),
    (
        "accessible",
        "care",
        N_("Voir et toucher mieux"),
        N_("Confort\u00a0: grand texte, contraste…"),
    ),
    ("volume", "nature", N_("Écouter"), N_("La borne dit l’écran, le texte s’affiche en bas.")),
    ("logout", "live", N_("Terminer"), N_("Efface tout. Sans geste, la borne le fait seule.")),
)
# How old a datum is: icon, word, meaning (ui.views.frame.age_of shows the same).
SIGNS = (
    ("broadcast", N_("en direct"), N_("Mesuré à l’instant.")),
    ("calendar-time", N_("annoncé"), N_("C’est ce qui est prévu, sans mesure en direct.")),
    ("history", N_("ancien"), N_("Dernière information connue\u00a0: vérifiez.")),
    ("question-mark", N_("pas d’information"), N_("Demandez à l’accueil.")),
)


def build_help(context: Context, _argument: str = "") -> Frame:
    """Give the page: people first, then emergencies, uses and signs."""
    words, phone = context.words, context.territory.phone.replace(" ", "\u00a0")
    desk = _desk(context)
    urgent = words("Danger\u00a0? Appelez le 112, ou le 15 pour un médecin.")
    emergencies = _emergencies(context)
    return Frame(
        title=words("Aide"),
        subtitle=words("Bloqué\u00a0? L’accueil vous aide\u00a0: {phone}.", phone=phone),
        age=no_age(),
        banner=Banner(text=urgent, glyph="first-aid-kit", tone="bad"),
        rows=(*desk, *emergencies, *_uses(context), *_signs(context)),
        spoken=(
            words("Aide."),
            urgent,
            *(f"{row.heading}. {row.detail}" for row in desk),
            *(f"{row.heading}, {row.detail}." for row in emergencies),
        ),
    )


def _desk(context: Context) -> Sequence[Row]:
    words, territory = context.words, context.territory
    section = words("Parler à quelqu’un")
    return (
        Row(
            key="desk",
            section=section,
            glyph="users",
            family="live",
            heading=words("À l’accueil"),
            detail=words(
                "{host}. Dites simplement «\u00a0j’ai besoin d’aide à la borne\u00a0».",
                host=words.text(territory.host),
            ),
        ),
        Row(
            key="phone",
            section=section,
            glyph="phone-call",
            family="move",
            heading=territory.phone,
            detail=words("Le numéro de l’accueil"),
        ),
    )


def _emergencies(context: Context) -> Sequence[Row]:
    words = context.words
    return tuple(
        Row(
            key=number,
            section=words("Urgences, appel gratuit"),
            glyph="first-aid-kit",
            family="care",
            heading=number,
            detail=words(whom),
        )
        for number, whom in EMERGENCIES
    )


def _uses(context: Context) -> Sequence[Row]:
    words = context.words
    return tuple(
        Row(
            key=glyph,
            section=words("Ce que fait cette borne"),
            glyph=glyph,
            family=family,
            heading=words(what),
            detail=words(how),
        )
        for glyph, family, what, how in USES
    )


def _signs(context: Context) -> Sequence[Row]:
    words = context.words
    rows = tuple(
        Row(
            key=glyph,
            section=words("Les signes de fraîcheur"),
            glyph=glyph,
            family="nature",
            heading=words(word),
            detail=words(meaning),
        )
        for glyph, word, meaning in SIGNS
    )
    demo = Row(
        key="demo",
        section=words("Les signes de fraîcheur"),
        glyph="info-circle",
        family="nature",
        heading=words("démo"),
        detail=words("Contenu inventé pour la démonstration."),
    )
    return (*rows, demo) if context.territory.demo else rows
