"""The names of Météo-France's vigilance: phenomena, colours, departments and coasts.

Source: Météo-France, "Guide technique de la vigilance météorologique" (DPVigilance); the
numbers of the old XML map are the same. Departments: Insee, code officiel géographique.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kiosk.domain.facts import Level

GREEN = 1
COAST = "10"  # a department's code followed by it names its coast
ANDORRA = "99"


class Phenomenon(NamedTuple):
    """What may strike: its names, and the icon that stands for it ("" for the alert's own)."""

    fr: str
    en: str
    topic: str


class Colour(NamedTuple):
    """A colour of the map: the level it means, and its names."""

    level: Level
    fr: str
    en: str


PHENOMENA: Mapping[str, Phenomenon] = {
    "1": Phenomenon("vent violent", "strong wind", "wind"),
    "2": Phenomenon("pluie et inondation", "rain and flooding", ""),
    "3": Phenomenon("orages", "thunderstorms", ""),
    "4": Phenomenon("crues", "river floods", ""),
    "5": Phenomenon("neige et verglas", "snow and black ice", ""),
    "6": Phenomenon("canicule", "heatwave", ""),
    "7": Phenomenon("grand froid", "extreme cold", ""),
    "8": Phenomenon("avalanches", "avalanches", ""),
    "9": Phenomenon("vagues et submersion", "waves and coastal flooding", ""),
}
UNNAMED = Phenomenon("phénomène non précisé", "phenomenon not told", "")

COLOURS: Mapping[int, Colour] = {
    2: Colour("yellow", "jaune", "yellow"),
    3: Colour("orange", "orange", "orange"),
    4: Colour("red", "rouge", "red"),
}

_NAMES = (
    "01 Ain|02 Aisne|03 Allier|04 Alpes-de-Haute-Provence|05 Hautes-Alpes|06 Alpes-Maritimes|"
    "07 Ardèche|08 Ardennes|09 Ariège|10 Aube|11 Aude|12 Aveyron|13 Bouches-du-Rhône|14 Calvados|"
    "15 Cantal|16 Charente|17 Charente-Maritime|18 Cher|19 Corrèze|21 Côte-d’Or|22 Côtes-d’Armor|"
    "23 Creuse|24 Dordogne|25 Doubs|26 Drôme|27 Eure|28 Eure-et-Loir|29 Finistère|"
    "2A Corse-du-Sud|2B Haute-Corse|30 Gard|31 Haute-Garonne|32 Gers|33 Gironde|34 Hérault|"
    "35 Ille-et-Vilaine|36 Indre|37 Indre-et-Loire|38 Isère|39 Jura|40 Landes|41 Loir-et-Cher|"
    "42 Loire|43 Haute-Loire|44 Loire-Atlantique|45 Loiret|46 Lot|47 Lot-et-Garonne|48 Lozère|"
    "49 Maine-et-Loire|50 Manche|51 Marne|52 Haute-Marne|53 Mayenne|54 Meurthe-et-Moselle|"
    "55 Meuse|56 Morbihan|57 Moselle|58 Nièvre|59 Nord|60 Oise|61 Orne|62 Pas-de-Calais|"
    "63 Puy-de-Dôme|64 Pyrénées-Atlantiques|65 Hautes-Pyrénées|66 Pyrénées-Orientales|"
    "67 Bas-Rhin|68 Haut-Rhin|69 Rhône|70 Haute-Saône|71 Saône-et-Loire|72 Sarthe|73 Savoie|"
    "74 Haute-Savoie|75 Paris et petite couronne|76 Seine-Maritime|77 Seine-et-Marne|78 Yvelines|"
    "79 Deux-Sèvres|80 Somme|81 Tarn|82 Tarn-et-Garonne|83 Var|84 Vaucluse|85 Vendée|86 Vienne|"
    "87 Haute-Vienne|88 Vosges|89 Yonne|90 Territoire de Belfort|91 Essonne|92 Hauts-de-Seine|"
    "93 Seine-Saint-Denis|94 Val-de-Marne|95 Val-d’Oise|99 Andorre"
)
DEPARTMENTS: Mapping[str, str] = {name[:2]: name[3:] for name in _NAMES.split("|")}


def area_of(code: str) -> tuple[str, str] | None:
    """Give (department, French name) of a domain of the map, None when it isn't one."""
    department, coast = code[:2], code[2:]
    name = DEPARTMENTS.get(department)
    if name is None or coast not in ("", COAST):
        return None
    return department, f"{name}, littoral" if coast else name
