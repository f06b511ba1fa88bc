"""Bathing places: flag and quality of the water."""
