"""The till's papers in French: the session's report (Z) and the surprise check's record.

Badges stand for people: their tags' first eight signs, which the régie's own list names.
"""

from __future__ import annotations

from datetime import datetime, tzinfo

from kiosk.domain.money import Money
from kiosk.domain.printing import Setting, SlipLine
from kiosk.domain.till import TillEvent, TillKind
from kiosk.domain.till_entry import Session
from kiosk.usecases.regie_documents import KINDS, euros

BADGE_SIGNS = 8
DIFFERENCES_MAX = 12  # the last ones; all of them stand in the journal
HOLDERS_MAX = 8
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


def session_lines(session: Session, suspense: Money, zone: tzinfo) -> tuple[SlipLine, ...]:
    """Give the session's report, line by line."""
    lines = [
        SlipLine(text=f"CAISSE (Z) n° {session.number}", setting=Setting.STRONG),
        SlipLine(text="Ouverte", right=_moment(session.opened_at, zone)),
    ]
    if session.closed_at is not None:
        lines.append(SlipLine(text="Fermée", right=_moment(session.closed_at, zone)))
    lines += [SlipLine(text="Tenue par", right=badge(holder)) for holder in _named(session)]
    lines += [
        SlipLine(text="Reçus", right=f"n° {session.first} à {session.last}"),
        _sum("Fonds de caisse compté", session.float_),
    ]
    lines += [
        _sum(f"{KINDS[kind]} ({line.events})", line.cash + line.cheques)
        for kind in _SHOWN
        if (line := session.lines.get(kind)) is not None
    ]
    shown = session.differences[-DIFFERENCES_MAX:]
    lines += [line for event in shown for line in _differences(event)]
    lines += [
        _sum("Espèces dans le tiroir", session.cash),
        _sum("Chèques dans le tiroir", session.cheques),
    ]
    if suspense != Money(0):
        lines.append(_sum("ATTENTION\u00a0: compte d’attente non soldé", suspense))
    return tuple(lines)


def check_lines(event: TillEvent, zone: tzinfo) -> tuple[SlipLine, ...]:
    """Give the record of a surprise check, line by line."""
    assert event.counted is not None, "a check has its count"
    return (
        SlipLine(text="CONTRÔLE INOPINÉ DE LA CAISSE", setting=Setting.STRONG),
        SlipLine(text="Reçu", right=f"n° {event.number}"),
        SlipLine(text="Fait", right=_moment(event.at, zone)),
        SlipLine(text="Par", right=badge(event.by)),
        _sum("Espèces comptées", event.counted.cash),
        _sum("Espèces attendues", event.cash_after),
        _sum("Chèques comptés", event.counted.cheques),
        _sum("Chèques attendus", event.cheques_after),
        *(_differences(event) or [SlipLine(text="Aucun écart")]),
    )


def badge(tag: str) -> str:
    """Give what the papers call a badge."""
    return f"badge {tag[:BADGE_SIGNS]}"


def _named(session: Session) -> tuple[str, ...]:
    """Give the holders, each once, the last ones of many."""
    return tuple(dict.fromkeys(session.holders))[-HOLDERS_MAX:]


def _differences(event: TillEvent) -> list[SlipLine]:
    sums = zip(("espèces", "chèques"), event.differences, strict=True)
    return [
        _sum(f"{_DIFFERENCES[event.kind]} (n° {event.number}), {what}", sum_)
        for what, sum_ in sums
        if sum_ != Money(0)
    ]


def _sum(text: str, sum_: Money) -> SlipLine:
    return SlipLine(text=text, right=euros(sum_.cents))


def _moment(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%d/%m/%Y %H:%M}"
