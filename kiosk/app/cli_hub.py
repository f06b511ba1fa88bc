"""The command ``hub serve``: the hub's payments on loopback, in a process of their own."""

from __future__ import annotations

import os
import signal
from typing import Annotated

import typer

from kiosk.app.console import place_of, print_json, write
from kiosk.domain.errors import InputRefused

LOG = "hub.jsonl"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    hub = typer.Typer(help="The hub: the only process that holds a bank's secret.")
    hub.callback()(_group)
    hub.command(epilog="Example: alveole hub serve --port 8642 --json")(serve)
    app.add_typer(hub, name="hub")


def serve(
    context: typer.Context,
    port: Annotated[int, typer.Option(help="On 127.0.0.1; 0 takes a free one.")] = 0,
    json: Annotated[bool, typer.Option("--json", help="Its address as JSON.")] = False,
) -> None:
    """Take payments for this machine's kiosk until SIGTERM; says where once it listens.

    Without DIR/payments.toml everything is simulated; the pay page's address is then told too.
    """
    from kiosk.app import logging as kiosk_logging
    from kiosk.app.hub_payments import serving
    from kiosk.app.installed import SystemClock

    place, clock = place_of(context), SystemClock()
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)  # before any thread begins
    environment = os.environ.get("ALVEOLE_ENV", "")
    try:
        kiosk_logging.start(place.data / "log", clock.now(), name=LOG)
        with serving(place.data, clock, environment=environment, port=port) as hub:
            if json:
                print_json(hub)
            else:
                mark = " (SIMULATED)" if hub.bank_url else ""
                write(f"{hub.url} takes payments by {hub.provider}{mark}")
            typer.get_text_stream("stdout").flush()
            signal.sigwait(ends)
    except OSError as taken:
        raise InputRefused(f"can't serve: {taken}", where="--port or --data") from taken
    finally:
        kiosk_logging.stop()


def _group() -> None:
    """Keep the group a group while it has one command."""
