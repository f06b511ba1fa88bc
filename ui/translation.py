"""Serves QML's qsTr from the same catalogues as Python's sentences."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTranslator

from ui.words import Words


class CatalogueTranslator(QTranslator):
    """A translator that answers from a ``Words``; QML sources are French, with %1, %2."""

    def __init__(self, words: Words, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words = words

    def isEmpty(self) -> bool:
        """Say no: an empty translator would not be asked."""
        return False

    def translate(
        self, context: str, sourceText: str, disambiguation: str | None = None, n: int = -1
    ) -> str:
        """Give the sentence in the citizen's language, the source where there is none."""
        return self._words.translated(sourceText)
