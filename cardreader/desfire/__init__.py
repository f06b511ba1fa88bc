"""DESFire as the reader speaks it: bytes and keys in, bytes out; no reader, no clock, no disk."""
