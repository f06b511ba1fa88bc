"""The view models of who is known: the counter's home, issuing a card, the holder's account."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtQml import QmlElement

from ui.viewmodels.article import ArticleViewModel
from ui.viewmodels.base import ScreenViewModel
from ui.views.account import RENEW

QML_IMPORT_NAME = "Alveole.Models"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class CounterViewModel(ScreenViewModel):
    """The counter's home; its action asks for a code, or closes the counter."""

    @Slot()
    def act(self) -> None:
        """Close the counter when somebody is there, else ask who comes."""
        if self._context.identity.staff is None:
            super().act()
        else:
            self.endAsked.emit()


@QmlElement
class AccountViewModel(ScreenViewModel):
    """The holder's account; a loan's row renews it."""

    @Slot(str, str)
    def open(self, route: str, argument: str) -> None:
        """Renew a loan, or open a screen."""
        if route != RENEW:
            super().open(route, argument)
        elif self._context.clerk is not None:
            self._context.clerk.renew(argument)


@QmlElement
class TransferViewModel(ArticleViewModel):
    """The page that replaces a lost card: its action moves the balance to the card that lies."""

    @Slot()
    def act(self) -> None:
        """Move the balance, or go back where there is nothing to move it to."""
        clerk = self._context.clerk
        if clerk is not None and self.frame.action.honey:
            clerk.transfer()
        else:
            self.back()


@QmlElement
class IssueViewModel(ArticleViewModel):
    """The page that issues a card: its action makes the blank card that lies there ours."""

    @Slot()
    def act(self) -> None:
        """Issue, or go back once it is done."""
        identity, clerk = self._context.identity, self._context.clerk
        if clerk is None or identity.staff is None or identity.told:
            self.back()
        else:
            clerk.issue()
