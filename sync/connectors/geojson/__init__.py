"""GeoJSON files: places, communes."""
