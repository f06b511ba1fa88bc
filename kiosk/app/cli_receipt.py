"""The commands ``receipt page``, ``receipt check`` and ``receipt pdf``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.app.console import complain, place_of, print_json, write
from kiosk.app.verify_page import KEYS_MAX, page, public_key
from kiosk.domain.errors import CodeForeign, CodeTampered, InputRefused

if TYPE_CHECKING:
    from kiosk.domain.receipt import EntryTicket, Receipt

Keys = Annotated[
    list[str] | None, typer.Option("--key", help="A public key in hexadecimal; may be repeated.")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    receipt = typer.Typer(help="Signed receipts and entry tickets.")
    receipt.callback()(_group)
    receipt.command("page", epilog="Example: alveole receipt page --out verify.html")(write_page)
    receipt.command("check", epilog="Example: alveole receipt check ALV1:BB8 --json")(check)
    receipt.command("pdf", epilog="Example: alveole receipt pdf ALV1:BB8 --out receipt.pdf")(pdf)
    app.add_typer(receipt, name="receipt")


def _group() -> None:
    """Keep a group a group, whatever the number of its commands."""


def write_page(
    context: typer.Context,
    out: Annotated[Path, typer.Option(help="The file to write.")] = Path("verify.html"),
    key: Keys = None,
) -> None:
    """Write the page on which a phone verifies receipts without a network.

    It believes the public keys of --key, without one this kiosk's own.
    """
    keys = _keys(context, key)
    _write(out, page(keys).encode())
    write(f"{out}: believes {', '.join(one.hex() for one in keys)}")


def check(
    context: typer.Context,
    code: Annotated[str, typer.Argument(help="The code, ALV1:…")],
    key: Keys = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Verify a receipt or a ticket; exit 1 when it isn't authentic."""
    from kiosk.domain.sealed import known

    try:
        found = _read(code, known(_keys(context, key)))
    except (CodeForeign, CodeTampered) as wrong:
        if json:
            print_json({"authentic": False, "why": str(wrong)})
        else:
            complain(str(wrong))
        raise typer.Exit(1) from wrong
    if json:
        print_json({"authentic": True, "says": found})
    else:
        write(f"authentic: {found}")


def pdf(
    context: typer.Context,
    code: Annotated[str, typer.Argument(help="A receipt's code, ALV1:…")],
    out: Annotated[Path, typer.Option(help="The file to write.")] = Path("receipt.pdf"),
    key: Keys = None,
) -> None:
    """Write an authentic receipt as a PDF, marked as a copy; exit 1 when it isn't authentic."""
    from kiosk.app.receipt_pdf import receipt_pdf
    from kiosk.domain.receipt import read_receipt
    from kiosk.domain.sealed import known

    try:
        receipt = read_receipt(code, known(_keys(context, key)))
    except (CodeForeign, CodeTampered) as wrong:
        complain(str(wrong))
        raise typer.Exit(1) from wrong
    _write(out, receipt_pdf(place_of(context), receipt, code))
    write(f"{out}: receipt {receipt.number}")


def _write(out: Path, data: bytes) -> None:
    try:
        out.write_bytes(data)
    except OSError as wrong:
        raise InputRefused(f"can't be written: {wrong}", where=str(out)) from wrong


def _read(code: str, keys: Mapping[bytes, bytes]) -> Receipt | EntryTicket:
    from kiosk.domain.receipt import read_receipt, read_ticket
    from kiosk.domain.sealed import Kind, opened

    read = read_receipt if opened(code, keys).kind is Kind.RECEIPT else read_ticket
    return read(code, keys)


def _keys(context: typer.Context, words: list[str] | None) -> list[bytes]:
    if words:
        if len(words) > KEYS_MAX:
            raise InputRefused(f"{len(words)} keys, {KEYS_MAX} are allowed", where="--key")
        return [public_key(word) for word in words]
    from kiosk.store.device_key import DeviceKey

    return [DeviceKey(place_of(context).data).public_key]
