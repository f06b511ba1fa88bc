"""What the screens know of a report that is being written; written by ui.report_desk alone."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.report import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDraft:
    """The words of a report, and how its sending stands; forgotten with the visit.

    ``busy``: an answer is awaited; ``problem`` is the message key of what stands in the way;
    ``sent`` is the report that was kept for the hub.
    """

    text: str = ""
    busy: bool = False
    problem: str = ""
    sent: Report | None = None
