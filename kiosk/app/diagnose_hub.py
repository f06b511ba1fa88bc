"""What ``alveole doctor`` finds of this kiosk's hub: enrolment, licence, lost cards, alarms.

Nothing here asks the network: it is what the sync process has kept.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from kiosk.app.diagnostics import Finding, State3, spoken_age
from kiosk.domain.errors import InputRefused
from kiosk.store import blocklist, sync_store
from kiosk.store.blocklist import read_blocklist
from kiosk.store.enrolment import EnrolmentStore, LetIn, Waiting
from kiosk.store.sync_store import alarms_since

ALARM_LASTS = timedelta(days=30)
FORK, DAMAGED = "events.fork", "sync.damaged"


def enrolled(folder: Path, now: datetime, blocklist_max: timedelta) -> list[Finding]:
    """Tell what this kiosk is at its hub; one that no hub has let in has nothing else to tell."""
    store = EnrolmentStore(folder)
    known = store.known()
    findings = [_enrolment(known, now)]
    if isinstance(known, LetIn):
        findings += [_licence(store, now), _lost_cards(folder, now, blocklist_max)]
        findings.append(card_keys(folder))
    return findings


def card_keys(folder: Path) -> Finding:
    """Tell which edition of the territory's card keys this kiosk holds."""
    from kiosk.store.card_keys import CardKeyStore

    edition = CardKeyStore(folder).edition
    if not edition:
        what = "the hub has given none: in production no card is read"
        do = "at the hub: alveole hub card-keys; then reach the hub once"
        return Finding(check="card-keys", state="warn", what=what, do=do)
    what = f"edition {edition}: cards are read and debited"
    return Finding(check="card-keys", state="ok", what=what)


def memory(folder: Path, now: datetime) -> Finding:
    """Tell what was set aside of the sync's memory, and its alarms of the last days."""
    aside = sorted(file.name for file in folder.glob(f"{sync_store.FILE}.damaged-*"))
    alarms = _alarms(folder, now)
    if aside:
        what = f"damaged and begun anew: {', '.join(aside)}; no event was lost: all are told again"
        do = f"check the disk, then delete them from {folder}"
        return Finding(check="sync-memory", state="warn", what=what, do=do)
    if FORK in alarms:
        what = "the hub knows events of this kiosk's numbers with other contents"
        do = "is this disk a copy of another kiosk's? end one of the two, enrol it with a new key"
        return Finding(check="sync-memory", state="fail", what=what, do=do)
    if alarms:
        what = f"alarms of the last {ALARM_LASTS.days} days: {', '.join(sorted(alarms))}"
        return Finding(check="sync-memory", state="warn", what=what, do="see: alveole sync status")
    return Finding(check="sync-memory", state="ok", what="no alarm")


def _enrolment(known: Waiting | LetIn | None, now: datetime) -> Finding:
    if isinstance(known, LetIn):
        what = f"{known.kiosk} ({known.name}) of {known.territory} at {known.hub}"
        return Finding(check="enrolment", state="ok", what=what)
    if known is not None and now < known.expires_at:
        what = f"waits at {known.hub} under the code {known.user_code}"
        do = "let it in there, then: alveole sync enrol again"
        return Finding(check="enrolment", state="warn", what=what, do=do)
    return Finding(check="enrolment", state="ok", what="none: this kiosk is not enrolled at a hub")


def _licence(store: EnrolmentStore, now: datetime) -> Finding:
    try:
        standing = store.standing()
    except InputRefused as wrong:
        return Finding(check="licence", state="fail", what=str(wrong), do="see docs/hub.md")
    assert standing is not None, "an enrolled kiosk has a standing"
    days = (standing.until - now).days
    told: dict[str, tuple[State3, str, str]] = {
        "valid": ("ok", f"until {standing.until:%Y-%m-%d}", ""),
        "ending": (
            "warn",
            f"ends in {days} days: the hub wasn't reached for long",
            "check the line",
        ),
        "ended": (
            "fail",
            "ended: nothing is sold, what is shown stays",
            "bring the line to the hub back: the licence is prolonged by itself",
        ),
        "revoked": (
            "fail",
            "the hub has shut this kiosk out: nothing is sold; what it hasn't told yet is kept",
            "see docs/hub.md: enrol it again with a new key",
        ),
    }
    state, what, do = told[standing.state(now)]
    return Finding(check="licence", state=state, what=what, do=do)


def _lost_cards(folder: Path, now: datetime, most: timedelta) -> Finding:
    found = read_blocklist(folder / blocklist.FILE)
    if found is None:
        do = "reach the hub once: cards are only read until then"
        return Finding(check="lost-cards", state="warn", what="no list came yet", do=do)
    ago = spoken_age(now - found.issued_at)
    what = f"version {found.version}, {len(found.cards)} cards, {ago} old"
    if not found.usable(now, most):
        do = "bring the line to the hub back: cards are only read"
        return Finding(check="lost-cards", state="fail", what=what, do=do)
    if now - found.issued_at > most / 2:
        do = f"check the line: past {spoken_age(most)} cards are only read"
        return Finding(check="lost-cards", state="warn", what=what, do=do)
    return Finding(check="lost-cards", state="ok", what=what)


def _alarms(folder: Path, now: datetime) -> set[str]:
    """Give the codes of the newer alarms; a store that can't be read is one itself."""
    since = int((now - ALARM_LASTS).timestamp())
    found = alarms_since(folder / sync_store.FILE, since)
    return {DAMAGED} if found is None else found
