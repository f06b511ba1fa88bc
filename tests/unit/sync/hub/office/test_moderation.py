"""A content's way: written, approved, on the kiosks, withdrawn; every step noted."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import override_settings

from sync.hub.accounts.models import Role
from sync.hub.audit.models import Entry
from sync.hub.datasets.models import Dataset, SignedManifest
from sync.hub.here import Here
from sync.hub.office import moderation
from sync.hub.office.models import Content, State
from sync.protocol.envelope import record_of
from tests.conftest import MovedClock
from tests.offices import NOTICE, Browser, drafted, on_kiosks, somebody, step, text

CONTENTS = "/gestion/contenus/"
DATASET = "annonces"


@pytest.fixture
def editor(here: Here) -> Browser:
    return Browser.of(somebody("eve", Role.EDITOR))


def published(browser: Browser, **said: str) -> Content:
    return on_kiosks(browser, drafted(browser, **said))


def shown() -> list[str]:
    """Give the titles that the kiosks are told."""
    rows = Dataset.objects.get(slug=DATASET).records.all()
    return [record_of(bytes(row.body), DATASET).title["fr"] for row in rows]


def test_a_notice_goes_from_draft_to_the_kiosks(editor: Browser) -> None:
    notice = drafted(editor)
    assert notice.state == State.DRAFT
    assert step(editor, notice, "approuver").state == State.APPROVED
    assert not Dataset.objects.exists()
    assert step(editor, notice, "publier").state == State.PUBLISHED
    assert shown() == ["Marché déplacé"]
    acts = list(Entry.objects.order_by("id").values_list("action", "actor", "territory"))
    steps = ["notice.written", "notice.approved", "notice.published"]
    assert acts == [(one, "eve", "orne") for one in steps]


def test_the_manifest_moves_with_each_publication(editor: Browser) -> None:
    notice = published(editor)
    first = SignedManifest.objects.get().etag
    step(editor, notice, "retirer")
    assert SignedManifest.objects.get().etag != first
    assert shown() == []


def test_a_record_carries_level_and_validity_in_the_territory_s_hours(editor: Browser) -> None:
    published(editor, level="orange", valid_from="2026-11-23T08:00")
    line = bytes(Dataset.objects.get().records.get().body)
    record = record_of(line, DATASET)
    assert record.data["level"] == "orange"
    assert record.valid_from == datetime(2026, 11, 23, 7, tzinfo=UTC)
    assert record.valid_until == datetime(2026, 12, 24, 17, tzinfo=UTC)


def test_one_notice_s_publication_leaves_the_others(editor: Browser) -> None:
    published(editor, title="Un")
    second = published(editor, title="Deux")
    step(editor, second, "retirer")
    assert shown() == ["Un"]


def test_a_change_is_a_draft_again_and_the_kiosks_keep_what_was_approved(editor: Browser) -> None:
    notice = published(editor)
    said = {**NOTICE, "title": "Marché annulé"}
    editor.post(f"{CONTENTS}{notice.pk}/modifier", revision="1", **said)
    changed = Content.objects.get()
    assert (changed.state, changed.revision, changed.on_kiosks) == (State.DRAFT, 2, 1)
    assert changed.approver is None
    assert shown() == ["Marché déplacé"]
    assert "une version antérieure" in text(editor.get(f"{CONTENTS}{notice.pk}/"))
    step(editor, notice, "approuver")
    step(editor, notice, "publier")
    assert shown() == ["Marché annulé"]


def test_what_was_changed_meanwhile_is_not_approved_unseen(editor: Browser) -> None:
    notice = drafted(editor)
    editor.post(f"{CONTENTS}{notice.pk}/modifier", revision="1", **NOTICE)
    assert step(editor, notice, "approuver", revision=1).state == State.DRAFT
    assert "a changé" in text(editor.get(f"{CONTENTS}{notice.pk}/"))


def test_two_changes_of_one_revision_are_one(editor: Browser) -> None:
    notice = drafted(editor)
    for title in ("Première", "Seconde"):
        editor.post(f"{CONTENTS}{notice.pk}/modifier", revision="1", **{**NOTICE, "title": title})
    assert Content.objects.get().title == "Première"


@pytest.mark.parametrize("name", ["publier", "approuver", "retirer"])
def test_a_step_without_its_revision_does_nothing(editor: Browser, name: str) -> None:
    notice = drafted(editor)
    editor.post(f"{CONTENTS}{notice.pk}/{name}")
    assert Content.objects.get().state == State.DRAFT


def test_a_draft_isn_t_published_unapproved(editor: Browser) -> None:
    assert step(editor, drafted(editor), "publier").state == State.DRAFT


def test_what_is_over_isn_t_published(editor: Browser, clock: MovedClock) -> None:
    notice = drafted(editor)
    step(editor, notice, "approuver")
    clock.move(60 * 86_400)
    assert step(editor, notice, "publier").state == State.APPROVED
    assert "échu" in text(editor.get(f"{CONTENTS}{notice.pk}/"))


def test_a_withdrawn_notice_is_not_revived(editor: Browser) -> None:
    notice = drafted(editor)
    assert step(editor, notice, "retirer").state == State.WITHDRAWN
    for name in ("approuver", "publier"):
        assert step(editor, notice, name).state == State.WITHDRAWN
    editor.post(f"{CONTENTS}{notice.pk}/modifier", revision="1", **NOTICE)
    assert Content.objects.get().revision == 1


def test_an_agent_writes_and_an_editor_approves(here: Here, editor: Browser) -> None:
    agent = Browser.of(somebody("anna", Role.AGENT))
    notice = drafted(agent)
    assert step(agent, notice, "approuver").state == State.DRAFT
    assert "Un rédacteur relit" in text(agent.get(f"{CONTENTS}{notice.pk}/"))
    approved = step(editor, notice, "approuver")
    assert approved.approver is not None
    assert (approved.author.username, approved.approver.username) == ("anna", "eve")


def test_a_failed_publication_changes_nothing(here: Here, editor: Browser) -> None:
    notice = drafted(editor)
    step(editor, notice, "approuver")
    before = Entry.objects.count()
    with override_settings(HUB=None):
        assert editor.post(f"{CONTENTS}{notice.pk}/publier", revision="1").status_code == 500
    assert Content.objects.get().state == State.APPROVED
    assert Entry.objects.count() == before


def test_a_territory_s_notices_are_bounded(
    here: Here, editor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moderation, "CONTENTS_MAX", 1)
    drafted(editor)
    answer = editor.post(f"{CONTENTS}orne/annonce/nouveau", **NOTICE)
    assert answer.status_code == 422
    assert "limite" in text(answer)
    assert Content.objects.count() == 1


def test_hostile_text_is_shown_as_text(editor: Browser) -> None:
    notice = drafted(editor, title="<script>x</script>", body="<img src=x>")
    shown_page = text(editor.get(f"{CONTENTS}{notice.pk}/")) + text(editor.get(CONTENTS))
    assert "<script" not in shown_page
    assert "<img src=x" not in shown_page


def test_a_faulty_form_says_so_and_keeps_what_was_typed(editor: Browser) -> None:
    answer = editor.post(f"{CONTENTS}orne/annonce/nouveau", **{**NOTICE, "valid_until": ""})
    assert answer.status_code == 422
    assert "À corriger" in text(answer)
    assert 'value="Marché déplacé"' in text(answer)


def test_the_form_of_a_change_holds_what_is_there(editor: Browser) -> None:
    notice = drafted(editor)
    shown_page = text(editor.get(f"{CONTENTS}{notice.pk}/modifier"))
    assert 'value="2026-12-24T18:00"' in shown_page
    assert 'name="revision" value="1"' in shown_page
