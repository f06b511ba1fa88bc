"""What DATEX II calls things, in the words of a neighbour: French, then English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from kiosk.domain.facts import Level

Names: TypeAlias = tuple[str, str]

CLOSED: Names = ("Route fermée", "Road closed")
UNNAMED: Names = ("Information routière", "Road information")
RESTRICTED: Names = ("Circulation réglementée", "Traffic restricted")

_WORKS: Names = ("Travaux", "Road works")
_OBSTACLE: Names = ("Obstacle sur la route", "Obstacle on the road")
_SLIPPERY: Names = ("Chaussée glissante ou dégradée", "Slippery or damaged road")

# By xsi:type of a situation record (DATEX II 2.3 and 3, Situation package).
SITUATIONS: Mapping[str, Names] = {
    "MaintenanceWorks": _WORKS,
    "ConstructionWorks": _WORKS,
    "Roadworks": _WORKS,
    "Accident": ("Accident", "Accident"),
    "AbnormalTraffic": ("Circulation difficile", "Heavy traffic"),
    "VehicleObstruction": ("Véhicule arrêté", "Stopped vehicle"),
    "AnimalPresenceObstruction": ("Animaux sur la route", "Animals on the road"),
    "GeneralObstruction": _OBSTACLE,
    "EnvironmentalObstruction": _OBSTACLE,
    "InfrastructureDamageObstruction": ("Chaussée endommagée", "Damaged road"),
    "PoorEnvironmentConditions": ("Intempéries", "Bad weather"),
    "WeatherRelatedRoadConditions": _SLIPPERY,
    "NonWeatherRelatedRoadConditions": _SLIPPERY,
    "RoadOrCarriagewayOrLaneManagement": RESTRICTED,
    "GeneralNetworkManagement": RESTRICTED,
    "SpeedManagement": ("Vitesse limitée", "Speed limit"),
    "ReroutingManagement": ("Déviation", "Diversion"),
    "WinterDrivingManagement": ("Équipement d’hiver demandé", "Winter equipment needed"),
    "PublicEvent": ("Manifestation", "Event"),
    "AuthorityOperation": ("Opération des autorités", "Operation of the authorities"),
    "DisturbanceActivity": ("Perturbation", "Disturbance"),
    "RoadsideServiceDisruption": ("Service de la route interrompu", "Roadside service disrupted"),
}

# Of roadOrCarriagewayOrLaneManagementType and trafficConstrictionType.
CLOSING = frozenset((
    "roadClosed", "carriagewayClosures", "carriagewayClosed", "closedPermanentlyForTheWinter",
    "roadBlocked", "carriagewayBlocked",
))  # fmt: skip

LEVELS: Mapping[str, Level] = {"highest": "red", "high": "orange", "medium": "yellow"}
