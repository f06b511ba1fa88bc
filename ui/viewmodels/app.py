"""The shell's view model: which screen is open, language, comfort, the minute, the idle watch.

Rules (kiosk.domain.idle has those of the watch):
1. A touch or a key begins a visit or keeps it alive; what ended a visit never begins the next.
2. The end of a visit puts back language, comfort, history, captions and the device's home: the
   hive, or what its role has instead (ui.routes.HOMES).
3. Écouter speaks the screen; a second time, or another screen, is silence.
4. With keys, what comes into focus is spoken, the title of a new screen before it.
5. A laid card begins a visit and opens its screen from any other; a lifted one is hidden at once.
   While a payment is in flight nothing is wiped; home and the visit's end give it up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.domain.idle import IdleWatch, Phase
from kiosk.ports import Voice
from ui.captions import Captions
from ui.comfort import Comfort
from ui.context import Context
from ui.models.rows import RowsModel
from ui.routes import (
    ATTRACT,
    COUNTER,
    HIVE,
    HOMES,
    LANGUAGES,
    PIN,
    REPORT_SENT,
    ROUTES,
    STAFF,
    TOPUP,
)
from ui.viewmodels.base import ScreenViewModel
from ui.viewmodels.hive import HiveViewModel
from ui.views.frame import Row
from ui.views.languages import name_of
from ui.words import Words

QML_IMPORT_NAME = "Alveole.Models"
QML_IMPORT_MAJOR_VERSION = 1

HISTORY_MAX = 30
# a laid card is for what they do, or none of their concern
KEEPING = frozenset(
    {
        *("sale", "ticket", "bill", "gate", "pin", "issue", "transfer"),
        *("report", "report-where", "report-words", "report-check", "report-sent"),
        *("till", "till-sum", "till-case", "till-card"),
    }
)
TICK_MS = 1000
READY_MS = 20  # between two imports: a touch goes first
LIST = "List"  # the QML file of plain lists
ATTRACT_AFTER_S = 120
SETTLE_S = 0.5  # the touch or key that ends a visit arrives once more as a sign of life


@dataclass(slots=True)
class _Visit:
    """What one visit leaves behind until it is wiped."""

    history: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    captions: Captions = field(default_factory=Captions)
    speaking: bool = False
    announced: str = ""  # a new screen's title, to be said with the first focused name


@QmlElement
class AppViewModel(QObject):
    """The shell; ``screen`` is the open screen's view model, ``source`` its QML file."""

    screenChanged = Signal()
    ticked = Signal()
    comfortChanged = Signal()
    languageChanged = Signal()
    phaseChanged = Signal()
    captionChanged = Signal()

    def __init__(
        self,
        context: Context,
        voice: Voice,
        *,
        watch: IdleWatch | None = None,
        hurried: bool = False,
        parent: QObject | None = None,
    ) -> None:
        """Open the device's home; ``hurried``: the hive's first page alone until ``start``."""
        super().__init__(parent)
        self._context = context
        self._voice = voice
        self._visit = _Visit()
        self._watch = watch or IdleWatch()
        self._phase = Phase.REST
        self._rested_at = context.clock.monotonic()
        self._ended_at = float("-inf")
        self._home = HOMES[context.role]
        self._route, self._argument = HIVE, ""
        self._version = context.cache.version()
        # kept, so that home is there at once
        self._hive = HiveViewModel(context, whole=not hurried)
        self._adopt(HIVE, self._hive)
        self._screen: ScreenViewModel = self._hive
        # the last list is kept as well: the next one takes over its rows
        self._list: ScreenViewModel = self._hive
        self._list_rows = RowsModel(Row, self)
        self._minute = context.here_now().replace(second=0, microsecond=0)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._routes = iter(ROUTES.values())
        self._ready = QTimer(self)
        self._ready.setInterval(READY_MS)
        self._ready.timeout.connect(self._make_ready)
        self.follow_desks()
        if self._home != HIVE:
            self._open(self._home, "")

    def follow_desks(self) -> None:
        """Follow the desks that are there; to be called once, when they have come."""
        context = self._context
        if context.desk is not None:
            context.desk.laid.connect(self._card_laid)
            context.desk.changed.connect(self._wallet_changed)
        if context.sales is not None:
            context.sales.changed.connect(self._wallet_changed)
        if context.gate is not None:
            context.gate.changed.connect(self._identity_changed)
            context.gate.answered.connect(self._say_answer)
        if context.clerk is not None:
            context.clerk.changed.connect(self._identity_changed)
            context.clerk.known.connect(self._became_known)
        if context.tills is not None:
            context.tills.changed.connect(self._identity_changed)
            context.tills.moved.connect(self._till_moved)
        if context.reports is not None:
            context.reports.changed.connect(self._identity_changed)
            context.reports.sent.connect(self._report_sent)
        if self._home != HIVE:  # a counter's and a gate's home tell of them
            self._screen.refresh()

    # what QML reads

    def _screen_model(self) -> ScreenViewModel:
        return self._screen

    screen = Property(ScreenViewModel, _screen_model, notify=screenChanged)

    def _hive_model(self) -> ScreenViewModel:
        return self._hive

    hive = Property(ScreenViewModel, _hive_model, notify=screenChanged)

    def _qml_file(self) -> str:
        return f"screens/{ROUTES[self._route].qml}.qml"

    source = Property(str, _qml_file, notify=screenChanged)

    def _route_name(self) -> str:
        return self._route

    route = Property(str, _route_name, notify=screenChanged)

    def _is_at_home(self) -> bool:
        return self._route == self._home

    atHome = Property(bool, _is_at_home, notify=screenChanged)

    def _language(self) -> str:
        return self._context.words.language

    language = Property(str, _language, notify=languageChanged)

    def _language_name(self) -> str:
        return name_of(self._language())

    languageName = Property(str, _language_name, notify=languageChanged)

    def _large(self) -> bool:
        return self._context.comfort.large

    large = Property(bool, _large, notify=comfortChanged)

    def _contrast(self) -> bool:
        return self._context.comfort.contrast

    contrast = Property(bool, _contrast, notify=comfortChanged)

    def _low(self) -> bool:
        return self._context.comfort.low

    low = Property(bool, _low, notify=comfortChanged)

    def _keys(self) -> bool:
        return self._context.comfort.keys

    keys = Property(bool, _keys, notify=comfortChanged)

    def _slow(self) -> bool:
        return self._context.comfort.slow

    slow = Property(bool, _slow, notify=comfortChanged)

    def _phase_name(self) -> str:
        return str(self._phase)

    phase = Property(str, _phase_name, notify=phaseChanged)

    def _seconds_left(self) -> int:
        return self._watch.left_s(self._context.clock.monotonic())

    secondsLeft = Property(int, _seconds_left, notify=ticked)

    def _caption_text(self) -> str:
        return self._visit.captions.text

    caption = Property(str, _caption_text, notify=captionChanged)

    def _is_speaking(self) -> bool:
        return self._visit.speaking

    speaking = Property(bool, _is_speaking, notify=captionChanged)

    def _is_demo(self) -> bool:
        return self._context.territory.demo

    demo = Property(bool, _is_demo, constant=True)

    def _is_training(self) -> bool:
        return self._context.training

    training = Property(bool, _is_training, constant=True)

    # what QML and the composition root ask

    @property
    def opened(self) -> ScreenViewModel:
        """The open screen's view model."""
        return self._screen

    @property
    def comfort(self) -> Comfort:
        """The comfort choices of this visit."""
        return self._context.comfort

    def start(self) -> None:
        """Start ticking, once a second; make ready what the first frame did not need."""
        self._timer.start()
        self.complete()
        self._ready.start()

    def complete(self) -> None:
        """Have the hive's other pages tell what they know as well."""
        self._hive.complete()

    def _make_ready(self) -> None:
        """Import the modules of one more screen."""
        route = next(self._routes, None)
        if route is None:
            self._ready.stop()
        else:
            route.prepare()

    @Slot()
    def tick(self) -> None:
        """Look at the idle watch, the minute and the data; refresh what changed."""
        now = self._context.clock.monotonic()
        self._follow(self._watch.phase(now))
        minute = self._context.here_now().replace(second=0, microsecond=0)
        version = self._context.cache.version()
        if (minute, version) != (self._minute, self._version):
            self._minute, self._version = minute, version
            self._refresh()
        if self._phase is Phase.REST and self._route == HIVE:
            self._attract(now)
        if self._visit.captions.advance(now):
            self._visit.speaking = self._visit.speaking and bool(self._visit.captions.text)
            self.captionChanged.emit()
        self.ticked.emit()

    def _follow(self, phase: Phase) -> None:
        if phase is Phase.WIPE:
            self.end()
        elif phase is not self._phase:
            self._phase = phase
            if phase is Phase.WARNING:
                self._visit.announced = self._context.words("Encore du temps\u00a0?")
            self.phaseChanged.emit()

    def _attract(self, now: float) -> None:
        if ATTRACT in ROUTES and now - self._rested_at >= ATTRACT_AFTER_S:
            self._open(ATTRACT, "")

    @Slot()
    def touched(self) -> None:
        """Note a touch or a key: the visit goes on, the attract loop ends."""
        now = self._context.clock.monotonic()
        if self._phase is Phase.REST and now - self._ended_at < SETTLE_S:
            return
        self._watch.touch(now)
        self._follow(self._watch.phase(now))
        if self._route == ATTRACT:
            self.home()

    def hold(self, *, held: bool) -> None:
        """Keep the visit from being wiped while a payment is in flight."""
        self._watch.hold(self._context.clock.monotonic(), held=held)

    def _card_laid(self, route: str, over: bool) -> None:  # noqa: FBT001  # a signal's argument
        """Open the card's screen, or its top-up's; a sum that is being chosen stays."""
        now = self._context.clock.monotonic()
        self._watch.touch(now)
        self._follow(self._watch.phase(now))
        if self._route in KEEPING:
            return
        if self._home == COUNTER and self._context.identity.staff is None:
            self.show(PIN, STAFF)  # the badge of who opens the counter
        elif self._route in {self._home, ATTRACT}:
            self._visit.history.clear()
            self._open(route, "")
        elif self._route != route and (self._route != TOPUP or over):
            self.show(route, "")

    def _wallet_changed(self) -> None:
        self.hold(held=self._context.wallet.in_flight or self._context.sale.in_flight)
        self._screen.refresh()

    def _identity_changed(self) -> None:
        self._screen.refresh()

    def _say_answer(self) -> None:
        """Speak a gate's answer by itself: nobody presses anything there."""
        self._be_quiet()
        self._visit.speaking = True
        self._speak(self._screen.frame.spoken)

    def _became_known(self, route: str) -> None:
        """Open what a right code opens; the code's own screen isn't gone back to."""
        if self._route != route:
            if route == self._home:
                self.home()
            else:
                self._open(route, "")

    def _till_moved(self, route: str, argument: str) -> None:
        """Open what follows an act at the till; what was typed isn't gone back to."""
        self._visit.history[:] = [(self._home, ""), ("till", "")][: 1 if route == "till" else 2]
        self._open(route, argument)

    def _report_sent(self) -> None:
        """Show the code of a report that was sent; its steps aren't gone back to."""
        self._visit.history.clear()
        self._open(REPORT_SENT, "")

    def _forget_report(self) -> None:
        if self._context.reports is not None:
            self._context.reports.leave()

    def _give_up_payment(self) -> None:
        if self._context.desk is not None:
            self._context.desk.leave()
        if self._context.sales is not None:
            self._context.sales.leave()

    def _forget_identity(self) -> None:
        if self._context.clerk is not None:
            self._context.clerk.leave()
        if self._context.tills is not None:
            self._context.tills.leave()

    @Slot()
    def end(self) -> None:
        """End the visit: forget everything and show a clean home ("Terminer", or idle)."""
        self._give_up_payment()
        self._forget_identity()
        self._forget_report()
        self._voice.forget()
        self._watch.end()
        self._watch.slow = False
        self._visit = _Visit()
        self._context.comfort = Comfort()
        self._rested_at = self._ended_at = self._context.clock.monotonic()
        self._phase = Phase.REST
        self._hive.first_page()
        self._list_rows.show([])
        self.setLanguage(self._context.territory.languages[0])
        self._open(self._home, "")
        self.comfortChanged.emit()
        self.phaseChanged.emit()

    @Slot(str, str)
    def show(self, route: str, argument: str) -> None:
        """Open a screen; the one before is kept for Back. Unknown routes do nothing."""
        if route not in ROUTES:
            return
        self._visit.history.append((self._route, self._screen.argument))
        del self._visit.history[:-HISTORY_MAX]
        self._open(route, argument)

    def _asked(self, route: str, argument: str) -> None:
        """Open what a screen asks for, but for the echo of the touch that ended a visit."""
        since_s = self._context.clock.monotonic() - self._ended_at
        if self._phase is not Phase.REST or since_s >= SETTLE_S:
            self.show(route, argument)

    @Slot()
    def back(self) -> None:
        """Open the screen before, home when there is none."""
        route, argument = self._visit.history.pop() if self._visit.history else (self._home, "")
        self._open(route, argument)

    @Slot()
    def home(self) -> None:
        """Open the device's home."""
        self._give_up_payment()
        self._forget_report()
        self._visit.history.clear()
        self._open(self._home, "")

    @Slot(str)
    def setLanguage(self, language: str) -> None:
        """Change language; the screen and the visit stay."""
        if language in self._context.territory.languages and language != self._language():
            self._context.words = Words(language)
            self.languageChanged.emit()
            self._refresh()
            self.ticked.emit()

    @Slot(str)
    def toggle(self, name: str) -> None:
        """Switch a comfort choice."""
        self.setComfort(self._context.comfort.toggled(name))

    def setComfort(self, comfort: Comfort) -> None:
        """Take these comfort choices for the visit, at once."""
        self._context.comfort = comfort
        self._watch.slow = comfort.slow
        self._screen.refresh()
        self.comfortChanged.emit()

    @Slot()
    def listen(self) -> None:
        """Speak the screen and show what is spoken as a caption; a second time: be quiet."""
        if self._visit.speaking:
            self._be_quiet()
            return
        self._visit.speaking = True
        frame = self._screen.frame
        self._speak(frame.spoken, private=frame.private)

    @Slot(str)
    def focused(self, name: str) -> None:
        """Speak the name of what the keys have come to, where the citizen drives by keys."""
        if self._context.comfort.keys and name:
            sentences = [part for part in (self._visit.announced, name) if part]
            self._visit.announced = ""
            self._be_quiet()
            self._speak(sentences)

    def _speak(self, sentences: Sequence[str], *, private: bool = False) -> None:
        self._voice.say(" ".join(sentences), language=self._language(), private=private)
        now = self._context.clock.monotonic()
        self._visit.captions.begin(sentences, now, slow=self._context.comfort.slow)
        self.captionChanged.emit()

    def _be_quiet(self) -> None:
        self._voice.stop()
        self._visit.speaking = False
        self._visit.captions.stop()
        self.captionChanged.emit()

    def _refresh(self) -> None:
        self._hive.refresh()
        if self._screen is not self._hive:
            self._screen.refresh()

    def _open(self, route: str, argument: str) -> None:
        if self._context.clerk is not None:
            self._context.clerk.turn()
        if self._context.tills is not None:
            self._context.tills.turn()
        gone = {self._screen}
        self._screen = self._hive if route == HIVE else self._made(route, argument)
        self._route, self._argument = route, argument
        if ROUTES[route].qml == LIST:
            gone.add(self._list)
            self._list = self._screen
            self._list.share(self._list_rows)
        self._be_quiet()
        self._visit.announced = f"{self._screen.frame.title}."
        self.screenChanged.emit()
        for screen in gone - {self._hive, self._list}:
            screen.leave()
            screen.deleteLater()

    def _made(self, route: str, argument: str) -> ScreenViewModel:
        screen = ROUTES[route].make(self._context, argument)
        self._adopt(route, screen)
        return screen

    def _adopt(self, route: str, screen: ScreenViewModel) -> None:
        screen.setParent(self)
        screen.routeAsked.connect(self._asked)
        screen.backAsked.connect(self.back)
        screen.homeAsked.connect(self.home)
        screen.endAsked.connect(self.end)
        screen.chosen.connect(self._take_language if route == LANGUAGES else self._take_comfort)

    def _take_comfort(self, name: str) -> None:
        """Switch the choice ``name``, or put all back."""
        self.setComfort(self._context.comfort.toggled(name) if name else Comfort())

    def _take_language(self, language: str) -> None:
        """Change language and go back to the screen that the citizen came from."""
        self.setLanguage(language)
        self.back()
