"""Hostile text in every field of a pack: nothing crashes, nothing is fetched, all stays plain."""

from __future__ import annotations

import json
import re
import shutil
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, get_args

import pytest
from PySide6.QtCore import QByteArray, QUrl
from PySide6.QtQml import QQmlApplicationEngine, QQmlExpression, qmlContext
from PySide6.QtQuick import QQuickItem, QQuickWindow
from pytestqt.qtbot import QtBot

from kiosk.app.console import Place
from kiosk.app.content import prepare
from kiosk.app.installed import OWN_PACKS, Installed, installed
from kiosk.domain.territory import ServiceKind
from tests.conftest import MovedClock
from tests.ui.kiosks import PORTRAIT, Kiosk
from ui.comfort import Comfort
from ui.routes import ROUTES
from ui.viewmodels.search import SearchViewModel

# Fields of a seed's record that hold text for people; the others are ids, dates and choices.
TEXT_KEYS = {
    *("title", "body", "address", "commune", "phone", "hours", "hours_note", "access", "label"),
    *("stop", "website", "place_name", "price", "canteen", "name", "where", "papers", "fee"),
    *("delay", "sector", "postcodes", "labels", "lines"),
}
ASSIGNED = re.compile(
    r'^(?P<name>(?:title|intro|name|host|source)(?:\.\w\w)?) = ".*"$', re.MULTILINE
)
TEXTS = re.compile(r'^(?P<name>\w+) = ".*"$', re.MULTILINE)
PLAIN_TEXT = 0  # Text.PlainText
FOLLOWED = 2  # how many rows of a screen are opened too


def hostile(port: int) -> list[str]:
    """The strings; the addresses lead to a socket that must never hear anything."""
    here = f"http://127.0.0.1:{port}"
    return [
        f'<img src="{here}/a.png">',
        f"<b>gras</b><br><a href='{here}'>lien</a>",
        f"![image]({here}/b.png) [lien]({here})",
        f'<script>fetch("{here}")</script>',
        f'<style>@import "{here}/c.css"</style>',
        f"javascript:location='{here}'",
        "file:///etc/passwd",
        "image://icon/home/000000/48",
        "qrc:/x.qml",
        "\u202eevil\u202c \u2066x\u2069 \u200f",
        "z\u0334\u0335\u0336\u0337\u0338a\u0300\u0301\u0302\u0303\u0304l\u0489go",
        "x" * 10_000,
        "mot " * 2_500,
        "nul\x00 bell\x07 esc\x1b[31m del\x7f",
        "👩\u200d👩\u200d👧\u200d👦 👨🏿\u200d🚀 🏴\U000e0067\U000e0062\U000e007f",
        "'; DROP TABLE record; --",
        '" OR "1"="1',
        "%1 %2 %n %L1 %s %d {x} {0} {x!r} {} }{",
        "Qt.quit(); Item { Component.onCompleted: Qt.exit(1) }",
        'qsTr("x") + eval("1")',
        "&lt;img&gt; &#60; &amp; <![CDATA[ ]]> <!-- -->",
        "\u2028ligne\u2029paragraphe\r\n\ttab",
        "\ufeff\ufffe\uffff\ue000",
        "ا\u0644\u0639\u0631\u0628\u064a\u0629 עברית 漢字 ทดสอบ",
        "<img src=x onerror=alert(1)>" * 50,
        "../../../../etc/passwd\\..\\..",
        "BEGIN:VCALENDAR\r\nEND:VCALENDAR",
        "<table><tr><td>" * 200,
        "-",
        ".",
    ]


# Those whose argument is a service's id: the hive alone names them, never a citizen.
SERVICE_ROUTES = {*get_args(ServiceKind), "place", "outage"} - {"card"}


class Poison:
    """Gives the hostile strings in turn."""

    def __init__(self, strings: list[str]) -> None:
        self._strings = strings
        self._turn = count()

    def __call__(self) -> str:
        return self._strings[next(self._turn) % len(self._strings)]

    def toml(self, found: re.Match[str]) -> str:
        """A line of TOML whose string is hostile."""
        # a TOML string has no lone surrogates and no characters beyond \uFFFF as pairs
        text = "".join(
            c if c.isascii() and c.isprintable() and c not in '"\\' else _escape(c) for c in self()
        )
        return f'{found["name"]} = "{text}"'

    def data(self, value: Any, *, text: bool) -> Any:
        """A JSON value whose texts are hostile."""
        if isinstance(value, dict):
            return {k: self.data(v, text=text or k in TEXT_KEYS) for k, v in value.items()}
        if isinstance(value, list):
            return [self.data(one, text=text) for one in value]
        return self() if text and isinstance(value, str) else value


def _escape(char: str) -> str:
    return f"\\U{ord(char):08x}"


def poisoned(folder: Path, poison: Poison) -> None:
    """Put hostile strings into every text field of a pack."""
    for name in ("pack.toml", "services.toml", "datasets.toml"):
        file = folder / name
        file.write_text(ASSIGNED.sub(poison.toml, file.read_text(encoding="utf-8")), "utf-8")
    for file in (folder / "texts").glob("*.toml"):
        file.write_text(TEXTS.sub(poison.toml, file.read_text(encoding="utf-8")), "utf-8")
    for file in (folder / "seeds").glob("*.ndjson"):
        records = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        lines = [json.dumps(poison.data(record, text=False)) for record in records]
        file.write_text("\n".join(lines) + "\n", "utf-8")
    for file in (folder / "seeds").glob("gtfs-*/stops.txt"):
        head, *rows = file.read_text(encoding="utf-8").splitlines()
        place = head.split(",").index("stop_name")
        cells = [row.split(",") for row in rows]
        for cell in cells:
            cell[place] = '"' + poison().replace('"', '""').replace("\x00", "") + '"'
        file.write_text("\n".join([head, *(",".join(cell) for cell in cells)]) + "\n", "utf-8")


