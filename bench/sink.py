"""An SMTP sink with STARTTLS, in a process of its own: prints its port, then takes all mail.

Not one of the lab's hosts: it is the same for every client that is measured.
"""

import asyncio
import ssl
import sys

GREETING = b"220 sink ESMTP\r\n"
HELLO = b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 STARTTLS\r\n"
HELLO_TLS = b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n"
OK = b"250 ok\r\n"


class Sink(asyncio.Protocol):
    """One connection; knows as much of SMTP as a well-behaved client needs."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        self._buffer = b""
        self._data = False
        self._secured = False
        self._transport: asyncio.Transport
        self._handshake: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if not self._secured:
            transport.write(GREETING)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._handshake is None or self._handshake.done():
            self._read()

    def _read(self) -> None:
        while True:
            end = b"\r\n.\r\n" if self._data else b"\r\n"
            part, found, rest = self._buffer.partition(end)
            if not found:
                return
            self._buffer = rest
            self._answer(part)

    def _answer(self, part: bytes) -> None:
        if self._data:
            self._data = False
            self._transport.write(OK)
            return
        match part[:4].upper():
            case b"EHLO":
                self._transport.write(HELLO_TLS if self._secured else HELLO)
            case b"STAR":
                self._transport.write(b"220 go ahead\r\n")
                self._secured = True
                self._handshake = asyncio.ensure_future(self._shake_hands())
            case b"DATA":
                self._data = True
                self._transport.write(b"354 go ahead\r\n")
            case b"QUIT":
                self._transport.write(b"221 bye\r\n")
                self._transport.close()
            case _:
                self._transport.write(OK)

    async def _shake_hands(self) -> None:
        loop = asyncio.get_running_loop()
        transport = await loop.start_tls(self._transport, self, self._context, server_side=True)
        assert transport is not None
        self._transport = transport
        self._read()  # what came before this line was still waiting for it


async def main(certificate: str) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Sink(context), "127.0.0.1", 0, backlog=1000)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
