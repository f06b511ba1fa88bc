"""The command ``doctor``: the machine, the settings, the pack and the data, checked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer

from kiosk.app.console import Place, place_of, print_json, write
from kiosk.app.diagnose_hub import enrolled, memory
from kiosk.app.diagnostics import (
    Finding,
    data_age,
    machine,
    payments,
    printer,
    readers,
    training,
    verdict,
)
from kiosk.app.hub_link import link_of
from kiosk.app.installed import Installed, installed
from kiosk.domain.errors import InputRefused

MARKS = {"ok": "ok  ", "warn": "WARN", "fail": "FAIL"}
FAULTS_MAX = 20  # further faults of a pack: alveole pack check


def examine(place: Place, now: datetime) -> list[Finding]:
    """Run every check."""
    findings = [*machine(place.data, now), memory(place.data, now)]
    try:
        here = installed(place)
    except InputRefused as wrong:
        return [*findings, Finding(check="setup", state="fail", what=str(wrong), do=wrong.todo)]
    try:
        findings.append(printer(here.settings.printer))
        findings += training(on=here.settings.training)
        findings.append(_payments(here))
        findings += enrolled(place.data, now, here.pack.territory.card.blocklist_max)
        return [*findings, *_readers(here), *_pack(here), *_content(here, now)]
    finally:
        here.content.close()


def _payments(here: Installed) -> Finding:
    """Ask who takes the money."""
    try:
        return payments(link_of(here.settings, here.content.path.parent))
    except InputRefused as wrong:
        return Finding(check="payments", state="fail", what=str(wrong), do=wrong.todo)


def _readers(here: Installed) -> list[Finding]:
    """Look at the readers, where the kiosk uses real ones."""
    if here.settings.reader != "pcsc":
        return []
    from kiosk.app.card_chain import reader_lines

    names = [line.reader for line in reader_lines(here.settings.reader_pattern)]
    return [readers(names, here.settings.reader_pattern)]


def _pack(here: Installed) -> list[Finding]:
    name = here.pack.territory.slug
    faults = [
        Finding(
            check="pack",
            state="warn",
            what=f"{fault.file}:{fault.line}: {fault.what}",
            do=f"mend it, then: alveole pack check {here.folder.name}",
        )
        for fault in here.pack.faults[:FAULTS_MAX]
    ]
    services = len(here.pack.territory.services)
    fine = Finding(check="pack", state="ok", what=f"{name}: {services} services")
    return faults or [fine]


def _content(here: Installed, now: datetime) -> list[Finding]:
    """Check the content database, then each dataset in it."""
    here.content.version()
    if here.content.fault and here.content.fault != "absent":
        what, do = f"content.db: {here.content.fault}", "start the kiosk once: it rebuilds the file"
        return [Finding(check="content", state="fail", what=what, do=do)]
    datasets = here.pack.territory.datasets.values()
    return [data_age(dataset, here.cache, now) for dataset in datasets]


def show(findings: Sequence[Finding]) -> None:
    """Print one line a finding, and under it what to do."""
    for finding in findings:
        write(f"{MARKS[finding.state]}  {finding.check}: {finding.what}")
        if finding.do:
            write(f"      → {finding.do}")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: alveole doctor --json")(doctor)


def doctor(
    context: typer.Context,
    json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Check this kiosk and say what to do; exit 1 when something must be done."""
    findings = examine(place_of(context), datetime.now(UTC))
    if json:
        print_json(findings)
    else:
        show(findings)
    raise typer.Exit(verdict(findings))
