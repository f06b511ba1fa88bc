"""A report on the screen: chosen, written, read over, sent once, forgotten at the visit's end."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from kiosk.app.installed import Installed
from kiosk.domain.idle import WIPE_S
from kiosk.domain.report import REPORTS_MAX, TEXT_MAX
from tests.conftest import MovedClock
from tests.ui.kiosks import Kiosk
from tests.ui.money import CARD, MoneyKiosk
from ui.comfort import Comfort
from ui.viewmodels.report import ReportWordsViewModel
from ui.viewmodels.typed import TypedViewModel
from ui.views.takeaway import TakeawayFrame

SERVICE = "signaler"
ARGUMENT = f"{SERVICE}/road/here"
CANARY = "canarizqx"


class ReportKiosk(MoneyKiosk):
    """A kiosk in front of which somebody has seen a hole in the road."""

    @property
    def field(self) -> TypedViewModel:
        assert isinstance(self.app.opened, TypedViewModel)
        return self.app.opened

    def follow(self, place: int = 0) -> None:
        """Touch a row."""
        row = self.app.opened.frame.rows[place]
        self.app.opened.open(row.route, row.argument)

    def write(self, text: str) -> None:
        for char in text:
            self.field.press(char)

    def written(self, text: str = "Un trou") -> None:
        """Come to the last look."""
        self.app.show("report-words", ARGUMENT)
        self.write(text)
        self.act()

    def sent(self, text: str = "Un trou") -> TakeawayFrame:
        self.written(text)
        self.send()
        return cast("TakeawayFrame", self.app.opened.frame)

    def send(self) -> None:
        self.app.opened.act()
        self._qtbot.waitUntil(lambda: not self.kiosk.context.report.busy)

    def events(self) -> list[str]:
        with closing(sqlite3.connect(self.path)) as journal:
            rows = journal.execute("SELECT payload FROM outbox WHERE kind = 'report.sent'")
            return [payload for (payload,) in rows]


@pytest.fixture
def kiosk(
    qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path
) -> Iterator[ReportKiosk]:
    made = ReportKiosk(qtbot, demo, clock, tmp_path)
    yield made
    made.close()


def test_a_hole_in_the_road_is_reported_from_the_services_page(kiosk: ReportKiosk) -> None:
    kiosk.app.show("info", SERVICE)
    kiosk.act()
    kiosk.follow()
    kiosk.follow()
    kiosk.write("Un trou")
    kiosk.act()
    assert kiosk.route == "report-check"
    kiosk.send()
    assert kiosk.route == "report-sent"
    (event,) = kiosk.events()
    code = cast("TakeawayFrame", kiosk.app.opened.frame).figure
    assert f'"code": "{code}"' in event
    assert '"category": "road"' in event


def test_back_from_the_code_is_home_and_not_a_second_report(kiosk: ReportKiosk) -> None:
    kiosk.sent()
    kiosk.app.back()
    assert kiosk.route == "hive"
    assert len(kiosk.events()) == 1


def test_a_second_tap_sends_nothing_more(kiosk: ReportKiosk) -> None:
    kiosk.written()
    kiosk.app.opened.act()
    kiosk.send()
    assert len(kiosk.events()) == 1


def test_the_next_report_begins_with_no_words(kiosk: ReportKiosk) -> None:
    kiosk.sent(CANARY)
    kiosk.app.show("report-words", ARGUMENT)
    assert kiosk.field.property("text") == ""


def test_comfort_and_back_keep_the_words(kiosk: ReportKiosk) -> None:
    kiosk.app.show("report-words", ARGUMENT)
    kiosk.write("Un trou")
    kiosk.app.show("comfort", "")
    kiosk.app.back()
    assert kiosk.field.property("text") == "Un trou"


def test_no_more_words_are_taken_than_fit(kiosk: ReportKiosk) -> None:
    kiosk.app.show("report-words", ARGUMENT)
    kiosk.field.write("x" * (TEXT_MAX + 20))
    kiosk.field.write("x")
    assert kiosk.field.property("text") == "x" * TEXT_MAX


def test_blanks_stand_between_words_and_control_characters_do_not(kiosk: ReportKiosk) -> None:
    kiosk.app.show("report-words", ARGUMENT)
    for text in (" ", "a", " ", "\x1b", "b"):
        kiosk.field.write(text)
    assert kiosk.field.property("text") == "a b"


def test_a_telephone_number_is_never_sent(kiosk: ReportKiosk) -> None:
    kiosk.app.show("report-words", ARGUMENT)
    kiosk.write("0612345678")
    kiosk.act()
    assert kiosk.route == "report-words"
    assert kiosk.events() == []


def test_a_bored_child_is_told_to_come_back(kiosk: ReportKiosk) -> None:
    for _ in range(REPORTS_MAX):
        kiosk.sent()
    kiosk.written()
    kiosk.send()
    assert kiosk.route == "report-check"
    assert "dans une heure" in kiosk.app.opened.frame.banner.text
    assert len(kiosk.events()) == REPORTS_MAX


def test_a_laid_card_does_not_take_the_words_away(kiosk: ReportKiosk) -> None:
    kiosk.app.show("report-words", ARGUMENT)
    kiosk.write("Un trou")
    kiosk.lay(CARD)
    assert kiosk.route == "report-words"


@pytest.mark.parametrize("ends", ["idle", "end", "home"])
def test_the_end_of_a_visit_forgets_every_word(kiosk: ReportKiosk, ends: str) -> None:
    kiosk.app.touched()
    kiosk.app.show("report-words", ARGUMENT)
    kiosk.write(CANARY)
    gone = cast("ReportWordsViewModel", kiosk.app.opened)
    kiosk.act()
    if ends == "idle":
        for _ in range(int(WIPE_S) + 2):
            kiosk.clock.move(1)
            kiosk.app.tick()
    else:
        getattr(kiosk.app, ends)()
    assert kiosk.route == "hive"
    assert kiosk.kiosk.context.report.text == ""
    assert CANARY not in repr(vars(gone))
    assert CANARY not in repr(kiosk.app._visit)


def test_a_late_answer_of_an_ended_visit_shows_nobody_a_code(kiosk: ReportKiosk) -> None:
    kiosk.written()
    kiosk.app.opened.act()
    kiosk.app.end()
    kiosk.settle()
    assert kiosk.route == "hive"
    assert kiosk.kiosk.context.report.sent is None


def test_a_report_of_the_pack_is_followed_by_its_code(kiosk_of: Callable[[], Kiosk]) -> None:
    window = kiosk_of()
    window.show("follow", SERVICE)
    for key in "DEMX2345":
        window.tap(key)
    assert "La mairie a répondu" in window.texts()


@pytest.mark.parametrize("mode", [Comfort(), Comfort(large=True), Comfort(low=True)])
def test_keys_alone_write_and_go_on(kiosk_of: Callable[[], Kiosk], mode: Comfort) -> None:
    window = kiosk_of()
    window.app.setComfort(mode)
    window.show("report-words", ARGUMENT)
    window.write("Un trou")
    while window.focused != "Continuer":
        window.key(Qt.Key.Key_Tab)
    window.key(Qt.Key.Key_Return)
    assert window.route == "report-check"


def test_low_mode_keeps_every_target_within_reach(kiosk_of: Callable[[], Kiosk]) -> None:
    window = kiosk_of()
    window.app.setComfort(Comfort(low=True))
    for route, argument in (("report", SERVICE), ("report-words", ARGUMENT), ("follow", SERVICE)):
        window.show(route, argument)
        tops = [item.mapToScene(QPointF(0, 0)).y() for item in window.targets().values()]
        assert min(tops) >= window.window.height() * 0.4 - 1


def test_leaving_forgets_the_code(kiosk: ReportKiosk) -> None:
    kiosk.app.show("follow", SERVICE)
    kiosk.write("DEMX2345")
    gone = kiosk.field
    kiosk.app.home()
    assert "DEMX" not in repr(vars(gone))


def test_the_codes_action_ends_the_visit(kiosk: ReportKiosk) -> None:
    kiosk.sent()
    kiosk.app.opened.act()
    assert kiosk.route == "hive"
    assert kiosk.kiosk.context.report.sent is None
