"""The voice that is heard: its sound, its silence, and what it leaves behind (nothing)."""

from __future__ import annotations

import array
import io
import os
import shutil
import subprocess
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest

from kiosk.devices import voice as voices
from kiosk.devices.voice import (
    TEXT_MAX,
    VOICES,
    VOLUME,
    EspeakVoice,
    FixedHeadphones,
    TranscriptVoice,
    synthesized,
    voice_of,
)

pytestmark = pytest.mark.skipif(not shutil.which("espeak-ng"), reason="no espeak-ng here")

ENDED_S = 20
Make = Callable[..., EspeakVoice]


@pytest.fixture
def heard(tmp_path: Path) -> Path:
    """The file into which the tests' player plays."""
    return tmp_path / "heard.wav"


@pytest.fixture
def speaker(heard: Path) -> Iterator[Make]:
    made: list[EspeakVoice] = []

    def make(*, earpiece: bool = False, player: tuple[str, ...] = ()) -> EspeakVoice:
        into_file = ("sh", "-c", f"cat >>'{heard}'")
        made.append(EspeakVoice(FixedHeadphones(always=earpiece), player or into_file))
        return made[-1]

    yield make
    for one in made:
        one.close()


def settle(voice: EspeakVoice) -> None:
    """Wait until the voice's thread has done what it was given."""
    done = Event()
    voice._worker.submit(done.set)
    assert done.wait(ENDED_S)


def loudness(wav: bytes) -> int:
    """Give the largest amplitude of 16-bit samples; what isn't a sound WAV raises."""
    with wave.open(io.BytesIO(wav)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth()) == (1, 2)
        frames = sound.readframes(sound.getnframes())
        assert len(frames) == 2 * sound.getnframes()
    samples: list[int] = array.array("h", frames).tolist()
    return max(abs(sample) for sample in samples)


@pytest.mark.parametrize("language", VOICES)
def test_every_language_makes_a_sound(language: str) -> None:
    assert loudness(synthesized("Alençon, 12 h 40.", VOICES[language])) > 1000


@pytest.mark.parametrize("language", VOICES)
def test_a_language_s_voice_is_of_that_language(language: str) -> None:
    listed = subprocess.run(
        ["espeak-ng", f"--voices={language}"], capture_output=True, text=True, check=True
    ).stdout
    assert any(line.split()[1] == VOICES[language] for line in listed.splitlines()[1:])


def test_the_same_words_sound_different_in_two_languages() -> None:
    assert synthesized("Orange", VOICES["fr"]) != synthesized("Orange", VOICES["en"])


def test_a_softer_voice_is_softer() -> None:
    assert loudness(synthesized("Bonjour", "fr-fr", 30)) < loudness(synthesized("Bonjour", "fr-fr"))


def test_what_is_said_is_played(speaker: Make, heard: Path) -> None:
    voice = speaker()
    voice.say("Bonjour.", language="fr")
    settle(voice)
    assert loudness(heard.read_bytes()) > 1000


def test_private_text_is_silent_without_headphones(speaker: Make, heard: Path) -> None:
    voice = speaker()
    voice.say("Solde : douze euros", language="fr", private=True)
    settle(voice)
    assert not heard.exists()


def test_private_text_is_heard_in_an_earpiece_and_not_kept(speaker: Make, heard: Path) -> None:
    voice = speaker(earpiece=True)
    voice.say("Solde : douze euros", language="fr", private=True)
    settle(voice)
    assert loudness(heard.read_bytes()) > 1000
    assert not voice._cache


