"""The policy fetch: one HTTPS GET to a domain's policy host, directly or through the proxy.

`requests` does it, in a daemon thread; it dials where the world leads, trusts the world's roots
only, and never takes a hint from environment, redirect or cache (RFC 8461 s3.3).
"""

import asyncio
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from http import HTTPStatus
from http.client import HTTPException
from socket import socket
from typing import Final, cast
from urllib.parse import quote

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import HTTPError

from seg_cli.config.updates import Proxy
from seg_cli.net.failures import network_failure
from seg_cli.net.line import Line, in_thread
from seg_cli.net.starttls import handshake_failure
from seg_cli.net.web_pki import refusal, require_in_date, web_context
from seg_cli.net.world import World
from seg_cli.standards.mta_sts import MAX_BODY, POLICY_PATH, policy_host
from seg_cli.terms import Reason

MOST_AT_ONCE: Final = 8
HTTPS_PORT: Final = 443
HOST_NAME: Final = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
TUNNEL_REFUSED: Final = re.compile(r"Tunnel connection failed: (\d{3})")
"""How http.client words the proxy's answer to CONNECT."""

TOO_LARGE: Final = f"body larger than {MAX_BODY} bytes"
NOT_PUBLIC: Final = "the address of the policy host is not public"
"""The emulator's own cause, in the real world (`--allow-private`)."""

INCOMPLETE: Final = "incomplete HTTP response"
LONGEST_QUOTE: Final = 60
"""Characters of a foreign header that a cause repeats."""


@dataclass(frozen=True, slots=True)
class PolicyRequest:
    """Whose policy to fetch and how: `addresses` are the policy host's or, if one is set, the
    proxy's; they are dialled in this order and must not be empty."""

    domain: str
    addresses: tuple[str, ...]
    proxy: Proxy | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """The body of the policy, whole but not parsed."""

    body: bytes


@dataclass(frozen=True, slots=True)
class FetchFailed:
    """No policy: STS_WEBPKI_INVALID if the host's certificate is at fault, else STS_FETCH_ERROR
    (as in RFC 8460 s4.3.2.2); `cause` says it in a few words."""

    reason: Reason
    cause: str


class WebTrust:
    """Roots, and the context that is made of them once."""

    def __init__(self, roots: tuple[bytes, ...]) -> None:
        self.roots = roots

    @cached_property
    def context(self) -> ssl.SSLContext:
        """Made in the first fetch's thread, so that the event loop is not held."""
        return web_context(self.roots)


