"""Checks published secure-messaging vectors: each output of a group is computed from its fields.

A file is one JSON object: ``_outputs`` names, by group, the fields to be reproduced; each group is
a list of vectors, hex in capitals or not, counters as integers; names that start with ``_`` hold
no vectors. A vector holds when every output named for its group comes out of the other fields, and
so does every other field of it that can be computed (the dialogue of an authentication, answers).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from cardreader.apdu import wrap
from cardreader.desfire import crypto
from cardreader.desfire.constants import BLOCK, KEY_LEN, MAC_LEN, TI_LEN, CommMode, Ins
from cardreader.desfire.ev2 import Ev2Handshake, Ev2Session
from cardreader.desfire.messaging import Command
from kiosk.domain.errors import CardTampered, InputRefused

VECTORS_MAX = 10_000
_LENGTHS = {
    "key": KEY_LEN,
    "master": KEY_LEN,
    "SesAuthENCKey": KEY_LEN,
    "SesAuthMACKey": KEY_LEN,
    "ti": TI_LEN,
    "rnd_a": BLOCK,
    "rnd_b": BLOCK,
}
_CIPHERTEXTS = ("enc_resp", "cipher_resp", "resp_data", "resp")
_MORE, _OK = b"\x91\xaf", b"\x91\x00"

Outputs = dict[str, bytes]


class Vector:
    """One vector's fields; raises InputRefused on a field that is absent or of another shape."""

    def __init__(self, where: str, fields: Mapping[str, object]) -> None:
        self.where = where
        self._fields = fields

    def has(self, name: str) -> bool:
        """Whether the vector has the field."""
        return name in self._fields

    def hex(self, name: str) -> bytes:
        """Give a field of hex digits as bytes."""
        value = self._fields.get(name)
        if not isinstance(value, str):
            raise InputRefused(f"no hex field {name!r}", where=self.where)
        try:
            found = bytes.fromhex(value)
        except ValueError as wrong:
            raise InputRefused(f"{name!r} isn't hex", where=self.where) from wrong
        wanted = _LENGTHS.get(name, len(found))
        if len(found) != wanted:
            raise InputRefused(f"{name!r} isn't {wanted} bytes", where=self.where)
        return found

    def optional_hex(self, name: str) -> bytes:
        """Give a field of hex digits, nothing when it is absent."""
        return self.hex(name) if self.has(name) else b""

    def ciphertext(self) -> bytes:
        """Give the enciphered answer, without the MAC and status that may follow it."""
        name = next((one for one in _CIPHERTEXTS if self.has(one)), _CIPHERTEXTS[0])
        data = self.hex(name)
        rest = len(data) % BLOCK
        if len(data) < BLOCK or rest not in (0, 2, MAC_LEN, MAC_LEN + 2):
            raise InputRefused(f"{name!r} isn't whole blocks", where=self.where)
        return data[: len(data) - rest]

    def byte(self, name: str) -> int:
        """Give a field of two hex digits as a number."""
        found = self.hex(name)
        if len(found) != 1:
            raise InputRefused(f"{name!r} isn't one byte", where=self.where)
        return found[0]

    def counter(self, name: str) -> int:
        """Give a counter of two bytes."""
        value = self._fields.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 0xFFFF:
            raise InputRefused(f"{name!r} isn't a counter", where=self.where)
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A vector that doesn't hold: its group, its place in it from 0, what differs."""

    group: str
    index: int
    name: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How many vectors there are and which ones don't hold."""

    total: int
    passed: int
    failed: tuple[Failure, ...]


def _cmac(vector: Vector) -> Outputs:
    return {"cmac": crypto.cmac(vector.hex("key"), vector.hex("msg"))}


def _diversified(vector: Vector) -> Outputs:
    diversifier = vector.hex("div_input_M")
    if not 1 <= len(diversifier) <= 31:
        raise InputRefused("'div_input_M' isn't 1 to 31 bytes", where=vector.where)
    master = vector.hex("master")
    k1, k2 = crypto.cmac_subkeys(master)
    outputs = {"diversified": crypto.diversify(master, diversifier), "K1": k1, "K2": k2}
    if vector.has("uid"):
        parts = (vector.hex("uid"), vector.optional_hex("aid"), vector.optional_hex("system_id"))
        outputs["div_input_M"] = b"".join(parts)
    return outputs


def _auth_first(vector: Vector) -> Outputs:
    key, rnd_a, rnd_b = vector.hex("key"), vector.hex("rnd_a"), vector.hex("rnd_b")
    keys = crypto.ev2_session_keys(key, rnd_a, rnd_b)
    sv1, sv2 = crypto.ev2_session_vectors(rnd_a, rnd_b)
    handshake = Ev2Handshake(key, lambda _: rnd_a)
    challenge = crypto.cbc_encrypt(key, rnd_b)
    outputs = {
        "SesAuthENCKey": keys.enc,
        "SesAuthMACKey": keys.mac,
        "SV1": sv1,
        "SV2": sv2,
        "resp1": challenge + _MORE,
        "apdu2": wrap(Ins.ADDITIONAL_FRAME, handshake.answer(challenge)),
    }
    if vector.has("key_no"):
        outputs["apdu1"] = wrap(handshake.ins, vector.hex("key_no") + handshake.opening)
    if vector.has("ti"):
        capabilities = vector.optional_hex("pdcap2") + vector.optional_hex("pcdcap2")
        proof = vector.hex("ti") + crypto.rotate_left(rnd_a) + capabilities.ljust(12, b"\x00")
        outputs["resp2"] = crypto.cbc_encrypt(key, crypto.pad_zero(proof)) + _OK
    return outputs


