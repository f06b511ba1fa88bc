"""The providers' folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.domain.errors import InputRefused
from kiosk.domain.money import Money
from payments.provider import Order, Setup
from payments.registry import discover, load
from tests.unit.payments.worlds import Time

GOOD = """
slug = "cash"
title = { fr = "Espèces" }
demo = false
production = true
manual_capture = false
network = false
"""


def setup(environment: str) -> Setup:
    return Setup(clock=Time(), environment=environment)


def provider(folder: Path, text: str, name: str = "cash") -> Path:
    (folder / name).mkdir()
    (folder / name / "manifest.toml").write_text(text, encoding="utf-8")
    return folder


def test_the_simulator_is_installed_and_marked() -> None:
    manifests = {manifest.slug: manifest for manifest in discover()}
    simulator = manifests["simulator"]
    assert (simulator.demo, simulator.production) == (True, False)
    assert "simulé" in simulator.title["fr"].lower()
    assert "simulated" in simulator.title["en"].lower()


def test_the_simulator_is_made_by_its_slug() -> None:
    provider = load("simulator", setup(""))
    order = Order(topup="T-1", amount=Money(100), at=Time().now())
    assert provider.create(order, key="k").amount == Money(100)


def test_production_refuses_the_simulator_by_its_manifest() -> None:
    with pytest.raises(InputRefused, match="refused in production"):
        load("simulator", setup("production"))


def test_an_unknown_provider_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputRefused, match=r"there: .*simulator"):
        load("bitcoin", setup(""))


@pytest.mark.parametrize(
    ("slug", "missing"), [(one.slug, name) for one in discover() for name in one.options]
)
def test_what_a_manifest_asks_for_must_be_said(slug: str, missing: str) -> None:
    (manifest,) = (one for one in discover() if one.slug == slug)
    options = {name: "x" for name in manifest.options if name != missing}
    secret = "rk_test_simulated"
    with pytest.raises(InputRefused, match=f"'{missing}' is missing"):
        load(slug, Setup(clock=Time(), environment="test", secret=secret, options=options))


def test_an_empty_folder_has_no_provider(tmp_path: Path) -> None:
    assert discover(tmp_path) == ()
    with pytest.raises(InputRefused, match="there: none"):
        load("simulator", setup(""), folder=tmp_path)


def test_a_good_manifest_is_read(tmp_path: Path) -> None:
    (manifest,) = discover(provider(tmp_path, GOOD))
    assert (manifest.slug, manifest.production, manifest.network) == ("cash", True, False)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "slug = ",
        GOOD + "unknown = 1\n",
        GOOD.replace("true", "1"),
        GOOD.replace('"cash"', '"Cash Desk"'),
        GOOD.replace('"cash"', '"cheque"'),
        GOOD.replace("fr =", "en ="),
        GOOD.replace("Espèces", ""),
    ],
)
def test_a_bad_manifest_is_refused_with_its_place(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputRefused, match=r"manifest\.toml"):
        discover(provider(tmp_path, text))


def test_a_manifest_that_is_no_text_is_refused(tmp_path: Path) -> None:
    provider(tmp_path, "")
    (tmp_path / "cash" / "manifest.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(InputRefused, match="bad manifest"):
        discover(tmp_path)
