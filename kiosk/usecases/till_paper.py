"""The till's papers in French: the session's report (Z) and the surprise check's record.

Badges stand for people: their tags' first eight signs, which the régie's own list names.
"""

from __future__ import annotations

from datetime import datetime, tzinfo

from kiosk.domain.money import Money
from kiosk.domain.till import TillEvent, TillKind
from kiosk.domain.till_entry import Line, Session
from kiosk.usecases.regie_documents import KINDS, euros

BADGE_SIGNS = 8
_SHOWN = (
    TillKind.CASH,
    TillKind.CHEQUE,
    TillKind.GIVE_BACK,
    TillKind.PAY_OUT,
    TillKind.DEPOSIT,
    TillKind.SLIP,
    TillKind.REVERSAL,
)
_DIFFERENCES = {
    TillKind.OPEN: "Écart à l’ouverture",
    TillKind.HANDOVER: "Écart au passage de caisse",
    TillKind.CHECK: "Écart au contrôle inopiné (constaté)",
    TillKind.COUNT: "Écart au comptage (constaté)",
    TillKind.CLOSE: "Écart à la fermeture",
}


def session_lines(session: Session, suspense: Money, zone: tzinfo) -> tuple[str, ...]:
    """Give the session's report, line by line."""
    lines = [
        f"CAISSE (Z) — session n° {session.number}",
        f"Ouverte le {_moment(session.opened_at, zone)}",
    ]
    if session.closed_at is not None:
        lines.append(f"Fermée le {_moment(session.closed_at, zone)}")
    lines += [
        f"Tenue par : {', '.join(badge(holder) for holder in session.holders)}",
        f"Reçus n° {session.first} à {session.last}",
        f"Fonds de caisse compté : {euros(session.float_.cents)}",
    ]
    lines += [
        f"{KINDS[kind]} ({line.events}) : {euros(_moved(line).cents)}"
        for kind in _SHOWN
        if (line := session.lines.get(kind)) is not None
    ]
    lines += [text for event in session.differences for text in _difference(event)]
    lines += [
        f"Espèces dans le tiroir : {euros(session.cash.cents)}",
        f"Chèques dans le tiroir : {euros(session.cheques.cents)}",
    ]
    if suspense != Money(0):
        lines.append(f"ATTENTION : compte d’attente non soldé : {euros(suspense.cents)}")
    return tuple(lines)


def check_lines(event: TillEvent, zone: tzinfo) -> tuple[str, ...]:
    """Give the record of a surprise check, line by line."""
    assert event.counted is not None, "a check has its count"
    found = _difference(event) or ["Aucun écart"]
    return (
        f"CONTRÔLE INOPINÉ DE LA CAISSE — reçu n° {event.number}",
        f"Fait le {_moment(event.at, zone)} par {badge(event.by)}",
        f"Espèces comptées : {euros(event.counted.cash.cents)}",
        f"Espèces attendues : {euros(event.cash_after.cents)}",
        f"Chèques comptés : {euros(event.counted.cheques.cents)}",
        f"Chèques attendus : {euros(event.cheques_after.cents)}",
        *found,
    )


def badge(tag: str) -> str:
    """Give what the papers call a badge."""
    return f"badge {tag[:BADGE_SIGNS]}"


def _difference(event: TillEvent) -> list[str]:
    name = f"{_DIFFERENCES[event.kind]} (reçu n° {event.number})"
    sums = zip(("espèces", "chèques"), event.differences, strict=True)
    return [f"{name}, {what} : {euros(sum_.cents)}" for what, sum_ in sums if sum_ != Money(0)]


def _moved(line: Line) -> Money:
    return line.cash + line.cheques


def _moment(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%d/%m/%Y à %H:%M}"
