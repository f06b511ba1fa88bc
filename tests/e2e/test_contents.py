"""What a town hall writes in its browser stands on a kiosk after its next sync, with its age."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.support.ui import Select

from kiosk.app.console import Place
from kiosk.app.context import context_of
from kiosk.app.installed import SystemClock, installed
from kiosk.domain.facts import Place as PlaceFacts
from tests.e2e.chromium import needs_chromium
from tests.e2e.offices import (
    PICTURES,
    chrome,
    complaints,
    find,
    pictured,
    said,
    sign_in,
    staffed_hub,
)
from tests.e2e.served_hub import alveole
from ui.context import Context
from ui.views.agenda import build_agenda
from ui.views.menus import build_menus, school_days
from ui.views.notices import build_notices
from ui.views.records import known_at

pytestmark = needs_chromium

HEADER = "menuRestaurantNom;menuDate;menuRepasType;menuPlatType;menuPlatNom;menuPlatAllergene"
TITLE = "Marché déplacé place du Foirail"
HALL = "mairies/mairie-alencon"


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Chrome]:
    with chrome(tmp_path / "profile") as driver:
        yield driver


def typed(browser: Chrome, **fields: str) -> None:
    """Fill fields in; moments and days are set as a date picker sets them."""
    for name, value in fields.items():
        field = find(browser, f"#id_{name}")
        if field.get_attribute("type") in {"datetime-local", "date"}:
            browser.execute_script("arguments[0].value = arguments[1]", field, value)
        else:
            field.send_keys(value)


def sent(browser: Chrome) -> None:
    find(browser, "main form button").click()


def published(browser: Chrome) -> None:
    """Approve and publish what the page shows."""
    find(browser, "form[action$=approuver] button").click()
    find(browser, "form[action$=publier] button").click()
    assert "part vers les bornes" in find(browser, "[role=status] p").text


def write_all(browser: Chrome, hub: str, folder: Path, day: datetime) -> None:
    """Write one content of each kind and publish it."""
    soon, later = day + timedelta(days=1), day + timedelta(days=30)
    browser.get(f"{hub}/gestion/contenus/orne/annonce/nouveau")
    typed(browser, title=TITLE, valid_until=f"{later:%Y-%m-%dT18:00}")
    sent(browser)
    published(browser)
    browser.get(f"{hub}/gestion/contenus/orne/rendez-vous/nouveau")
    pictured(browser, folder, "event-form")
    typed(browser, title="Loto des pompiers", starts_at=f"{soon:%Y-%m-%dT14:00}")
    typed(browser, place="Salle des fêtes", commune="Alençon")
    sent(browser)
    pictured(browser, folder, "event")
    published(browser)
    browser.get(f"{hub}/gestion/contenus/orne/horaire/nouveau")
    Select(find(browser, "#id_place")).select_by_value(HALL)
    typed(browser, title="Inventaire", first_day=f"{soon:%Y-%m-%d}", last_day=f"{soon:%Y-%m-%d}")
    pictured(browser, folder, "opening-form")
    sent(browser)
    published(browser)


def write_menus(browser: Chrome, hub: str, folder: Path, file: Path, day: datetime) -> None:
    """Send a faulty file, read what is wrong, send the right one, look at it, keep it."""
    meals = [f"Val;{one};déjeuner;plat principal;Hachis;lait" for one in school_days(day.date())]
    browser.get(f"{hub}/gestion/contenus/orne/menus/nouveau")
    typed(browser, title="Menus de la semaine")
    file.write_text("\n".join([HEADER, *meals, "Val;hier;déjeuner;dessert;Flan;"]), "utf-8")
    find(browser, "#id_table").send_keys(str(file))
    sent(browser)
    assert "Ligne 7" in said(browser)
    assert "menuDate n’est pas une date" in said(browser)
    pictured(browser, folder, "menus-faulty")
    file.write_text("\n".join([HEADER, *meals]) + "\n", "cp1252")
    find(browser, "#id_table").send_keys(str(file))
    sent(browser)
    assert "Fichier lu en windows-1252" in said(browser)
    pictured(browser, folder, "menus-preview")
    find(browser, "button[name=accept]").click()
    assert "5 repas" in said(browser)
    pictured(browser, folder, "menus")
    published(browser)


def test_what_a_town_hall_publishes_stands_on_a_synced_kiosk(
    browser: Chrome, tmp_path: Path
) -> None:
    folder, now = Path(PICTURES or tmp_path), SystemClock().now()
    with staffed_hub(tmp_path) as (_data, hub):
        sign_in(browser, hub, tmp_path)
        write_all(browser, hub, folder, now)
        write_menus(browser, hub, folder, tmp_path / "menus.csv", now)
        browser.get(f"{hub}/gestion/contenus/")
        pictured(browser, folder, "contents")
        assert complaints(browser) == []
        kiosk = tmp_path / "kiosk"
        kiosk.mkdir()
        alveole(kiosk, "sync", "once", "--hub", hub)
    shown_on(context_of(installed(Place(data=kiosk, territory="orne")), SystemClock()), now)


def shown_on(context: Context, now: datetime) -> None:
    """Hold the kiosk's screens to what was published."""
    alerts = build_notices(context, "alertes")
    assert TITLE in [row.heading for row in alerts.rows]
    published_at = context.cache.observed_at("annonces")
    assert published_at is not None
    assert timedelta(0) <= published_at - now < timedelta(minutes=10)
    assert alerts.age.text
    assert "Communes de l’Orne" in alerts.footnote
    assert "Loto des pompiers" in [row.heading for row in build_agenda(context, "agenda").rows]
    hall = known_at(context, HALL, PlaceFacts)
    assert hall is not None
    assert "fermé (Inventaire)" in hall.facts.hours_note["fr"]
    day = school_days(now.date())[0].isoformat()
    menu = build_menus(context, f"cantines/{day}/Val")
    assert [row.heading for row in menu.rows] == ["Hachis"]
