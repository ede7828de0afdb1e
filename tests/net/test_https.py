"""The policy fetch against real policy hosts and a real proxy."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import pytest

from seg_cli.config.updates import Proxy
from seg_cli.net.https import MOST_AT_ONCE, Fetched, FetchFailed, PolicyFetcher, PolicyRequest
from seg_cli.net.world import LAB_PATIENCE, Patience, World
from seg_cli.policy.bounds import Bounds
from seg_cli.terms import Reason
from tests.net.conftest import Listening
from tests.net.policy_peers import (
    HOST,
    POLICY,
    ConnectProxy,
    PolicyHost,
    chunked,
    head,
    response,
    server_context,
)
from tests.net.worlds import world_of
from tests.standards.certificates import (
    CA,
    FUTURE,
    NOT_CA,
    NOW,
    ONLY_CLIENTS,
    PAST,
    Issued,
    Validity,
    dns,
    issue,
)

ADDRESS = "192.0.2.10"
PROXY_ADDRESS = "10.10.5.80"
DOMAIN = "example.com"
REQUEST = PolicyRequest(DOMAIN, (ADDRESS,))
VIA_PROXY = PolicyRequest("example.com", (PROXY_ADDRESS,), Proxy("proxy.example.net", 3128))
BRIEF = replace(LAB_PATIENCE, fetch=0.2)

ROOT = issue("Root", CA)
GOOD = (issue(HOST, dns(HOST), by=ROOT),)


@dataclass
class Setting:
    """A policy host, the ways that lead to it, and the roots that are trusted."""

    listening: Listening
    folder: Path

    async def host(
        self,
        host: PolicyHost,
        chain: Sequence[Issued] = GOOD,
        *,
        newest: ssl.TLSVersion | None = None,
    ) -> PolicyHost:
        context = server_context(chain, self.folder)
        context.set_servername_callback(host.note_name)
        if newest is not None:
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.maximum_version = newest
        host.port = await self.listening.open(host.serve, context)
        return host

    async def proxy(self, proxy: ConnectProxy) -> ConnectProxy:
        proxy.port = await self.listening.open(proxy.serve)
        return proxy


@pytest.fixture
def setting(listening: Listening, tmp_path: Path) -> Setting:
    return Setting(listening, tmp_path)


def fetcher(
    port: int,
    *,
    proxy: int = 0,
    roots: tuple[Issued, ...] = (ROOT,),
    patience: Patience = LAB_PATIENCE,
) -> PolicyFetcher:
    return PolicyFetcher(world(port, proxy=proxy, roots=roots, patience=patience))


def world(
    port: int,
    *,
    proxy: int = 0,
    roots: tuple[Issued, ...] = (ROOT,),
    patience: Patience = LAB_PATIENCE,
) -> World:
    known = {ADDRESS: ("127.0.0.1", port), PROXY_ADDRESS: ("127.0.0.1", proxy)}
    return world_of(known, roots=tuple(root.der for root in roots), patience=patience, start=NOW)


def failed(cause: str, reason: Reason = Reason.STS_FETCH_ERROR) -> FetchFailed:
    return FetchFailed(reason, cause)


def refused(cause: str) -> FetchFailed:
    return failed(cause, Reason.STS_WEBPKI_INVALID)


@pytest.mark.requirement("STS-10")
async def test_the_policy_is_got_from_its_host_by_name(setting: Setting) -> None:
    host = await setting.host(PolicyHost())
    assert await fetcher(host.port).fetch(REQUEST) == Fetched(POLICY)
    (request,) = host.requests
    line, *headers = request.decode().splitlines()
    assert line == "GET /.well-known/mta-sts.txt HTTP/1.1"
    assert f"Host: {HOST}" in headers
    assert host.names == [HOST]


@pytest.mark.requirement("STS-12")
async def test_nothing_of_an_earlier_fetch_is_sent_again(setting: Setting) -> None:
    answer = response(POLICY, "Set-Cookie: a=b", 'ETag: "1"', "Cache-Control: max-age=9999")
    host = await setting.host(PolicyHost(answer))
    fetch = fetcher(host.port).fetch
    assert await fetch(REQUEST) == await fetch(REQUEST) == Fetched(POLICY)
    first, second = host.requests
    assert first == second
    assert b"Cookie" not in second
    assert b"If-" not in second


@pytest.mark.requirement("STS-10")
async def test_tls_1_1_is_too_old(setting: Setting) -> None:
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        host = await setting.host(PolicyHost(), newest=ssl.TLSVersion.TLSv1_1)
    outcome = await fetcher(host.port).fetch(REQUEST)
    assert isinstance(outcome, FetchFailed)
    assert outcome.cause.startswith("TLS handshake failed: ")
    assert host.requests == []


async def test_a_host_that_closes_in_the_handshake_is_told_so(setting: Setting) -> None:
    async def close(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    port = await setting.listening.open(close)
    outcome = await fetcher(port).fetch(REQUEST)
    assert isinstance(outcome, FetchFailed)
    assert outcome.cause.startswith("TLS handshake failed: ")


@pytest.mark.requirement("STS-10")
async def test_plain_http_is_not_spoken(setting: Setting) -> None:
    host = PolicyHost()
    port = await setting.listening.open(host.serve)
    outcome = await fetcher(port, patience=BRIEF).fetch(REQUEST)
    assert isinstance(outcome, FetchFailed)
    assert all(b"GET" not in request for request in host.requests)


MIDDLE = issue("Middle", CA, by=ROOT)
OLD_MIDDLE = issue("Old middle", CA, by=ROOT, validity=PAST)
MISMATCH = refused(f"peer cert does not match {HOST}")
UNTRUSTED = refused("unable to get local issuer certificate")

CHAINS: dict[str, tuple[tuple[Issued, ...], Fetched | FetchFailed]] = {
    "the name itself": (GOOD, Fetched(POLICY)),
    "the name in capitals": ((issue("x", dns(HOST.upper()), by=ROOT),), Fetched(POLICY)),
    "a wildcard as the whole leftmost label": (
        (issue("x", dns("*.example.com"), by=ROOT),),
        Fetched(POLICY),
    ),
    "a wildcard as part of a label": (
        (issue("x", dns("mta-*.example.com"), by=ROOT),),
        MISMATCH,
    ),
    "a wildcard for two labels": ((issue("x", dns("*.com"), by=ROOT),), MISMATCH),
    "the recipient domain": ((issue("x", dns("example.com"), by=ROOT),), MISMATCH),
    "a common name": ((issue(HOST, by=ROOT),), MISMATCH),
    "a common name beside another DNS-ID": (
        (issue(HOST, dns("other.example"), by=ROOT),),
        MISMATCH,
    ),
    "an intermediate CA": ((issue("x", dns(HOST), by=MIDDLE), MIDDLE), Fetched(POLICY)),
    "an intermediate CA that is not sent": (
        (issue("x", dns(HOST), by=MIDDLE),),
        UNTRUSTED,
    ),
    "an unknown root": ((issue("x", dns(HOST), by=issue("Other", CA)),), UNTRUSTED),
    "a certificate that signed itself": (
        (issue(HOST, dns(HOST)),),
        refused("self signed certificate"),
    ),
    "an issuer that is no CA": (
        (issue("x", dns(HOST), by=(leaf := issue("leaf", NOT_CA, by=ROOT))), leaf),
        refused("invalid CA certificate"),
    ),
    "a certificate for clients": (
        (issue("x", dns(HOST), ONLY_CLIENTS, by=ROOT),),
        refused("unsuitable certificate purpose"),
    ),
    "a certificate of the past": (
        (issue("x", dns(HOST), by=ROOT, validity=PAST),),
        refused("certificate has expired"),
    ),
    "a certificate of the future": (
        (issue("x", dns(HOST), by=ROOT, validity=FUTURE),),
        refused("certificate is not yet valid"),
    ),
    "an intermediate CA of the past": (
        (issue("x", dns(HOST), by=OLD_MIDDLE), OLD_MIDDLE),
        refused("certificate has expired"),
    ),
}


@pytest.mark.requirement("STS-11")
@pytest.mark.parametrize("shown", CHAINS)
async def test_the_certificate_is_judged_before_the_request(setting: Setting, shown: str) -> None:
    chain, expected = CHAINS[shown]
    host = await setting.host(PolicyHost(), chain)
    assert await fetcher(host.port).fetch(REQUEST) == expected
    assert len(host.requests) == isinstance(expected, Fetched)


@pytest.mark.requirement("STS-11")
async def test_a_root_is_dated_too(setting: Setting) -> None:
    old = issue("Old root", CA, validity=PAST)
    host = await setting.host(PolicyHost(), (issue("x", dns(HOST), by=old),))
    outcome = await fetcher(host.port, roots=(old,)).fetch(REQUEST)
    assert outcome == refused("certificate has expired")


@pytest.mark.requirement("STS-11")
async def test_dates_hold_at_the_appliances_time_not_the_machines(setting: Setting) -> None:
    long_ago = Validity(NOW.replace(year=1999), NOW.replace(year=2001))
    root = issue("Root", CA, validity=long_ago)
    host = await setting.host(PolicyHost(), (issue("x", dns(HOST), by=root, validity=long_ago),))
    then = world_of(
        {ADDRESS: ("127.0.0.1", host.port)}, roots=(root.der,), start=NOW.replace(year=2000)
    )
    assert await PolicyFetcher(then).fetch(REQUEST) == Fetched(POLICY)


async def test_without_roots_nothing_is_trusted(setting: Setting) -> None:
    host = await setting.host(PolicyHost())
    assert await fetcher(host.port, roots=()).fetch(REQUEST) == UNTRUSTED


LARGEST = b"x" * 65_536
TOO_LARGE = failed("body larger than 65536 bytes")
INCOMPLETE = failed("incomplete HTTP response")
PLAIN = ("HTTP/1.1 200 OK", "Content-Type: text/plain")

RESPONSES: dict[str, tuple[str, bytes, Fetched | FetchFailed]] = {
    "404": ("STS-12", response(status="404 Not Found"), failed("HTTP status 404")),
    "204": ("STS-12", response(b"", status="204 No Content"), failed("HTTP status 204")),
    "206": ("STS-12", response(status="206 Partial Content"), failed("HTTP status 206")),
    "304": ("STS-12", response(b"", status="304 Not Modified"), failed("HTTP status 304")),
    "a redirect": (
        "STS-12",
        response(POLICY, f"Location: https://{HOST}/policy", status="302 Found"),
        failed("redirect"),
    ),
    "a permanent redirect": (
        "STS-12",
        response(POLICY, "Location: /policy", status="308 Permanent Redirect"),
        failed("redirect"),
    ),
    "a redirect to what is no URL": (
        "STS-12",
        response(POLICY, "Location: https://[x]/", status="302 Found"),
        failed("redirect"),
    ),
    "a media type with parameters, in capitals": (
        "STS-13",
        response(media_type="Text/PLAIN; charset=utf-8"),
        Fetched(POLICY),
    ),
    "another media type": (
        "STS-13",
        response(media_type="text/html; charset=utf-8"),
        failed("media type text/html"),
    ),
    "no media type": (
        "STS-13",
        head("HTTP/1.1 200 OK", "Content-Length: 0"),
        failed("media type missing"),
    ),
    "the largest body": ("STS-14", response(LARGEST), Fetched(LARGEST)),
    "a larger body": ("STS-14", response(LARGEST + b"x"), TOO_LARGE),
    "only the promise of a larger body": (
        "STS-14",
        head(*PLAIN, "Content-Length: 65537"),
        TOO_LARGE,
    ),
    "the largest body in chunks": (
        "STS-14",
        chunked(LARGEST[:30_000], LARGEST[30_000:], b""),
        Fetched(LARGEST),
    ),
    "a larger body in chunks": ("STS-14", chunked(LARGEST, b"x"), TOO_LARGE),
    "a body that is cut": ("STS-14", response()[:-1], INCOMPLETE),
    "chunks that are cut": ("STS-14", chunked(POLICY), INCOMPLETE),
    "a chunk of negative size": (
        "STS-14",
        head(*PLAIN, "Transfer-Encoding: chunked") + b"-1\r\nx",
        INCOMPLETE,
    ),
    "a body up to the end of the connection": (
        "STS-14",
        head(*PLAIN, "Connection: close") + POLICY,
        Fetched(POLICY),
    ),
    "a content encoding": (
        "STS-14",
        response(b"\x1f\x8b", "Content-Encoding: gzip"),
        failed("content encoding gzip"),
    ),
    "no response": ("STS-12", b"", INCOMPLETE),
    "something else": ("STS-12", b"220 mx.example.com ESMTP\r\n", INCOMPLETE),
    "endless headers": ("STS-12", head("HTTP/1.1 200 OK", *["X: y"] * 200), INCOMPLETE),
}


@pytest.mark.parametrize(
    "what",
    [pytest.param(name, marks=pytest.mark.requirement(RESPONSES[name][0])) for name in RESPONSES],
)
async def test_the_response_must_be_whole_and_plain(setting: Setting, what: str) -> None:
    _, answer, expected = RESPONSES[what]
    host = await setting.host(PolicyHost(answer))
    assert await fetcher(host.port).fetch(REQUEST) == expected
    assert len(host.requests) == 1


@pytest.mark.requirement("STS-14")
async def test_a_body_without_end_is_read_up_to_the_limit(setting: Setting) -> None:
    host = await setting.host(PolicyHost(chunked(LARGEST, b"x"), then="stays"))
    assert await fetcher(host.port).fetch(REQUEST) == TOO_LARGE
    await host.gone.wait()


@pytest.mark.requirement("STS-14")
async def test_a_body_without_length_ends_with_tls_not_with_the_cable(setting: Setting) -> None:
    host = await setting.host(PolicyHost(head(*PLAIN) + POLICY, then="breaks"))
    assert await fetcher(host.port).fetch(REQUEST) == INCOMPLETE


SLOW: dict[str, bytes] = {
    "nothing": b"",
    "half a header": b"HTTP/1.1 200 OK\r\nContent-",
    "half a body": response()[:-1],
}


@pytest.mark.requirement("STS-15")
@pytest.mark.parametrize("sent", SLOW)
async def test_the_whole_fetch_has_one_limit(setting: Setting, sent: str) -> None:
    host = await setting.host(PolicyHost(SLOW[sent], then="stays"))
    outcome = await fetcher(host.port, patience=BRIEF).fetch(REQUEST)
    assert outcome == failed("connection timeout")
    await host.gone.wait()  # the thread has let go


@pytest.mark.requirement("STS-15")
async def test_the_limit_holds_for_the_handshake_too(setting: Setting) -> None:
    mute = PolicyHost(then="stays")
    port = await setting.listening.open(mute.serve)
    outcome = await fetcher(port, patience=BRIEF).fetch(REQUEST)
    assert outcome == failed("connection timeout")
    await mute.gone.wait()


async def test_cancelling_cuts_the_connection(setting: Setting) -> None:
    host = await setting.host(PolicyHost(b"", then="stays"))
    fetch = asyncio.create_task(fetcher(host.port).fetch(REQUEST))
    await host.asked.acquire()
    fetch.cancel()
    with pytest.raises(asyncio.CancelledError):
        await fetch
    await host.gone.wait()


async def test_eight_fetches_run_at_once_in_threads_that_no_exit_waits_for(
    setting: Setting,
) -> None:
    host = await setting.host(PolicyHost(b"", then="stays"))
    fetch = fetcher(host.port).fetch
    fetches = [asyncio.create_task(fetch(REQUEST)) for _ in range(MOST_AT_ONCE + 1)]
    for _ in range(MOST_AT_ONCE):
        await host.asked.acquire()
    lines = [thread for thread in threading.enumerate() if thread.name == "line"]
    assert len(lines) == MOST_AT_ONCE
    assert all(thread.daemon for thread in lines)
    for each in fetches:
        each.cancel()
    await asyncio.gather(*fetches, return_exceptions=True)
    assert len(host.requests) == MOST_AT_ONCE


async def test_the_next_address_makes_good_for_one_that_refuses(setting: Setting) -> None:
    host = await setting.host(PolicyHost())
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        known = {ADDRESS: ("127.0.0.1", host.port), "192.0.2.9": unheard.getsockname()}
        ways = world_of(known, roots=(ROOT.der,), start=NOW)
        request = PolicyRequest("example.com", ("192.0.2.9", ADDRESS))
        assert await PolicyFetcher(ways).fetch(request) == Fetched(POLICY)
        alone = PolicyRequest("example.com", ("192.0.2.9",))
        assert await PolicyFetcher(ways).fetch(alone) == failed("connection refused")


async def test_an_address_that_takes_no_call_is_given_up() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        with socket.create_connection(deaf.getsockname()):  # fills the backlog
            impatient = replace(LAB_PATIENCE, connect=0.1)
            outcome = await fetcher(deaf.getsockname()[1], patience=impatient).fetch(REQUEST)
    assert outcome == failed("connection timeout")


@pytest.mark.parametrize(
    "domain", ["", "a..b", "evil.example/x?", "user@evil.example", "é.example"]
)
async def test_what_is_no_host_name_is_not_put_into_a_url(domain: str) -> None:
    outcome = await fetcher(1).fetch(PolicyRequest(domain, (ADDRESS,)))
    assert outcome == failed("not a host name")


@pytest.mark.requirement("STS-16")
async def test_the_proxy_is_a_tunnel_with_the_certificate_checked_through_it(
    setting: Setting,
) -> None:
    host = await setting.host(PolicyHost())
    proxy = await setting.proxy(ConnectProxy(host.port))
    outcome = await fetcher(host.port, proxy=proxy.port).fetch(VIA_PROXY)
    assert outcome == Fetched(POLICY)
    assert proxy.requests[0].startswith(f"CONNECT {HOST}:443 HTTP/1.".encode())
    assert host.names == [HOST]


@pytest.mark.requirement("STS-16")
@pytest.mark.parametrize(
    "shown", [name for name in CHAINS if isinstance(CHAINS[name][1], FetchFailed)]
)
async def test_a_bad_certificate_is_refused_through_the_proxy(setting: Setting, shown: str) -> None:
    chain, expected = CHAINS[shown]
    host = await setting.host(PolicyHost(), chain)
    proxy = await setting.proxy(ConnectProxy(host.port))
    assert await fetcher(host.port, proxy=proxy.port).fetch(VIA_PROXY) == expected
    assert host.requests == []


@pytest.mark.requirement("STS-16")
async def test_the_proxy_is_told_name_and_password(setting: Setting) -> None:
    host = await setting.host(PolicyHost())
    proxy = await setting.proxy(ConnectProxy(host.port))
    login = Proxy("proxy.example.net", 3128, "us:er", "p@ss/word")
    request = PolicyRequest("example.com", (PROXY_ADDRESS,), login)
    assert await fetcher(host.port, proxy=proxy.port).fetch(request) == Fetched(POLICY)
    assert b"Proxy-Authorization: Basic dXM6ZXI6cEBzcy93b3Jk" in proxy.requests[0]
    assert b"Proxy-Authorization" not in host.requests[0]


TUNNELS: dict[str, tuple[bytes, str]] = {
    "403": (b"HTTP/1.1 403 Forbidden\r\n\r\n", "proxy refused the tunnel: 403"),
    "407": (
        b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
        "proxy refused the tunnel: 407",
    ),
    "nothing": (b"", "proxy: no tunnel"),
    "no HTTP": (b"220 hello\r\n", "proxy: no tunnel"),
}


@pytest.mark.requirement("STS-16")
@pytest.mark.parametrize("answer", TUNNELS)
async def test_a_failing_proxy_is_not_gone_round(setting: Setting, answer: str) -> None:
    words, cause = TUNNELS[answer]
    host = await setting.host(PolicyHost())
    proxy = await setting.proxy(ConnectProxy(host.port, words))
    assert await fetcher(host.port, proxy=proxy.port).fetch(VIA_PROXY) == failed(cause)
    assert (len(proxy.requests), host.requests) == (1, [])


@pytest.mark.requirement("STS-16")
async def test_a_proxy_that_cannot_be_reached_is_not_gone_round(setting: Setting) -> None:
    host = await setting.host(PolicyHost())
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        fetch = fetcher(host.port, proxy=unheard.getsockname()[1]).fetch
        assert await fetch(VIA_PROXY) == failed("proxy: connection refused")
    assert host.names == []


async def test_the_environment_names_no_proxy(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    host = await setting.host(PolicyHost())
    assert await fetcher(host.port).fetch(REQUEST) == Fetched(POLICY)


class CaLoads(list[str]):
    """Notes, in every thread begun meanwhile, each call that reads certificates of authorities."""

    NAMES = frozenset({"load_verify_locations", "load_default_certs", "set_default_verify_paths"})

    def __enter__(self) -> Self:
        threading.setprofile(self.note)
        return self

    def __exit__(self, *_: object) -> None:
        threading.setprofile(None)

    def note(self, _frame: object, event: str, called: object) -> None:
        name = getattr(called, "__name__", "")
        if event == "c_call" and name in self.NAMES:
            self.append(name)


async def test_the_roots_are_read_for_the_first_fetch_and_for_no_other(setting: Setting) -> None:
    host = await setting.host(PolicyHost())
    fetch = fetcher(host.port).fetch
    with CaLoads() as first:
        await fetch(REQUEST)
    with CaLoads() as later:
        for _ in range(5):
            assert await fetch(REQUEST) == Fetched(POLICY)
    assert (len(first), len(later)) == (1, 0)


WITHIN = ("127.0.0.1", "10.1.1.4", "169.254.1.1", "::1", "::ffff:10.1.1.4")
PUBLIC = "1.2.3.4"


def bounded(port: int, bounds: Bounds) -> PolicyFetcher:
    """A fetcher for which every address leads to the same policy host."""
    return PolicyFetcher(replace(world(port), bounds=bounds, where=lambda *_: ("127.0.0.1", port)))


ONLY_PUBLIC = Bounds(frozenset(), private_policy_hosts=False)


async def test_a_policy_host_that_is_not_public_is_not_dialled(setting: Setting) -> None:
    host = await setting.host(PolicyHost())
    for address in WITHIN:
        answer = await bounded(host.port, ONLY_PUBLIC).fetch(PolicyRequest(DOMAIN, (address,)))
        assert answer == failed("the address of the policy host is not public")
    assert host.requests == []


async def test_a_policy_host_that_is_not_public_is_dialled_where_that_is_allowed(
    setting: Setting,
) -> None:
    host = await setting.host(PolicyHost())
    fetcher = bounded(host.port, Bounds(frozenset(), private_policy_hosts=True))
    assert await fetcher.fetch(PolicyRequest(DOMAIN, WITHIN[:1])) == Fetched(POLICY)


async def test_of_several_addresses_only_public_ones_are_dialled(setting: Setting) -> None:
    host = await setting.host(PolicyHost())
    dialled: list[str] = []

    def where(address: str, _port: int) -> tuple[str, int]:
        dialled.append(address)
        return "127.0.0.1", host.port

    fetcher = PolicyFetcher(replace(world(host.port), bounds=ONLY_PUBLIC, where=where))
    assert await fetcher.fetch(PolicyRequest(DOMAIN, (*WITHIN, PUBLIC))) == Fetched(POLICY)
    assert dialled == [PUBLIC]


async def test_where_a_proxy_dials_is_its_own_affair(setting: Setting) -> None:
    host = await setting.host(PolicyHost())
    proxy = await setting.proxy(ConnectProxy(host.port))
    fetcher = PolicyFetcher(replace(world(host.port, proxy=proxy.port), bounds=ONLY_PUBLIC))
    assert await fetcher.fetch(VIA_PROXY) == Fetched(POLICY)
