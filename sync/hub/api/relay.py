"""The relay over HTTP: one step of a load a request."""

from __future__ import annotations

from sync.hub.api.operation import Answer, Call
from sync.hub.cardkeys import loading
from sync.protocol.relay import RelayAsk


def step(call: Call) -> Answer:
    """Take one step of the calling device's load."""
    return Answer(body=loading.relay(call.hub, call.caller, call.body_as(RelayAsk)))
