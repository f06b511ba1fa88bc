"""The migrations of ``operations``."""
