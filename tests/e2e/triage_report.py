"""Answers the one report of a hub that is served, in a process of its own."""

from __future__ import annotations

import sys
from pathlib import Path

from kiosk.app.installed import SystemClock
from sync.hub.opened import opened


def main(data: str, answer: str) -> None:
    hub = opened(Path(data), SystemClock())
    from sync.hub.accounts.models import Membership, Role, User
    from sync.hub.operations import reports
    from sync.hub.operations.models import Report

    anna = User.objects.create_user("anna")
    Membership.objects.create(user=anna, territory_id="orne", role=Role.AGENT)
    reports.take_in(hub)
    report = Report.objects.get()
    reports.answer(hub, reports.assign(hub, report, anna, anna), answer, anna)


if __name__ == "__main__":
    main(*sys.argv[1:])
