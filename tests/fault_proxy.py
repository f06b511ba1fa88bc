"""A bad line: a TCP proxy on loopback that cuts, stalls, doubles or flips what comes back.

``plan`` gives the fault of each connection in turn; when it is at its end the line is good.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self
from urllib.parse import urlsplit

Fault = Literal["none", "refuse", "cut", "stall", "flip", "lost"]
PIECE = 4096
HEAD = 400  # bytes that pass before a fault begins: an answer's head


@dataclass(slots=True)
class _Flow:
    """How many bytes of an answer have passed."""

    passed: int = 0


class FaultProxy:
    """Listens in the running loop; an async context manager."""

    def __init__(self, target: str, plan: Sequence[Fault]) -> None:
        parts = urlsplit(target)
        self._host, self._port = parts.hostname or "", parts.port or 0
        self._plan = list(plan)
        self._server: asyncio.Server | None = None
        self.connections = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        await asyncio.sleep(0)

    @property
    def url(self) -> str:
        """Its address."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        fault: Fault = self._plan.pop(0) if self._plan else "none"
        if fault == "refuse":
            writer.close()
            return
        far_reader, far_writer = await asyncio.open_connection(self._host, self._port)
        up = asyncio.create_task(_pump(reader, far_writer))
        try:
            await _answers(far_reader, writer, fault)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            up.cancel()
            await asyncio.gather(up, return_exceptions=True)
            far_writer.close()
            writer.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while piece := await reader.read(PIECE):
        writer.write(piece)
        await writer.drain()


async def _answers(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, fault: Fault
) -> None:
    flow = _Flow()
    while piece := await reader.read(PIECE):
        if fault == "lost":
            continue
        past = flow.passed + len(piece) > HEAD
        if past and fault in ("cut", "stall"):
            writer.write(piece[: max(0, HEAD - flow.passed)])
            await writer.drain()
            if fault == "stall":
                await asyncio.sleep(60)
            return
        if past and fault == "flip":
            at = max(0, HEAD - flow.passed)
            piece = piece[:at] + bytes([piece[at] ^ 0x40]) + piece[at + 1 :]
            fault = "none"
        flow.passed += len(piece)
        writer.write(piece)
        await writer.drain()
