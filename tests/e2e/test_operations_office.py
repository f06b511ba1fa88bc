"""Running a fleet in a real browser: a report is answered and closed, odd events are settled."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from kiosk.store.device_key import DeviceKey
from kiosk.store.ledger_demo import write_demo
from kiosk.store.outbox import OutboxReader
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
from tests.e2e.served_hub import ROOT

pytestmark = needs_chromium

DAYS = 2_300  # lines of a journal: three days and their month
FILL = Path(__file__).with_name("fill_hub.py")


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Chrome]:
    with chrome(tmp_path / "profile") as driver:
        yield driver


def photo() -> bytes:
    image = Image.new("RGB", (640, 420), (120, 120, 118))
    ImageDraw.Draw(image).ellipse((220, 160, 430, 290), fill=(40, 36, 34))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[str]:
    """A hub that a kiosk has told much: closings, a report with its photo, what can't be used."""
    kiosk = tmp_path / "kiosk"
    kiosk.mkdir()
    key = DeviceKey(kiosk)
    write_demo(kiosk / "ledger.db", DAYS, key)
    closings = [
        [row.kind, row.at, row.payload] for row in OutboxReader(kiosk / "ledger.db").after(0, 100)
    ]
    (tmp_path / "photo").write_bytes(photo())
    with staffed_hub(tmp_path) as (data, url):
        told = {
            "data": str(data),
            "key": key.public_key.hex(),
            "closings": closings,
            "photo": str(tmp_path / "photo"),
            "sha256": sha256(photo()).hexdigest(),
        }
        subprocess.run(
            [sys.executable, "-m", "tests.e2e.fill_hub"],
            cwd=ROOT, input=json.dumps(told), text=True, check=True, timeout=120,
        )  # fmt: skip
        yield url


def pressed(browser: Chrome, css: str) -> str:
    """Reach an element by keys and press it; gives what the page says was done."""
    element = find(browser, css)
    browser.execute_script("arguments[0].focus()", element)
    element.send_keys(Keys.ENTER)
    return find(browser, "[role=status] p").text


def test_a_person_treats_a_report_and_settles_what_is_odd(
    browser: Chrome, hub: str, tmp_path: Path
) -> None:
    folder = Path(PICTURES or tmp_path)
    sign_in(browser, hub, folder)
    pictured(browser, folder, "operations-home")
    find(browser, "a[href$='/signalements/']").click()
    assert "TRX-4821" in said(browser)
    pictured(browser, folder, "triage")
    browser.find_element(By.LINK_TEXT, "TRX-4821").click()
    wide = browser.execute_script("return document.querySelector('img.photo').naturalWidth")
    assert wide == 640
    pictured(browser, folder, "report")
    Select(find(browser, "#id_to")).select_by_visible_text("anna")
    assert "attribué" in pressed(browser, "form[action$=attribuer] button")
    find(browser, "#id_answer").send_keys("La voirie rebouche le trou mardi.")
    assert "enregistrée" in pressed(browser, "form[action$=repondre] button")
    assert "clos" in pressed(browser, "form[action$=clore] button")
    assert browser.find_elements(By.CSS_SELECTOR, "button.danger") == []
    pictured(browser, folder, "report-closed")

    browser.get(f"{hub}/gestion/evenements/")
    pictured(browser, folder, "events")
    assert "reste inutilisable" in pressed(browser, "form[action$=reprendre] button")
    assert "classé" in pressed(browser, "form[action$='civic/1/classer'] button")
    assert "L’alarme est classée." in pressed(browser, "form[action*=divergences] button")
    assert "La quarantaine est vide." in said(browser)

    browser.get(f"{hub}/gestion/clotures/")
    assert "Chaîne intacte" in said(browser)
    pictured(browser, folder, "takings")
    browser.find_element(By.LINK_TEXT, "borne-1").click()
    assert "2026-01" in said(browser)
    pictured(browser, folder, "closings")
    browser.get(f"{hub}/gestion/statistiques/orne/")
    assert browser.find_elements(By.CSS_SELECTOR, "svg.chart rect.bar")
    find(browser, "summary").click()
    pictured(browser, folder, "statistics")
    assert complaints(browser) == []
