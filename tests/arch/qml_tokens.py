"""Splits QML into tokens, and finds the objects and bindings that the lints look at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

_TOKEN = re.compile(
    r"""
      (?P<comment> //[^\n]* | /\*.*?\*/ )
    | (?P<string> "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' | `(?:\\.|[^`\\])*` )
    | (?P<name> [A-Za-z_$][\w$]* )
    | (?P<number> \d[\w.]* )
    | (?P<sign> [=!]==? | && | \|\| | \?\? | => | . )
    """,
    re.VERBOSE | re.DOTALL,
)
_GOES_ON = {*"?:+-*/.,([{<>=", "&&", "||", "??", "===", "!==", "==", "!="}
_OPEN, _CLOSE = "([{", ")]}"

Kind = Literal["string", "name", "number", "sign"]


@dataclass(frozen=True, slots=True)
class Token:
    """One token; ``text`` of a string is its content without quotes."""

    kind: Kind
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Binding:
    """``name: value`` (or a declaration with a value) and the tokens of its value."""

    name: str
    line: int
    value: tuple[Token, ...]

    @property
    def lines(self) -> int:
        """How many lines the value takes."""
        return self.value[-1].line - self.line + 1 if self.value else 1


@dataclass(frozen=True, slots=True)
class Block:
    """``Type { … }``; ``type`` is the last part of a dotted name, ``own`` its direct bindings."""

    type: str
    line: int
    own: tuple[Binding, ...]


def tokens_of(text: str) -> list[Token]:
    """Split a QML or JavaScript source; comments and blanks are left out."""
    tokens: list[Token] = []
    for found in _TOKEN.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        piece = found.group()
        match found.lastgroup:
            case "string":
                tokens.append(Token("string", unescaped(piece[1:-1]), line))
            case "name" | "number" as kind:
                tokens.append(Token(kind, piece, line))
            case "sign" if not piece.isspace():
                tokens.append(Token("sign", piece, line))
            case _:
                pass
    return tokens


def unescaped(text: str) -> str:
    r"""Resolve ``\u00a0``, ``\n`` and escaped quotes of a JavaScript string."""
    simple = {"n": "\n", "t": "\t"}

    def one(found: re.Match[str]) -> str:
        code = found.group(1)
        return chr(int(code[1:], 16)) if len(code) > 1 else simple.get(code, code)

    return re.sub(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", one, text)


def value_at(tokens: Sequence[Token], start: int) -> tuple[Token, ...]:
    """Give the tokens of the value that starts at ``start``."""
    depth, value = 0, list[Token]()
    for token in tokens[start:]:
        ends_line = bool(value) and depth == 0 and token.line > value[-1].line
        if ends_line and token.text not in _GOES_ON and value[-1].text not in _GOES_ON:
            break
        closes = token.kind == "sign" and token.text in _CLOSE
        if depth == 0 and (closes or (token.kind == "sign" and token.text == ";")):
            break
        depth += (token.kind == "sign" and token.text in _OPEN) - closes
        value.append(token)
        if closes and depth == 0 and value[0].text == "{":
            break
    return tuple(value)


def bindings(tokens: Sequence[Token]) -> Iterator[Binding]:
    """Give every ``name: value``, nested ones too; dotted names stay dotted."""
    for i, token in enumerate(tokens[:-1]):
        if token.kind != "name" or tokens[i + 1].text != ":" or tokens[i + 1].kind != "sign":
            continue
        name, first = token.text, i
        while first >= 2 and tokens[first - 1].text == "." and tokens[first - 2].kind == "name":
            name, first = f"{tokens[first - 2].text}.{name}", first - 2
        if first and tokens[first - 1].text in {"?", "case"}:
            continue
        yield Binding(name, token.line, value_at(tokens, i + 2))


def blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    """Give every object declaration."""
    for i, token in enumerate(tokens[:-1]):
        if token.kind == "name" and token.text[0].isupper() and tokens[i + 1].text == "{":
            inside = value_at(tokens, i + 1)[1:-1]
            yield Block(token.text, token.line, tuple(_direct(inside)))


def _direct(tokens: Sequence[Token]) -> Iterator[Binding]:
    """Give the bindings of an object's body that don't lie in a nested one."""
    depth, flat = 0, list[Token]()
    for token in tokens:
        depth -= token.kind == "sign" and token.text in _CLOSE
        if depth == 0:
            flat.append(token)
        depth += token.kind == "sign" and token.text in _OPEN
    return bindings(flat)


def functions(tokens: Sequence[Token]) -> Iterator[Binding]:
    """Give every named function as name and body."""
    for i, token in enumerate(tokens[:-2]):
        if token.text == "function" and token.kind == "name" and tokens[i + 1].kind == "name":
            start = next((j for j in range(i, len(tokens)) if tokens[j].text == "{"), None)
            if start is not None:
                yield Binding(tokens[i + 1].text, token.line, value_at(tokens, start))
