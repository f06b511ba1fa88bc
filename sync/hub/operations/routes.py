"""The addresses of operations, below the back office's, and what its first page offers of them."""

from __future__ import annotations

from typing import Final

from django.urls import URLPattern, path, re_path
from django.utils.translation import gettext_lazy

from sync.hub.accounts.models import User
from sync.hub.accounts.rights import Action
from sync.hub.api.operation import PARAMETERS
from sync.hub.office.gate import territories
from sync.hub.operations import events, statistics, takings, transfers, triage

_KIOSK = f"(?P<kiosk>{PARAMETERS['kiosk']})"
_TERRITORY = f"(?P<territory>{PARAMETERS['territory']})"
_NUMBER = "(?P<number>[0-9]{1,18})"
_TOPUP = "(?P<topup>[A-Za-z0-9._-]{1,120})"
_EVENT = f"{_KIOSK}/(?P<epoch>[a-z0-9-]{{1,64}})/(?P<seq>[0-9]{{1,18}})"

PATHS: Final[list[URLPattern]] = [
    path("evenements/", events.events, name="events"),
    re_path(rf"^evenements/{_EVENT}/(?P<step>reprendre|classer)\Z", events.act, name="event-act"),
    re_path(rf"^evenements/divergences/{_NUMBER}/classer\Z", events.settle, name="fork-act"),
    path("clotures/", takings.takings, name="takings"),
    re_path(rf"^clotures/{_KIOSK}/\Z", takings.kiosk, name="closings"),
    re_path(rf"^clotures/{_KIOSK}\.csv\Z", takings.export, name="closings-csv"),
    path("virements/", transfers.transfers, name="transfers"),
    re_path(rf"^virements/{_TOPUP}/noter\Z", transfers.act, name="transfer-act"),
    path("signalements/", triage.triage, name="triage"),
    re_path(rf"^signalements/{_NUMBER}/\Z", triage.report, name="report"),
    re_path(rf"^signalements/{_NUMBER}/photo\Z", triage.photo, name="photo"),
    re_path(
        rf"^signalements/{_NUMBER}/(?P<step>attribuer|repondre|clore)\Z",
        triage.act,
        name="report-act",
    ),
    path("statistiques/", statistics.somewhere, name="statistics-first"),
    re_path(rf"^statistiques/{_TERRITORY}/\Z", statistics.statistics, name="statistics"),
]

MENU: Final = (
    (Action.EVENTS, "office:events", gettext_lazy("Voir les événements et la quarantaine")),
    (Action.CLOSINGS, "office:takings", gettext_lazy("Voir les clôtures et les recettes")),
    (Action.REFUND, "office:transfers", gettext_lazy("Voir les virements à faire")),
    (Action.REPORTS, "office:triage", gettext_lazy("Traiter les signalements")),
    (Action.STATISTICS, "office:statistics-first", gettext_lazy("Voir les statistiques")),
)


def menu(user: User) -> list[tuple[str, str]]:
    """Give the pages that a person may open: the route's name, and words."""
    return [(name, str(words)) for need, name, words in MENU if territories(user, need).exists()]
