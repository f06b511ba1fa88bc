"""The back office in a real browser: a phone is enrolled, a kiosk admitted, a notice published."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django_otp.oath import totp
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from kiosk.domain.fingerprint import fingerprint
from kiosk.store.device_key import DeviceKey
from tests.e2e.chromium import BROWSER, OPTIONS, needs_chromium
from tests.e2e.served_hub import ROOT, post, served

pytestmark = needs_chromium

DRIVER = "/usr/bin/chromedriver"
PASSWORD = "quatre alvéoles de miel"
PICTURES = os.environ.get("OFFICE_PICTURES", "")  # a folder that keeps the pictures
NARROW, WIDE = 360, 1280


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Chrome]:
    options = ChromeOptions()
    options.binary_location = BROWSER
    for one in OPTIONS:
        if not one.startswith(("--headless", "--virtual-time")):
            options.add_argument(one)
    options.add_argument("--headless=new")
    options.add_argument(f"--user-data-dir={tmp_path / 'profile'}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = Chrome(options=options, service=ChromeService(DRIVER))
    driver.implicitly_wait(20)
    try:
        yield driver
    finally:
        driver.quit()


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[str]:
    with served(tmp_path) as (data, url):
        subprocess.run(
            [sys.executable, "main.py", "hub", "create-admin", "claire", "--data", str(data)],
            cwd=ROOT,
            env={**os.environ, "ALVEOLE_HUB_PASSWORD": PASSWORD},
            timeout=120,
            check=True,
        )
        yield url


def find(browser: Chrome, css: str) -> WebElement:
    return browser.find_element(By.CSS_SELECTOR, css)


def said(browser: Chrome) -> str:
    return find(browser, "main").text


def pictured(browser: Chrome, folder: Path, name: str) -> None:
    """Take the page at both widths; nothing of it sticks out, whichever it is."""
    for width in (WIDE, NARROW):
        size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        reach = browser.execute_script("return document.documentElement.scrollWidth")
        assert reach <= width, (name, width, reach)
        browser.save_screenshot(str(folder / f"{name}-{width}.png"))
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def sign_in(browser: Chrome, hub: str, folder: Path) -> None:
    """Sign in by keys alone, and enrol the phone."""
    browser.get(f"{hub}/gestion/")
    pictured(browser, folder, "sign-in")
    browser.switch_to.active_element.send_keys("claire", Keys.TAB)
    browser.switch_to.active_element.send_keys(PASSWORD, Keys.ENTER)
    secret = find(browser, "main code").text
    pictured(browser, folder, "enrol")
    from base64 import b32decode

    browser.switch_to.active_element.send_keys(f"{totp(b32decode(secret)):06}", Keys.ENTER)
    assert "Vos territoires" in find(browser, "nav ~ form, header").text + said(browser)


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
    browser.get(f"{hub}/gestion/contenus/orne/nouveau")
    find(browser, "#id_title").send_keys("Marché déplacé place du Foirail")
    find(browser, "#id_body").send_keys("Dimanche, le marché se tient place du Foirail.")
    find(browser, "main form button").click()
    find(browser, "[role=alert]")
    pictured(browser, folder, "faulty")
    browser.execute_script(
        "arguments[0].value = '2126-12-24T18:00'", find(browser, "#id_valid_until")
    )
    find(browser, "main form button").click()
    for step, sentence in (("approuver", "approuvée"), ("publier", "part vers les bornes")):
        find(browser, f"form[action$={step}] button").click()
        find(browser, f"form[action$={'publier' if step == 'approuver' else 'retirer'}]")
        assert sentence in find(browser, "[role=status] p").text
    pictured(browser, folder, "notice")
    browser.get(f"{hub}/gestion/contenus/")
    pictured(browser, folder, "contents")
    assert manifest(hub) != before
    browser.get(f"{hub}/gestion/journal/")
    assert "notice.published" in said(browser)
    pictured(browser, folder, "audit")
    complaints = [one["message"] for one in browser.get_log("browser")]  # type: ignore[no-untyped-call]
    assert [one for one in complaints if "Content Security Policy" in one] == []


def manifest(hub: str) -> bytes:
    with urllib.request.urlopen(f"{hub}/v1/t/orne/manifest", timeout=60) as answer:
        raw: bytes = answer.read()
    return raw
