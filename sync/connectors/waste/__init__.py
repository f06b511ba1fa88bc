"""Waste calendars: rules by commune and sector, with exceptions."""
