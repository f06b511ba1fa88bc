"""The migrations of the hub's back office."""
