"""Agenda entries, exceptional hours and menus: from their forms to the kiosks' records."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime

import pytest

from kiosk.domain.facts import Event, Menu, Opening, Place, data_of, facts_of
from kiosk.domain.record import Record
from sync.hub.accounts.models import Role
from sync.hub.datasets.models import Dataset, SignedManifest
from sync.hub.datasets.publishing import publish
from sync.hub.here import Here
from sync.hub.office import cascade
from sync.hub.office.kiosk_side import bring_all
from sync.hub.office.models import Content, State
from sync.hub.territories.models import Territory
from sync.protocol.envelope import record_of, wire_of
from tests.offices import (
    ELSEWHERE,
    EVENT,
    HERE,
    OPENING,
    Browser,
    drafted,
    on_kiosks,
    somebody,
    step,
    territory,
    text,
)

HEADER = "menuRestaurantNom,menuDate,menuRepasType,menuPlatType,menuPlatNom,menuPlatAllergene"
GOOD = f"""{HEADER}
École du Val,2026-12-01,déjeuner,entrée,Carottes râpées,moutarde
École du Val,2026-12-01,déjeuner,plat principal,Poisson du jour,poissons
École du Val,2026-12-01,déjeuner,dessert,Pomme,
École du Val,2026-12-03,déjeuner,plat principal,Hachis,lait
"""
NEW_MENUS = "/gestion/contenus/orne/menus/nouveau"


@pytest.fixture
def editor(here: Here) -> Browser:
    return Browser.of(somebody("eve", Role.EDITOR))


def records(dataset: str, place: str = HERE) -> list[Record]:
    """Give what the kiosks of a territory are told."""
    found = Dataset.objects.filter(slug=dataset, territory=place).first()
    rows = found.records.all() if found else []
    return [record_of(bytes(row.body), dataset) for row in rows]


def titles(dataset: str, place: str = HERE) -> list[str]:
    return sorted(one.title["fr"] for one in records(dataset, place))


def town_hall(hub: Here, place: str = HERE) -> None:
    """Publish a place with hours, as a pack or a feed does."""
    dataset = Dataset.objects.create(
        territory=territory(place), slug="mairies", kind="place", connector="seed"
    )
    hall = Record(
        id="mairie-alencon",
        dataset="mairies",
        kind="place",
        title={"fr": "Mairie d’Alençon"},
        source="Démonstration",
        licence="CC0 1.0",
        observed_at=hub.clock.now(),
        data=data_of(Place(hours="Mo-Fr 09:00-17:00")),
    )
    publish(hub, dataset, [wire_of(hall)], hub.clock.now())


def sent(editor: Browser, table: str | bytes, **said: str) -> str:
    """Send a file of menus; the page that answers."""
    raw = table if isinstance(table, bytes) else table.encode()
    file = io.BytesIO(raw)
    file.name = "menus.csv"
    return text(editor.post(NEW_MENUS, **{"title": "Décembre", **said}, table=file))


def kept_of(page: str) -> str:
    found = re.search(r'name="kept" value="([^"]+)"', page)
    assert found is not None, page
    return found[1]


def menus(editor: Browser, table: str = GOOD, **said: str) -> Content:
    kept = kept_of(sent(editor, table, **said))
    return drafted(editor, sort="menus", title="Décembre", kept=kept, accept="1", **said)


def test_an_agenda_entry_reaches_the_kiosks(editor: Browser) -> None:
    on_kiosks(editor, drafted(editor, sort="rendez-vous", **EVENT))
    (record,) = records("rendez-vous")
    event = facts_of(record, Event)
    assert record.title == {"fr": "Loto des pompiers"}
    assert event.starts_at == datetime(2026, 12, 5, 13, tzinfo=UTC)
    assert (event.place, event.commune, event.price) == (
        "Salle des fêtes",
        "Alençon",
        "3 € le carton",
    )
    assert record.valid_until == datetime(2026, 12, 5, 19, tzinfo=UTC)


def test_exceptional_hours_name_a_place_that_is_there(here: Here, editor: Browser) -> None:
    town_hall(here)
    assert "Mairie d’Alençon" in text(editor.get("/gestion/contenus/orne/horaire/nouveau"))
    content = on_kiosks(editor, drafted(editor, sort="horaire", **OPENING))
    (record,) = records("horaires-exceptionnels")
    assert facts_of(record, Opening) == Opening(
        place="mairies/mairie-alencon",
        first_day=date(2026, 12, 24),
        last_day=date(2026, 12, 31),
        hours="09:00-12:00",
    )
    page = text(editor.get(f"/gestion/contenus/{content.pk}/"))
    assert "Mairie d’Alençon" in page
    assert "24/12/2026 – 31/12/2026" in page


def test_a_place_without_hours_or_elsewhere_is_not_offered(here: Here, editor: Browser) -> None:
    town_hall(here, ELSEWHERE)
    answer = editor.post("/gestion/contenus/orne/horaire/nouveau", **OPENING)
    assert answer.status_code == 422
    assert "Choisissez une des valeurs" in text(answer)


def test_a_file_of_menus_is_shown_before_it_is_kept(editor: Browser) -> None:
    page = sent(editor, GOOD)
    assert "Enregistrer ces 2 repas" in page
    assert "Poisson du jour (4)" in page
    assert not Content.objects.exists()
    content = drafted(editor, sort="menus", title="Décembre", kept=kept_of(page), accept="1")
    assert content.state == State.DRAFT
    on_kiosks(editor, content)
    menu = next(one for one in records("menus") if "2026-12-01" in one.id)
    assert menu.title == {"fr": "Poisson du jour, Pomme"}
    assert [dish.allergens for dish in facts_of(menu, Menu).dishes] == [(10,), (4,), ()]
    assert menu.valid_until == datetime(2026, 12, 3, 23, tzinfo=UTC)


FAULTS = [
    (GOOD.replace("2026-12-03", "le 3"), "Ligne 5", "menuDate n’est pas une date"),
    (GOOD.replace("2026-12-03", "1026-12-03"), "Ligne 5", "menuDate n’est pas une date"),
    (GOOD.replace("poissons", "poison"), "Ligne 3", "poison\u00a0» n’est pas un des quatorze"),
    (GOOD.replace("dessert", "goûter"), "Ligne 4", "goûter\u00a0» n’est pas un type de plat"),
    (GOOD.replace("Hachis", ""), "Ligne 5", "menuPlatNom est vide"),
    (GOOD + "École du Val,2026-12-04\n", "Ligne 6", "2 cases sous 6 colonnes"),
    (
        HEADER + "\n" + "".join(
            f"Val,2026-12-01,déjeuner,entrée,Plat {n},\n" for n in range(61)
        ), "Ligne 62", "Plus de 60 plats"
    ),
    ("a,b\n1,2\n", "", "il manque l’en-tête du schéma national"),
    ("EQUIP_UID,EQUIP_NOM\n1,2\n", "", ""),
    ("PK\0\0", "", "Ce n’est pas"),
    (HEADER + "\n\n", "", "Aucun repas n’a été trouvé."),
    (GOOD + f"Val,2026-12-04,déjeuner,entrée,{'x' * 3000},\n" * 1 + "".join(
        f"Val,2026-12-04,déjeuner,entrée,{n}{'x' * 3900},\n" for n in range(12)
    ), "", "Un repas est trop long"),
    (HEADER + "\n" + "".join(
        f"Val {n},2026-12-01,déjeuner,entrée,Plat,\n" for n in range(401)
    ), "", "Plus de 400 repas"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "where", "why"), FAULTS)
def test_a_faulty_line_is_told_by_its_number_and_refuses_the_file(
    editor: Browser, table: str, where: str, why: str
) -> None:
    page = sent(editor, table)
    assert "Ce fichier a des fautes" in page
    assert where in page
    assert why in page
    assert 'name="accept"' not in page
    sent(editor, table, accept="1")
    assert not Content.objects.exists()


def test_many_faults_are_counted(editor: Browser) -> None:
    lines = "".join(f"Val,x{n},déjeuner,entrée,Plat,\n" for n in range(60))
    assert "Et 10 autres." in sent(editor, f"{HEADER}\n{lines}")


def test_another_encoding_is_read_and_remarked(editor: Browser) -> None:
    page = sent(editor, GOOD.encode("cp1252"))
    assert "Fichier lu en windows-1252" in page
    assert "Carottes râpées" in page
    assert "Enregistrer ces 2 repas" in page


def test_a_file_that_was_kept_with_a_change_is_read_again(editor: Browser) -> None:
    kept = kept_of(sent(editor, GOOD))
    answer = editor.post(NEW_MENUS, title="Décembre", kept=kept[:-40] + "AAAA", accept="1")
    assert answer.status_code == 422
    assert not Content.objects.exists()


def test_menus_keep_their_meals_when_only_their_name_changes(editor: Browser) -> None:
    content = menus(editor)
    editor.post(
        f"/gestion/contenus/{content.pk}/modifier",
        title="Noël",
        revision="1",
        valid_until="2026-12-24T00:00",
    )
    changed = Content.objects.get()
    assert (changed.title, changed.revision) == ("Noël", 2)
    assert changed.data == content.data


def test_of_two_files_that_tell_a_meal_the_later_one_counts(editor: Browser) -> None:
    on_kiosks(editor, menus(editor))
    second = on_kiosks(editor, menus(editor, GOOD.replace("Hachis", "Gratin")))
    assert titles("menus") == ["Gratin", "Poisson du jour, Pomme"]
    step(editor, second, "retirer")
    assert titles("menus") == ["Hachis", "Poisson du jour, Pomme"]


def test_an_unknown_sort_is_not_there(editor: Browser) -> None:
    assert editor.get("/gestion/contenus/orne/gazette/nouveau").status_code == 404


def test_what_is_over_leaves_with_the_next_publication(here: Here, editor: Browser) -> None:
    on_kiosks(editor, drafted(editor, title="Vite", valid_until="2026-11-22T12:00"))
    here.clock.move(86_400)  # type: ignore[attr-defined]  # the tests' clock
    on_kiosks(editor, drafted(editor, title="Encore"))
    assert titles("annonces") == ["Encore"]


@pytest.fixture
def epci(here: Here) -> Territory:
    """An EPCI with two communes, of which one is two levels down."""
    above = territory("cua")
    for slug, parent in ((HERE, "cua"), (ELSEWHERE, HERE)):
        Territory.objects.filter(slug=territory(slug).slug).update(parent=parent)
    return above


@pytest.fixture
def agent_of_epci(epci: Territory) -> Browser:
    return Browser.of(somebody("zoe", Role.EDITOR, epci.slug))


def test_an_epci_s_content_cascades_to_its_communes(agent_of_epci: Browser) -> None:
    content = on_kiosks(agent_of_epci, drafted(agent_of_epci, "cua", cascades="on"))
    for place in ("cua", HERE, ELSEWHERE):
        assert titles("annonces", place) == ["Marché déplacé"]
        assert SignedManifest.objects.filter(territory=place).exists()
    assert records("annonces", HERE)[0].source == "Cua"
    step(agent_of_epci, content, "retirer")
    for place in ("cua", HERE, ELSEWHERE):
        assert titles("annonces", place) == []


def test_what_does_not_cascade_stays_where_it_was_written(agent_of_epci: Browser) -> None:
    on_kiosks(agent_of_epci, drafted(agent_of_epci, "cua"))
    assert titles("annonces", "cua") == ["Marché déplacé"]
    assert titles("annonces", HERE) == []


def test_a_commune_s_own_contents_stand_beside_its_epci_s(
    agent_of_epci: Browser, editor: Browser
) -> None:
    on_kiosks(editor, drafted(editor, title="Fête du village"))
    on_kiosks(agent_of_epci, drafted(agent_of_epci, "cua", cascades="on"))
    assert titles("annonces", HERE) == ["Fête du village", "Marché déplacé"]
    assert titles("annonces", "cua") == ["Marché déplacé"]


def test_a_revision_that_no_longer_cascades_leaves_the_communes(agent_of_epci: Browser) -> None:
    content = on_kiosks(agent_of_epci, drafted(agent_of_epci, "cua", cascades="on"))
    said = {"title": "Ici", "body": "", "level": "info", "valid_until": "2026-12-24T18:00"}
    agent_of_epci.post(f"/gestion/contenus/{content.pk}/modifier", revision="1", **said)
    assert titles("annonces", HERE) == ["Marché déplacé"]
    on_kiosks(agent_of_epci, content)
    assert titles("annonces", HERE) == []
    assert titles("annonces", "cua") == ["Ici"]


def test_a_commune_that_joins_later_gets_what_is_there(here: Here, agent_of_epci: Browser) -> None:
    on_kiosks(agent_of_epci, drafted(agent_of_epci, "cua", cascades="on"))
    late = Territory.objects.create(slug="damigny", name="Damigny", parent_id="cua")
    bring_all(here, late)
    assert titles("annonces", "damigny") == ["Marché déplacé"]


def test_a_ring_of_parents_ends(here: Here, epci: Territory) -> None:
    Territory.objects.filter(slug="cua").update(parent=ELSEWHERE)
    one = Territory.objects.get(slug="cua")
    assert [below.slug for below in cascade.below(one)] == [HERE, ELSEWHERE]
    assert cascade.above(one) == [ELSEWHERE, HERE]
