"""The hub's addresses: the API's table, and the back office."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from sync.hub.api import alone
from sync.hub.api.serving import routes
from sync.hub.api.table import table

urlpatterns = [
    *routes(table()),
    *alone.routes,
    path("gestion/tables/", admin.site.urls),
    path("gestion/", include("sync.hub.office.routes")),
]
