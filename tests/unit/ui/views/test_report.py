"""The steps of a report as frames, and following one by its code."""

from __future__ import annotations

from kiosk.domain.facts import Commune, Place
from kiosk.domain.facts import Report as Told
from kiosk.domain.freshness import State
from kiosk.domain.record import Geo, Record
from kiosk.domain.report import TEXT_MAX, Category, Report, ReportState
from tests.unit.ui.views.world import NOW, World
from ui.commands import Commands
from ui.context import Context
from ui.report import ReportDraft
from ui.report_desk import NOT_KEPT, ReportDesk
from ui.views.info import build_info
from ui.views.report import (
    HERE,
    build_check,
    build_follow,
    build_report,
    build_sent,
    build_where,
    build_words,
    chosen_of,
)

CODE = "K7QF-2MXD"
ARGUMENT = f"s/road/{HERE}"


def followed(world: World, told: Told) -> Context:
    world.declare("suivi", "report")
    record = Record(
        id=CODE,
        dataset="suivi",
        kind="report",
        title={"fr": "Voirie"},
        source="Mairie",
        licence="Licence Ouverte 2.0",
        observed_at=NOW,
        data={"step": told.step, "state": told.state, "answer": told.answer},
    )
    world.publish("suivi", [record])
    return world.context("info")


def test_each_category_asks_where_next(world: World) -> None:
    frame = build_report(world.context("info"), "s")
    assert [row.argument for row in frame.rows[:-1]] == [f"s/{one}" for one in Category]
    assert {row.route for row in frame.rows[:-1]} == {"report-where"}
    assert frame.rows[-1].route == "follow"
    assert "112" in frame.banner.text


def test_a_place_is_here_near_here_or_a_commune(world: World) -> None:
    world.put([Place()], dataset="mairies", titles=["Mairie"], geo=Geo(lat=48.4, lon=0.1))
    world.put(
        [Commune(insee="61001")], dataset="communes", titles=["Sées"], geo=Geo(lat=48.6, lon=0.2)
    )
    frame = build_where(world.context("info"), "s/road")
    assert [row.argument for row in frame.rows] == [
        ARGUMENT,
        "s/road/mairies/0",
        "s/road/communes/0",
    ]
    assert chosen_of(world.context("info"), "s/road/communes/0").place == "Sées"


def test_the_town_hall_reads_the_place_in_french(world: World) -> None:
    context = world.context("info", "en")
    assert chosen_of(context, ARGUMENT).place == "À la borne\u00a0: Mairie"


def test_a_route_that_names_nothing_known_is_other_and_nowhere(world: World) -> None:
    chosen = chosen_of(world.context("info"), "s/unicorn/gone/7")
    assert (chosen.category, chosen.place) == (Category.OTHER, "")
    frame = build_check(world.context("info"), "s/unicorn/gone/7")
    assert not frame.action.title


def test_words_may_be_left_out(world: World) -> None:
    frame = build_words(world.context("info"), ARGUMENT, "")
    assert (frame.action.route, frame.action.argument) == ("report-check", ARGUMENT)
    assert str(TEXT_MAX) in frame.subtitle


def test_words_that_say_who_reports_lead_no_further(world: World) -> None:
    frame = build_words(world.context("info"), ARGUMENT, "06 12 34 56 78")
    assert not frame.action.title
    assert "téléphone" in frame.banner.text


def test_what_is_sent_is_read_over(world: World) -> None:
    context = world.context("info")
    context.report = ReportDraft(text="Un trou")
    frame = build_check(context, ARGUMENT)
    assert [row.heading for row in frame.rows][:3] == [
        "Chaussée, trottoir",
        "À la borne\u00a0: Mairie",
        "Un trou",
    ]
    assert frame.action.title


def test_a_report_on_its_way_is_not_sent_twice(world: World) -> None:
    context = world.context("info")
    context.report = ReportDraft(busy=True)
    assert not build_check(context, ARGUMENT).action.title


def test_what_could_not_be_kept_says_so_without_a_word_of_money(world: World) -> None:
    context = world.context("info")
    context.report = ReportDraft(problem=NOT_KEPT)
    frame = build_check(context, ARGUMENT)
    assert "n’a pas pu être gardé" in frame.banner.text
    assert frame.spoken[0] == frame.banner.text


def test_the_code_is_shown_large_and_spelt_aloud(world: World) -> None:
    context = world.context("info")
    sent = Report(code=CODE, category=Category.ROAD, place="Ici", text="", at=NOW)
    context.report = ReportDraft(sent=sent)
    frame = build_sent(context)
    assert frame.figure == CODE
    assert CODE in frame.payload
    assert "K 7 Q F 2 M X D" in frame.spoken[0]
    assert "dès qu’il y a du réseau" in frame.rows[0].detail


def test_nothing_was_sent_in_this_visit(world: World) -> None:
    frame = build_sent(world.context("info"))
    assert (frame.figure, frame.code) == ("", "")
    assert frame.empty


def test_every_state_of_the_hub_is_told(world: World) -> None:
    seen: set[str] = set()
    for state in ReportState:
        context = followed(world, Told(step=state.value, state="open"))
        seen.add(build_follow(context, "s", CODE.lower()).rows[0].heading)
    assert len(seen) == len(ReportState)


def test_the_town_halls_answer_is_shown(world: World) -> None:
    context = followed(world, Told(step="answered", answer="La voirie passe mardi."))
    frame = build_follow(context, "s", CODE)
    assert frame.rows[1].detail == "La voirie passe mardi."
    assert "La voirie passe mardi." in " ".join(frame.spoken)


def test_another_servers_closed_report_is_closed(world: World) -> None:
    context = followed(world, Told(state="closed"))
    assert build_follow(context, "s", CODE).rows[0].heading == "Clos"


def test_a_code_that_is_not_known_here_says_whom_to_ask(world: World) -> None:
    context = followed(world, Told(step="received"))
    frame = build_follow(context, "s", "AAAA-AAAA")
    assert frame.rows == ()
    assert "accueil" in frame.lead
    assert frame.age.state is not State.LIVE


def test_half_a_code_finds_nothing_yet(world: World) -> None:
    context = followed(world, Told(step="received"))
    assert build_follow(context, "s", "K7QF").rows == ()


def test_a_service_takes_reports_where_a_desk_sends_them(world: World) -> None:
    context = followed(world, Told(step="received"))
    assert not build_info(context, "s").action.title

    def refused() -> None:
        raise AssertionError("nothing is sent here")

    commands = Commands()
    ReportDesk(context, commands, refused)  # type: ignore[arg-type]
    assert build_info(context, "s").action.route == "report"
    commands.close()


def test_a_service_without_states_takes_no_reports(world: World) -> None:
    world.declare("avis", "notice")
    context = world.context("info")
    assert not build_info(context, "s").action.title
