"""Stripe's form encoding, ``a[b][0][c]=1``, read into nested objects (pure, bounded)."""

from __future__ import annotations

import re
from typing import TypeAlias, cast
from urllib.parse import parse_qsl

Json: TypeAlias = "dict[str, object]"

FIELDS_MAX = 200
DEPTH_MAX = 6
_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_PART = re.compile(r"\[([^\[\]]*)\]")


def decode(body: str) -> Json:
    """Read a form; raises ValueError when it isn't one or is too large.

    Lists come out as lists, whether they are numbered (``a[0]``) or not (``a[]``).
    """
    pairs = parse_qsl(body, keep_blank_values=True, max_num_fields=FIELDS_MAX)
    tree: Json = {}
    for name, value in pairs:
        found = _NAME.fullmatch(name)
        path = [found[1], *_PART.findall(found[2])] if found else []
        if not 1 <= len(path) <= DEPTH_MAX:
            raise ValueError(f"not a field: {name!r}")
        _put(tree, path, value)
    return {name: _listed(part) for name, part in tree.items()}


def _put(tree: Json, path: list[str], value: str) -> None:
    for part in path[:-1]:
        below = tree.setdefault(part, {})
        if not isinstance(below, dict):
            raise ValueError(f"{part!r} is both a value and an object")  # noqa: TRY004  # not a type
        tree = cast("Json", below)
    last = path[-1] or str(len(tree))
    tree[last] = value


def _listed(part: object) -> object:
    """Turn objects whose names are 0, 1, 2 … into lists."""
    if not isinstance(part, dict):
        return part
    inside = {name: _listed(one) for name, one in cast("Json", part).items()}
    numbered = [str(place) for place in range(len(inside))]
    return list(inside.values()) if list(inside) == numbered else inside


def text(form: Json, *path: str) -> str:
    """Give the text at ``path``, "" when there is none."""
    here = _at(form, path)
    return here if isinstance(here, str) else ""


def number(form: Json, *path: str) -> int | None:
    """Give the whole number at ``path``, None when there is none."""
    said = text(form, *path)
    return int(said) if re.fullmatch(r"-?\d{1,15}", said, re.ASCII) else None


def texts(form: Json, *path: str) -> dict[str, str]:
    """Give the texts of the object at ``path``."""
    here = _at(form, path)
    if not isinstance(here, dict):
        return {}
    return {name: one for name, one in cast("Json", here).items() if isinstance(one, str)}


def _at(form: Json, path: tuple[str, ...]) -> object:
    inside = form.get(path[0])
    if len(path) == 1:
        return inside
    return _at(cast("Json", inside), path[1:]) if isinstance(inside, dict) else None
