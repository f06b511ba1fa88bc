"""The back office in a real browser: a phone is enrolled, a kiosk admitted, a notice published."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from kiosk.domain.fingerprint import fingerprint
from kiosk.store.device_key import DeviceKey
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
from tests.e2e.served_hub import post

pytestmark = needs_chromium


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Chrome]:
    with chrome(tmp_path / "profile") as driver:
        yield driver


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[str]:
    with staffed_hub(tmp_path) as (_data, url):
        yield url


def test_a_person_signs_in_admits_a_kiosk_and_publishes_a_notice(
    browser: Chrome, hub: str, tmp_path: Path
) -> None:
    folder = Path(PICTURES or tmp_path)
    sign_in(browser, hub, folder)
    find(browser, "nav[aria-label]")
    pictured(browser, folder, "home")

    (tmp_path / "kiosk").mkdir()
    key = DeviceKey(tmp_path / "kiosk")
    ask = {"territory": "orne", "name": "borne-1", "algorithm": "ed25519"}
    begun = post(f"{hub}/v1/enrol", {**ask, "public_key": key.public_key.hex()}, key)
    browser.get(f"{hub}/gestion/bornes/admettre?code={begun['user_code']}")
    words = [one.text for one in browser.find_elements(By.CSS_SELECTOR, ".words li")]
    assert " ".join(words) == fingerprint(key.public_key)
    pictured(browser, folder, "admit")
    find(browser, "button[value=approve]").click()
    assert "La borne borne-1 est admise." in find(browser, "[role=status] p").text
    pictured(browser, folder, "device")
    browser.get(f"{hub}/gestion/bornes/")
    pictured(browser, folder, "fleet")

    before = manifest(hub)
    browser.get(f"{hub}/gestion/contenus/orne/annonce/nouveau")
    find(browser, "#id_title").send_keys("Marché déplacé place du Foirail")
    find(browser, "#id_body").send_keys("Dimanche, le marché se tient place du Foirail.")
    find(browser, "main form button").click()
    find(browser, "[role=alert]")
    pictured(browser, folder, "faulty")
    browser.execute_script(
        "arguments[0].value = '2126-12-24T18:00'", find(browser, "#id_valid_until")
    )
    find(browser, "main form button").click()
    for step, sentence in (("approuver", "approuvé"), ("publier", "part vers les bornes")):
        find(browser, f"form[action$={step}] button").click()
        find(browser, f"form[action$={'publier' if step == 'approuver' else 'retirer'}]")
        assert sentence in find(browser, "[role=status] p").text
    pictured(browser, folder, "notice")
    browser.get(f"{hub}/gestion/contenus/")
    pictured(browser, folder, "contents")
    assert manifest(hub) != before
    browser.get(f"{hub}/gestion/journal/")
    assert "Annonce : publication" in said(browser)  # the driver gives plain blanks
    pictured(browser, folder, "audit")
    assert complaints(browser) == []


def manifest(hub: str) -> bytes:
    with urllib.request.urlopen(f"{hub}/v1/t/orne/manifest", timeout=60) as answer:
        raw: bytes = answer.read()
    return raw
