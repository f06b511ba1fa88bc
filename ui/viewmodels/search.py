"""The search's view model: what is typed, and what answers.

A suggestion or a tour may open the search with a text; that text is the route's argument.
"""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtQml import QmlElement

from ui.context import Context
from ui.viewmodels.typed import TypedViewModel
from ui.views.search import TYPED_MAX, build_search, typed

QML_IMPORT_NAME = "Alveole.Models"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class SearchViewModel(TypedViewModel):
    """The search: answers at each letter, forgets at the end."""

    most = TYPED_MAX

    def __init__(self, context: Context, argument: str = "") -> None:
        super().__init__(
            context, argument, lambda to, _, text: build_search(to, text), typed(argument)
        )

    def _name(self) -> str:
        return self._context.words("Votre recherche")

    def _hint_words(self) -> str:
        return self._context.words("Piscine, mairie, carte d’identité…")

    def _kept(self, text: str) -> str:
        return typed(text)

    @Slot()
    def openFirst(self) -> None:
        """Open the best answer to what was typed."""
        row = next(iter(self._frame.rows), None)
        if row is not None and self._text.strip():
            self.open(row.route, row.argument)
