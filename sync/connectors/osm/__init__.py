"""Places of OpenStreetMap, from Overpass answers and OSM XML."""
