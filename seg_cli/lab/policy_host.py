"""The lab's policy hosts: HTTPS servers that answer for `mta-sts.<domain>` (RFC 8461 s3.3)."""

import asyncio
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, assert_never

from seg_cli.lab.http import Request, Response, read_request
from seg_cli.lab.journal import Journal, PolicyRequest
from seg_cli.lab.spec import Pace, PolicyHost
from seg_cli.lab.streams import Streams, over_tls
from seg_cli.lab.tls import ServerTls, TlsSetup
from seg_cli.standards.mta_sts import POLICY_PATH

PAUSE: Final = 0.1
"""Real seconds between two octets of a body that drips."""

FILLER: Final = "lab-filler: "
"""The name of a field that no policy knows; its line makes a body as large as it is to be."""

LINE: Final = 60
"""Characters behind the name of such a field."""


@dataclass(frozen=True, slots=True)
class PolicyServer:
    """One address and the policy hosts that share it at the moment, by their names."""

    hosts: Callable[[], Mapping[str, PolicyHost]]
    journal: Journal
    tls: TlsSetup

    async def serve(self, sock: socket.socket) -> None:
        """One request and its answer; the connection ends with it."""
        hosts = self.hosts()
        if not hosts:  # what was here went away while the connection came
            return
        offer = self.tls.offer_by_name(
            {name: ServerTls(host.certificate) for name, host in hosts.items()}
        )
        async with over_tls(sock, offer.context) as streams:
            request = await read_request(streams.reader)
            sni = offer.name_asked_by(streams.ssl_object)
            self.journal.policy_requests.append(
                PolicyRequest(sni, request.method, request.host, request.target)
            )
            host = hosts.get(request.host.partition(":")[0].lower())
            await send(streams, answer(host, request), host.pace if host else Pace.AT_ONCE)


def answer(host: PolicyHost | None, request: Request) -> Response:
    """The policy of the host that is asked, 404 for any other host or path."""
    if host is None or request.target != POLICY_PATH:
        return Response(404)
    return Response(host.status, host.content_type, filled(host).encode(), host.location)


def filled(host: PolicyHost) -> str:
    """The policy's text, made as large as the host is to serve it."""
    text = host.text
    while (missing := host.size - len(text)) > 0:
        text = f"{text.rstrip()}\n{FILLER}{'x' * min(missing, LINE)}\n"[: host.size]
    return text


async def send(streams: Streams, response: Response, pace: Pace) -> None:
    """The response at the pace of the host."""
    match pace:
        case Pace.AT_ONCE:
            streams.writer.write(response.whole)
        case Pace.DRIP:
            streams.writer.write(response.head)
            await drip(streams, response.body)
        case _:
            assert_never(pace)


async def drip(streams: Streams, body: bytes) -> None:
    """One octet after the other, until all are sent or the client has had enough."""
    for octet in body:
        streams.writer.write(bytes((octet,)))
        try:
            async with asyncio.timeout(PAUSE):
                await streams.reader.read(1)
        except TimeoutError:
            continue
        return