class PolicyFetcher:
    """Fetches policies, at most eight at once; keeps the trusted roots ready for all of them: those
    of the world's system list, until others are adopted."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._trust = WebTrust(world.system_roots)
        self._slots = asyncio.Semaphore(MOST_AT_ONCE)

    async def fetch(self, request: PolicyRequest) -> Fetched | FetchFailed:
        """The policy's body, or why it could not be had; a failing proxy is never gone round.

        The whole fetch may take `world.patience.fetch`. To cancel it cuts the connection. Only
        addresses within the world's bounds are dialled; where a proxy dials is the proxy's affair.
        Source: RFC 8461 s3.3, STS-10 to STS-16.
        """
        if HOST_NAME.fullmatch(request.domain) is None:
            return FetchFailed(Reason.STS_FETCH_ERROR, "not a host name")
        if request.proxy is None:
            allowed = filter(self._world.bounds.fetch_from, request.addresses)
            request = replace(request, addresses=tuple(allowed))
        if not request.addresses:
            return FetchFailed(Reason.STS_FETCH_ERROR, NOT_PUBLIC)
        async with self._slots:
            attempt = Attempt(self._world, request)
            try:
                async with asyncio.timeout(self._world.patience.fetch):
                    return await in_thread(partial(self._get, attempt))
            except TimeoutError:
                return FetchFailed(Reason.STS_FETCH_ERROR, "connection timeout")
            finally:
                attempt.line.cut()

    def adopt(self, roots: tuple[bytes, ...]) -> None:
        """Believe these roots (DER) from the next fetch on."""
        if roots != self._trust.roots:
            self._trust = WebTrust(roots)

    def _get(self, attempt: "Attempt") -> Fetched | FetchFailed:
        with UnledSession() as session:
            session.trust_env = False
            session.headers.clear()
            session.mount("https://", PinnedAdapter(self._trust.context, attempt))
            try:
                with session.get(
                    f"https://{attempt.host}{POLICY_PATH}",
                    proxies=proxies(attempt.request.proxy),
                    allow_redirects=False,
                    stream=True,
                ) as response:
                    return read_policy(response)
            except (requests.RequestException, HTTPError, ValueError):
                # urllib3 lets a ValueError through for a chunk of negative size.
                return attempt.failure or FetchFailed(Reason.STS_FETCH_ERROR, INCOMPLETE)


class UnledSession(requests.Session):
    """Looks at no redirect: where it leads is of no interest, and need not even be a URL."""

    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002 - as requests
        return None


def proxies(proxy: Proxy | None) -> dict[str, str]:
    """The proxy as `requests` wants it; name and password may hold any character."""
    if proxy is None:
        return {}
    login = f"{quote(proxy.user, safe='')}:{quote(proxy.password, safe='')}@" if proxy.user else ""
    host = f"[{proxy.host}]" if ":" in proxy.host else proxy.host
    return {"https": f"http://{login}{host}:{proxy.port}"}


def read_policy(response: requests.Response) -> Fetched | FetchFailed:
    """The body, if the response is what RFC 8461 s3.2 and s3.3 ask for (STS-12 to STS-14)."""
    fault = check_head(response)
    if fault is None:
        body: bytes = response.raw.read(MAX_BODY + 1, decode_content=False)
        if len(body) > MAX_BODY:
            fault = TOO_LARGE
        elif response.raw.length_remaining:
            fault = INCOMPLETE
        else:
            return Fetched(body)
    return FetchFailed(Reason.STS_FETCH_ERROR, fault)


def check_head(response: requests.Response) -> str | None:
    """What is wrong with status and headers, or None."""
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    encoding = response.headers.get("Content-Encoding", "identity").lower()
    if response.is_redirect:
        return "redirect"
    if response.status_code != HTTPStatus.OK:
        return f"HTTP status {response.status_code}"
    if media_type != "text/plain":
        return f"media type {media_type[:LONGEST_QUOTE] or 'missing'}"
    if encoding != "identity":  # none was offered
        return f"content encoding {encoding[:LONGEST_QUOTE]}"
    if (response.raw.length_remaining or 0) > MAX_BODY:  # Content-Length, where there is one
        return TOO_LARGE
    return None


class Attempt:
    """One fetch under way: its line, and why that could not be set up, noted where it is known.

    What `requests` raises has been wrapped several times by then, differently in each case.
    """

    def __init__(self, world: World, request: PolicyRequest) -> None:
        port = request.proxy.port if request.proxy else HTTPS_PORT
        self.request = request
        self.host = policy_host(request.domain)
        self.line = Line(world, request.addresses, port)
        self.failure: FetchFailed | None = None
        self._world = world

    def dial(self) -> socket:
        try:
            return self.line.dial()
        except OSError as error:
            failed = network_failure(error)
            words = "connection timeout" if failed.reason is Reason.TIMED_OUT else failed.reason
            cause = f"proxy: {words}" if self.request.proxy else words
            self.failure = FetchFailed(Reason.STS_FETCH_ERROR, cause)
            raise

    def accept(self, sock: ssl.SSLSocket) -> None:
        """Raises CertificateOutOfDate unless the whole chain holds at the appliance's time."""
        require_in_date(sock, self._world.clock.now())
        # A body that was cut must not pass for a whole one (typeshed does not know the attribute).
        sock.suppress_ragged_eofs = False  # type: ignore[attr-defined]  # typeshed lacks it

    def note(self, error: OSError | HTTPException) -> None:
        """Why there is no TLS connection, unless that is known already."""
        if self.failure is None:
            self.failure = self._explain(error)

    def _explain(self, error: OSError | HTTPException) -> FetchFailed:
        by_proxy = self.request.proxy is not None
        if isinstance(error, ssl.SSLCertVerificationError):
            return FetchFailed(Reason.STS_WEBPKI_INVALID, refusal(error, self.host))
        if refused := TUNNEL_REFUSED.match(str(error)):
            cause = f"proxy refused the tunnel: {refused[1]}"
        elif isinstance(error, ssl.SSLError) or (isinstance(error, OSError) and not by_proxy):
            cause = f"TLS handshake failed: {handshake_failure(error)[1]}"
        else:
            cause = "proxy: no tunnel"
        return FetchFailed(Reason.STS_FETCH_ERROR, cause)


def pinned(context: ssl.SSLContext, attempt: Attempt) -> type[HTTPSConnection]:
    """The class of connections that go where the attempt's line leads, with or without proxy."""

    class PinnedConnection(HTTPSConnection):
        def _new_conn(self) -> socket:
            return attempt.dial()

        def connect(self) -> None:
            self.ssl_context = context
            try:
                super().connect()
                # The connection stays open on failure: closed, it would pass for the proxy's.
                attempt.accept(cast("ssl.SSLSocket", self.sock))
            except (OSError, HTTPException) as error:
                attempt.note(error)
                raise

    return PinnedConnection


class PinnedAdapter(HTTPAdapter):
    """`requests` with our own trust and our own dialling; one for each fetch."""

    def __init__(self, context: ssl.SSLContext, attempt: Attempt) -> None:
        self._connection_class = pinned(context, attempt)
        super().__init__(pool_connections=1, pool_maxsize=1)

    def get_connection_with_tls_context(
        self,
        request: requests.PreparedRequest,
        verify: bool | str | None,  # noqa: FBT001 - the signature is that of requests
        proxies: Mapping[str, str] | None = None,
        cert: tuple[str, str] | str | None = None,
    ) -> HTTPConnectionPool:
        pool = super().get_connection_with_tls_context(request, verify, proxies, cert)
        assert isinstance(pool, HTTPConnectionPool)
        pool.ConnectionCls = self._connection_class
        return pool

    def cert_verify(self, conn: object, url: object, verify: object, cert: object) -> None:
        """Nothing to do: this is where `requests` reads its own roots, at every connection."""
