"""The migrations of ``cardkeys``."""
