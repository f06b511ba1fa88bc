"""The command ``sync enrol``: asks the hub to let this kiosk in, and waits for its people."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.app.console import Place, place_of, print_json, write

if TYPE_CHECKING:
    from kiosk.store.enrolment import LetIn, Waiting
    from sync.engine.enrolling import Wish

Hub = Annotated[str, typer.Argument(help="The hub's address.")]
Name = Annotated[str, typer.Option(help="This kiosk's name there (default: the setting kiosk).")]
Words = Annotated[str, typer.Option(help="The four words of the hub's root key: hub words.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document, once it is let in.")]


def register(sync: typer.Typer) -> None:
    """Add the command."""
    sync.command(
        epilog='Example: alveole sync enrol https://hub.fr --words "dabok rilup fanis gotom"'
    )(enrol)


def enrol(
    context: typer.Context, hub: Hub, *, name: Name = "", words: Words = "", json: Json = False
) -> None:
    """Ask the hub to let this kiosk in: shows a code, a QR and four words; waits for the answer.

    Ended before the answer it goes on when it is called again; once let in it changes nothing.
    The hub's words may be left out for a hub on this machine. Exit 1: refused, or not answered.
    """
    import asyncio

    from kiosk.app.installed import installed
    from sync.client import checked
    from sync.engine.enrolling import Wish

    place = place_of(context)
    here = installed(place)
    here.content.close()
    wish = Wish(
        hub=checked(hub),
        territory=here.pack.territory.slug,
        name=name or here.settings.kiosk,
        words=words,
    )
    done = asyncio.run(_enrol(place, wish, quiet=json))
    if json:
        print_json({"kiosk": done.kiosk, "territory": done.territory, "hub": done.hub})
    else:
        write(f"this kiosk is {done.kiosk} of {done.territory}")
        write(f'settings.toml needs: hub = "{done.hub}"')


async def _enrol(place: Place, wish: Wish, *, quiet: bool) -> LetIn:
    import asyncio

    from kiosk.app.installed import SystemClock
    from kiosk.domain.fingerprint import fingerprint
    from kiosk.store.device_key import DeviceKey
    from kiosk.store.enrolment import EnrolmentStore
    from sync.client import HubClient
    from sync.engine.enrolling import Hands, enrol

    clock, key = SystemClock(), DeviceKey(place.data)
    own = fingerprint(key.public_key)
    hands = Hands(
        store=EnrolmentStore(place.data),
        signer=key,
        clock=clock,
        show=lambda waiting: _show(waiting, own, quiet=quiet),
        rest=asyncio.sleep,
    )
    async with HubClient(wish.hub, wish.territory, now=clock.now) as client:
        return await enrol(client, wish, hands)


def _show(waiting: Waiting, own_words: str, *, quiet: bool) -> None:
    """Show what people compare; beside a JSON document it goes to stderr."""
    lines = (
        f"code:  {waiting.user_code}",
        f"words: {own_words}",
        "Compare the four words with those at the hub, then let this kiosk in there:",
        waiting.page,
        qr_text(waiting.page),
    )
    if quiet:
        sys.stderr.write("\n".join(lines) + "\n")
        sys.stderr.flush()
        return
    for line in lines:
        write(line)
    typer.get_text_stream("stdout").flush()


def qr_text(address: str) -> str:
    """Give an address as a QR code for a terminal, two modules a character."""
    from qrcode.constants import ERROR_CORRECT_M
    from qrcode.main import QRCode

    code = QRCode(error_correction=ERROR_CORRECT_M, border=2)
    code.add_data(address)
    code.make()
    text = io.StringIO()
    code.print_ascii(out=text, invert=True)
    return text.getvalue().rstrip("\n")
