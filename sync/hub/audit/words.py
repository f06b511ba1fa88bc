"""The acts of the log in words; what has none is told by its own name."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_CONTENTS: Final = {
    "notice": _("Annonce"),
    "event": _("Rendez-vous"),
    "opening": _("Horaire exceptionnel"),
    "menu": _("Menus"),
}
_STEPS: Final = {
    "written": _("écriture"),
    "changed": _("modification"),
    "approved": _("approbation"),
    "published": _("publication"),
    "withdrawn": _("retrait"),
}
WORDS: Final[Mapping[str, str | Promise]] = {
    "account.created": _("Compte créé"),
    "account.factor": _("Téléphone enregistré comme second facteur"),
    "account.signed_in": _("Connexion"),
    "card.blocked": _("Carte mise en opposition"),
    "cardkeys.delivered": _("Clés des cartes remises à une borne"),
    "cardkeys.imported": _("Clés des cartes importées"),
    "cardkeys.made": _("Clés des cartes créées"),
    "cardkeys.retired": _("Clés des cartes abandonnées"),
    "device.approved": _("Borne admise"),
    "device.refused": _("Borne refusée"),
    "device.revoked": _("Borne révoquée"),
    "event.released": _("Événement repris de la quarantaine"),
    "event.settled": _("Événement classé"),
    "fork.settled": _("Alarme de copie classée"),
    "hive.dropped": _("Brouillon de la ruche oublié"),
    "hive.published": _("Ruche publiée"),
    "hub.restored": _("Plateforme restaurée d’une sauvegarde"),
    "load.pending": _("Rechargement en attente de sa carte"),
    "manifest.signed": _("Données signées"),
    "payment.refunded": _("Paiement remboursé"),
    "payment.transferred": _("Remboursement par virement noté"),
    "report.answered": _("Signalement\u00a0: réponse"),
    "report.assigned": _("Signalement\u00a0: attribution"),
    "report.closed": _("Signalement\u00a0: clôture"),
}


def _contents() -> dict[str, str]:
    return {
        f"{kind}.{step}": f"{_CONTENTS[kind]}\u00a0: {_STEPS[step]}"
        for kind, step in product(_CONTENTS, _STEPS)
    }


def words_of(action: str) -> str:
    """Give an act's words in the language of whoever reads."""
    return str(WORDS.get(action) or _contents().get(action, action))
