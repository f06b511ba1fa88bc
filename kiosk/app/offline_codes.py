"""What is done about offline codes here: keys, files and page, opened when they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from kiosk.app.backing import Backing
from kiosk.app.ids import new_id
from kiosk.app.installed import Installed
from kiosk.domain.money import Money
from kiosk.domain.purse import CardFace
from ui.code_desk import Asked
from ui.context import Context

if TYPE_CHECKING:
    from kiosk.domain.reload_code import CodeRow
    from kiosk.store.code_requests import CodeStore
    from kiosk.store.device_key import DeviceKey
    from kiosk.store.ledger import Ledger
    from kiosk.usecases.ask_reload_code import CodeDesk
    from kiosk.usecases.redeem_code import RedeemCode


class OfflineCodes:
    """The demonstration's codes; used from the commands' thread alone.

    Its virtual cards are credited at once, as where a secure module may do it (CARD.md). ``page``
    gives the address of the hub's page, where no setting names it.
    """

    def __init__(
        self,
        folder: Path,
        context: Context,
        page: Callable[[], str],
        open_ledger: Callable[[], Ledger],
        here: Installed,
        *,
        backing: Backing,
    ) -> None:
        self._folder = folder
        self._context = context
        self._page = page
        self._open_ledger = open_ledger
        self._settings = here.settings
        self._backing = backing
        self._store: CodeStore | None = None

    def ask(self, face: CardFace, amount: Money) -> Asked:
        """Ask for a load; raises what the use case and the keys raise."""
        from kiosk.usecases.ask_reload_code import ask_reload_code

        clock = self._context.clock
        row = ask_reload_code(face, amount, codes=self._open(), clock=clock, desk=self._desk)
        return self._asked(row)

    def awaited(self, face: CardFace) -> Asked | None:
        """Give what a card has asked for before and whose code may still be typed."""
        from kiosk.usecases.ask_reload_code import code_awaited

        if not self._began:
            return None
        clock = self._context.clock
        row = code_awaited(face, codes=self._open(), clock=clock, desk=self._desk)
        return None if row is None else self._asked(row)

    def redeem(self, request_id: str, digits: str) -> CodeRow:
        """Take a typed code."""
        return self._redeemer().redeem(request_id, digits)

    def settle(self) -> None:
        """Take up what a crash left accepted, where there ever was a code."""
        if self._began:
            self._redeemer().settle()

    def close(self) -> None:
        """Close the file."""
        if self._store is not None:
            self._store.close()
            self._store = None

    @property
    def _began(self) -> bool:
        """Whether this kiosk ever asked for a code."""
        from kiosk.store.code_requests import FILE

        return (self._folder / FILE).exists()

    @cached_property
    def _signer(self) -> DeviceKey:
        from kiosk.store.device_key import DeviceKey

        return DeviceKey(self._folder)

    @property
    def _desk(self) -> CodeDesk:
        import secrets

        from kiosk.domain.reload_code import NONCE_BYTES
        from kiosk.usecases.ask_reload_code import CodeDesk

        return CodeDesk(
            kiosk=self._settings.kiosk,
            card_key=self._backing.card_key,
            topups=self._context.wallet.limits,
            new_id=lambda: new_id("C"),
            new_nonce=lambda: secrets.token_bytes(NONCE_BYTES),
        )

    def _asked(self, row: CodeRow) -> Asked:
        """Give a request with the address that carries it, signed, in its fragment."""
        from kiosk.domain.reload_code import request_text

        page = self._settings.pay_page or self._page()
        text = request_text(row.request, self._signer)
        return Asked(row=row, url=f"{page}#{quote(text, safe='$*+-./:')}")

    def _redeemer(self) -> RedeemCode:
        from kiosk.store.device_key import code_key
        from kiosk.usecases.redeem_code import RedeemCode

        return RedeemCode(
            codes=self._open(),
            journal=self._open_ledger(),
            clock=self._context.clock,
            key=code_key(self._folder),
            credits_=True,
        )

    def _open(self) -> CodeStore:
        from kiosk.store.code_requests import FILE, CodeStore

        self._store = self._store or CodeStore(self._folder / FILE)
        return self._store
