"""Compiles the catalogues of Python's sentences into the form that QML's qsTr reads.

QQmlApplicationEngine loads ``i18n/qml_<language>.qm`` beside the main QML file when its
``uiLanguage`` changes. A QTranslator made in Python is no way to do it: Qt also asks
translators from the QML loader's thread, while the main thread waits with the interpreter's
lock held (seen with PySide6 6.12: the process hangs at the first file; see ADR 0003).
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable, Mapping
from pathlib import Path

from ui.words import CATALOGUES, catalogue

COMPILED = Path(__file__).resolve().parent / "qml" / "Alveole" / "i18n"

# Qt's qtranslator.cpp: the file's magic, its sections, and a message's tags
_MAGIC = bytes.fromhex("3cb86418caef9c95cd211cbf60a1bddd")
_HASHES, _MESSAGES = 0x42, 0x69
_END, _TRANSLATION, _SOURCE = 1, 3, 6


def elf_hash(text: bytes) -> int:
    """Give the ELF hash by which Qt finds a message; never 0."""
    value = 0
    for byte in text:
        value = ((value << 4) + byte) & 0xFFFFFFFF
        high = value & 0xF0000000
        value = (value ^ (high >> 24)) & ~high & 0xFFFFFFFF
    return value or 1


def qm_of(sentences: Mapping[str, str]) -> bytes:
    """Give the compiled form of source → translation, valid in every context."""
    messages = bytearray()
    places: list[tuple[int, int]] = []
    for source, translation in sentences.items():
        key, said = source.encode(), translation.encode("utf-16-be")
        places.append((elf_hash(key), len(messages)))
        messages += struct.pack(">BI", _TRANSLATION, len(said)) + said
        messages += struct.pack(">BI", _SOURCE, len(key)) + key + bytes([_END])
    hashes = b"".join(struct.pack(">II", *place) for place in sorted(places))
    return (
        _MAGIC
        + struct.pack(">BI", _HASHES, len(hashes))
        + hashes
        + struct.pack(">BI", _MESSAGES, len(messages))
        + bytes(messages)
    )


def sentences_of(language: str) -> dict[str, str]:
    """Give the catalogue's plain sentences; none for the source language."""
    found = catalogue(language)
    return {
        message.id: message.string
        for message in found or ()
        if isinstance(message.id, str) and isinstance(message.string, str) and message.string
    }


def compile_catalogues(languages: Iterable[str], folder: Path = COMPILED) -> None:
    """Write ``qml_<language>.qm`` for each catalogue that is newer than it.

    Another process may do the same at the same time: each file appears whole or not at all.
    Raises OSError where the folder can't be written and a file is missing.
    """
    for language in languages:
        source, target = CATALOGUES / f"{language}.po", folder / f"qml_{language}.qm"
        if not source.is_file() or _is_newer(target, source):
            continue
        folder.mkdir(exist_ok=True)
        aside = target.with_suffix(f".{os.getpid()}")
        aside.write_bytes(qm_of(sentences_of(language)))
        aside.replace(target)


def _is_newer(target: Path, source: Path) -> bool:
    return target.is_file() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns
