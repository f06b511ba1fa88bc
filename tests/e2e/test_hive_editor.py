"""The hive's editor in a real browser: by drag, by taps, by keys and by form; then on a kiosk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait

from kiosk.app.console import Place
from kiosk.app.context import context_of
from kiosk.app.installed import SystemClock, installed
from tests.e2e.chromium import needs_chromium
from tests.e2e.offices import (
    PICTURES,
    chrome,
    complaints,
    find,
    pictured,
    sign_in,
    staffed_hub,
)
from tests.e2e.served_hub import alveole
from ui.views.hive import build_hive

pytestmark = needs_chromium

PLACED, TAKEN = "L’alvéole est placée", "est prise"
WAIT_S = 20


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Chrome]:
    with chrome(tmp_path / "profile") as driver:
        driver.set_window_size(1280, 1400)
        yield driver


def order(browser: Chrome) -> list[str]:
    tiles = browser.find_elements(By.CSS_SELECTOR, ".tile")
    return [one.get_attribute("data-service") or "" for one in tiles]


def tile(browser: Chrome, service: str) -> WebElement:
    return find(browser, f"#tuile-{service} polygon")


def placed(browser: Chrome, before: WebElement) -> None:
    """Wait for the page that tells a placed tile, in the place of the one before."""
    wait = WebDriverWait(browser, WAIT_S)
    wait.until(lambda _: gone(before))
    assert PLACED in find(browser, "[role=status] p").text


def gone(element: WebElement) -> bool:
    from selenium.common.exceptions import StaleElementReferenceException

    try:
        element.is_enabled()
    except StaleElementReferenceException:
        return True
    return False


def dragged(browser: Chrome, service: str, onto: str) -> None:
    page = find(browser, "main")
    ActionChains(browser).drag_and_drop(tile(browser, service), tile(browser, onto)).perform()
    placed(browser, page)


def tapped(browser: Chrome, service: str, onto: str) -> None:
    page = find(browser, "main")
    tile(browser, service).click()
    assert TAKEN in find(browser, "#dit").text
    tile(browser, onto).click()
    placed(browser, page)


def keyed(browser: Chrome, *keys: str) -> None:
    for key in keys:
        browser.switch_to.active_element.send_keys(key)


def focused(browser: Chrome) -> str:
    return browser.switch_to.active_element.get_attribute("data-service") or ""


def by_pointer(browser: Chrome) -> None:
    """Drag a tile, let one fall beside, tap one to its place."""
    assert order(browser)[:4] == ["bus", "trains", "parkings", "routes"]
    dragged(browser, "routes", "bus")
    assert order(browser)[:4] == ["routes", "bus", "trains", "parkings"]
    aside = ActionChains(browser).click_and_hold(tile(browser, "bus"))
    aside.move_to_element(find(browser, "h1")).release().perform()
    assert order(browser)[:2] == ["routes", "bus"]
    tapped(browser, "parkings", "routes")
    assert order(browser)[:4] == ["parkings", "routes", "bus", "trains"]


def by_keys(browser: Chrome, folder: Path) -> None:
    """Take a tile, give it up, take it again and put it a row lower; the focus stays with it."""
    assert focused(browser) == "parkings"
    keyed(browser, Keys.ENTER)
    assert TAKEN in find(browser, "#dit").text
    keyed(browser, Keys.ARROW_RIGHT, Keys.ESCAPE)
    assert "Rien n’est changé" in find(browser, "#dit").text
    keyed(browser, Keys.ARROW_RIGHT)
    assert focused(browser) == "routes"
    keyed(browser, Keys.SPACE, Keys.ARROW_LEFT)
    assert "place 1" in find(browser, "#dit").text
    pictured(browser, folder, "hive-taken")
    page = find(browser, "main")
    keyed(browser, Keys.ENTER)
    placed(browser, page)
    assert order(browser)[:2] == ["routes", "parkings"]
    assert focused(browser) == "routes"


def by_form(browser: Chrome) -> None:
    """Take a tile off and put it back as somebody without a script does."""
    Select(find(browser, "#service")).select_by_value("trains")
    page = find(browser, "main")
    find(browser, "button[formaction]").click()
    WebDriverWait(browser, WAIT_S).until(lambda _: gone(page))
    assert "trains" not in order(browser)
    page = find(browser, "main")
    Select(find(browser, "#at")).select_by_visible_text("1")
    find(browser, "section[aria-labelledby=ajouter] button").click()
    placed(browser, page)
    assert order(browser)[:3] == ["trains", "routes", "parkings"]


def test_a_hive_is_laid_out_published_shown_on_a_kiosk_and_undone(
    browser: Chrome, tmp_path: Path
) -> None:
    folder = Path(PICTURES or tmp_path)
    kiosk = tmp_path / "kiosk"
    kiosk.mkdir()
    with staffed_hub(tmp_path) as (_data, hub):
        sign_in(browser, hub, tmp_path)
        browser.get(f"{hub}/gestion/ruche/orne/")
        pictured(browser, folder, "hive")
        browser.set_window_size(1280, 1400)
        by_pointer(browser)
        by_keys(browser, folder)
        by_form(browser)
        laid = order(browser)
        find(browser, "form[action$=publier] button").click()
        assert "part vers les bornes" in find(browser, "[role=status] p").text
        pictured(browser, folder, "hive-published")
        alveole(kiosk, "sync", "once", "--hub", hub)
        assert cells(kiosk) == laid
        find(browser, "form[action$=reprendre] input[name=number][value='0'] ~ button").click()
        find(browser, "form[action$=publier] button").click()
        assert "part vers les bornes" in find(browser, "[role=status] p").text
        alveole(kiosk, "sync", "once", "--hub", hub)
        assert cells(kiosk)[:3] == ["bus", "trains", "parkings"]
        assert complaints(browser) == []


def cells(kiosk: Path) -> list[str]:
    here = installed(Place(data=kiosk, territory="orne"))
    return [cell.key for cell in build_hive(context_of(here, SystemClock())).cells]
