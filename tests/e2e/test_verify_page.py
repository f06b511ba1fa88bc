"""The verifier's page in a real browser: it believes what the kiosk signed, and nothing else."""

from __future__ import annotations

import html
import json
import random
import re
from collections.abc import Mapping
from pathlib import Path
from typing import cast
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.app.verify_page import FOLDER, page
from kiosk.domain import base45
from kiosk.domain.receipt import Mark, receipt_code, ticket_code
from kiosk.domain.sealed import BODY_MAX, PREFIX, Kind, compressed, sealed
from tests.e2e.chromium import dom, needs_chromium, told
from tests.signers import OTHER, OURS, a_receipt, a_ticket

pytestmark = needs_chromium

# RFC 8032, section 7.1, tests 1 to 3: public key, message, signature
RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]
NATIVE, OWN = "false", "true"


def run(tmp_path: Path, script: str, data: object, *, native: bool = True) -> object:
    """Run ``script`` (an expression over ``data``) beside the verifier; gives what it gave.

    Without ``native`` the browser's own Ed25519 is taken away first.
    """
    verifier = (FOLDER / "verifier.js").read_text(encoding="utf-8")
    without = "" if native else "crypto.subtle.importKey = async () => { throw 0; };"
    file = tmp_path / "harness.html"
    file.write_text(
        "<!DOCTYPE html><meta charset='utf-8'><output></output><script>"
        f"{verifier}\n{without}\nconst data = {json.dumps(data)};\n"
        f"({script})().then((all) => {{"
        " document.querySelector('output').textContent = JSON.stringify(all); });</script>",
        encoding="utf-8",
    )
    return told(dom(file, tmp_path / "profile"))


def states(tmp_path: Path, codes: list[str], *, native: bool = True) -> list[str]:
    data = {"codes": codes, "keys": [OURS.public_key.hex()]}
    script = """async () => {
      const all = [];
      for (const code of data.codes) all.push((await verified(code, data.keys)).state);
      return all;
    }"""
    return cast("list[str]", run(tmp_path, script, data, native=native))


def flips(code: str) -> list[str]:
    data = base45.decode(code.removeprefix(PREFIX))
    made: list[str] = []
    for bit in range(len(data) * 8):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        made.append(PREFIX + base45.encode(bytes(flipped)))
    return made


@pytest.mark.parametrize("native", [True, False], ids=["the browser's Ed25519", "our own"])
def test_what_the_kiosk_signs_is_authentic_and_what_others_sign_is_foreign(
    tmp_path: Path, native: bool
) -> None:
    codes = [receipt_code(a_receipt(), OURS), ticket_code(a_ticket(), OURS)]
    others = [receipt_code(a_receipt(), OTHER), "ALV1:", "hello", PREFIX + "0" * 2000]
    found = states(tmp_path, [*codes, *others], native=native)
    assert found == ["good", "good", *["foreign"] * 4]


def test_every_single_bit_flip_is_refused_by_the_page(tmp_path: Path) -> None:
    found = states(tmp_path, flips(receipt_code(a_receipt(), OURS)))
    assert len(found) > 1000
    assert set(found) == {"forged", "foreign"}


def test_flips_are_refused_by_our_own_signature_check(tmp_path: Path) -> None:
    some = flips(ticket_code(a_ticket(), OURS))[::9]
    assert set(states(tmp_path, some, native=False)) == {"forged", "foreign"}


def test_our_own_signature_check_passes_the_rfc_s_vectors(tmp_path: Path) -> None:
    script = """async () => {
      const all = [];
      for (const one of data) all.push(await holdsHere(...one.map(fromHex)));
      return all;
    }"""
    vectors = [(key, signature, message) for key, message, signature in RFC_8032]
    bad = [(key, signature[:-2] + "1b", message) for key, signature, message in vectors]
    assert run(tmp_path, script, [*vectors, *bad]) == [True] * 3 + [False] * 3


def test_our_own_signature_check_agrees_with_another_on_random_messages(tmp_path: Path) -> None:
    dice = random.Random(8032)
    signed: list[tuple[str, str, str]] = []
    for _ in range(12):
        key, message = Ed25519PrivateKey.from_private_bytes(dice.randbytes(32)), dice.randbytes(50)
        public, signature = key.public_key().public_bytes_raw(), key.sign(message)
        signed.append((public.hex(), signature.hex(), message.hex()))
    script = "async () => Promise.all(data.map((one) => holdsHere(...one.map(fromHex))))"
    assert run(tmp_path, script, signed) == [True] * 12


def test_compressed_bodies_are_read_as_they_were(tmp_path: Path) -> None:
    dice = random.Random(1951)
    words = [b"Recharge ", b"carte ", "é".encode(), b"0123456789" * 9, b"a"]
    bodies = [b"".join(dice.choices(words, k=dice.randrange(60)))[:BODY_MAX] for _ in range(40)]
    bodies += [bytes(BODY_MAX), bytes(range(256)), dice.randbytes(BODY_MAX), b""]
    script = "async () => data.map((hex) => [...inflated(fromHex(hex))])"
    found = run(tmp_path, script, [compressed(body).hex() for body in bodies])
    assert found == [list(body) for body in bodies]


def test_what_was_signed_by_mistake_is_foreign_to_the_page(tmp_path: Path) -> None:
    codes = [
        sealed(Kind.RECEIPT, b"", OURS),
        sealed(Kind.RECEIPT, b"\x00" * 80, OURS),
        sealed(Kind.ENTRY, b"\xff" * 30, OURS),
    ]
    assert states(tmp_path, codes) == ["foreign"] * 3


def shown(tmp_path: Path, fragment: str) -> tuple[str, Mapping[str, str], str]:
    """Open the page as it is shipped; gives its state, its rows and its marks."""
    file = tmp_path / "verify.html"
    file.write_text(page([OTHER.public_key, OURS.public_key]), encoding="utf-8")
    document = dom(file, tmp_path / "profile", fragment)
    state = re.search(r'data-state="(\w+)"', document)
    marks = re.search(r'<p id="marks">(.*?)</p>', document)
    assert state is not None
    assert marks is not None
    rows = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", html.unescape(document)))
    return state[1], rows, html.unescape(marks[1])


def test_the_page_tells_the_receipt_in_its_address(tmp_path: Path) -> None:
    code = receipt_code(a_receipt(Mark.DEMO | Mark.DUPLICATE), OURS)
    state, rows, marks = shown(tmp_path, quote(code))
    assert state == "good"
    assert (rows["Reçu"], rows["Territoire"], rows["Carte"]) == ("Recharge", "L’Orne", "•••• 4821")
    assert rows["Total"].replace("\u00a0", " ") == "20,00 €"
    assert marks == "Duplicata · Démonstration : aucune somme réelle"


def test_the_page_reads_an_address_that_nobody_escaped(tmp_path: Path) -> None:
    state, rows, _ = shown(tmp_path, ticket_code(a_ticket(), OURS).replace(" ", "%20"))
    assert (state, rows["Billet"]) == ("good", "piscine-adulte-plein")


def test_the_page_says_so_when_a_code_was_changed(tmp_path: Path) -> None:
    state, rows, _ = shown(tmp_path, quote(flips(receipt_code(a_receipt(), OURS))[80]))
    assert (state, rows) == ("forged", {})


def test_the_page_is_one_file_that_asks_for_nothing_else() -> None:
    text = page([OURS.public_key])
    assert not re.search(
        r"\bsrc=|href=|https?:|import\(|fetch\(|XMLHttpRequest|/\* \w+\.js \*/", text
    )
    assert "default-src 'none'" in text
