"""List models that QML delegates read."""
