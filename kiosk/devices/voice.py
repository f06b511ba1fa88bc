"""The kiosk's voice: espeak-ng spoken through a player, or a transcript alone.

Rules:
1. The screen's thread never waits: synthesis and playing run on a thread of their own.
2. A new sentence, or ``stop``, silences the one before at once: its player is killed.
3. Private text is spoken with headphones only; without them it isn't even kept.
4. Nothing is written to the disk: text goes in and sound comes out by pipes. Public sound is kept
   in memory, by its text and language; private sound is not kept.
5. Without espeak-ng, a player or a voice for the language the transcript is all there is.
"""

from __future__ import annotations

import shutil
from collections import OrderedDict, deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, TypeAlias

from kiosk.ports import Headphones

if TYPE_CHECKING:  # imported by the voice's thread: a kiosk is built before its first frame
    import subprocess

TRANSCRIPT_MAX = 50
TEXT_MAX = 2000  # characters of one utterance: about two minutes
SYNTHESIS_S = 10.0
PLAYING_S = 300.0
CACHE_BYTES_MAX = 8_000_000  # about three minutes at 22 kHz
WORDS_A_MINUTE = 150
VOLUME = 100  # espeak-ng's amplitude, 0 to 200; 100 is set to 65 dBA when the kiosk is installed
VOLUME_MAX = 200
VOICES = {"fr": "fr-fr", "en": "en-gb", "de": "de", "es": "es", "it": "it", "nl": "nl"}
ESPEAK = "espeak-ng"
PLAYER = ("aplay", "-q", "-t", "wav", "-")
_Name: TypeAlias = tuple[str, str, int]  # text, voice, volume
_RIFF_HEAD = 8  # bytes of a RIFF file that its size doesn't count


class FixedHeadphones:
    """Implements ports.Headphones by a setting: an earpiece is always in use, or there is none."""

    def __init__(self, *, always: bool) -> None:
        self._always = always

    def plugged(self) -> bool:
        """Say whether only one person hears."""
        return self._always


class TranscriptVoice:
    """Implements ports.Voice without sound; ``transcript`` holds the last things said."""

    def __init__(self) -> None:
        self.transcript: deque[str] = deque(maxlen=TRANSCRIPT_MAX)

    def say(self, text: str, *, language: str, private: bool = False) -> None:  # noqa: ARG002 - the port's arguments
        """Keep ``text``; private text is never kept, since nobody wears headphones here."""
        if text and not private:
            self.transcript.append(text)

    def stop(self) -> None:
        """Be quiet: there is nothing to stop."""

    def forget(self) -> None:
        """Keep nothing of what was said."""
        self.transcript.clear()

    def close(self) -> None:
        """End: nothing runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Utterance:
    """What is to be said; ``number`` tells whether something newer was asked since."""

    number: int
    text: str
    voice: str
    volume: int
    private: bool

    @property
    def name(self) -> _Name:
        """The key of the sound in memory."""
        return self.text, self.voice, self.volume


class EspeakVoice:
    """Implements ports.Voice by espeak-ng; ``player`` is a command that plays WAV from its input.

    ``volume`` is the visit's: ``forget`` puts it back.
    """

    def __init__(self, headphones: Headphones, player: Sequence[str] = PLAYER) -> None:
        self.transcript: deque[str] = deque(maxlen=TRANSCRIPT_MAX)
        self._headphones = headphones
        self._player = tuple(player)
        self._volume = VOLUME
        self._number = 0
        self._playing: subprocess.Popen[bytes] | None = None
        self._lock = Lock()  # guards the number and what plays
        self._cache: OrderedDict[_Name, bytes] = OrderedDict()
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="voice")

    @property
    def volume(self) -> int:
        """The amplitude of this visit, 0 to VOLUME_MAX."""
        return self._volume

    @volume.setter
    def volume(self, amplitude: int) -> None:
        self._volume = min(max(amplitude, 0), VOLUME_MAX)

    def say(self, text: str, *, language: str, private: bool = False) -> None:
        """Speak ``text`` instead of what is being said; private text only with headphones."""
        self.stop()
        if not text or (private and not self._headphones.plugged()):
            return
        self.transcript.append(text)
        voice = VOICES.get(language)
        if voice is not None:
            asked = _Utterance(
                number=self._number,
                text=text[:TEXT_MAX],
                voice=voice,
                volume=self._volume,
                private=private,
            )
            self._worker.submit(self._speak, asked)

    def stop(self) -> None:
        """Be quiet at once; what waits isn't said any more."""
        with self._lock:
            self._number += 1
            if self._playing is not None:
                self._playing.kill()

    def forget(self) -> None:
        """Be quiet, put the volume back, and keep nothing of what was said."""
        self.stop()
        self._volume = VOLUME
        self.transcript.clear()

    def close(self) -> None:
        """Be quiet and end."""
        self.stop()
        self._worker.shutdown(wait=True, cancel_futures=True)

    def _speak(self, asked: _Utterance) -> None:
        """Synthesize and play, on the voice's thread."""
        sound = b"" if self._stale(asked) else self._sound(asked)
        if sound:
            self._play(asked, sound)

    def _stale(self, asked: _Utterance) -> bool:
        return asked.number != self._number

    def _sound(self, asked: _Utterance) -> bytes:
        if asked.name in self._cache:
            self._cache.move_to_end(asked.name)
            return self._cache[asked.name]
        sound = synthesized(asked.text, asked.voice, asked.volume)
        if sound and not asked.private:
            self._cache[asked.name] = sound
            while sum(map(len, self._cache.values())) > CACHE_BYTES_MAX:
                self._cache.popitem(last=False)
        return sound

    def _play(self, asked: _Utterance, sound: bytes) -> None:
        import subprocess

        with self._lock:
            if self._stale(asked):
                return
            try:
                self._playing = _piped(self._player)
            except OSError as wrong:
                _warn("voice.no_player", why=str(wrong))
                return
        playing = self._playing
        try:
            playing.communicate(sound, PLAYING_S)
        except subprocess.TimeoutExpired:
            playing.kill()
            playing.communicate()
        finally:
            with self._lock:
                self._playing = None
        if playing.returncode > 0:
            _warn("voice.player_failed", code=playing.returncode)


