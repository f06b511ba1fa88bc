"""The Voice port: one suite for the transcript and for what is heard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kiosk.devices.voice import EspeakVoice, FixedHeadphones, TranscriptVoice, voice_of
from kiosk.ports import Voice

SILENT_PLAYER = ("cat",)


def spoken(voice: Voice) -> list[str]:
    assert isinstance(voice, TranscriptVoice | EspeakVoice)
    return list(voice.transcript)


@pytest.fixture(params=["transcript", "espeak"])
def voice(request: pytest.FixtureRequest) -> Iterator[Voice]:
    """Give each voice, without headphones."""
    made: Voice = TranscriptVoice()
    if request.param == "espeak":
        made = EspeakVoice(FixedHeadphones(always=False), SILENT_PLAYER)
    yield made
    made.close()


def test_what_is_said_stands_in_the_transcript(voice: Voice) -> None:
    voice.say("Bonjour.", language="fr")
    voice.say("Hello.", language="en")
    assert spoken(voice) == ["Bonjour.", "Hello."]


def test_private_text_isn_t_kept_without_headphones(voice: Voice) -> None:
    voice.say("Solde : 12,40 €", language="fr", private=True)
    assert spoken(voice) == []


def test_nothing_is_said_for_an_empty_text(voice: Voice) -> None:
    voice.say("", language="fr")
    assert spoken(voice) == []


def test_stopping_twice_is_harmless_and_keeps_the_transcript(voice: Voice) -> None:
    voice.say("Bonjour.", language="fr")
    voice.stop()
    voice.stop()
    assert spoken(voice) == ["Bonjour."]


def test_the_end_of_a_visit_keeps_nothing(voice: Voice) -> None:
    voice.say("Bonjour.", language="fr")
    voice.forget()
    assert spoken(voice) == []
    voice.say("Un autre.", language="fr")
    assert spoken(voice) == ["Un autre."]


def test_a_language_without_a_voice_still_has_its_transcript(voice: Voice) -> None:
    voice.say("Saluton.", language="eo")
    assert spoken(voice) == ["Saluton."]


def test_a_voice_that_is_switched_off_is_a_transcript() -> None:
    voice = voice_of(speaks=False, earpiece=True)
    assert isinstance(voice, TranscriptVoice)
    voice.close()
