"""Météo-France's vigilance: who is on alert, for what, until when."""
