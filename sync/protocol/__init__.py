"""alv1, the protocol between hub and kiosk: values and rules, no I/O (docs/sync.md)."""
