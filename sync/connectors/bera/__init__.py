"""Avalanche bulletins of Météo-France."""
