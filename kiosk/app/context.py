"""Ties the ports of the screens to what is installed here."""

from __future__ import annotations

from kiosk.app.installed import Installed
from kiosk.ports import Clock
from kiosk.store.hours import engine_of
from kiosk.store.records import RecordStore
from kiosk.store.timetable import TimetableStore
from ui.context import Context
from ui.words import SOURCE_LANGUAGE, Words


def context_of(here: Installed, clock: Clock, language: str = SOURCE_LANGUAGE) -> Context:
    """Give the screens' ports over this installation's content, at the time of ``clock``."""
    territory = here.pack.territory
    policies = {one.id: one.policy for one in territory.datasets.values()}
    return Context(
        territory=territory,
        clock=clock,
        cache=RecordStore(here.content, clock),
        timetable=TimetableStore(here.content, policies=policies),
        hours=engine_of(territory, here.content.path.parent),
        words=Words(language),
        role=here.settings.role,
        training=here.settings.training,
    )
