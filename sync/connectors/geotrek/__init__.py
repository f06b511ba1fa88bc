"""Walks, events and places of Geotrek, the trail software of French parks."""
