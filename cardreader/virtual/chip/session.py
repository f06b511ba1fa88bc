"""What a chip holds only while it is in the field: selection, authentication, transaction.

1. Selecting an application ends the authentication and gives the transaction up.
2. AuthenticateAES and EV2First begin anew; EV2NonFirst changes keys inside the transaction.
3. What backup, value and record files are told waits in the transaction; reading shows what is
   committed. Standard files are written at once.
4. A commit replaces the whole memory in one step: all of the transaction, or nothing.
5. Any refusal, and the loss of the field, ends authentication and transaction.
"""

from __future__ import annotations

from dataclasses import replace

from cardreader.desfire import crypto
from cardreader.desfire.constants import Status
from cardreader.virtual.chip.channel import Bare, Channel
from cardreader.virtual.chip.files import settled
from cardreader.virtual.chip.memory import PICC, Application, File, MacFile, Memory, Nak


class Session:
    """The volatile half of a chip, around its ``memory``."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.aid = PICC
        self.channel: Channel = Bare()
        self.key: int | None = None
        self._pending: dict[int, File] = {}
        self._told = b""  # the transaction MAC's input

    @property
    def app(self) -> Application:
        """The selected application, as committed."""
        return self.memory.applications[self.aid]

    def select(self, aid: bytes) -> None:
        """Select an application."""
        if aid not in self.memory.applications:
            raise Nak(Status.APPLICATION_NOT_FOUND)
        self.forget()
        self.aid = aid

    def forget(self) -> None:
        """End authentication and transaction."""
        self.channel, self.key = Bare(), None
        self.abort()

    def abort(self) -> None:
        """Give the transaction up."""
        self._pending.clear()
        self._told = b""

    def file(self, number: int) -> File:
        """Give a file as it is committed."""
        try:
            return self.app.files[number]
        except KeyError as none:
            raise Nak(Status.FILE_NOT_FOUND) from none

    def begun(self, number: int) -> File:
        """Give a file as the transaction has left it."""
        return self._pending.get(number) or self.file(number)

    def put_off(self, number: int, file: File) -> None:
        """Keep a file for the commit."""
        self._pending[number] = file

    def put(self, number: int, file: File | None) -> None:
        """Write a file at once; None deletes it."""
        self._pending.pop(number, None)
        files = {no: one for no, one in self.app.files.items() if no != number}
        self.put_app(replace(self.app, files=files if file is None else {**files, number: file}))

    def put_app(self, app: Application) -> None:
        """Write the selected application at once."""
        self.memory = replace(self.memory, applications={**self.memory.applications, self.aid: app})

    def tell(self, ins: int, header: bytes, data: bytes = b"") -> None:
        """Add one command to the transaction MAC's input."""
        self._told += crypto.transaction_input(ins, header, data)

    def commit(self) -> MacFile | None:
        """Make the transaction true, in one step; gives the transaction MAC's file, if any."""
        if not self._pending:
            raise Nak(Status.NO_CHANGES)
        files = {**self.app.files, **{no: settled(one) for no, one in self._pending.items()}}
        sealed: MacFile | None = None
        for number, file in self.app.files.items():
            if isinstance(file, MacFile):
                files[number] = sealed = self._sealed(file)
        self.put_app(replace(self.app, files=files))
        self.abort()
        return sealed

    def _sealed(self, file: MacFile) -> MacFile:
        """Count one more transaction and give its MAC."""
        if file.counter == crypto.TMC_MAX:
            raise Nak(Status.PERMISSION_DENIED)  # such a card can only be read (data sheet)
        keys = crypto.transaction_keys(file.key.value, file.counter, self.memory.uid)
        tmv = crypto.transaction_mac(keys.mac, self._told)
        return replace(file, counter=file.counter + 1, last=tmv)
