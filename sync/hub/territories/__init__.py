"""The territories that this hub publishes."""