def _warn(event: str, **facts: object) -> None:
    """Log a fact; the log is imported late: a kiosk is built before its first frame."""
    import structlog

    structlog.get_logger("kiosk.voice").warning(event, **facts)


def _piped(command: Sequence[str]) -> subprocess.Popen[bytes]:
    import subprocess

    null = subprocess.DEVNULL
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=null, stderr=null)  # noqa: S603  # a constant of ours


def synthesized(text: str, voice: str, volume: int = VOLUME) -> bytes:
    """Give the WAV of ``text``, b"" when espeak-ng can't; the text never stands in its arguments.

    Arguments can be read by every process of the machine; standard input can't.
    """
    import subprocess

    options = ("-v", voice, "-s", str(WORDS_A_MINUTE), "-a", str(volume), "-b", "1")
    command = (ESPEAK, *options, "--stdin", "--stdout")
    try:
        done = subprocess.run(  # noqa: S603  # voice is of VOICES, volume a number
            command,
            input=text.encode(errors="replace"),
            capture_output=True,
            timeout=SYNTHESIS_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as wrong:
        _warn("voice.no_synthesis", why=type(wrong).__name__)
        return b""
    return _sized(done.stdout)


def _sized(wav: bytes) -> bytes:
    """Give a WAV with its real sizes: written to a pipe, espeak-ng couldn't know them."""
    at = wav.find(b"data") + 4
    if not wav.startswith(b"RIFF") or at < 4:
        return b""
    riff, data = len(wav) - _RIFF_HEAD, len(wav) - at - 4
    sized = bytearray(wav)
    sized[4:8] = riff.to_bytes(4, "little")
    sized[at : at + 4] = data.to_bytes(4, "little")
    return bytes(sized)


def voice_of(*, speaks: bool, earpiece: bool) -> TranscriptVoice | EspeakVoice:
    """Give the voice of the settings; without espeak-ng or a player a transcript alone."""
    if not speaks or missing():
        return TranscriptVoice()
    return EspeakVoice(FixedHeadphones(always=earpiece))


def missing() -> list[str]:
    """Give the programs that speaking needs and that aren't installed."""
    return [name for name in (ESPEAK, PLAYER[0]) if shutil.which(name) is None]
