"""Payments: the top-up's pure machine, the providers and the bank's stand-in."""
