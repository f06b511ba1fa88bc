"""The commands of the hub; Django is imported inside them alone (sync.hub, ADR 0018)."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.app import hub_card_keys as card_keys
from kiosk.app import hub_keeping as keeping
from kiosk.app.console import Place, place_of, print_json, write
from kiosk.domain.environment import PRODUCTION
from kiosk.domain.errors import InputRefused

if TYPE_CHECKING:
    from kiosk.app.hub_payments import Taking
    from sync.hub.here import Here
    from sync.hub.setup import Prepared

LOG = "hub.jsonl"

Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    hub = typer.Typer(help="The hub: publishes, takes events and payments in, keeps devices.")
    hub.command(epilog="Example: alveole hub init --data hub --json")(init)
    hub.command(epilog="Example: alveole hub serve --port 8642 --json")(serve)
    hub.command(epilog="Example: alveole hub work --once --json")(work)
    hub.command(epilog="Example: alveole hub publish --json")(publish)
    hub.command("enrol-code", epilog="Example: alveole hub enrol-code BCDF-GHJK --approve")(
        enrol_code
    )
    hub.command(epilog="Example: alveole hub words --json")(words)
    hub.command(epilog="Example: alveole hub revoke kabc234")(revoke)
    hub.command("pend-load", epilog=f"Example: alveole hub pend-load {32 * 'a'} 2000 --after 3")(
        pend_load
    )
    hub.command("create-admin", epilog="Example: alveole hub create-admin claire")(create_admin)
    hub.command(
        epilog="Example: alveole hub manage showmigrations",
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    )(manage)
    keeping.register(hub)
    card_keys.register(hub)
    app.add_typer(hub, name="hub")


def init(context: typer.Context, *, json: Json = False) -> None:
    """Make the hub's keys and tables, and publish the territory's pack; may be done again."""
    from sync.hub import opened

    place = place_of(context)
    opened.make(place.data)
    _tell(_prepared(place), json=json)


def serve(
    context: typer.Context,
    port: Annotated[int, typer.Option(help="On 127.0.0.1; 0 takes a free one.")] = 0,
    json: Annotated[bool, typer.Option("--json", help="Its address as JSON.")] = False,
) -> None:
    """Serve the hub on loopback until SIGTERM; says where once it listens.

    Before `hub init` only payments are served. Without DIR/payments.toml they are simulated; the
    pay page's address is then told too.
    """
    from kiosk.app import logging as kiosk_logging
    from kiosk.app.installed import SystemClock
    from sync.hub.config import SECRET

    place, clock = place_of(context), SystemClock()
    try:
        kiosk_logging.start(place.data / "log", clock.now(), name=LOG)
        if (place.data / SECRET).exists():
            _serve_hub(place, port, json=json)
        else:
            _serve_payments(place, port, json=json)
    except OSError as taken:
        raise InputRefused(f"can't serve: {taken}", where="--port or --data") from taken
    finally:
        kiosk_logging.stop()


def work(
    context: typer.Context,
    *,
    once: Annotated[bool, typer.Option("--once", help="One round, then end.")] = False,
    json: Json = False,
) -> None:
    """Ask the sources that are due and publish them, until SIGTERM; asks for the network."""
    from threading import Event

    place = place_of(context)
    stop = Event()
    with _logged(place):
        hub = _hub(place)
        from sync.hub.fetching.fetch import Fetcher
        from sync.hub.work import work as run
        from sync.hub.work import work_once

        source = Fetcher(monotonic=hub.clock.monotonic)
        if once:
            done = work_once(hub, source)
            if json:
                print_json(done)
            else:
                write(f"{len(done.published)} published, {len(done.failed)} failed")
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: stop.set())
        run(hub, source, stop)


def publish(
    context: typer.Context,
    *,
    restored: Annotated[
        bool, typer.Option("--restored", help="After a restore: a new epoch and a new key.")
    ] = False,
    json: Json = False,
) -> None:
    """Publish the territory's pack again and sign its manifest."""
    place = place_of(context)
    if restored:
        from sync.hub.keys import rotate_key

        rotate_key(place.data)
    _tell(_prepared(place, restored=restored), json=json)


