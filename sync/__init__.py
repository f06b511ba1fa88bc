"""Synchronisation: from an open-data source to the glass, and back."""
