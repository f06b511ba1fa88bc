"""French local open data: CSV files that follow a published schema."""