def enrol_code(
    context: typer.Context,
    code: Annotated[str, typer.Argument(help="The code on the kiosk's screen.")],
    *,
    approve: Annotated[bool, typer.Option("--approve", help="Let this kiosk in.")] = False,
    refuse: Annotated[bool, typer.Option("--refuse", help="Refuse this kiosk.")] = False,
    json: Json = False,
) -> None:
    """Show the kiosk that waits under a code and the four words of its key; let it in or not."""
    hub = _hub(place_of(context))
    from sync.hub.devices import enrolment

    waiting = enrolment.waiting(hub, code)
    told = {
        "code": enrolment.shown(waiting.user_code),
        "territory": waiting.territory_id,
        "name": waiting.name,
        "fingerprint": enrolment.words_of(waiting),
        "kiosk": "",
        "state": "waiting",
    }
    if approve and not refuse:
        device = enrolment.approve(hub, waiting, None)
        told |= {"kiosk": device.id, "state": "approved"}
    elif refuse:
        enrolment.refuse(hub, waiting, None)
        told["state"] = "refused"
    if json:
        print_json(told)
    else:
        write(f"{told['name']} ({told['territory']}): {told['fingerprint']}; {told['state']}")


def words(context: typer.Context, *, json: Json = False) -> None:
    """Print the four words of each territory's root key: whoever installs a kiosk types them."""
    _hub(place_of(context))
    from sync.hub.devices.roots import root_words

    found = root_words()
    if json:
        print_json({"words": found})
        return
    for territory, spoken in found.items():
        write(f"{territory}: {spoken}")


def revoke(
    context: typer.Context,
    kiosk: Annotated[str, typer.Argument(help="The kiosk's id at this hub.")],
    *,
    json: Json = False,
) -> None:
    """Shut a kiosk out for good: it sells nothing from its next contact on."""
    hub = _hub(place_of(context))
    from sync.hub.devices import enrolment
    from sync.hub.devices.models import Device

    device = Device.objects.filter(id=kiosk).first()
    if device is None:
        raise InputRefused("no such kiosk", where=kiosk)
    enrolment.revoke(hub, device, None)
    if json:
        print_json({"kiosk": kiosk, "state": "revoked"})
    else:
        write(f"{kiosk} ({device.name}) is shut out")


def pend_load(
    context: typer.Context,
    card: Annotated[str, typer.Argument(help="The card's tag, 32 hexadecimal digits.")],
    cents: Annotated[int, typer.Argument(help="How much, in cents.")],
    *,
    after: Annotated[int, typer.Option(help="The number of the card's last load.")],
    json: Json = False,
) -> None:
    """Let money that was paid elsewhere wait for a card: the first kiosk to meet it writes it."""
    place = place_of(context)
    hub = _hub(place)
    from kiosk.app.installed import DEMO
    from sync.hub.cards.loads import pend

    territory = place.territory or hub.config.territory or DEMO
    number = pend(hub, territory, card, cents, after=after, by=None)
    if json:
        print_json({"card": card, "number": number, "amount_cents": cents})
    else:
        write(f"load {number} of {cents} cents waits for its card")


def create_admin(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The account's name.")],
) -> None:
    """Create an administrator of the whole hub; the password is asked for, or in the environment.

    It is read from ALVEOLE_HUB_PASSWORD where that is set.
    """
    from sync.hub.config import PASSWORD_VARIABLE

    password = os.environ.get(PASSWORD_VARIABLE, "") or typer.prompt(
        "Password", hide_input=True, confirmation_prompt=True
    )
    hub = _hub(place_of(context))
    from sync.hub.accounts.people import create_administrator

    create_administrator(hub, name, password)
    write(f"{name} administers this hub")


def manage(context: typer.Context) -> None:
    """Run a command of Django itself (see: manage help)."""
    _hub(place_of(context))
    from sync.hub.opened import manage as run

    run(context.args)


