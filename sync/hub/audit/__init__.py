"""Who did what: a list that only grows."""
