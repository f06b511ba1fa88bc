"""The card's screen, as it is built from what the reader told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from kiosk.domain.money import Money
from kiosk.domain.purse import CardFace, Written
from kiosk.usecases.read_card import CardReading, read_card
from tests.steps import NAMES, play
from ui.context import Context
from ui.views.card import CardFrame, build_card
from ui.wallet import Wallet

Orne = Callable[..., Context]


@pytest.fixture
def context(orne: Orne) -> Context:
    return orne()


def shown(context: Context, step: str) -> CardFrame:
    play(step, context)
    return build_card(context)


def with_face(context: Context, **changes: object) -> Context:
    """Lay the demo's card with another face."""
    play("card", context)
    reading = context.wallet.reading
    assert reading is not None
    face = replace(reading.face, **changes)  # type: ignore[arg-type]  # the test names real fields

    class Lying:
        def read(self) -> CardFace:
            return face

        def glance(self) -> CardFace:
            return face

        def write_load(self, load: object) -> CardFace:
            raise AssertionError("nothing is written here")

        def spend(self, spend: object, prepared: object) -> Written:
            raise AssertionError("nothing is taken here")

    seen: CardReading = read_card(Lying(), today=date(2026, 11, 22), limits=context.wallet.limits)
    context.wallet = replace(context.wallet, reading=seen, problem=seen.refusal)
    return context


def test_the_balance_is_the_first_thing_and_says_how_it_is_known(context: Context) -> None:
    frame = shown(context, "card")
    assert frame.balance == "12,40\u00a0€"
    assert frame.proof == "lu sur la carte à l’instant, valable sans réseau"
    assert frame.known


def test_books_and_entitlements_are_told_with_their_last_day(context: Context) -> None:
    rows = shown(context, "card").rows
    assert [row.heading for row in rows] == ["Piscine, 7 entrées", "Médiathèque"]
    assert rows[0].detail == "Carnet de 10 entrées, valable jusqu’au 30/06/2027"
    assert rows[0].glyph == "pool"


def test_the_last_operations_say_when_what_and_how_much(context: Context) -> None:
    lines = shown(context, "card").operations
    assert [(line.label, line.figure) for line in lines] == [
        ("Piscine des Tilleuls", "−1 entrée"),
        ("Cinéma Le Trèfle", "−6,50\u00a0€"),
        ("Recharge à la mairie", "+20,00\u00a0€"),
    ]
    assert lines[2].moment == "15/11 09:42"


@pytest.mark.parametrize(("hours", "moment"), [(1, "aujourd’hui 09:42"), (20, "hier 14:42")])
def test_an_operation_of_yesterday_or_today_is_said_so(
    context: Context, hours: int, moment: str
) -> None:
    from datetime import timedelta

    play("card", context)
    reading = context.wallet.reading
    assert reading is not None
    recent = replace(reading.face.log[0], at=context.clock.now() - timedelta(hours=hours))
    frame = build_card(with_face(context, log=(recent,)))
    assert frame.operations[0].moment == moment


@pytest.mark.parametrize("step", ["card", "card-masked", "card-none", "card-foreign"])
def test_the_number_is_never_shown_whole(context: Context, step: str) -> None:
    frame = shown(context, step)
    assert "0000" not in repr(frame)
    assert "ALV61" not in repr(frame)


def test_only_the_last_four_name_the_card(context: Context) -> None:
    assert shown(context, "card").subtitle == "Carte ••••\u00a04821"


def test_a_masked_card_shows_and_says_no_figure(context: Context) -> None:
    frame = shown(context, "card-masked")
    told = " ".join(
        [frame.balance, *frame.spoken, *(row.heading for row in frame.rows)]
        + [line.figure for line in frame.operations if "€" in line.figure]
    )
    assert not any(figure in told for figure in ("12,40", "6,50", "20,00", "7 entrées"))


@pytest.mark.parametrize(("language", "dots"), [("fr", "••,••\u00a0€"), ("en", "€••.••")])
def test_dots_stand_where_the_language_has_its_figures(
    orne: Orne, language: str, dots: str
) -> None:
    assert shown(orne(language=language), "card-masked").balance == dots


def test_what_the_card_holds_is_private(context: Context) -> None:
    assert shown(context, "card").private
    assert not shown(context, "card-none").private


def test_without_a_card_the_screen_says_where_to_lay_it(context: Context) -> None:
    frame = shown(context, "card-none")
    assert frame.headline == "Posez votre carte"
    assert "lecteur" in frame.detail
    assert not frame.known


def test_something_else_on_the_reader_is_refused_politely(context: Context) -> None:
    frame = shown(context, "card-foreign")
    assert frame.headline.startswith("Ce n’est pas une carte de vie quotidienne.")
    assert frame.rows == ()


def test_a_kiosk_without_a_reader_says_whom_to_ask(context: Context) -> None:
    context.wallet = Wallet(reader=False)
    frame = build_card(context)
    assert "ne répond pas" in frame.headline
    assert "accueil" in frame.detail
    assert frame.footnote == ""


def test_a_good_card_can_be_reloaded(context: Context) -> None:
    frame = shown(context, "card")
    assert frame.can_load
    assert frame.action.title == "Recharger"
    assert frame.action.honey


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"blocked": True}, "bloquée"),
        ({"valid_until": date(2026, 11, 21)}, "plus valable"),
    ],
)
def test_a_card_that_can_t_be_loaded_is_still_read_and_says_why(
    context: Context, changes: dict[str, object], words: str
) -> None:
    frame = build_card(with_face(context, **changes))
    assert frame.known
    assert not frame.can_load
    assert words in frame.banner.text
    assert frame.action.title == "Terminer"


def test_a_full_purse_offers_no_reload(context: Context) -> None:
    frame = build_card(with_face(context, balance=Money(15_000)))
    assert not frame.can_load


def test_closed_money_is_told_and_the_balance_stays(context: Context) -> None:
    play("card", context)
    context.wallet = replace(context.wallet, closed="ledger.tampered")
    frame = build_card(context)
    assert frame.balance == "12,40\u00a0€"
    assert "arrêtée" in frame.banner.text
    assert not frame.can_load


def test_the_demonstration_is_marked(context: Context) -> None:
    frame = shown(context, "card-none")
    assert frame.simulated
    assert frame.age.demo
    assert "Démonstration" in frame.footnote


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("card")])
def test_every_step_of_the_card_leads_to_its_screen(context: Context, name: str) -> None:
    assert play(name, context) == "card"


def test_the_card_speaks_english(orne: Orne) -> None:
    frame = shown(orne(language="en"), "card")
    assert frame.balance == "€12.40"
    assert frame.rows[0].heading.endswith("7 entries")