@pytest.fixture(scope="module")
def trap() -> Iterator[socket.socket]:
    """A socket that nobody may call."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield listening


@pytest.fixture(scope="module")
def strings(trap: socket.socket) -> list[str]:
    return hostile(int(trap.getsockname()[1]))


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory, strings: list[str]) -> Installed:
    """An installation whose pack is hostile from top to bottom."""
    data = tmp_path_factory.mktemp("hostile")
    folder = data / "territories" / "orne"
    shutil.copytree(OWN_PACKS / "orne", folder)
    poisoned(folder, Poison(strings))
    found = installed(Place(data=data, territory="orne"))
    assert found.folder == folder
    prepare(found, datetime(2026, 11, 22, 9, 42, tzinfo=UTC))
    return found


@pytest.fixture
def victim(qtbot: QtBot, here: Installed, clock: MovedClock) -> Iterator[Kiosk]:
    kiosk = Kiosk(qtbot, here, clock, PORTRAIT)
    yield kiosk
    kiosk.close()


def is_plain(item: QQuickItem) -> bool:
    context = qmlContext(item)
    assert context is not None
    value, undefined = QQmlExpression(context, item, "textFormat").evaluate()
    return not undefined and value == PLAIN_TEXT


def look(kiosk: Kiosk) -> int:
    """Assert that every text on the screen is plain; gives how many there are."""
    texts = [item for item in kiosk.items() if item.inherits("QQuickText")]
    for item in texts:
        assert is_plain(item), item.property("text")
    return len(texts)


def nobody_called(trap: socket.socket) -> bool:
    try:
        call, _ = trap.accept()
    except BlockingIOError:
        return True
    call.close()
    return False


def doors(kiosk: Kiosk) -> list[tuple[str, str]]:
    """Where the open screen leads: its first rows, its banner and its action."""
    frame = kiosk.app.opened.frame
    rows = [(row.route, row.argument) for row in frame.rows if row.route][:FOLLOWED]
    more = [
        (frame.banner.route, frame.banner.argument),
        (frame.action.route, frame.action.argument),
    ]
    return [*rows, *(door for door in more if door[0])]


def test_the_hostile_pack_is_really_shown(
    victim: Kiosk, here: Installed, strings: list[str]
) -> None:
    assert sum(here.cache.count(name) for name in here.pack.territory.datasets) > 400
    shown = "\n".join(victim.texts())
    assert sum(text[:12] in shown for text in strings) > 10


@pytest.mark.parametrize(
    "comfort", [Comfort(), Comfort(large=True, contrast=True, low=True)], ids=repr
)
def test_every_screen_of_a_hostile_pack_is_plain_quiet_and_alive(
    victim: Kiosk, trap: socket.socket, comfort: Comfort
) -> None:
    victim.app.setComfort(comfort)
    services = [(one.kind, one.id) for one in victim.context.territory.services]
    others = [(route, "") for route in ROUTES if route not in SERVICE_ROUTES]
    seen: set[tuple[str, str]] = set()
    todo = [("hive", ""), *services, *others]
    for _ in range(400):
        if not todo:
            break
        route, argument = todo.pop(0)
        seen.add((route, argument))
        victim.app.show(route, argument)
        victim.settle()
        assert look(victim) > 0, (route, argument)
        if (route, argument) in services:
            todo += [door for door in doors(victim) if door not in {*seen, *todo}]
    assert {route for route, _ in seen} >= {*ROUTES} - {"outage"}
    assert nobody_called(trap)


def test_a_hostile_screen_is_spoken_and_captioned(victim: Kiosk, trap: socket.socket) -> None:
    for service in victim.context.territory.services[:4]:
        victim.show(service.kind, service.id)
        victim.app.listen()
        victim.later(5)
        look(victim)
    assert nobody_called(trap)


def test_hostile_text_can_be_typed(victim: Kiosk, strings: list[str], trap: socket.socket) -> None:
    for text in [*strings, "\ud800", "\udfff\ud800x"]:
        victim.show("search", text)
        look(victim)
        assert isinstance(victim.app.opened, SearchViewModel)
        victim.app.opened.write(text)
        victim.app.opened.openFirst()
    assert nobody_called(trap)


@pytest.mark.parametrize("argument", ["", "/", "//", "../..", "\x00", "<img>", "x" * 5000, "%1"])
def test_no_argument_of_a_route_breaks_it(victim: Kiosk, argument: str) -> None:
    for route in ROUTES:
        if route not in SERVICE_ROUTES:
            victim.app.show(route, argument)
            assert victim.route == route
    victim.settle()
    look(victim)


@pytest.mark.parametrize(("form", "plain"), [("PlainText", True), ("AutoText", False)])
def test_the_walker_tells_plain_text_from_other_text(qtbot: QtBot, form: str, plain: bool) -> None:
    engine = QQmlApplicationEngine()
    page = f"import QtQuick; Window {{ Text {{ text: '<b>x</b>'; textFormat: Text.{form} }} }}"
    engine.loadData(QByteArray(page.encode()), QUrl())
    window = engine.rootObjects()[0]
    assert isinstance(window, QQuickWindow)
    (text,) = window.contentItem().childItems()
    assert is_plain(text) is plain


def test_the_trap_hears_a_call(trap: socket.socket) -> None:
    assert nobody_called(trap)
    with socket.create_connection(trap.getsockname()):
        assert not nobody_called(trap)