def test_public_sound_is_made_once(speaker: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    voice = speaker()
    voice.say("Bonjour.", language="fr")
    settle(voice)
    monkeypatch.setattr(voices, "ESPEAK", "no-such-program")
    voice.say("Bonjour.", language="fr")
    settle(voice)
    assert len(voice._cache) == 1


def test_the_sound_in_memory_is_bounded(speaker: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voices, "CACHE_BYTES_MAX", 60_000)
    voice = speaker()
    for number in range(6):
        voice.say(f"Numéro {number}.", language="fr")
        settle(voice)
    assert sum(map(len, voice._cache.values())) <= 60_000


@pytest.fixture
def slow(speaker: Make, tmp_path: Path) -> EspeakVoice:
    """A voice whose player never ends by itself; it opens a pipe when it plays."""
    os.mkfifo(tmp_path / "begun")
    script = f"cat >/dev/null; echo now >'{tmp_path / 'begun'}'; exec sleep 600"
    return speaker(player=("sh", "-c", script))


def begun(tmp_path: Path) -> None:
    """Wait until the slow player plays."""
    assert (tmp_path / "begun").read_text() == "now\n"


def test_silence_is_at_once(slow: EspeakVoice, tmp_path: Path) -> None:
    slow.say("Une longue phrase.", language="fr")
    begun(tmp_path)
    playing = slow._playing
    assert playing is not None
    slow.stop()
    settle(slow)
    assert playing.returncode == -9


def test_a_new_sentence_silences_the_one_before(slow: EspeakVoice, tmp_path: Path) -> None:
    slow.say("La première.", language="fr")
    begun(tmp_path)
    first = slow._playing
    assert first is not None
    slow.say("La seconde.", language="fr")
    begun(tmp_path)
    assert first.returncode == -9
    assert slow._playing is not first


def test_what_waits_is_not_said_after_a_stop(speaker: Make, heard: Path) -> None:
    voice = speaker()
    hold = Event()
    voice._worker.submit(hold.wait, ENDED_S)
    voice.say("Trop tard.", language="fr")
    voice.stop()
    hold.set()
    settle(voice)
    assert not heard.exists()


def test_a_player_that_hangs_is_ended(slow: EspeakVoice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voices, "PLAYING_S", 0.1)
    slow.say("Bonjour.", language="fr")
    settle(slow)
    assert slow._playing is None


@pytest.mark.parametrize("player", [("no-such-player",), ("false",)])
def test_without_a_player_that_works_the_transcript_is_left(
    speaker: Make, player: tuple[str, ...]
) -> None:
    voice = speaker(player=player)
    voice.say("Bonjour.", language="fr")
    settle(voice)
    assert list(voice.transcript) == ["Bonjour."]


@pytest.mark.parametrize("program", ["no-such-program", "false", "true"])
def test_without_a_synthesis_there_is_no_sound(
    monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    monkeypatch.setattr(voices, "ESPEAK", program)
    assert synthesized("Bonjour", "fr-fr") == b""


def test_a_synthesis_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hanging = tmp_path / "hanging"
    hanging.write_text("#!/bin/sh\nexec sleep 600\n")
    hanging.chmod(0o755)
    monkeypatch.setattr(voices, "ESPEAK", str(hanging))
    monkeypatch.setattr(voices, "SYNTHESIS_S", 0.1)
    assert synthesized("Bonjour", "fr-fr") == b""


def test_the_volume_is_bounded_and_put_back_after_the_visit(speaker: Make) -> None:
    voice = speaker()
    voice.volume = 1000
    assert voice.volume == 200
    voice.forget()
    assert voice.volume == VOLUME


def test_a_text_as_long_as_it_may_be_is_spoken_in_time() -> None:
    assert loudness(synthesized("a " * (TEXT_MAX // 2), "fr-fr")) > 1000


def test_nothing_is_left_on_the_disk(speaker: Make, tmp_path: Path) -> None:
    before = set(tmp_path.rglob("*"))
    voice = speaker(earpiece=True, player=("cat",))
    voice.say("Canari public", language="fr")
    settle(voice)
    voice.say("Canari privé", language="fr", private=True)
    settle(voice)
    voice.close()
    assert set(tmp_path.rglob("*")) == before


def test_the_words_stand_in_no_process_s_arguments(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told = tmp_path / "arguments"
    spy = tmp_path / "spy"
    spy.write_text(f'#!/bin/sh\necho "$@" >"{told}"\nexec espeak-ng "$@"\n')
    spy.chmod(0o755)
    monkeypatch.setattr(voices, "ESPEAK", str(spy))
    assert loudness(synthesized("Canari", "fr-fr")) > 1000
    assert "Canari" not in told.read_text()


def test_without_the_programs_the_voice_is_a_transcript(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voices, "ESPEAK", "no-such-program")
    assert isinstance(voice_of(speaks=True, earpiece=False), TranscriptVoice)


def test_with_the_programs_it_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voices, "PLAYER", ("cat",))
    voice = voice_of(speaks=True, earpiece=True)
    assert isinstance(voice, EspeakVoice)
    voice.close()
