"""A hub of the tests: publishes by the house's own reference publisher, over HTTP or in a folder.

It keeps everything in memory. ``spoil`` may change any answer on its way out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    InvalidSignature,
    MappingKeyResolver,
)
from http_message_signatures.algorithms import ED25519

from kiosk.domain.record import Json
from kiosk.store.copies import Copy, Edition
from kiosk.store.image import make
from kiosk.store.migrations import VERSION
from payments.loopback import Handler, Loopback
from sync import publish
from sync.engine.copying import dataset_of
from sync.engine.folder import KEYS, MANIFEST, keep
from sync.licence import Licence, sign_licence
from sync.message_signing import ANSWER_COVERED, TAG, Answered, Asked
from sync.protocol.blobs import name_of
from sync.protocol.card_keys import Delivered, KeysAsk, KeysTold
from sync.protocol.events import Answer, Event, Rejected, body_hash, read_batch, write_answer
from sync.protocol.image import cut
from sync.protocol.manifest import (
    PIECE_BYTES_MAX,
    About,
    DatasetHead,
    Held,
    Image,
    Live,
    Manifest,
    Notice,
    Piece,
    write,
)
from sync.protocol.private import Load, LostCards, Private
from sync.publish import Edition as Published
from sync.sealing import seal_to
from sync.signing import key_id, sign_manifest, sign_notice
from tests.signers import OTHER, OURS, SeededSigner

ROOT = SeededSigner(seed=bytes(range(2, 34)))
HUB, STRANGER = OURS, OTHER
ABOUT = About(title={"fr": "Arrêts"}, kind="stop", source="Région", licence="ODbL", demo=True)
NOW_S = int(datetime(2026, 11, 30, 12, tzinfo=UTC).timestamp())
DAY_S = 86_400
POST_BYTES_MAX = 300_000


def wire(name: str, value: Json = 0, **fields: Json) -> dict[str, Json]:
    """Give a record as it travels."""
    return {
        "id": name,
        "kind": "stop",
        "title": {"fr": f"Arrêt {name}", "en": f"Stop {name}"},
        "source": "Région",
        "licence": "ODbL",
        "observed_at": "2026-11-30T12:00:00Z",
        "geo": {"lat": 48.4, "lon": 0.1},
        "data": {"value": value, "lines": ["1", "2"]},
        **fields,
    }


def many(count: int, value: int = 0) -> list[dict[str, Json]]:
    """Give that many records."""
    return [wire(f"s{number:06}", value + number * 7919 % 10_007) for number in range(count)]


@dataclass(slots=True, kw_only=True)
class Publisher:
    """What a hub holds of one territory."""

    territory: str = "orne"
    epoch: int = 1
    version: int = 0
    key: SeededSigner = HUB
    root: SeededSigner = ROOT
    issued_at: int = NOW_S
    lives_s: int = DAY_S
    lines: dict[str, Mapping[str, bytes]] = field(default_factory=dict)
    editions: dict[str, publish.Edition] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    live: tuple[Live, ...] = ()
    image: str = ""

    def publish(self, dataset: str, records: Iterable[dict[str, Json]]) -> None:
        """Publish a dataset's records, all of them."""
        lines = publish.lines_by_id(records)
        known = self.editions.get(dataset)
        if known is None:
            edition = publish.first(dataset, ABOUT, lines, epoch=1, observed_at=NOW_S)
        else:
            before = self.lines[dataset]
            edition = publish.following(
                known.detail, before, lines, self.blobs.__getitem__, observed_at=NOW_S
            )
        self.lines[dataset], self.editions[dataset] = lines, edition
        self.blobs.update(edition.blobs)
        self.version += 1

    def manifest(self) -> Manifest:
        """Give the manifest of now."""
        return Manifest(
            territory=self.territory,
            epoch=self.epoch,
            version=self.version,
            issued_at=self.issued_at,
            expires_at=self.issued_at + self.lives_s,
            datasets=tuple(one.head for one in self.editions.values()),
            live=self.live,
            image=self.image or msgspec.UNSET,
        )

    def make_image(self, folder: Path, spoil: Callable[[Path], None] = lambda _: None) -> Image:
        """Make an image of what is published, changed by ``spoil``; the manifest then names it."""
        file = folder / f"image-{self.version}.db"
        make(file, [(edition_of(one), self.sorted_lines(one)) for one in self.editions.values()])
        spoil(file)
        told = Image(
            territory=self.territory,
            database=VERSION,
            bytes=file.stat().st_size,
            datasets=tuple(held_of(one.head) for one in self.editions.values()),
            pieces=tuple(self._pieces(file.read_bytes())),
        )
        self.name_image(told)
        return told

    def name_image(self, told: Image) -> None:
        """Let the manifest name an image."""
        data = write(told)
        self.image = name_of(data)
        self.blobs[self.image] = data
        self.version += 1

    def sorted_lines(self, edition: Published) -> list[bytes]:
        """Give the lines of a published edition, by id."""
        lines = self.lines[edition.head.id]
        return [lines[name] for name in sorted(lines)]

    def _pieces(self, data: bytes) -> Iterator[Piece]:
        parts = (data[at : at + PIECE_BYTES_MAX] for at in range(0, len(data), PIECE_BYTES_MAX))
        for one in cut(parts):
            self.blobs[one.piece.name] = one.data
            yield one.piece

    def signed(self) -> bytes:
        """Give the manifest as it travels."""
        return sign_manifest(self.manifest(), self.key)

    def notice(self) -> bytes:
        """Give the notice of keys as it travels."""
        notice = Notice(
            territory=self.territory,
            epoch=self.epoch,
            key=self.key.public_key,
            root=self.root.public_key,
            issued_at=self.issued_at,
        )
        return sign_notice(notice, self.root)

    def with_head(self, dataset: str, head: DatasetHead) -> None:
        """Tell something else of a dataset in the manifest."""
        self.editions[dataset] = replace(self.editions[dataset], head=head)
        self.version += 1

    def write(self, folder: Path) -> None:
        """Write all of it into a folder, as a stick carries it."""
        from kiosk.store.blob_store import FOLDER, BlobStore

        for name, data in self.blobs.items():
            BlobStore(folder / FOLDER).keep(name, data)
        keep(folder, KEYS, self.notice())
        keep(folder, MANIFEST, self.signed())


