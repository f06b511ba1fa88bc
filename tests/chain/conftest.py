"""The real chain: pyscard, pcscd, vpcd. Collected inside the stand only (tests/stand)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cardreader.layout import AID
from cardreader.reader import PcscReader
from tests.stand.ear import Ear
from tests.stand.namespace import inside
from tests.stand.pcscd import Pcscd, noticed_empty
from tests.stand.things import ANSWER_S, PACE, Hands, UidPurse

collect_ignore_glob = [] if inside() else ["test_*.py"]


@pytest.fixture(scope="session")
def daemon() -> Iterator[Pcscd]:
    pcscd = Pcscd()
    pcscd.start()
    yield pcscd
    pcscd.stop()


@pytest.fixture
def hands(daemon: Pcscd) -> Iterator[Hands]:
    hands = Hands()
    yield hands
    hands.empty()
    noticed_empty()


@pytest.fixture
def reader(hands: Hands) -> Iterator[PcscReader]:
    reader = PcscReader(UidPurse, aid=AID, pace=PACE, answer_s=ANSWER_S)
    yield reader
    reader.close()


@pytest.fixture
def ear(reader: PcscReader) -> Ear:
    ear = Ear()
    reader.watch(ear.on_laid, ear.on_lifted)
    return ear
