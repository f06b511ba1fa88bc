"""The OpenAPI document (3.1), made of the table and of the shapes themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import msgspec

from payments.wire import Problem
from sync.hub.accounts.rights import RIGHTS
from sync.hub.api.operation import JSON, PARAMETERS, Operation, Who

Document = dict[str, Any]
REF = "#/components/schemas/{name}"
_IN_BRACES = re.compile(r"\{(\w+)\}")
_SECURITY: Mapping[Who, list[Document]] = {
    Who.ANYONE: [],
    Who.KEY: [{"signature": []}],
    Who.DEVICE: [{"signature": []}],
    Who.STAFF: [{"session": []}],
}
_REFUSALS: Mapping[Who, tuple[int, ...]] = {
    Who.ANYONE: (),
    Who.KEY: (401,),
    Who.DEVICE: (401, 403),
    Who.STAFF: (401, 403),
}


def document(table: Sequence[Operation]) -> Document:
    """Give the document of a table."""
    shapes = _shapes(table)
    schemas, components = msgspec.json.schema_components(shapes, ref_template=REF)
    known = dict(zip(map(repr, shapes), schemas, strict=True))
    paths: Document = {}
    for operation in table:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _told(operation, known)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Alvéole, hub", "version": "1", "license": {"name": "EUPL-1.2"}},
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": _schemes()},
    }


def _shapes(table: Sequence[Operation]) -> list[Any]:
    found: dict[str, Any] = {repr(Problem): Problem}
    for operation in table:
        for shape in (operation.body, *operation.answers.values()):
            if shape is not None and not isinstance(shape, str):
                found[repr(shape)] = shape
    return list(found.values())


def _told(operation: Operation, known: Mapping[str, Document]) -> Document:
    told: Document = {
        "operationId": operation.id,
        "summary": operation.summary,
        "security": _SECURITY[operation.who],
        "x-who": operation.who.value,
        "parameters": [*_parameters(operation)],
        "responses": _responses(operation, known),
    }
    if operation.action is not None:
        told["x-roles"] = sorted(role.value for role in RIGHTS[operation.action])
    if operation.body is not None:
        told["requestBody"] = {"required": True, "content": _content(operation.body, known)}
    return told


def _parameters(operation: Operation) -> list[Document]:
    in_path = [
        (name, "path", f"^{PARAMETERS[name]}$") for name in _IN_BRACES.findall(operation.path)
    ]
    in_query = [(name, "query", pattern) for name, pattern in operation.query.items()]
    in_header = [(name, "header", pattern) for name, pattern in operation.headers.items()]
    return [
        {
            "name": name,
            "in": where,
            "required": where == "path",
            "schema": {"type": "string", "pattern": pattern},
        }
        for name, where, pattern in (*in_path, *in_query, *in_header)
    ]


def _responses(operation: Operation, known: Mapping[str, Document]) -> Document:
    refused: dict[int, Any] = dict.fromkeys(_REFUSALS[operation.who], Problem)
    if operation.who is not Who.ANYONE or operation.body is not None:
        refused |= dict.fromkeys((400, 404, 422, 503), Problem)
    if operation.body is not None:
        refused[413] = Problem
    return {
        str(status): {
            "description": HTTPStatus(status).phrase,
            **({"content": _content(shape, known)} if shape is not None else {}),
        }
        for status, shape in sorted((refused | dict(operation.answers)).items())
    }


def _content(shape: Any, known: Mapping[str, Document]) -> Document:
    if isinstance(shape, str):
        return {shape: {"schema": {} if shape == JSON else {"type": "string", "format": "binary"}}}
    return {JSON: {"schema": known[repr(shape)]}}


def _schemes() -> Document:
    return {
        "signature": {
            "type": "apiKey",
            "in": "header",
            "name": "Signature",
            "description": "RFC 9421 with Signature-Input and Content-Digest; tag alveole.",
        },
        "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
    }