def edition_of(edition: Published) -> Edition:
    """Give an edition as a content database takes it."""
    head = edition.head
    return Edition(
        dataset=dataset_of(head.id, edition.detail.about),
        copy=Copy(schema=head.schema, epoch=head.epoch, head=head.head, sum=head.sum),
        count=head.count,
        observed_at=datetime.fromtimestamp(head.observed_at, UTC),
        imported_at=datetime.fromtimestamp(head.observed_at, UTC),
    )


def held_of(head: DatasetHead) -> Held:
    """Give a dataset as an image tells it."""
    return Held(
        id=head.id,
        schema=head.schema,
        epoch=head.epoch,
        head=head.head,
        count=head.count,
        sum=head.sum,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer of the hub."""

    status: int
    body: bytes
    headers: Mapping[str, str]


Spoil = Callable[[str, Reply], Reply]


@dataclass(slots=True, kw_only=True)
class Intake:
    """The hub's side of events: what it holds by (epoch, seq), and what it refuses."""

    public_key: bytes = b""
    held: dict[tuple[str, int], Event] = field(default_factory=dict)
    refuses: dict[int, str] = field(default_factory=dict)
    nonces: set[str] = field(default_factory=set)

    def take(self, events: list[Event]) -> Answer:
        """Hold events once each; gives the answer."""
        forks: list[int] = []
        for event in events:
            known = self.held.setdefault((event.epoch, event.seq), event)
            if body_hash(known) != body_hash(event):
                forks.append(event.seq)
        ack = 0
        while (events[0].epoch, ack + 1) in self.held:
            ack += 1
        rejected = tuple(
            Rejected(seq=event.seq, code=self.refuses[event.seq])
            for event in events
            if event.seq in self.refuses
        )
        return Answer(ack=ack, rejected=rejected, forks=tuple(forks))


class TestHub:
    """Serves a publisher over HTTP on loopback; a context manager."""

    __test__ = False

    def __init__(self, publisher: Publisher, *, spoil: Spoil | None = None) -> None:
        self.publisher = publisher
        self.spoil = spoil
        self.intake = Intake()
        self.desk: Callable[[str, bytes], Reply] | None = None  # what lets kiosks in
        self.private: bytes | None = None  # instead of what follows
        self.loads: tuple[Load, ...] = ()
        self.card_keys: Delivered | None = None
        self.lost_version = 1
        self.lost: dict[str, datetime] = {}
        self.licence_until = 2_000_000_000
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.revoked = False
        self.asked: list[tuple[str, Mapping[str, str]]] = []
        self._server = Loopback(_handler(self))
        self.url = self._server.url

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()

    def get(self, path: str, headers: Mapping[str, str]) -> Reply:
        """Answer a GET."""
        self.asked.append((path, dict(headers)))
        if path.startswith("/v1/k/"):
            asked = Asked(method="GET", url=self.url + path, headers=dict(headers))
            reply = self._signed(asked, self.private or self._private(path))
        else:
            reply = self._answer(path, headers)
        return reply if self.spoil is None else self.spoil(path, reply)

    def _answer(self, path: str, headers: Mapping[str, str]) -> Reply:
        here = f"/v1/t/{self.publisher.territory}/"
        if path == f"{here}manifest":
            body = self.publisher.signed()
            etag = f'"{self.publisher.epoch}-{self.publisher.version}"'
            if headers.get("If-None-Match") == etag:
                return Reply(status=304, body=b"", headers={"ETag": etag})
            return Reply(status=200, body=body, headers={"ETag": etag})
        if path == f"{here}keys":
            return Reply(status=200, body=self.publisher.notice(), headers={})
        body = self.publisher.blobs.get(path.removeprefix("/v1/b/"), b"")
        return _ranged(body, headers) if body else Reply(status=404, body=b"", headers={})

    def _private(self, path: str) -> bytes:
        """Give what one kiosk is told, as the real hub does (sync.hub.cards.private)."""
        kiosk, held = path.split("/")[3], path.endswith(f"={self.lost_version}")
        licence = Licence(
            kiosk=kiosk,
            territory=self.publisher.territory,
            key=self.intake.public_key.hex(),
            until=self.licence_until,
        )
        cards = None if held else self.lost
        lost = LostCards(version=self.lost_version, issued_at=self.now(), cards=cards)
        signed = sign_licence(licence, self.publisher.key)
        edition = 0 if self.card_keys is None else self.card_keys.edition
        told = Private(licence=signed, card_keys=edition, loads=self.loads, lost_cards=lost)
        return msgspec.json.encode(told)

    def post(self, asked: Asked, body: bytes) -> Reply:
        """Take a batch of events whose signature holds, or a kiosk that asks to be let in."""
        if self.desk is not None and "/v1/enrol" in asked.url:
            return self.desk(asked.url.removeprefix(self.url), body)
        if asked.url.endswith("/card-keys"):
            return self._signed(asked, self._sealed_keys(asked.url.split("/")[-2], body))
        key = _public(self.intake.public_key)
        known = MappingKeyResolver(public_keys={"kiosk-1": key}, private_keys={})
        try:
            (found,) = HTTPMessageVerifier(signature_algorithm=ED25519, key_resolver=known).verify(
                asked,
                expect_tag=TAG,
                require_components=(
                    "@method", "@target-uri", "content-digest", "idempotency-key",
                ),
                body=body,
            )  # fmt: skip
        except InvalidSignature:
            return Reply(status=401, body=b"", headers={})
        assert found.nonce is not None
        if found.nonce in self.intake.nonces:
            return Reply(status=401, body=b"", headers={})
        self.intake.nonces.add(found.nonce)
        told = b"" if self.revoked else write_answer(self.intake.take(read_batch(body)))
        reply = self._signed(asked, told)
        return reply if self.spoil is None else self.spoil("events", reply)

    def _sealed_keys(self, kiosk: str, body: bytes) -> bytes:
        """Seal the card keys to whoever asks, as the real hub does (sync.hub.api.card_keys)."""
        assert self.card_keys is not None, "asked for what was told"
        public_key = bytes.fromhex(msgspec.json.decode(body, type=KeysAsk).seal_key)
        self.asked.append(("card-keys", {}))
        plain, territory = msgspec.json.encode(self.card_keys), self.publisher.territory
        told = KeysTold(sealed=seal_to(public_key, plain, territory=territory, kiosk=kiosk))
        return msgspec.json.encode(told)

    def _signed(self, asked: Asked, body: bytes) -> Reply:
        headers: dict[str, str] = {}
        status, body = (403, b"{}") if self.revoked else (200, body)
        answer = Answered(status_code=status, headers=headers, request=asked)
        signer = HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=None)
        prepared = signer.prepare(
            answer,
            key_id=key_id(self.publisher.key.public_key).hex(),
            created=datetime.now(UTC),
            tag=TAG,
            label="hub",
            covered_component_ids=ANSWER_COVERED,
            body=body,
        )
        signer.apply(answer, prepared, self.publisher.key.sign(prepared.signature_base))
        return Reply(status=status, body=body, headers=headers)


def _public(raw: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(raw)


def _ranged(body: bytes, headers: Mapping[str, str]) -> Reply:
    found = re.fullmatch(r"bytes=(\d+)-(\d+)", headers.get("Range", ""))
    if found is None:
        return Reply(status=200, body=body, headers={})
    first, last = int(found[1]), min(int(found[2]), len(body) - 1)
    told = {"Content-Range": f"bytes {first}-{last}/{len(body)}"}
    return Reply(status=206, body=body[first : last + 1], headers=told)


def _handler(hub: TestHub) -> type[Handler]:
    class Served(Handler):
        def get(self) -> None:
            reply = hub.get(self.path, dict(self.headers.items()))
            self.send(reply.status, reply.body, reply.headers)

        def post(self) -> None:
            body = self.body(POST_BYTES_MAX) or b""
            headers = dict(self.headers.items())
            url = f"http://{headers.get('Host')}{self.path}"
            reply = hub.post(Asked(method="POST", url=url, headers=headers), body)
            self.send(reply.status, reply.body, reply.headers)

    return Served
