"""The daily-life card and its readers."""
