"""A citizen's phone: a small headless Chromium, driven like a thumb would."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

BROWSER, DRIVER = shutil.which("chromium") or "", shutil.which("chromedriver") or ""
WAIT_S = 60
SMALL = {"width": 320, "height": 640, "pixelRatio": 2}  # the smallest phones that are still used
needs_phone = pytest.mark.skipif(not (BROWSER and DRIVER), reason="chromium-driver isn't there")


class Phone:
    """One phone with its browser; ``answer`` waits for what a page becomes."""

    def __init__(self, browser: webdriver.Chrome) -> None:
        self.browser = browser

    def open(self, url: str) -> None:
        """Open an address, as a scanned code does: in a fresh page."""
        self.browser.get("about:blank")
        self.browser.get(url)

    def wait(self, state: str) -> None:
        """Wait until the page says that it is in ``state``."""

        def reached(browser: webdriver.Chrome) -> bool:
            body = browser.find_element(By.TAG_NAME, "body")
            return body.get_attribute("data-state") == state

        WebDriverWait(self.browser, WAIT_S).until(reached)

    def find(self, name: str) -> WebElement:
        """Give the element of an id."""
        return self.browser.find_element(By.ID, name)

    def read(self, name: str) -> str:
        """Give the text of the element of an id, "" when it is hidden."""
        return self.find(name).text.replace("\u00a0", " ").replace("\u202f", " ")

    def pay_elsewhere(self) -> None:
        """Follow the link to the bank's page, pay there, come back to this page."""
        here = self.browser.current_window_handle
        self.find("go").click()
        WebDriverWait(self.browser, WAIT_S).until(lambda one: len(one.window_handles) == 2)
        (bank,) = (one for one in self.browser.window_handles if one != here)
        self.browser.switch_to.window(bank)
        self.browser.find_element(By.CSS_SELECTOR, "button[value=pay]").click()
        WebDriverWait(self.browser, WAIT_S).until(lambda one: "Payé" in one.page_source)
        self.browser.close()
        self.browser.switch_to.window(here)

    def wide(self) -> bool:
        """Say whether the page is wider than the phone."""
        return bool(
            self.browser.execute_script("return document.documentElement.scrollWidth > innerWidth")
        )


@contextmanager
def phone(profile: Path, language: str = "fr") -> Iterator[Phone]:
    """Give a phone whose browser keeps its profile in ``profile``."""
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    for one in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        f"--user-data-dir={profile}",
        f"--lang={language}",
    ):
        options.add_argument(one)
    options.add_experimental_option("mobileEmulation", {"deviceMetrics": SMALL})
    options.add_experimental_option("prefs", {"intl.accept_languages": language})
    browser = webdriver.Chrome(options=options, service=Service(DRIVER))
    try:
        yield Phone(browser)
    finally:
        browser.quit()
