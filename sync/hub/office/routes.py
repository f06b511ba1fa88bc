"""The addresses of the back office, under ``/gestion/``."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from sync.hub.api.operation import PARAMETERS
from sync.hub.office import admission, contents, fleet, hives, home, signing_in
from sync.hub.operations import routes as operations

app_name = "office"

_KIOSK = f"(?P<kiosk>{PARAMETERS['kiosk']})"
_TERRITORY = f"(?P<territory>{PARAMETERS['territory']})"

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("connexion", signing_in.sign_in, name="sign-in"),
    path("code", signing_in.code, name="code"),
    path("deconnexion", signing_in.sign_out, name="sign-out"),
    path("bornes/", fleet.bornes, name="fleet"),
    path("bornes/admettre", admission.admit, name="admit"),
    re_path(rf"^bornes/{_KIOSK}/\Z", fleet.borne, name="device"),
    re_path(rf"^bornes/{_KIOSK}/revoquer\Z", fleet.revoke, name="revoke"),
    path("contenus/", contents.contents, name="contents"),
    re_path(
        rf"^contenus/{_TERRITORY}/(?P<sort>[a-z-]{{1,20}})/nouveau\Z", contents.new, name="new"
    ),
    re_path(r"^contenus/(?P<number>[0-9]{1,18})/\Z", contents.content, name="content"),
    re_path(r"^contenus/(?P<number>[0-9]{1,18})/modifier\Z", contents.edit, name="edit"),
    re_path(
        r"^contenus/(?P<number>[0-9]{1,18})/(?P<step>approuver|publier|retirer)\Z",
        contents.act,
        name="act",
    ),
    path("ruche/", hives.hives, name="hives"),
    re_path(rf"^ruche/{_TERRITORY}/\Z", hives.hive, name="hive"),
    re_path(rf"^ruche/{_TERRITORY}/(?P<step>[a-z]{{1,12}})\Z", hives.act, name="hive-act"),
    path("journal/", home.audit, name="audit"),
    *operations.PATHS,
]
