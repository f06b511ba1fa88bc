"""SIRI: next departures at a stop, and messages to passengers."""
