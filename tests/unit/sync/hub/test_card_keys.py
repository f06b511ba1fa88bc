"""A territory's card keys at its hub: sealed, versioned, and given out by as little as possible."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from django.http import HttpResponse

from cardreader.layout import Key
from kiosk.domain.errors import InputRefused
from sync.hub.audit.models import Entry
from sync.hub.cardkeys import keeping
from sync.hub.cardkeys.models import CardKeys
from sync.hub.config import CARD_KEY
from sync.hub.devices.enrolment import revoke
from sync.hub.devices.models import Device
from sync.hub.here import Here
from sync.hub.keeping.backup import left_out
from sync.hub.territories.models import Territory
from sync.protocol.card_keys import KeysAsk, read_delivered, read_told
from sync.protocol.private import Private
from sync.sealing import SealKey
from tests.kiosks import Kiosk, enrolled, is_signed


@pytest.fixture
def kiosk(here: Here) -> Kiosk:
    return enrolled(here)


def asked(kiosk: Kiosk, key: SealKey) -> HttpResponse:
    return kiosk.post(f"/v1/k/{kiosk.id}/card-keys", KeysAsk(seal_key=key.public_key.hex()))


def masters(version: int = 7, **more: object) -> dict[str, object]:
    named = {key.name.lower(): f"{key:02x}" * 16 for key in Key}
    return {"version": version, **named, **more}


def written(folder: Path, told: object, mode: int = 0o600) -> Path:
    file = folder / "masters.json"
    file.write_text(json.dumps(told))
    file.chmod(mode)
    return file


def test_a_territory_begins_without_card_keys(here: Here, kiosk: Kiosk) -> None:
    told = keeping.standing(here, "orne")
    assert (told.edition, told.versions) == (0, ())
    assert asked(kiosk, SealKey()).status_code == 404
    with pytest.raises(InputRefused, match="no card keys"):
        keeping.key_sets(here, "orne")


def test_versions_follow_each_other_and_are_retired(here: Here, kiosk: Kiosk) -> None:
    assert keeping.add_version(here, "orne").versions == (1,)
    assert keeping.add_version(here, "orne").versions == (1, 2)
    told = keeping.retire_version(here, "orne", 1)
    assert (told.edition, told.versions) == (3, (2,))
    assert keeping.standing(here, "orne") == told
    with pytest.raises(InputRefused, match="last version"):
        keeping.retire_version(here, "orne", 2)
    with pytest.raises(InputRefused, match="no version"):
        keeping.retire_version(here, "orne", 1)


def test_there_are_only_so_many_versions_at_once(here: Here, kiosk: Kiosk) -> None:
    for _ in range(8):
        keeping.add_version(here, "orne")
    with pytest.raises(InputRefused, match="8 versions at most"):
        keeping.add_version(here, "orne")
    assert keeping.standing(here, "orne").edition == 8


def test_versions_end_where_a_byte_ends(here: Here, kiosk: Kiosk, tmp_path: Path) -> None:
    keeping.import_version(here, "orne", written(tmp_path, masters(255)))
    with pytest.raises(InputRefused, match="255"):
        keeping.add_version(here, "orne")


def test_masters_of_cards_that_are_issued_elsewhere_are_imported(
    here: Here, kiosk: Kiosk, tmp_path: Path
) -> None:
    tags = "ab" * 32
    keeping.import_version(here, "orne", written(tmp_path, masters(tags=tags)))
    (held,) = keeping.key_sets(here, "orne")
    assert (held.version, held.masters[Key.RELOAD]) == (7, b"\x04" * 16)
    told = keeping.delivered_to(here, "orne", kiosk.id)
    assert told is not None
    assert told.tags.hex() == tags
    with pytest.raises(InputRefused, match="here already"):
        keeping.import_version(here, "orne", written(tmp_path, masters()))
    with pytest.raises(InputRefused, match="another key already"):
        keeping.import_version(here, "orne", written(tmp_path, masters(8, tags="cd" * 32)))


def test_a_file_that_others_may_read_is_no_secret(here: Here, kiosk: Kiosk, tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="others may read"):
        keeping.import_version(here, "orne", written(tmp_path, masters(), 0o644))


@pytest.mark.parametrize("told", [{}, masters(0), masters(256), masters(debit="00"), ["x" * 9999]])
def test_what_holds_no_masters_is_refused_without_quoting_it(
    here: Here, kiosk: Kiosk, tmp_path: Path, told: object
) -> None:
    with pytest.raises(InputRefused) as refused:
        keeping.import_version(here, "orne", written(tmp_path, told))
    assert "0404" not in str(refused.value)


def test_another_territory_isn_t_there(here: Here) -> None:
    with pytest.raises(InputRefused, match="no such territory"):
        keeping.add_version(here, "nowhere")


def test_no_table_holds_a_key_in_clear_and_no_backup_the_key_of_the_keys(
    here: Here, kiosk: Kiosk
) -> None:
    keeping.add_version(here, "orne")
    (held,) = keeping.key_sets(here, "orne")
    sealed = bytes(CardKeys.objects.get().sealed)
    for master in held.masters.values():
        assert master not in sealed
        assert master.hex().encode() not in sealed
    assert (here.config.data / CARD_KEY).stat().st_mode & 0o077 == 0
    assert CARD_KEY in left_out(here)
    told = str(list(Entry.objects.values_list("details", flat=True)))
    assert not any(master.hex() in told for master in held.masters.values())


def test_masters_show_nothing_when_they_are_printed() -> None:
    told = msgspec.convert(masters(), keeping.Masters)
    assert repr(told) == "Masters(version=7)"


def test_sealed_keys_of_one_territory_aren_t_those_of_another(here: Here, kiosk: Kiosk) -> None:
    keeping.add_version(here, "orne")
    Territory.objects.create(slug="sarthe", name="Sarthe")
    row = CardKeys.objects.get()
    CardKeys.objects.create(
        territory_id="sarthe", edition=1, sealed=bytes(row.sealed), changed_at=row.changed_at
    )
    with pytest.raises(InputRefused, match="can't be opened"):
        keeping.standing(here, "sarthe")


def test_a_hub_without_the_key_of_its_card_keys_makes_no_new_one(here: Here, kiosk: Kiosk) -> None:
    keeping.add_version(here, "orne")
    (here.config.data / CARD_KEY).unlink()
    for act in (keeping.standing, keeping.add_version):
        with pytest.raises(InputRefused, match="isn't there"):
            act(here, "orne")
    assert not (here.config.data / CARD_KEY).exists()


def test_a_kiosk_is_given_what_reads_and_debits_sealed_to_it(here: Here, kiosk: Kiosk) -> None:
    keeping.add_version(here, "orne")
    (held,) = keeping.key_sets(here, "orne")
    key = SealKey()
    answer = asked(kiosk, key)
    assert answer.status_code == 200
    assert kiosk.last is not None
    assert is_signed(here, kiosk.last, answer)
    assert answer["Cache-Control"] == "no-store"
    for master in held.masters.values():
        assert master not in answer.content
    sealed = read_told(answer.content).sealed
    plain = key.open(sealed, territory="orne", kiosk=kiosk.id)
    told = read_delivered(plain)
    assert (told.edition, told.kiosk, told.territory) == (1, kiosk.id, "orne")
    (given,) = told.sets
    assert given.identify == held.masters[Key.IDENTIFY]
    assert given.debit == held.masters[Key.DEBIT]
    import base64

    kept_back = (Key.MASTER, Key.REFUND, Key.RELOAD, Key.SERVICES, Key.PROOF)
    assert not any(base64.b64encode(held.masters[one]) in plain for one in kept_back)
    acts = Entry.objects.filter(action="cardkeys.delivered")
    assert [(one.subject, one.details) for one in acts] == [(kiosk.id, {"edition": 1})]


def test_another_device_is_given_nothing_of_this_one_s(here: Here, kiosk: Kiosk) -> None:
    keeping.add_version(here, "orne")
    other = enrolled(here, "borne-2")
    path = f"/v1/k/{kiosk.id}/card-keys"
    assert other.post(path, KeysAsk(seal_key="11" * 32)).status_code == 404


def test_a_device_that_was_shut_out_is_given_none(here: Here, kiosk: Kiosk) -> None:
    keeping.add_version(here, "orne")
    revoke(here, Device.objects.get(id=kiosk.id), None)
    assert asked(kiosk, SealKey()).status_code == 403


@pytest.mark.parametrize("key", ["", "00" * 32, "zz" * 32, "11" * 31])
def test_what_is_no_key_to_seal_to_is_refused(here: Here, kiosk: Kiosk, key: str) -> None:
    keeping.add_version(here, "orne")
    answer = kiosk.post(f"/v1/k/{kiosk.id}/card-keys", {"seal_key": key})
    assert answer.status_code == 422
    assert not Entry.objects.filter(action="cardkeys.delivered").exists()


def test_kiosks_hear_of_a_new_edition(here: Here, kiosk: Kiosk) -> None:
    def edition() -> int:
        answer = kiosk.ask("GET", f"/v1/k/{kiosk.id}/private")
        return msgspec.json.decode(answer.content, type=Private).card_keys

    assert edition() == 0
    keeping.add_version(here, "orne")
    assert edition() == 1
    keeping.add_version(here, "orne")
    assert edition() == 2