def _hub(place: Place) -> Here:
    """Open the hub of a data folder; raises InputRefused when there is none."""
    from kiosk.app.installed import SystemClock
    from sync.hub.opened import is_hub, opened

    if not is_hub(place.data):
        raise InputRefused("no hub was made here", where="--data", todo="alveole hub init")
    return opened(place.data, SystemClock(), environment=os.environ.get("ALVEOLE_ENV", ""))


def _prepared(place: Place, *, restored: bool = False) -> Prepared:
    from kiosk.app.installed import DEMO, pack_folder

    hub = _hub(place)
    from sync.hub import setup

    slug = place.territory or hub.config.territory or DEMO
    folder = pack_folder(place.data, slug)
    setup.migrate()
    if restored:
        setup.begin_epoch(hub, slug)
    return setup.prepare(hub, folder)


def _tell(done: Prepared, *, json: bool) -> None:
    if json:
        print_json(done)
        return
    records = sum(done.datasets.values())
    write(
        f"{done.territory}: {records} records in {len(done.datasets)} datasets,"
        f" manifest {done.epoch}.{done.version} published"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedHub:
    """A running hub as the command tells it."""

    url: str
    provider: str
    bank_url: str
    hub_key: str


def _serve_hub(place: Place, port: int, *, json: bool) -> None:
    """Serve the whole hub; uvicorn ends it at the first SIGTERM or SIGINT."""
    from kiosk.app.hub_payments import FILE as PAYMENTS
    from kiosk.app.hub_payments import device_token, taking
    from kiosk.app.installed import SystemClock
    from sync.hub.opened import opened

    clock, environment = SystemClock(), os.environ.get("ALVEOLE_ENV", "")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: None)  # uvicorn raises them once more
    with ExitStack() as stack:
        money: Taking | None = None
        if environment != PRODUCTION or (place.data / PAYMENTS).exists():
            money = stack.enter_context(taking(place.data, clock, environment=environment))
        hub = opened(
            place.data,
            clock,
            environment=environment,
            payments=money.service if money else None,
            token=device_token(place.data) if money else "",
        )
        from sync.hub import server

        taken = server.listen(port)
        served = ServedHub(
            url=f"http://{server.HOST}:{taken.getsockname()[1]}",
            provider=money.provider if money else "none",
            bank_url=money.bank_url if money else "",
            hub_key=hub.key.public_key.hex(),
        )
        server.run(taken, lambda: _listens(served, json=json))


def _listens(served: ServedHub, *, json: bool) -> None:
    if json:
        print_json(served)
    else:
        mark = " (SIMULATED)" if served.bank_url else ""
        write(f"{served.url} is the hub; payments by {served.provider}{mark}")
    typer.get_text_stream("stdout").flush()


def _serve_payments(place: Place, port: int, *, json: bool) -> None:
    from kiosk.app.hub_payments import serving
    from kiosk.app.installed import SystemClock

    environment = os.environ.get("ALVEOLE_ENV", "")
    with (
        _awaited_end() as wait,
        serving(place.data, SystemClock(), environment=environment, port=port) as hub,
    ):
        if json:
            print_json(hub)
        else:
            mark = " (SIMULATED)" if hub.bank_url else ""
            write(f"{hub.url} takes payments by {hub.provider}{mark}")
        typer.get_text_stream("stdout").flush()
        wait()


@contextmanager
def _awaited_end() -> Generator[Callable[[], object]]:
    """Give what waits for SIGTERM or SIGINT; both are blocked meanwhile, in new threads too."""
    ends = {signal.SIGTERM, signal.SIGINT}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    try:
        yield partial(signal.sigwait, ends)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _logged(place: Place) -> Generator[None]:
    from kiosk.app import logging as kiosk_logging
    from kiosk.app.installed import SystemClock

    try:
        kiosk_logging.start(place.data / "log", SystemClock().now(), name=LOG)
        yield
    finally:
        kiosk_logging.stop()
