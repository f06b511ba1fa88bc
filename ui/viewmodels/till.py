"""The view models of the staff's till: its lists, what is typed there, and the card laid again."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import Property, Signal, Slot
from PySide6.QtQml import QmlElement

from ui.context import Context
from ui.till import CASH, Ask
from ui.viewmodels.article import ArticleViewModel
from ui.viewmodels.base import Builder, ScreenViewModel, shown
from ui.viewmodels.told import SETTLE_S
from ui.views.till import DO
from ui.views.till_sum import FIELDS, TillSumFrame, begun, build_till_sum, pressed, values_of

QML_IMPORT_NAME = "Alveole.Models"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class TillViewModel(ScreenViewModel):
    """The till's home, list and papers; a row may act, and so may the main action."""

    def __init__(self, context: Context, argument: str, builder: Builder) -> None:
        self._opened_at = context.clock.monotonic()
        super().__init__(context, argument, builder)
        if context.tills is not None:
            context.tills.look()

    @Slot(str, str)
    def open(self, route: str, argument: str) -> None:
        """Do what a row says, or open its screen."""
        if route == DO:
            do(self._context, argument)
        else:
            super().open(route, argument)

    @Slot()
    def act(self) -> None:
        """Do the main action: an act where it has no route.

        A tap that comes just after the screen has opened meant the one before.
        """
        action = self.frame.action
        if action.route:
            super().act()
        elif self._context.clock.monotonic() - self._opened_at >= SETTLE_S:
            do(self._context, action.argument)


@QmlElement
class TillCaseViewModel(ArticleViewModel):
    """A case of the staff's list; its rows settle it."""

    @Slot(str, str)
    def open(self, route: str, argument: str) -> None:
        """Settle the case as the row says, or open a screen."""
        if route == DO:
            do(self._context, argument)
        else:
            super().open(route, argument)

    @Slot()
    def act(self) -> None:
        """Do what was asked once more, or open what the action names."""
        action = self.frame.action
        if action.route:
            super().act()
        else:
            do(self._context, action.argument)


@QmlElement
class TillCardViewModel(ArticleViewModel):
    """The page that asks for the citizen's card again, once the second person has agreed."""

    @Slot()
    def act(self) -> None:
        """Go on, or go back while no card lies there."""
        if self.frame.action.honey and self._context.tills is not None:
            self._context.tills.resume()
        else:
            super().act()


@QmlElement
class TillsumViewModel(ScreenViewModel):
    """What is typed at the till, field after field; the desk does it."""

    updated = Signal()

    def __init__(self, context: Context, argument: str) -> None:
        self._purpose, self._case, self._typed = begun(argument)
        # when the field under way was opened by the tap before
        self._field_at = context.clock.monotonic() if self._case else float("-inf")
        super().__init__(context, argument, self._build)
        self.changed.connect(self.updated)
        if context.desk is not None and context.wallet.lying and context.wallet.reading is None:
            context.desk.look()

    def _build(self, context: Context, argument: str) -> TillSumFrame:
        return build_till_sum(context, argument, self._typed)

    _headline = shown("headline")
    headline = Property(str, _headline, notify=updated)
    _figure = shown("figure")
    figure = Property(str, _figure, notify=updated)
    _said = shown("said")
    said = Property(str, _said, notify=updated)
    _before = shown("before")
    before = Property(str, _before, notify=updated)
    _change = shown("change")
    change = Property(str, _change, notify=updated)
    _comma = shown("comma")
    comma = Property(bool, _comma, notify=updated)

    @Slot(str)
    def press(self, key: str) -> None:
        """Take a key of the pad."""
        field = FIELDS[self._purpose][len(self._typed) - 1]
        if len(key) == 1 or key == "erase":
            self._typed[-1] = pressed(field, self._typed[-1], key)
        self.refresh()

    @Slot()
    def act(self) -> None:
        """Go to the next field, hand all of them over, or leave while nothing is typed.

        A tap that comes just after the next field has opened meant the one before.
        """
        now = self._context.clock.monotonic()
        if now - self._field_at < SETTLE_S:
            return
        if not cast("TillSumFrame", self._frame).ready or self._context.tills is None:
            self.back()
        elif len(self._typed) < len(FIELDS[self._purpose]):
            self._typed.append("")
            self._field_at = now
            self.refresh()
        else:
            values = values_of(self._purpose, self._typed)
            self._context.tills.ask(Ask(what=self._purpose, values=values, case=self._case))

    def leave(self) -> None:
        """Forget what was typed."""
        self._typed = [""]


def do(context: Context, argument: str) -> None:
    """Ask the till for ``what`` or ``what/case``."""
    what, _, case = argument.partition("/")
    if context.tills is not None and what and what != CASH:
        context.tills.ask(Ask(what=what, case=case))
