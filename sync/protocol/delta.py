"""Deltas: what changed in a dataset, one operation a line (SYNC.md, "Delta operations").

::

    {"id": …, "rec": {…}}                       the whole record, new or other than before
    {"id": …, "set": {path: value}, "cut": […]} some of its fields; ``cut`` are those that went
    {"id": …, "del": true}                      the record has gone

Rules:
1. A path is a field's name, or ``field/member`` for one member of a field that is an object.
2. ``set`` and ``cut`` speak of a record that is there; what comes out is written in its canonical
   form.
3. Deleting a record or cutting a field that isn't there changes nothing: a merged delta may say so.
4. One delta names an id once. Two deltas in a row merge into one that does what both do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec

from kiosk.domain.errors import FeedRefused
from kiosk.domain.record import ID_MAX, Json
from sync.protocol.canonical import LINE_BYTES_MAX, Wire, decode, encode, normal, read_json, written

PATHS_MAX = 500  # of one operation


@dataclass(frozen=True, slots=True)
class _Gone:
    """Stands for a field that was cut."""


GONE = _Gone()


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """The whole record, as its canonical line."""

    id: str
    line: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """Some of a record's fields, by path; GONE for those that went."""

    id: str
    fields: Mapping[str, Json | _Gone]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete:
    """The record has gone."""

    id: str


Operation = Put | Patch | Delete


class _Shape(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """An operation as it is written; the sorts of its values, the rest is rules 1 and 2."""

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=ID_MAX)]
    rec: dict[str, object] | None = None
    set: dict[str, object] | None = None
    cut: list[str] | None = None
    gone: Literal[True] | None = msgspec.field(default=None, name="del")


_ENCODER = msgspec.json.Encoder(order="sorted")


def write(operation: Operation) -> bytes:
    """Give an operation's line."""
    if isinstance(operation, Put):
        return b'{"id":%b,"rec":%b}' % (_ENCODER.encode(operation.id), operation.line)
    if isinstance(operation, Delete):
        return _ENCODER.encode({"del": True, "id": operation.id})
    return _ENCODER.encode(_patch_shape(operation))


def _patch_shape(patch: Patch) -> Wire:
    shape: Wire = {"id": patch.id}
    kept: Wire = {
        path: value for path, value in patch.fields.items() if not isinstance(value, _Gone)
    }
    cut: list[Json] = [path for path in sorted(patch.fields) if patch.fields[path] is GONE]
    if kept or not cut:
        shape["set"] = kept
    if cut:
        shape["cut"] = cut
    return shape


def read(line: bytes) -> Operation:
    """Give the operation of a line; raises FeedRefused."""
    if len(line) > LINE_BYTES_MAX:
        raise FeedRefused(f"an operation of {len(line)} bytes")
    value = read_json(line)
    if not isinstance(value, dict) or _ENCODER.encode(value) != line:
        raise FeedRefused("an operation that isn't in its canonical form")
    try:
        shape = msgspec.convert(value, _Shape)
    except msgspec.ValidationError as wrong:
        raise FeedRefused(f"not an operation: {wrong}") from wrong
    patched = shape.set is not None or shape.cut is not None
    if (shape.rec is not None) + patched + (shape.gone is True) != 1:
        raise FeedRefused(f"{shape.id}: an operation that says several things, or nothing")
    return _operation(shape.id, value)


def _operation(name: str, value: Wire) -> Operation:
    record = value.get("rec")
    if isinstance(record, dict):
        if record.get("id") != name:
            raise FeedRefused(f"{name}: an operation whose record bears another id")
        return Put(id=name, line=encode(record))
    if "del" in value:
        return Delete(id=name)
    fields: dict[str, Json | _Gone] = {}
    fields.update(_mapping(value.get("set")))
    for path in map(str, _sequence(value.get("cut"))):
        if path in fields:
            raise FeedRefused(f"{name}: a path that is both set and cut: {path}")
        fields[path] = GONE
    if len(fields) > PATHS_MAX or "id" in fields:
        raise FeedRefused(f"{name}: an operation that sets the id, or too many fields")
    return Patch(id=name, fields=fields)


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}


