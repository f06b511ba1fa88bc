"""The shell's view model: which screen is open, language, comfort, the minute, the idle watch."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.domain.idle import IdleWatch, Phase
from kiosk.ports import Voice
from ui.comfort import Comfort
from ui.context import Context
from ui.routes import HOME, ROUTES
from ui.viewmodels.base import ScreenViewModel
from ui.words import Words

QML_IMPORT_NAME = "Alveole.Models"
QML_IMPORT_MAJOR_VERSION = 1

HISTORY_MAX = 30
TICK_MS = 1000
ATTRACT_AFTER_S = 120


@dataclass(slots=True)
class _Visit:
    """What one visit leaves behind until it is wiped."""

    history: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    comfort: Comfort = field(default_factory=Comfort)


@QmlElement
class AppViewModel(QObject):
    """The shell; ``screen`` is the open screen's view model, ``source`` its QML file."""

    screenChanged = Signal()
    ticked = Signal()
    comfortChanged = Signal()
    languageChanged = Signal()
    phaseChanged = Signal()
    captionChanged = Signal()

    def __init__(self, context: Context, voice: Voice, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._voice = voice
        self._visit = _Visit()
        self._watch = IdleWatch()
        self._phase = Phase.REST
        self._rested_at = context.clock.monotonic()
        self._caption = ""
        self._route, self._argument = HOME, ""
        self._version = context.cache.version()
        self._screen = self._made(HOME, "")
        self._minute = context.here_now().replace(second=0, microsecond=0)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)

    # what QML reads

    def _screen_model(self) -> ScreenViewModel:
        return self._screen

    screen = Property(ScreenViewModel, _screen_model, notify=screenChanged)

    def _qml_file(self) -> str:
        return f"screens/{ROUTES[self._route].qml}.qml"

    source = Property(str, _qml_file, notify=screenChanged)

    def _route_name(self) -> str:
        return self._route

    route = Property(str, _route_name, notify=screenChanged)

    def _language(self) -> str:
        return self._context.words.language

    language = Property(str, _language, notify=languageChanged)

    def _large(self) -> bool:
        return self._visit.comfort.large

    large = Property(bool, _large, notify=comfortChanged)

    def _contrast(self) -> bool:
        return self._visit.comfort.contrast

    contrast = Property(bool, _contrast, notify=comfortChanged)

    def _low(self) -> bool:
        return self._visit.comfort.low

    low = Property(bool, _low, notify=comfortChanged)

    def _keys(self) -> bool:
        return self._visit.comfort.keys

    keys = Property(bool, _keys, notify=comfortChanged)

    def _slow(self) -> bool:
        return self._visit.comfort.slow

    slow = Property(bool, _slow, notify=comfortChanged)

    def _phase_name(self) -> str:
        return str(self._phase)

    phase = Property(str, _phase_name, notify=phaseChanged)

    def _seconds_left(self) -> int:
        return self._watch.left_s(self._context.clock.monotonic())

    secondsLeft = Property(int, _seconds_left, notify=ticked)

    def _caption_text(self) -> str:
        return self._caption

    caption = Property(str, _caption_text, notify=captionChanged)

    def _is_demo(self) -> bool:
        return self._context.territory.demo

    demo = Property(bool, _is_demo, constant=True)

    # what QML and the composition root ask

    @property
    def opened(self) -> ScreenViewModel:
        """The open screen's view model."""
        return self._screen

    @property
    def comfort(self) -> Comfort:
        """The comfort choices of this visit."""
        return self._visit.comfort

    def start(self) -> None:
        """Start ticking, once a second."""
        self._timer.start()

    @Slot()
    def tick(self) -> None:
        """Look at the idle watch, the minute and the data; refresh what changed."""
        now = self._context.clock.monotonic()
        self._follow(self._watch.phase(now))
        minute = self._context.here_now().replace(second=0, microsecond=0)
        version = self._context.cache.version()
        if (minute, version) != (self._minute, self._version):
            self._minute, self._version = minute, version
            self._screen.refresh()
        if self._phase is Phase.REST and self._route == HOME:
            self._attract(now)
        self.ticked.emit()

    def _follow(self, phase: Phase) -> None:
        if phase is Phase.WIPE:
            self.end()
        elif phase is not self._phase:
            self._phase = phase
            self.phaseChanged.emit()

    def _attract(self, now: float) -> None:
        if "attract" in ROUTES and now - self._rested_at >= ATTRACT_AFTER_S:
            self._open("attract", "")

    @Slot()
    def touched(self) -> None:
        """Note a touch or a key: the visit goes on."""
        self._watch.touch(self._context.clock.monotonic())
        self._follow(self._watch.phase(self._context.clock.monotonic()))

    def hold(self, *, held: bool) -> None:
        """Keep the visit from being wiped while a payment is in flight."""
        self._watch.hold(self._context.clock.monotonic(), held=held)

    @Slot()
    def end(self) -> None:
        """End the visit: forget everything and show a clean hive ("Terminer", or idle)."""
        self._watch.end()
        self._watch.slow = False
        self._visit = _Visit()
        self._voice.stop()
        self._rested_at = self._context.clock.monotonic()
        self._say("")
        self.setLanguage(self._context.territory.languages[0])
        self._phase = Phase.REST
        self._open(HOME, "")
        self.comfortChanged.emit()
        self.phaseChanged.emit()

    @Slot(str, str)
    def show(self, route: str, argument: str) -> None:
        """Open a screen; the one before is kept for Back. Unknown routes do nothing."""
        if route not in ROUTES:
            return
        self._visit.history.append((self._route, self._argument))
        del self._visit.history[:-HISTORY_MAX]
        self._open(route, argument)

    @Slot()
    def back(self) -> None:
        """Open the screen before, the hive when there is none."""
        route, argument = self._visit.history.pop() if self._visit.history else (HOME, "")
        self._open(route, argument)

    @Slot()
    def home(self) -> None:
        """Open the hive."""
        self._visit.history.clear()
        self._open(HOME, "")

    @Slot(str)
    def setLanguage(self, language: str) -> None:
        """Change language; the screen and the visit stay."""
        if language in self._context.territory.languages and language != self._language():
            self._context.words = Words(language)
            self.languageChanged.emit()
            self._screen.refresh()
            self.ticked.emit()

    @Slot(str)
    def toggle(self, name: str) -> None:
        """Switch a comfort choice."""
        self.setComfort(self._visit.comfort.toggled(name))

    def setComfort(self, comfort: Comfort) -> None:
        """Take these comfort choices for the visit."""
        self._visit.comfort = comfort
        self._watch.slow = comfort.slow
        self.comfortChanged.emit()

    @Slot()
    def listen(self) -> None:
        """Speak the screen and show what is spoken as a caption; a second time: be quiet."""
        if self._caption:
            self._voice.stop()
            self._say("")
            return
        text = " ".join(self._screen.frame.spoken)
        self._voice.say(text, language=self._language())
        self._say(text)

    def _say(self, caption: str) -> None:
        self._caption = caption
        self.captionChanged.emit()

    def _open(self, route: str, argument: str) -> None:
        old = self._screen
        self._screen = self._made(route, argument)
        self._route, self._argument = route, argument
        self._voice.stop()
        self._say("")
        self.screenChanged.emit()
        old.leave()
        old.deleteLater()

    def _made(self, route: str, argument: str) -> ScreenViewModel:
        screen = ROUTES[route].make(self._context, argument)
        screen.setParent(self)
        screen.routeAsked.connect(self.show)
        screen.backAsked.connect(self.back)
        screen.homeAsked.connect(self.home)
        return screen