def _iv(vector: Vector) -> Outputs:
    key, ti, counter = _session_fields(vector, "SesAuthENCKey")
    return {
        "iv_cmd": crypto.ev2_command_iv(key, ti, counter),
        "iv_resp": crypto.ev2_response_iv(key, ti, counter),
    }


def _mac(vector: Vector) -> Outputs:
    key, ti, counter = _session_fields(vector, "SesAuthMACKey")
    code, data = vector.byte("cmd"), vector.hex("data")
    mact = crypto.ev2_mac(key, code, counter, ti, data)
    outputs = {"mact": mact}
    if code:  # 00 is an answer's return code: nothing is sent
        outputs["apdu"] = wrap(code, data + mact)
    if vector.has("resp_data"):
        answer = vector.hex("resp_data")
        outputs["resp"] = answer + crypto.ev2_mac(key, 0, counter + 1, ti, answer) + _OK
    return outputs


def _full(vector: Vector) -> Outputs:
    mac_key, ti, counter = _session_fields(vector, "SesAuthMACKey")
    session = Ev2Session(
        crypto.SessionKeys(enc=vector.hex("SesAuthENCKey"), mac=mac_key), ti, counter
    )
    header, plain, code = vector.hex("header"), vector.hex("plain"), vector.byte("cmd")
    command = Command(ins=code, header=header, data=plain, mode=CommMode.FULL)
    outputs = {"apdu": wrap(code, session.wrap(command))}
    if vector.has("resp"):
        outputs["resp"] = _verified(session, command, vector.hex("resp"))
    return outputs


def _verified(session: Ev2Session, command: Command, response: bytes) -> bytes:
    """Give the answer when its MAC and padding hold, else nothing."""
    try:
        session.unwrap(command, response.removesuffix(_OK))
    except CardTampered:
        return b""
    return response


def _response(vector: Vector) -> Outputs:
    key, ti, counter = _session_fields(vector, "SesAuthENCKey")
    data = vector.ciphertext()
    padded = crypto.cbc_decrypt(key, data, crypto.ev2_response_iv(key, ti, counter))
    plain = crypto.unpad_80(padded)
    given = vector.hex("plain_resp")
    return {"plain_resp": padded if plain is None or given == padded else plain}


def _crc32(vector: Vector) -> Outputs:
    return {"crc": crypto.crc32(vector.hex("data"))}


_GROUPS: Mapping[str, Callable[[Vector], Outputs]] = {
    "aes_cmac_rfc4493": _cmac,
    "an10922_aes128": _diversified,
    "ev2_auth_first": _auth_first,
    "ev2_iv": _iv,
    "ev2_mac": _mac,
    "ev2_full": _full,
    "ev2_response": _response,
    "desfire_crc32": _crc32,
}


def check(document: bytes) -> Report:
    """Check a file's vectors; raises InputRefused when it isn't in the format."""
    total, failed = 0, list[Failure]()
    for group, index, fields, outputs in _vectors(_groups_of(document)):
        total += 1
        why = _difference(group, Vector(f"{group}[{index}]", fields), outputs)
        if why:
            name = fields.get("name")
            named = name if isinstance(name, str) else ""
            failed.append(Failure(group=group, index=index, name=named, why=why))
    return Report(total=total, passed=total - len(failed), failed=tuple(failed))


def _difference(group: str, vector: Vector, outputs: list[str]) -> str:
    """Name the fields that aren't reproduced, "" when all are."""
    computed = _GROUPS[group](vector)
    unknown = [name for name in outputs if name not in computed]
    if unknown:
        raise InputRefused(f"no way to reproduce {unknown[0]!r}", where=vector.where)
    wanted = [*outputs, *(name for name in computed if name not in outputs and vector.has(name))]
    wrong = [name for name in wanted if vector.hex(name) != computed[name]]
    return f"not reproduced: {', '.join(wrong)}" if wrong else ""


_Groups = dict[str, object]


def _groups_of(document: bytes) -> _Groups:
    try:
        return msgspec.json.decode(document, type=_Groups)
    except (msgspec.DecodeError, RecursionError) as wrong:
        raise InputRefused(f"not a file of vectors: {wrong}") from wrong


def _vectors(groups: _Groups) -> Iterator[tuple[str, int, dict[str, object], list[str]]]:
    """Go through the vectors with their group, place and outputs, at most VECTORS_MAX."""
    named = _converted(groups.get("_outputs"), dict[str, list[str]], "_outputs")
    seen = 0
    for group, content in groups.items():
        if group.startswith("_"):
            continue
        if group not in named or group not in _GROUPS:
            raise InputRefused("a group of no known outputs", where=group)
        for index, fields in enumerate(_converted(content, list[dict[str, object]], group)):
            seen += 1
            if seen > VECTORS_MAX:
                raise InputRefused(f"more than {VECTORS_MAX} vectors")
            yield group, index, fields, named[group]


T = TypeVar("T")


def _converted(value: object, shape: type[T], where: str) -> T:
    try:
        return msgspec.convert(value, type=shape)
    except msgspec.ValidationError as wrong:
        raise InputRefused(f"of another shape: {wrong}", where=where) from wrong


def _session_fields(vector: Vector, key: str) -> tuple[bytes, bytes, int]:
    return vector.hex(key), vector.hex("ti"), vector.counter("cmd_ctr")
