"""A foreign, badly behaved card through the real chain: Debian's vicc, an ISO 7816 card.

It ends with an error of its own at commands that it doesn't know, which is to be lifted.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.app.card_chain import Chain, open_reader
from kiosk.domain.errors import CardForeign
from tests.stand.ear import Ear
from tests.stand.pcscd import FIRST_PORT, Pcscd, noticed_empty

# Debian 12 installs it where no interpreter looks.
LIBRARY = Path("/usr/lib/python3/site-packages/virtualsmartcard")
QUIET_S = 1.0


@pytest.fixture
def iso7816(daemon: Pcscd, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    vicc = shutil.which("vicc")
    if vicc is None and os.environ.get("CI") == "true":
        pytest.fail("vsmartcard-vpicc isn't installed")
    if vicc is None:
        pytest.skip("vsmartcard-vpicc isn't installed")
    command = [sys.executable, vicc, "-t", "iso7816", "-H", "127.0.0.1", "-P", str(FIRST_PORT)]
    with (tmp_path / "vicc.log").open("wb") as log:
        card = subprocess.Popen(
            command, env={**os.environ, "PYTHONPATH": str(LIBRARY)}, stdout=log, stderr=log
        )
    yield card
    card.kill()
    card.wait()
    noticed_empty()


def test_a_strange_card_is_foreign_and_is_left_alone(iso7816: subprocess.Popen[bytes]) -> None:
    reader, ear = open_reader(Chain()), Ear()
    reader.watch(ear.on_laid, ear.on_lifted)
    with pytest.raises(CardForeign):
        ear.laid().read()
    with pytest.raises(subprocess.TimeoutExpired):
        iso7816.wait(QUIET_S)
    reader.close()
    assert len(ear.told) == 1
