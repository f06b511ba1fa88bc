"""The checker of published vectors, on the published file and on changed ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardreader.desfire.crypto import cbc_encrypt, ev2_mac, ev2_response_iv, pad_80
from cardreader.desfire.vectors import VECTORS_MAX, check
from kiosk.domain.errors import InputRefused

CMAC = {
    "key": "2B7E151628AED2A6ABF7158809CF4F3C",
    "msg": "",
    "cmac": "BB1D6929E95937287FA37D129B756746",
}


@pytest.fixture(scope="session")
def published(corpus: Path) -> dict[str, Any]:
    file = corpus.parent / "vectors" / "desfire.json"
    if not file.is_file():
        pytest.skip("the published vectors are absent beside the corpus")
    found: dict[str, Any] = json.loads(file.read_bytes())
    return found


SESSION = {"SesAuthENCKey": "00" * 16, "SesAuthMACKey": "00" * 16, "ti": "00" * 4, "cmd_ctr": 1}


def document(**groups: Any) -> bytes:
    outputs = {
        "aes_cmac_rfc4493": ["cmac"],
        "an10922_aes128": ["diversified"],
        "ev2_iv": ["iv_cmd"],
        "ev2_mac": ["mact"],
        "ev2_response": ["plain_resp"],
    }
    return json.dumps({"_outputs": outputs} | groups).encode()


def test_every_published_vector_holds(published: dict[str, Any]) -> None:
    report = check(json.dumps(published).encode())
    assert (report.passed, report.failed) == (report.total, ())
    assert report.total == 12


def test_a_changed_output_of_any_group_is_noticed(published: dict[str, Any]) -> None:
    for group, outputs in published["_outputs"].items():
        for at, vector in enumerate(published.get(group, [])):
            for name in outputs:
                changed = json.loads(json.dumps(published))
                changed[group][at][name] = flipped(vector[name])
                (failure,) = check(json.dumps(changed).encode()).failed
                assert (failure.group, failure.index) == (group, at)
                assert name in failure.why


@pytest.mark.parametrize("name", ["resp1", "apdu2", "resp2", "ti", "rnd_a", "rnd_b", "SV1"])
def test_a_changed_dialogue_is_noticed(published: dict[str, Any], name: str) -> None:
    changed = json.loads(json.dumps(published))
    changed["ev2_auth_first"][0][name] = flipped(changed["ev2_auth_first"][0][name])
    assert len(check(json.dumps(changed).encode()).failed) == 1


@pytest.mark.parametrize(("group", "name"), [("ev2_full", "resp"), ("ev2_mac", "resp")])
def test_a_changed_answer_is_noticed(published: dict[str, Any], group: str, name: str) -> None:
    changed = json.loads(json.dumps(published))
    changed[group][0][name] = flipped(changed[group][0][name])
    assert len(check(json.dumps(changed).encode()).failed) == 1


def flipped(digits: str) -> str:
    return ("0" if digits[0] != "0" else "1") + digits[1:]


def test_a_vector_that_fails_is_named() -> None:
    report = check(document(aes_cmac_rfc4493=[CMAC, CMAC | {"name": "mine", "msg": "00"}]))
    (failure,) = report.failed
    assert (report.total, report.passed) == (2, 1)
    assert (failure.index, failure.name, failure.why) == (1, "mine", "not reproduced: cmac")


def test_an_enciphered_answer_is_deciphered_with_or_without_its_padding() -> None:
    key, ti = bytes(16), bytes(4)
    padded = pad_80(b"plain")
    sealed = cbc_encrypt(key, padded, ev2_response_iv(key, ti, 1))
    vector = {"SesAuthENCKey": key.hex(), "ti": ti.hex(), "cmd_ctr": 1}
    vectors = [
        vector | {"enc_resp": sealed.hex(), "plain_resp": b"plain".hex()},
        vector | {"enc_resp": sealed.hex(), "plain_resp": padded.hex()},
        vector | {"resp": sealed.hex() + "00" * 8 + "9100", "plain_resp": b"plain".hex()},
    ]
    assert check(document(ev2_response=vectors)).failed == ()


def test_an_iv_is_reproduced() -> None:
    vector = {"SesAuthENCKey": "00" * 16, "ti": "00" * 4, "cmd_ctr": 0, "iv_cmd": "00" * 16}
    assert len(check(document(ev2_iv=[vector])).failed) == 1


def test_names_that_start_with_an_underscore_hold_no_vectors() -> None:
    assert check(document(_optional=[{"key": "nonsense"}])).total == 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b"[" * 10_000,
        document(unheard=[{}]),
        document(aes_cmac_rfc4493={}),
        document(aes_cmac_rfc4493=[{}]),
        document(aes_cmac_rfc4493=[7]),
        document(aes_cmac_rfc4493=[CMAC | {"msg": "0"}]),
        document(aes_cmac_rfc4493=[CMAC | {"key": "00"}]),
        document(ev2_iv=[{"SesAuthENCKey": "00" * 16, "ti": "00" * 4, "cmd_ctr": True}]),
        document(ev2_response=[SESSION | {"resp": "00" * 15, "plain_resp": ""}]),
        document(ev2_response=[SESSION | {"resp": "00" * 20, "plain_resp": ""}]),
        document(ev2_mac=[SESSION | {"cmd": "F5F5", "data": "", "mact": "00"}]),
        document(an10922_aes128=[{"master": "00" * 16, "div_input_M": "", "diversified": "00"}]),
        json.dumps({"_outputs": {"aes_cmac_rfc4493": ["x"]}, "aes_cmac_rfc4493": [CMAC]}).encode(),
    ],
)
def test_a_file_that_isnt_in_the_format_is_refused(content: bytes) -> None:
    with pytest.raises(InputRefused):
        check(content)


def test_too_many_vectors_are_refused() -> None:
    with pytest.raises(InputRefused, match=str(VECTORS_MAX)):
        check(document(aes_cmac_rfc4493=[CMAC] * (VECTORS_MAX + 1)))


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_undeclared(content: bytes) -> None:
    with pytest.raises(InputRefused):
        check(content)


def test_the_mac_of_an_answer_has_no_apdu() -> None:
    key, ti = bytes(16), bytes(4)
    mac = ev2_mac(key, 0, 1, ti, b"data").hex()
    vector = SESSION | {"cmd": "00", "data": b"data".hex(), "mact": mac, "apdu": "never looked at"}
    assert check(document(ev2_mac=[vector])).failed == ()
