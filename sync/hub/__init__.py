"""The hub: a Django project that publishes, takes events in and keeps devices (ADR 0018)."""
