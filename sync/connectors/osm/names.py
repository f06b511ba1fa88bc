"""What nameless places are called: the words for their sort, in French and English."""

from __future__ import annotations

from kiosk.domain.record import Localised

_NAMES = {
    "amenity=atm": ("Distributeur de billets", "Cash machine"),
    "amenity=bench": ("Banc", "Bench"),
    "amenity=bicycle_parking": ("Stationnement pour vélos", "Bicycle parking"),
    "amenity=bicycle_repair_station": ("Station de réparation de vélos", "Bicycle repair station"),
    "amenity=charging_station": ("Borne de recharge", "Charging station"),
    "amenity=clinic": ("Centre de santé", "Clinic"),
    "amenity=defibrillator": ("Défibrillateur", "Defibrillator"),
    "amenity=doctors": ("Cabinet médical", "Doctor’s surgery"),
    "amenity=drinking_water": ("Point d’eau potable", "Drinking water"),
    "amenity=fountain": ("Fontaine", "Fountain"),
    "amenity=library": ("Bibliothèque", "Library"),
    "amenity=marketplace": ("Marché", "Market"),
    "amenity=parking": ("Parking", "Car park"),
    "amenity=pharmacy": ("Pharmacie", "Pharmacy"),
    "amenity=place_of_worship": ("Lieu de culte", "Place of worship"),
    "amenity=post_box": ("Boîte aux lettres", "Post box"),
    "amenity=post_office": ("Bureau de poste", "Post office"),
    "amenity=public_bookcase": ("Boîte à livres", "Public bookcase"),
    "amenity=recycling": ("Point de tri", "Recycling"),
    "amenity=restaurant": ("Restaurant", "Restaurant"),
    "amenity=school": ("École", "School"),
    "amenity=shelter": ("Abri", "Shelter"),
    "amenity=shower": ("Douche", "Shower"),
    "amenity=telephone": ("Téléphone public", "Public telephone"),
    "amenity=toilets": ("Toilettes publiques", "Public toilets"),
    "amenity=townhall": ("Mairie", "Town hall"),
    "amenity=waste_basket": ("Corbeille", "Waste basket"),
    "amenity=waste_disposal": ("Conteneur à ordures", "Waste container"),
    "amenity=water_point": ("Point d’eau", "Water point"),
    "emergency=defibrillator": ("Défibrillateur", "Defibrillator"),
    "emergency=fire_hydrant": ("Borne à incendie", "Fire hydrant"),
    "highway=bus_stop": ("Arrêt de bus", "Bus stop"),
    "historic=memorial": ("Monument commémoratif", "Memorial"),
    "historic=wayside_cross": ("Croix de chemin", "Wayside cross"),
    "leisure=garden": ("Jardin", "Garden"),
    "leisure=park": ("Parc", "Park"),
    "leisure=picnic_table": ("Table de pique-nique", "Picnic table"),
    "leisure=pitch": ("Terrain de sport", "Sports pitch"),
    "leisure=playground": ("Aire de jeux", "Playground"),
    "leisure=sports_centre": ("Centre sportif", "Sports centre"),
    "leisure=swimming_pool": ("Piscine", "Swimming pool"),
    "man_made=water_tap": ("Robinet", "Water tap"),
    "shop=bakery": ("Boulangerie", "Bakery"),
    "shop=butcher": ("Boucherie", "Butcher"),
    "shop=convenience": ("Épicerie", "Convenience store"),
    "shop=hairdresser": ("Salon de coiffure", "Hairdresser"),
    "sport=climbing": ("Site d’escalade", "Climbing site"),
    "tourism=artwork": ("Œuvre d’art", "Artwork"),
    "tourism=information": ("Point d’information", "Information point"),
    "tourism=picnic_site": ("Aire de pique-nique", "Picnic site"),
    "tourism=viewpoint": ("Point de vue", "Viewpoint"),
}


def name_of_sort(sort: str) -> Localised:
    """Give the words for ``key=value``; the tag's own English word when we have none."""
    if sort in _NAMES:
        french, english = _NAMES[sort]
        return {"fr": french, "en": english}
    return {"en": sort.partition("=")[2].replace("_", " ")}