def _sequence(value: Json) -> Iterable[Json]:
    return value if isinstance(value, list) else ()


def apply(operation: Operation, before: bytes | None) -> bytes | None:
    """Give a record's line after the operation, None when it has gone; raises FeedRefused.

    ``before`` is its canonical line, None when it isn't there.
    """
    if isinstance(operation, Put):
        return operation.line
    if isinstance(operation, Delete):
        return None
    if before is None:
        raise FeedRefused(f"{operation.id}: a change of a record that isn't there")
    record = decode(before)
    for path in sorted(operation.fields):  # a field comes before its members
        _assign(record, path, operation.fields[path])
    return written(record)  # what stood there is in its normal form, and so is what was set


def _assign(record: Wire, path: str, value: Json | _Gone) -> None:
    field, slash, member = path.partition("/")
    target: Json = record.get(field) if slash else record
    if not isinstance(target, dict):
        raise FeedRefused(f"{record['id']}: a member of what isn't an object: {path}")
    key = str(normal(member if slash else field, 0))
    if isinstance(value, _Gone) or (value is None and not slash):
        target.pop(key, None)
    else:
        target[key] = normal(value, 1 + bool(slash))


def difference(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Iterator[Operation]:
    """Yield what turns the records ``before`` into ``after`` (id → canonical line), by id."""
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if new is None:
            yield Delete(id=name)
        elif old is None:
            yield Put(id=name, line=new)
        elif old != new:
            yield _shorter(name, old, new)


def _shorter(name: str, old: bytes, new: bytes) -> Operation:
    """Give the change of a record as its fields, or as a whole where that is shorter."""
    patch = Patch(id=name, fields=dict(_changes(decode(old), decode(new))))
    whole = Put(id=name, line=new)
    small = len(patch.fields) <= PATHS_MAX and len(_ENCODER.encode(_patch_shape(patch))) < len(new)
    return patch if small else whole


def _changes(old: Wire, new: Wire) -> Iterator[tuple[str, Json | _Gone]]:
    for field in old.keys() | new.keys():
        was, now = old.get(field), new.get(field)
        if field not in new:
            yield field, GONE
        elif isinstance(was, dict) and isinstance(now, dict):
            for member in was.keys() | now.keys():
                if member not in now:
                    yield f"{field}/{member}", GONE
                elif member not in was or _differ(was[member], now[member]):
                    yield f"{field}/{member}", now[member]
        elif _differ(was, now):
            yield field, now


def _differ(one: Json, other: Json) -> bool:
    """Compare as they are written: to Python 1 and true are the same."""
    return _ENCODER.encode(one) != _ENCODER.encode(other)


def merged(first: Iterable[Operation], then: Iterable[Operation]) -> list[Operation]:
    """Give one delta that does what ``first`` and ``then`` do in a row; raises FeedRefused."""
    known = {operation.id: operation for operation in first}
    for operation in then:
        earlier = known.get(operation.id)
        known[operation.id] = operation if earlier is None else _composed(earlier, operation)
    return [known[name] for name in sorted(known)]


def _composed(first: Operation, then: Operation) -> Operation:
    if not isinstance(then, Patch):
        return then
    if isinstance(first, Patch):
        return Patch(id=then.id, fields=_layered(first.fields, then.fields))
    line = apply(then, first.line if isinstance(first, Put) else None)
    assert line is not None, "a patch keeps its record"
    return Put(id=then.id, line=line)


def _layered(
    first: Mapping[str, Json | _Gone], then: Mapping[str, Json | _Gone]
) -> Mapping[str, Json | _Gone]:
    """Lay one patch's fields over another's."""
    fields = dict(first)
    for path in sorted(then):
        field, slash, _member = path.partition("/")
        whole = fields.get(field)
        if slash and isinstance(whole, dict):
            inner = dict(whole)
            _assign({"id": "", field: inner}, path, then[path])
            fields[field] = inner
            continue
        if not slash:
            for other in [one for one in fields if one.startswith(f"{field}/")]:
                del fields[other]
        fields[path] = then[path]
    return fields
