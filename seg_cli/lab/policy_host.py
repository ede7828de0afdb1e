"""The lab's policy hosts: HTTPS servers that answer for `mta-sts.<domain>`."""

import asyncio
from dataclasses import dataclass
from http import HTTPStatus

from seg_cli.lab.journal import Journal, PolicyRequest
from seg_cli.lab.spec import PolicyHost
from seg_cli.smtp.profile import TlsOffer
from seg_cli.standards.mta_sts import POLICY_PATH

MOST_HEADERS = 100


@dataclass(frozen=True, slots=True)
class PolicyServer:
    """The HTTP of one policy host; TLS was set up by whoever accepted the connection."""

    host: PolicyHost
    journal: Journal
    tls: TlsOffer

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request and its answer; the connection ends with it."""
        try:
            request = (await reader.readline()).decode("latin-1").split()
            headers = await read_headers(reader)
        except (OSError, ValueError):
            return
        if len(request) != 3:
            return
        method, path, _ = request
        tls = writer.get_extra_info("ssl_object")
        sni = self.tls.name_asked_by(tls) if tls is not None else ""
        self.journal.policy_requests.append(
            PolicyRequest(sni, method, headers.get("host", ""), path)
        )
        writer.write(self.response(path))

    def response(self, path: str) -> bytes:
        """The policy at its path, 404 elsewhere."""
        found = path == POLICY_PATH
        status = HTTPStatus(self.host.status) if found else HTTPStatus.NOT_FOUND
        body = self.host.text.encode() if found else b""
        head = (
            f"HTTP/1.1 {status.value} {status.phrase}\r\n"
            f"Content-Type: {self.host.content_type}\r\n"
            f"Content-Length: {len(body)}\r\n"
            "Connection: close\r\n\r\n"
        )
        return head.encode() + body


async def read_headers(reader: asyncio.StreamReader) -> dict[str, str]:
    """Header fields by lower-case name; raises ValueError for too many or too long ones."""
    headers: dict[str, str] = {}
    for _ in range(MOST_HEADERS):
        line = (await reader.readline()).decode("latin-1").strip()
        if not line:
            return headers
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    raise ValueError("too many headers")
