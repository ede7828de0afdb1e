"""The lab's policy hosts: HTTPS servers that answer for `mta-sts.<domain>` (RFC 8461 s3.3)."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass

from seg_cli.lab.http import Request, read_request, response
from seg_cli.lab.journal import Journal, PolicyRequest
from seg_cli.lab.spec import PolicyHost
from seg_cli.lab.streams import over_tls
from seg_cli.lab.tls import EachDay
from seg_cli.smtp.profile import TlsOffer
from seg_cli.standards.mta_sts import POLICY_PATH


@dataclass(frozen=True, slots=True)
class PolicyServer:
    """One address and the policy hosts that share it, by their names."""

    hosts: Mapping[str, PolicyHost]
    journal: Journal
    offer: EachDay[TlsOffer]

    async def serve(self, sock: socket.socket) -> None:
        """One request and its answer; the connection ends with it."""
        offer = self.offer.get()
        async with over_tls(sock, offer.context) as streams:
            request = await read_request(streams.reader)
            sni = offer.name_asked_by(streams.ssl_object)
            self.journal.policy_requests.append(
                PolicyRequest(sni, request.method, request.host, request.target)
            )
            streams.writer.write(self.answer(request))

    def answer(self, request: Request) -> bytes:
        """The policy of the host that is asked, 404 for any other host or path."""
        host = self.hosts.get(request.host.partition(":")[0].lower())
        if host is None or request.target != POLICY_PATH:
            return response(404)
        return response(host.status, host.content_type, host.text.encode())
