"""SIGKILL at every durable step of an offline code: one credit, and no try for nothing."""

from __future__ import annotations

import multiprocessing
import pickle
import signal
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from kiosk.domain.money import Money
from kiosk.domain.purse import CardFace
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_read import verify_file
from tests.sim.code_child import Spec, run

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.sim.code_child"])  # imported once, not at each of 60 starts
END_S = 60
WRONG = "000000000000"
BALANCE = Money(1240)
LOADED = Money(3240)
EFFECTS = 16  # of one undisturbed course, counted before and after each


def child(spec: Spec) -> int:
    """Run a child to its end; gives its exit code, negative when it was killed."""
    process = FORKS.Process(target=run, args=(spec,))
    process.start()
    process.join(END_S)
    assert process.exitcode is not None
    return process.exitcode


def effects(folder: Path) -> list[str]:
    return (folder / "effects").read_text().split("\n")[:-1]


def entries(folder: Path) -> int:
    verdict = verify_file(folder / "ledger.db")
    assert verdict.sound, verdict.reason
    return verdict.entries


def balance(folder: Path) -> Money:
    file = folder / "card"
    return pickle.loads(file.read_bytes()).balance if file.exists() else BALANCE


def test_a_kill_at_any_step_gives_one_credit(tmp_path: Path) -> None:
    dry = tmp_path / "dry"
    dry.mkdir()
    assert child(Spec(folder=dry)) == 0
    names = effects(dry)
    assert len(names) == EFFECTS, names
    for number in range(1, len(names) + 1):
        folder = tmp_path / str(number)
        folder.mkdir()
        spec = Spec(folder=folder, kill_at=number)
        assert child(spec) == -signal.SIGKILL
        assert effects(folder)[-1] == names[number - 1]
        # the citizen types the same code again, on the kiosk that came back
        assert child(replace(spec, kill_at=0)) == 0
        told = (names[number - 1], entries(folder), balance(folder))
        assert told == (names[number - 1], 1, LOADED)


def guessed(folder: Path, *, forgets_tries: bool) -> list[str]:
    """Guess once a life, seven lives long, each killed as soon as its try was kept."""
    spec = Spec(folder=folder, guesses=(WRONG,), forgets_tries=forgets_tries)
    child(replace(spec, guesses=()))
    for _ in range(7):
        child(replace(spec, kill_at=2))
    child(spec)
    return (folder / "refused").read_text().split("\n")[:-1]


def test_guessing_and_killing_the_kiosk_wins_no_try(tmp_path: Path) -> None:
    assert guessed(tmp_path, forgets_tries=False)[-1] == "code.closed"


def test_a_kiosk_that_forgets_tries_is_found_out(tmp_path: Path) -> None:
    """NEGATIVE CONTROL: the same guesses close nothing when tries aren't durable."""
    assert guessed(tmp_path, forgets_tries=True)[-1] == "code.wrong"


def test_a_card_load_is_booked_under_its_request(tmp_path: Path) -> None:
    assert child(Spec(folder=tmp_path)) == 0
    face: CardFace = pickle.loads((tmp_path / "card").read_bytes())
    with closing(Ledger(tmp_path / "ledger.db", free=lambda _: 10**12)) as ledger:
        subjects = [row["subject"] for row in ledger.read("SELECT subject FROM entry")]
    assert subjects == ["C-000000000001"]
    assert face.carries("C-000000000001")
