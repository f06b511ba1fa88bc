"""Fetches what the hub tells this kiosk alone, and keeps it where the screens read it.

Rules:
1. Believed: an answer to this very request, signed by the hub's key; a licence in it of our key.
2. The list of lost cards never goes back: one of a lower version is an alarm, and ours stays and
   ages. One that we hold already is only dated anew, every REDATED at most: a card of memory wears.
3. Shut out (403, signed by the hub): that is kept, and nothing more is asked or told in our name.
   The journal's outbox stays as it is, the card keys are deleted.
4. Card keys are fetched when their edition is another than ours, sealed to a key of that request
   (sync.sealing); they are deleted when the territory has none any more.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import structlog

from kiosk.domain.card_rules import Blocklist
from kiosk.domain.errors import CodeForeign, CodeTampered, FeedForged, FeedRefused
from kiosk.ports import Clock
from kiosk.store import blocklist, pending_loads
from kiosk.store.blocklist import read_blocklist, write_blocklist
from kiosk.store.card_keys import CardKeyStore
from kiosk.store.enrolment import EnrolmentStore
from kiosk.store.pending_loads import read_loads, write_loads
from kiosk.store.sync_store import SyncStore
from sync.client import Call, HubClient
from sync.licence import open_licence
from sync.message_signing import Identity
from sync.protocol import card_keys
from sync.protocol.card_keys import KeysAsk, read_delivered, read_told
from sync.protocol.private import PRIVATE_BYTES_MAX, LostCards, Private, read_private
from sync.sealing import SealKey

REDATED = timedelta(minutes=10)
OLDER = "blocklist.older"  # the alarm of rule 2

log = structlog.get_logger("sync.private")


class PrivateChannel:
    """One data folder's private channel."""

    def __init__(self, data: Path, store: SyncStore, clock: Clock) -> None:
        self._lost = data / blocklist.FILE
        self._loads = data / pending_loads.FILE
        self._enrolment = EnrolmentStore(data)
        self._keys = CardKeyStore(data)
        self._store = store
        self._clock = clock

    async def fetch(self, hub: HubClient, identity: Identity) -> Private:
        """Fetch and keep; raises HubUnavailable, FeedForged, FeedRefused, DeviceRevoked."""
        held = read_blocklist(self._lost)
        version = 0 if held is None else held.version
        path = f"/v1/k/{identity.device}/private?lost_cards={version}"
        said = await hub.call(
            Call(method="GET", path=path),
            identity.signer,
            identity.device,
            bytes_max=PRIVATE_BYTES_MAX,
        )
        told = read_private(said.verified(identity.hub_key))
        self._keep_licence(told.licence, identity)
        self._keep_lost(told.lost_cards, held)
        if told.loads != read_loads(self._loads):
            write_loads(self._loads, told.loads)
        await self._keep_keys(hub, identity, told.card_keys)
        return told

    def shut_out(self) -> None:
        """Keep that the hub has shut this kiosk out."""
        try:
            self._keys.wipe()
        finally:
            self._enrolment.revoke(self._clock.now())
        log.warning("kiosk.revoked")

    async def _keep_keys(self, hub: HubClient, identity: Identity, edition: int) -> None:
        """Hold the card keys of the edition in force (rule 4); raises what ``fetch`` raises."""
        if edition == self._keys.edition:
            return
        if not edition:
            self._keys.wipe()
            log.warning("card_keys.withdrawn")
            return
        let_in, key = self._enrolment.let_in(), SealKey()
        if let_in is None:
            return
        call = Call(
            method="POST",
            path=f"/v1/k/{identity.device}/card-keys",
            body=msgspec.json.encode(KeysAsk(seal_key=key.public_key.hex())),
            media="application/json",
        )
        said = await hub.call(
            call, identity.signer, identity.device, bytes_max=card_keys.ANSWER_BYTES_MAX
        )
        sealed = read_told(said.verified(identity.hub_key)).sealed
        told = read_delivered(key.open(sealed, territory=let_in.territory, kiosk=identity.device))
        if (told.territory, told.kiosk) != (let_in.territory, identity.device):
            raise FeedForged("card keys of another territory or kiosk")
        self._keys.keep(told)
        log.info("card_keys.kept", edition=told.edition, versions=len(told.sets))

    def _keep_licence(self, text: str, identity: Identity) -> None:
        try:
            licence = open_licence(text, identity.hub_key)
        except (CodeForeign, CodeTampered) as wrong:
            raise FeedForged(f"a licence that our hub hasn't signed: {wrong}") from wrong
        if (licence.kiosk, licence.key) != (identity.device, identity.signer.public_key.hex()):
            raise FeedForged("another kiosk's licence")
        self._enrolment.keep_licence(text, identity.hub_key)

    def _keep_lost(self, told: LostCards, held: Blocklist | None) -> None:
        if held is not None and told.version < held.version:
            about = f"version {told.version} after {held.version}"
            log.warning(OLDER, about=about)
            self._store.raise_alarm(OLDER, about, int(self._clock.now().timestamp()))
            return
        if told.cards is None:
            if held is None or held.version != told.version:
                raise FeedRefused("no list of lost cards came, and none of that version is held")
            if told.issued_at - held.issued_at >= REDATED:
                write_blocklist(self._lost, replace(held, issued_at=told.issued_at))
            return
        new = Blocklist(version=told.version, issued_at=told.issued_at, cards=told.cards)
        write_blocklist(self._lost, new)
