"""The back office in a real browser: signing in, looking, taking pictures."""

from __future__ import annotations

import os
import subprocess
import sys
from base64 import b32decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django_otp.oath import totp
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from tests.e2e.chromium import BROWSER, OPTIONS
from tests.e2e.served_hub import ROOT, served

DRIVER = "/usr/bin/chromedriver"
PASSWORD = "quatre alvéoles de miel"
PICTURES = os.environ.get("OFFICE_PICTURES", "")  # a folder that keeps the pictures
NARROW, WIDE = 360, 1280


@contextmanager
def chrome(profile: Path) -> Iterator[Chrome]:
    """Give a headless browser that notes what its console says."""
    options = ChromeOptions()
    options.binary_location = BROWSER
    for one in OPTIONS:
        if not one.startswith(("--headless", "--virtual-time")):
            options.add_argument(one)
    options.add_argument("--headless=new")
    options.add_argument(f"--user-data-dir={profile}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = Chrome(options=options, service=ChromeService(DRIVER))
    driver.implicitly_wait(20)
    try:
        yield driver
    finally:
        driver.quit()


@contextmanager
def staffed_hub(folder: Path) -> Iterator[tuple[Path, str]]:
    """Serve a hub that claire administers; its folder and address."""
    with served(folder) as (data, url):
        subprocess.run(
            [sys.executable, "main.py", "hub", "create-admin", "claire", "--data", str(data)],
            cwd=ROOT,
            env={**os.environ, "ALVEOLE_HUB_PASSWORD": PASSWORD},
            timeout=120,
            check=True,
        )
        yield data, url


def find(browser: Chrome, css: str) -> WebElement:
    """Give the first element of a selector, once it is there."""
    return browser.find_element(By.CSS_SELECTOR, css)


def said(browser: Chrome) -> str:
    """Give what the page says."""
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
    browser.switch_to.active_element.send_keys(f"{totp(b32decode(secret)):06}", Keys.ENTER)
    assert "Vos territoires" in find(browser, "nav ~ form, header").text + said(browser)


def complaints(browser: Chrome) -> list[str]:
    """Give what the page's policy has blocked, and its scripts' errors."""
    lines = [one["message"] for one in browser.get_log("browser")]  # type: ignore[no-untyped-call]
    return [one for one in lines if "Content Security Policy" in one or "Uncaught" in one]
