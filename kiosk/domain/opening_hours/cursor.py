"""A place in a row of tokens, and what stands there."""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.domain.errors import HoursNotUnderstood
from kiosk.domain.opening_hours.lexer import Kind, Token


class Cursor:
    """Walks over tokens; ``warnings`` gathers what had to be guessed on the way."""

    def __init__(self, tokens: Sequence[Token], warnings: list[str]) -> None:
        self._tokens = tokens
        self.at = 0
        self.warnings = warnings

    def peek(self, ahead: int = 0) -> Token:
        """Give the token ``ahead`` of here; the last one is END for ever."""
        return self._tokens[min(self.at + ahead, len(self._tokens) - 1)]

    def take(self) -> Token:
        """Give the token here and go on."""
        token = self.peek()
        self.at += 1
        return token

    def sign(self, *signs: str, ahead: int = 0) -> bool:
        """Say whether one of ``signs`` stands here."""
        token = self.peek(ahead)
        return token.kind is Kind.SIGN and token.text in signs

    def kind(self, *kinds: Kind, ahead: int = 0) -> bool:
        """Say whether a token of one of ``kinds`` stands here."""
        return self.peek(ahead).kind in kinds

    def skip(self, *signs: str) -> bool:
        """Go over one of ``signs``; say whether it was there."""
        there = self.sign(*signs)
        self.at += there
        return there

    def expect(self, sign: str) -> None:
        """Go over ``sign``; raises HoursNotUnderstood when something else stands here."""
        if not self.skip(sign):
            raise self.wrong(f"{sign!r} expected")

    def take_a(self, kind: Kind) -> Token:
        """Take a token of ``kind``; raises HoursNotUnderstood when something else stands here."""
        if not self.kind(kind):
            raise self.wrong(f"{kind.value} expected")
        return self.take()

    def plus_or_minus(self) -> int:
        """Take "+" or "-" as 1 or -1; raises HoursNotUnderstood when neither stands here."""
        if not self.sign("+", "-"):
            raise self.wrong("'+' or '-' expected")
        return 1 if self.take().text == "+" else -1

    def number(self, least: int, most: int, what: str) -> int:
        """Take a whole number between limits; raises HoursNotUnderstood."""
        token = self.peek()
        if token.kind is not Kind.NUMBER or not least <= token.value <= most:
            raise self.wrong(f"{what} from {least} to {most} expected")
        return self.take().value

    def warn(self, warning: str) -> None:
        """Note that something had to be guessed."""
        self.warnings.append(warning)

    def wrong(self, why: str) -> HoursNotUnderstood:
        """Give the error for what stands here."""
        token = self.peek()
        return HoursNotUnderstood(f"{why} before {token.text or 'the end'!r}")
