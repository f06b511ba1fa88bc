"""The command line's frame: picks the command's module, and turns errors into exit codes.

====  ==============================================================================
exit  means
====  ==============================================================================
0     done
1     the answer is "no", or something is unavailable (one line on stderr)
2     the call or its input is wrong (one line on stderr: where, what, what to do)
70    a bug: one line on stderr, the details in DIR/log
====  ==============================================================================
Only the module of the command that was asked for is imported, so that a cold start stays
below CLI.md's 0.9 s; ``--help`` alone lists all.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import Abort, TyperException

from kiosk.app.console import Place, complain, default_data
from kiosk.domain.errors import AlveoleError, InputRefused

BUG = 70  # EX_SOFTWARE of sysexits.h
INTERRUPTED = 130  # 128 + SIGINT

# Command → the module of kiosk.app that registers it (tests/docs checks both directions).
COMMANDS = {
    "run": "cli_ui",
    "tour": "cli_tour",
    "services": "cli_services",
    "search": "cli_data",
    "departures": "cli_data",
    "hours": "cli_hours",
    "import": "cli_data",
    "connector": "cli_connector",
    "pack": "cli_pack",
    "demo": "cli_money",
    "ledger": "cli_ledger",
    "card": "cli_card",
    "receipt": "cli_receipt",
    "hub": "cli_hub",
    "sync": "cli_sync",
    "doctor": "cli_doctor",
    "bench": "cli_bench",
}
GLOBAL_OPTIONS = ("--data", "--territory")


def hoist(arguments: Sequence[str]) -> list[str]:
    """Give the arguments with the global options first, so that they may stand anywhere."""
    front: list[str] = []
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--":
            return [*front, *rest, word, *words]
        piece = [word, *islice(words, int(word in GLOBAL_OPTIONS))]
        (front if _is_global(piece) else rest).extend(piece)
    return front + rest


def _is_global(piece: Sequence[str]) -> bool:
    """Whether these words are a global option with its value."""
    option, equals, _ = piece[0].partition("=")
    return option in GLOBAL_OPTIONS and (bool(equals) or len(piece) == 2)


def command_of(arguments: Sequence[str]) -> str:
    """Give the command named in hoisted ``arguments``, "" when there is none."""
    words = iter(arguments)
    for word in words:
        if word in GLOBAL_OPTIONS:
            next(words, None)
        elif not word.startswith("-"):
            return word
    return ""


def build(command: str = "") -> typer.Typer:
    """Build the application with the module of ``command``, or with every module."""
    app = typer.Typer(
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        help="Alvéole: a public kiosk that works offline. Without a command: run.",
        epilog="Example: alveole doctor --json",
    )

    app.callback()(_place)
    module = COMMANDS.get(command)
    for name in dict.fromkeys(COMMANDS.values()) if module is None else [module]:
        import_module(f"kiosk.app.{name}").register(app)
    return app


def _place(
    context: typer.Context,
    data: Annotated[
        Path | None, typer.Option(help="Folder of the data (default: XDG state folder).")
    ] = None,
    territory: Annotated[str, typer.Option(help="Slug of an installed territory.")] = "",
) -> None:
    """Note the global options for the commands (see kiosk.app.console.place_of)."""
    context.obj = Place(data=data or default_data(), territory=territory)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; ends the process with the exit code of the module's table."""
    words = hoist(sys.argv[1:] if arguments is None else arguments)
    if not command_of(words) and "--help" not in words:
        words.append("run")
    sys.exit(_answer(words))


def _build_for(command: str) -> typer.Typer:
    """Build the application for ``command``; raises InputRefused when there is no such one."""
    if command and command not in COMMANDS:
        near = get_close_matches(command, COMMANDS, n=1)
        advice = f"did you mean {near[0]}?" if near else "see: alveole --help"
        raise InputRefused(f"no command {command!r}", todo=advice)
    return build(command)


def _answer(words: list[str]) -> int:
    """Run the command and give its exit code."""
    try:
        code: object = _build_for(command_of(words))(
            words, prog_name="alveole", standalone_mode=False
        )
    except AlveoleError as known:
        complain(str(known) or known.message_key)
        return 2 if isinstance(known, InputRefused) else 1
    except TyperException as usage:
        complain(f"{usage.format_message()} (see: alveole {command_of(words)} --help)")
        return usage.exit_code
    except Abort:
        return INTERRUPTED
    except Exception as bug:  # noqa: BLE001  # the roof: a bug ends as a line and a log entry
        return _bug(bug, words)
    return code if isinstance(code, int) else 0


def _bug(bug: Exception, words: Sequence[str]) -> int:
    """Tell a bug in one line and log its trace; a full disk must not hide the line."""
    from kiosk.app.logging import log_bug

    written = log_bug(bug, command=command_of(words), folder=_data_of(words) / "log")
    where = f"details in {written}" if written else "its details could not be written"
    complain(f"unexpected {type(bug).__name__}: {bug} ({where}; please report it)")
    return BUG


def _data_of(words: Sequence[str]) -> Path:
    """Find the data folder of a call that failed before or after its options were parsed."""
    for before, word in zip(("", *words), words, strict=False):
        if before == "--data":
            return Path(word)
        if word.startswith("--data="):
            return Path(word.removeprefix("--data="))
    return default_data()
