"""The commands ``card readers``, ``card read``, ``card watch`` and ``doctor`` on the real chain."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from cardreader.pcsc import Context
from cardreader.virtual.cards import TEST_NUMBER, plain_card
from cardreader.virtual.things import bank_card
from kiosk.app.card_chain import Chain, read_once
from kiosk.app.card_watch import watch
from kiosk.app.cli import main
from kiosk.domain.errors import CardForeign, CardsTwo, ReaderAbsent
from tests.stand.pcscd import SLOTS, Pcscd, wait_for
from tests.stand.things import Hands

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    def call(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["--data", str(tmp_path), *words])
        out, err = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, out, err

    return call


def seen(count: int) -> None:
    """Wait until PC/SC sees so many cards."""
    context = Context()
    wait_for(lambda: sum(slot.present for slot in context.slots()) == count)
    context.close()


def test_the_readers_are_listed_with_what_lies_on_them(hands: Hands, run: Run) -> None:
    hands.lay(plain_card(), slot=1)
    seen(1)
    code, out, _ = run("card", "readers", "--json")
    assert code == 0
    empty = {"reader": SLOTS[0], "role": "citizen", "card": False, "atr": ""}
    card = {"reader": SLOTS[1], "role": "citizen", "card": True, "atr": "3B8180018080"}
    assert json.loads(out) == [empty, card]


def test_a_card_is_read_as_a_document(hands: Hands, run: Run) -> None:
    hands.lay(plain_card(balance_cents=1500, entries=10))
    seen(1)
    code, out, _ = run("card", "read", "--json")
    found = json.loads(out)
    assert code == 0
    assert (found["reader"], found["card"], found["kind"]) == (SLOTS[0], TEST_NUMBER, "purse")
    assert (found["balance_cents"], found["books"][0]["entries"]) == (1500, 10)
    assert (found["entitlements"], found["log"]) == ([], [])


def test_an_empty_reader_and_an_absent_service_are_told_apart(
    hands: Hands, run: Run, daemon: Pcscd
) -> None:
    code, _, err = run("card", "read")
    assert (code, err) == (1, "alveole: no card on the reader\n")
    daemon.kill()
    code, _, err = run("card", "read")
    assert (code, "doesn't run" in err, err.count("\n")) == (1, True, 1)
    assert run("card", "readers", "--json")[:2] == (0, "[]\n")
    daemon.start()


def test_a_foreign_card_and_two_cards_are_refused(hands: Hands) -> None:
    hands.lay(bank_card())
    seen(1)
    with pytest.raises(CardForeign):
        read_once(Chain())
    hands.lay(plain_card(), slot=1)
    seen(2)
    with pytest.raises(CardsTwo):
        read_once(Chain())
    assert read_once(Chain(pattern=SLOTS[1])).reader == SLOTS[1]
    with pytest.raises(ReaderAbsent, match="no reader"):
        read_once(Chain(pattern="no such*"))


def test_what_is_laid_and_lifted_is_watched(hands: Hands) -> None:
    hands.lay(plain_card(balance_cents=1500))
    told = watch(Chain(), 3)
    first = next(told)
    hands.lift()
    second = next(told)
    threading.Timer(0.1, lambda: hands.lay(bank_card())).start()
    third = next(told)
    assert [one.event for one in (first, second, third)] == ["laid", "lifted", "laid"]
    assert first.card is not None
    assert (first.card.balance_cents, third.problem) == (1500, "card.foreign")
    assert list(told) == []


def test_the_doctor_asks_which_of_two_readers_is_the_citizens(
    daemon: Pcscd, run: Run, tmp_path: Path
) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text('reader = "pcsc"\n', encoding="utf-8")
    found = {one["check"]: one for one in json.loads(run("doctor", "--json")[1])}
    assert found["readers"]["state"] == "warn"
    assert found["reader"]["state"] == "ok"
    settings.write_text(f'reader = "pcsc"\nreader_pattern = "{SLOTS[0]}"\n', encoding="utf-8")
    found = {one["check"]: one for one in json.loads(run("doctor", "--json")[1])}
    assert found["readers"]["state"] == "ok"
