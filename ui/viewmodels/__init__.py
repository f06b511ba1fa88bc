"""View models: they give QML typed properties over the values of ui.views."""
