"""The view models of a report: its words, the last look at it, its code, and following one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtQml import QmlElement

from kiosk.domain.report import TEXT_MAX
from kiosk.domain.text import clean_line
from ui.context import Context
from ui.keyboard import Key, reference_keys
from ui.viewmodels.base import ScreenViewModel
from ui.viewmodels.takeaway import TakeawayViewModel
from ui.viewmodels.typed import TypedViewModel
from ui.views.report import CODE_LEN_MAX, build_follow, build_words, chosen_of

QML_IMPORT_NAME = "Alveole.Models"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class ReportWordsViewModel(TypedViewModel):
    """A report's words; the visit keeps them, so that Back and Comfort don't lose them."""

    most = TEXT_MAX
    glyph = "notes"

    def __init__(self, context: Context, argument: str) -> None:
        if context.reports is not None:
            context.reports.again()
        super().__init__(context, argument, build_words, context.report.text)

    def _name(self) -> str:
        return self._context.words("Vos mots")

    def _hint_words(self) -> str:
        return self._context.words("Rue, numéro, ce que vous voyez…")

    def _kept(self, text: str) -> str:
        kept = clean_line(text[:TEXT_MAX], limit=TEXT_MAX)
        return f"{kept} " if text.endswith(" ") and 0 < len(kept) < TEXT_MAX else kept

    def _take(self, text: str) -> None:
        if self._context.reports is not None:
            self._context.reports.write(text)
        super()._take(text)


@QmlElement
class ReportCheckViewModel(ScreenViewModel):
    """A report read over; its action sends it."""

    @Slot()
    def act(self) -> None:
        """Send the report, when it may be sent."""
        if self._context.reports is not None and self._frame.action.title:
            chosen = chosen_of(self._context, self._argument)
            self._context.reports.send(chosen.category, chosen.place)


@QmlElement
class ReportSentViewModel(TakeawayViewModel):
    """The code of a report that was sent; its action ends the visit."""

    @Slot()
    def act(self) -> None:
        """End the visit."""
        self.endAsked.emit()


@QmlElement
class FollowViewModel(TypedViewModel):
    """Where a report stands, by its code; the code stays in this object alone."""

    most = CODE_LEN_MAX

    def __init__(self, context: Context, argument: str) -> None:
        super().__init__(context, argument, build_follow)

    def _name(self) -> str:
        return self._context.words("Votre code de suivi")

    def _hint_words(self) -> str:
        return "K7QF-2MXD"

    def _kept(self, text: str) -> str:
        return clean_line(text[:CODE_LEN_MAX]).upper()

    def _layout(self) -> Sequence[Key]:
        return reference_keys(self._context.words)
