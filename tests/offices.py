"""People of the back office, signed in as their browsers are."""

from __future__ import annotations

from typing import IO, Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from sync.hub.accounts.models import Membership, Role, User
from sync.hub.office.models import Content
from sync.hub.territories.models import Territory
from tests.hubs import PUBLIC_URL

HERE, ELSEWHERE = "orne", "sarthe"
PASSWORD = "quatre alvéoles de miel"
SIGN_IN = "/gestion/connexion"


def territory(slug: str = HERE) -> Territory:
    """Give a territory, made when it isn't there."""
    return Territory.objects.get_or_create(slug=slug, defaults={"name": slug.title()})[0]


def somebody(
    name: str, role: Role | None = None, place: str = HERE, *, password: str | None = None
) -> User:
    """Make a person with at most one role; without a password: hashing one takes its time."""
    user = User.objects.create_user(name, password=password)
    if role is not None:
        Membership.objects.create(user=user, territory=territory(place), role=role)
    return user


def factor(user: User) -> TOTPDevice:
    """Give a person a second factor."""
    return TOTPDevice.objects.create(user=user, name="gestion", confirmed=True)


def code_of(device: TOTPDevice) -> str:
    """Give what the person's phone shows now."""
    return f"{totp(device.bin_key):06}"


class Browser:
    """A browser on the hub's public address; holds a session, sends Django's token or not."""

    def __init__(self, *, csrf: bool = False) -> None:
        self.client = Client(raise_request_exception=False, enforce_csrf_checks=csrf)

    @classmethod
    def of(cls, user: User, *, verified: bool = True) -> Browser:
        """Give the browser of a person who gave both factors, or the password alone."""
        browser = cls()
        browser.client.force_login(user)
        if verified:
            session = browser.client.session
            session[DEVICE_ID_SESSION_KEY] = factor(user).persistent_id
            session.save()
        return browser

    def get(self, path: str) -> HttpResponse:
        """Ask for a page."""
        answer: Any = self.client.get(path, secure=True, headers={"host": PUBLIC_URL[8:]})
        assert isinstance(answer, HttpResponse)
        return answer

    def post(self, path: str, **said: str | IO[bytes]) -> HttpResponse:
        """Send a form; a file among it goes as one."""
        headers = {"host": PUBLIC_URL[8:], "referer": PUBLIC_URL + path}
        answer: Any = self.client.post(path, said, secure=True, headers=headers)
        assert isinstance(answer, HttpResponse)
        return answer

    def sign_in(self, name: str, password: str = PASSWORD, *, wanted: str = "") -> HttpResponse:
        """Give a name and a password, on the way to the page that was ``wanted``."""
        path = f"{SIGN_IN}?{urlencode({'next': wanted})}" if wanted else SIGN_IN
        return self.post(path, name=name, password=password)


def text(answer: HttpResponse) -> str:
    """Give a page's HTML."""
    return answer.content.decode()


NOTICE = {
    "title": "Marché déplacé",
    "body": "Le marché se tient place du Foirail.",
    "level": "info",
    "valid_from": "",
    "valid_until": "2026-12-24T18:00",
}


EVENT = {
    "title": "Loto des pompiers",
    "body": "Ouverture des portes à 13 h.",
    "starts_at": "2026-12-05T14:00",
    "ends_at": "2026-12-05T18:00",
    "place": "Salle des fêtes",
    "commune": "Alençon",
    "price": "3 € le carton",
    "valid_from": "",
    "valid_until": "2026-12-05T20:00",
}
OPENING = {
    "title": "Fêtes de fin d’année",
    "place": "mairies/mairie-alencon",
    "first_day": "2026-12-24",
    "last_day": "2026-12-31",
    "hours": "09:00-12:00",
    "valid_from": "",
    "valid_until": "2027-01-01T00:00",
}


def drafted(editor: Browser, at: str = HERE, sort: str = "annonce", **said: str) -> Content:
    """Write a draft by its form; a notice without more words."""
    written = {**NOTICE, **said} if sort == "annonce" else said
    answer = editor.post(f"/gestion/contenus/{at}/{sort}/nouveau", **written)
    assert answer.status_code == 302, text(answer)
    return Content.objects.order_by("-pk")[0]


def step(editor: Browser, content: Content, name: str, revision: int | None = None) -> Content:
    """Take one step with a content as it is now, or as it was seen."""
    seen = Content.objects.get(pk=content.pk).revision if revision is None else revision
    editor.post(f"/gestion/contenus/{content.pk}/{name}", revision=str(seen))
    return Content.objects.get(pk=content.pk)


def on_kiosks(editor: Browser, content: Content) -> Content:
    """Bring a draft to the kiosks."""
    step(editor, content, "approuver")
    return step(editor, content, "publier")
