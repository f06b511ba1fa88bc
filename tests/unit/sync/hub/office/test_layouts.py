"""The hive's editor: a draft, its way to the kiosks, and back to an earlier one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kiosk.domain.facts import HiveOrder, facts_of
from kiosk.store.pack import load_territory
from sync.hub.accounts.models import Role
from sync.hub.audit.models import Entry
from sync.hub.datasets.models import Dataset, SignedManifest
from sync.hub.here import Here
from sync.hub.office import layouts
from sync.hub.office.hive_picture import (
    AREA,
    COLOURS,
    GAP,
    ICON_SHARE,
    LEAST,
    NAME_SHARE,
    Drawn,
    pages_of,
)
from sync.hub.office.layouts import Tile
from sync.hub.office.models import Layout
from sync.hub.setup import _services
from sync.hub.territories.models import Territory
from sync.protocol.envelope import record_of
from tests.offices import HERE, Browser, somebody, territory, text

HIVE = "/gestion/ruche/orne/"
PACKED = ["bus", "trains", "carte", "agenda"]


@pytest.fixture
def place(here: Here) -> Territory:
    del here
    tiles = [
        {"id": name, "title": name.title(), "icon": "bus", "family": "move"} for name in PACKED
    ]
    one = territory(HERE)
    Territory.objects.filter(pk=one.pk).update(services={"tiles": tiles, "accent": "#ffb81c"})
    return Territory.objects.get(pk=one.pk)


@pytest.fixture
def editor(place: Territory) -> Browser:
    del place
    return Browser.of(somebody("eve", Role.EDITOR))


def do(browser: Browser, step: str, revision: int | None = None, **said: str) -> str:
    """Take a step with the hive as it is now, or as it was seen; the page after it."""
    draft = Layout.objects.filter(published_at=None).first()
    seen = (draft.revision if draft else 0) if revision is None else revision
    answer = browser.post(f"{HIVE}{step}", revision=str(seen), **said)
    return text(browser.get(answer["Location"])) if answer.status_code == 302 else text(answer)


def moved(browser: Browser, service: str, position: int) -> str:
    return do(browser, "placer", service=service, position=str(position))


def drawn(page: str) -> list[str]:
    return re.findall(r'data-service="([^"]+)"', page)


def on_kiosks() -> list[str]:
    rows = Dataset.objects.get(slug="ruche").records.all()
    records = [record_of(bytes(row.body), "ruche") for row in rows]
    return [name for one in records for name in facts_of(one, HiveOrder).services]


def test_without_a_layout_the_pack_s_hive_is_shown(editor: Browser) -> None:
    page = text(editor.get(HIVE))
    assert drawn(page) == PACKED
    assert "telle que sur les bornes" in page
    assert not Layout.objects.exists()


def test_a_tile_moves_in_the_draft_and_reaches_the_kiosks_when_published(editor: Browser) -> None:
    page = moved(editor, "agenda", 2)
    assert drawn(page) == ["bus", "agenda", "trains", "carte"]
    assert "brouillon" in page
    assert not Dataset.objects.filter(slug="ruche").exists()
    assert "part vers les bornes" in do(editor, "publier")
    assert on_kiosks() == ["bus", "agenda", "trains", "carte"]
    assert SignedManifest.objects.filter(territory=HERE).exists()
    entry = Entry.objects.order_by("-id")[0]
    assert (entry.action, entry.actor, entry.territory) == ("hive.published", "eve", HERE)


@pytest.mark.parametrize(
    ("service", "position", "order"),
    [
        ("agenda", 1, ["agenda", "bus", "trains", "carte"]),
        ("bus", 4, ["trains", "carte", "agenda", "bus"]),
        ("bus", 99, ["trains", "carte", "agenda", "bus"]),
        ("trains", 2, PACKED),
    ],
)
def test_a_tile_goes_to_the_place_that_is_named(
    editor: Browser, service: str, position: int, order: list[str]
) -> None:
    assert drawn(moved(editor, service, position)) == order


def test_a_tile_leaves_the_hive_and_comes_back(editor: Browser) -> None:
    page = do(editor, "retirer", service="trains")
    assert drawn(page) == ["bus", "carte", "agenda"]
    assert 'value="trains"' in page
    assert drawn(moved(editor, "trains", 1)) == ["trains", "bus", "carte", "agenda"]


def test_the_last_tile_stays(editor: Browser) -> None:
    for name in ("bus", "trains", "carte"):
        do(editor, "retirer", service=name)
    page = do(editor, "retirer", service="agenda")
    assert "Cela n’a pas été fait" in page
    assert drawn(page) == ["agenda"]


def test_what_the_pack_lacks_is_not_placed(editor: Browser) -> None:
    assert editor.post(f"{HIVE}placer", revision="0", service="casino").status_code == 404
    assert not Layout.objects.exists()


@pytest.mark.parametrize("step", ["placer", "retirer", "reprendre", "oublier", "publier"])
def test_who_saw_another_revision_changes_nothing(editor: Browser, step: str) -> None:
    moved(editor, "agenda", 1)
    for stale in (0, 7):
        page = do(editor, step, stale, service="bus", position="1", number="0")
        assert "la ruche a changé" in page
    assert Layout.objects.get().revision == 1


@pytest.mark.parametrize("step", ["oublier", "publier"])
def test_without_a_draft_there_is_nothing_to_publish_or_forget(editor: Browser, step: str) -> None:
    assert "Cela n’a pas été fait" in do(editor, step)
    assert not Layout.objects.exists()


def test_a_step_without_its_revision_or_an_unknown_one_does_nothing(editor: Browser) -> None:
    assert editor.post(f"{HIVE}placer", service="agenda", position="1").status_code == 302
    assert editor.post(f"{HIVE}voler", revision="0").status_code == 404
    assert not Layout.objects.exists()


def test_an_earlier_hive_is_taken_up_again_and_published(editor: Browser) -> None:
    moved(editor, "agenda", 1)
    do(editor, "publier")
    first = Layout.objects.get().pk
    moved(editor, "carte", 1)
    do(editor, "publier")
    assert on_kiosks() == ["carte", "agenda", "bus", "trains"]
    assert drawn(do(editor, "reprendre", number=str(first))) == ["agenda", "bus", "trains", "carte"]
    do(editor, "publier")
    assert on_kiosks() == ["agenda", "bus", "trains", "carte"]
    assert Layout.objects.count() == 3


def test_the_pack_s_hive_comes_back_as_no_record(editor: Browser) -> None:
    moved(editor, "agenda", 1)
    do(editor, "publier")
    assert drawn(do(editor, "reprendre", number="0")) == PACKED
    do(editor, "publier")
    assert on_kiosks() == []
    assert drawn(moved(editor, "carte", 1)) == ["carte", "bus", "trains", "agenda"]


def test_an_unknown_hive_is_not_taken_up(editor: Browser) -> None:
    assert editor.post(f"{HIVE}reprendre", revision="0", number="999").status_code == 404


def test_a_draft_is_forgotten(editor: Browser) -> None:
    moved(editor, "agenda", 1)
    assert drawn(do(editor, "oublier")) == PACKED
    assert not Layout.objects.exists()


def test_a_service_that_the_pack_has_lost_leaves_the_hive(
    editor: Browser, place: Territory
) -> None:
    moved(editor, "agenda", 1)
    kept = [tile for tile in place.services["tiles"] if tile["id"] != "bus"]  # type: ignore[union-attr,index,call-overload]  # JSON of the fixture
    Territory.objects.filter(pk=place.pk).update(services={"tiles": kept})
    assert drawn(text(editor.get(HIVE))) == ["agenda", "trains", "carte"]


def test_an_agent_lays_out_and_an_editor_publishes(editor: Browser) -> None:
    agent = Browser.of(somebody("anna", Role.AGENT))
    assert "Un rédacteur relit" in moved(agent, "agenda", 1)
    assert agent.post(f"{HIVE}publier", revision="1").status_code == 403
    assert "part vers les bornes" in do(editor, "publier")


def test_a_territory_without_a_pack_has_nothing_to_lay_out(here: Here) -> None:
    browser = Browser.of(somebody("eve", Role.EDITOR))
    page = text(browser.get(HIVE))
    assert "pas de paquet" in page
    assert "<script" not in page


def test_the_page_s_only_script_is_a_file_of_ours(editor: Browser) -> None:
    page = text(editor.get(HIVE))
    assert re.findall(r"<script[^>]*>", page) == ['<script src="/static/office/hive.js" defer>']
    assert " style=" not in page
    assert " onclick" not in page


def test_hostile_titles_are_drawn_as_text(editor: Browser, place: Territory) -> None:
    tile = {"id": "bus", "title": "<script>x</script>", "icon": "bus", "family": "move"}
    Territory.objects.filter(pk=place.pk).update(services={"tiles": [tile]})
    assert "<script>x" not in text(editor.get(HIVE))


def test_the_picture_has_the_kiosk_s_colours_and_measures(root: Path) -> None:
    theme = (root / "ui/qml/Alveole/Theme.qml").read_text("utf-8")
    told = dict(re.findall(r'"(\w+)": "(#[0-9a-f]{6})"', theme[theme.index("familyColours") :]))
    for family, colour in COLOURS.items():
        assert told.get(family, "#ffb81c") == colour, family
    cell = (root / "ui/qml/Alveole/controls/HexCell.qml").read_text("utf-8")
    assert f"cell.width * {ICON_SHARE}" in cell
    assert f"cell.width * {NAME_SHARE}" in cell
    cells = (root / "ui/qml/Alveole/controls/HiveCells.qml").read_text("utf-8")
    assert f"? 150 : {LEAST:.0f})" in cells
    from ui.viewmodels.hive import GAP_SHARE

    assert GAP_SHARE * LEAST == GAP


def test_the_orne_s_hive_is_drawn_whole_on_pages_that_can_be_read(root: Path) -> None:
    pack = load_territory(root / "assets" / "territories" / "orne")
    told = _services(pack)
    tiles = layouts.tiles_of(Territory(services=told))
    pages = pages_of(list(tiles.values()), str(told["accent"]))
    assert [cell.number for page in pages for cell in page.cells] == [*range(1, len(tiles) + 1)]
    for page in pages:
        assert all(0 <= float(cell.x) <= AREA[0] and float(cell.y) >= 0 for cell in page.cells)
        assert float(page.middle) * 2 >= LEAST
        assert all(0 < len(cell.lines) <= 3 for cell in page.cells)
    assert any("…" in line.text for line in _long().lines)


def _long() -> Drawn:
    title = "Un très long titre de service qui ne tient pas en trois lignes"
    tile = Tile(id="x", title=title, icon="bus", family="move")
    return pages_of([tile, tile], "")[0].cells[0]
