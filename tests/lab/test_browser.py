"""The browser, at hosts that break off in the middle."""

from dataclasses import replace

import pytest

from seg_cli.lab.browser import Browser, NotThere, Page, parse_page, seen
from seg_cli.lab.internet import Lab
from seg_cli.net.chooser import SeededChooser
from seg_cli.net.clock import SteppedClock
from tests.lab.conftest import NOW, OpenLab

RESOLVER = "10.10.5.61"
PATH = "/.well-known/mta-sts.txt"


def browser(lab: Lab) -> Browser:
    return Browser(lab.world(SteppedClock(NOW), SeededChooser(0)), RESOLVER)


async def test_a_host_that_speaks_no_tls(lab: Lab) -> None:
    """A mail host at the web's port: its greeting is no handshake."""
    world = lab.world(SteppedClock(NOW), SeededChooser(0))
    addresses = {("10.1.1.4", 443): lab.where("10.1.1.3", 25)}

    def where(address: str, port: int) -> tuple[str, int]:
        return addresses.get((address, port)) or lab.where(address, port)

    visit = await Browser(replace(world, where=where), RESOLVER).visit("mta-sts.domain.com", PATH)
    assert isinstance(visit.end, NotThere)
    assert visit.end.why.startswith("The TLS handshake failed: ")


async def test_a_name_without_an_address(lab: Lab) -> None:
    visit = await browser(lab).visit("plain.example", PATH)
    assert visit.end == NotThere("plain.example has no address.")


async def test_an_ipv6_address_will_do(open_lab: OpenLab) -> None:
    lab = open_lab(policies={"domain.com": {"addresses": "2001:db8::4"}})
    visit = await browser(lab).visit("mta-sts.domain.com", PATH)
    assert visit.address == "2001:db8::4"
    assert isinstance(visit.end, Page)


async def test_a_certificate_without_names(open_lab: OpenLab) -> None:
    lab = open_lab(policies={"domain.com": {"certificate": {"names": []}}})
    visit = await browser(lab).visit("mta-sts.domain.com", PATH)
    assert visit.certificate is not None
    assert visit.certificate.names == ("CN=mta-sts.domain.com",)
    assert isinstance(visit.end, NotThere)


@pytest.mark.parametrize("chain", [(), (b"no certificate",)])
def test_a_certificate_that_cannot_be_read_is_not_shown(chain: tuple[bytes, ...]) -> None:
    assert seen(chain) is None


@pytest.mark.parametrize("received", [b"", b"220 mx.example ESMTP\r\n\r\n", b"HTTP/1.1 200 OK\r\n"])
def test_what_is_no_response_is_no_page(received: bytes) -> None:
    assert parse_page(received, whole=True) == NotThere("The host sent no HTTP response.")


def test_a_page() -> None:
    received = b"HTTP/1.1 200 OK\r\nContent-Type:  text/plain \r\n\r\na\r\n\r\nb"
    fields = {"content-type": "text/plain"}
    assert parse_page(received, whole=False) == Page(
        "HTTP/1.1 200 OK", fields, b"a\r\n\r\nb", False
    )
