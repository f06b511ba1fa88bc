"""The ways to pay: one folder each, with its manifest.toml and a ``make`` function."""
