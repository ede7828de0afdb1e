"""Where an SMTP route leads: its hosts by MX, then by address, and no further."""

from dataclasses import replace
from pathlib import Path

import pytest

from seg_cli.config.smtp_routes import RouteHost, SmtpRoute
from seg_cli.config.tree import Config
from tests.delivery.post import Configure, Host, post

HOSTS = {"mx1": Host(10), "mx2": Host(20)}


def routed(*routes: SmtpRoute) -> Configure:
    def change(config: Config) -> Config:
        table = config.smtp_routes
        for route in routes:
            table = table.with_route(route)
        return replace(config, smtp_routes=table)

    return change


def to(domain: str, *hosts: str) -> SmtpRoute:
    return SmtpRoute(domain, tuple(RouteHost(host) for host in hosts))


@pytest.mark.requirement("AOS-32")
@pytest.mark.parametrize(
    ("routes", "taker"),
    [
        pytest.param([to("x.example", "other.com")], "mx1", id="a host with MX records"),
        pytest.param([to("x.example", "mx2.domain.com")], "mx2", id="a host with an address only"),
        pytest.param([to(".example", "mx2.domain.com")], "mx2", id="a partial domain"),
        pytest.param(
            [to("x.example", "other.com"), to("other.com", "mx2.domain.com")],
            "mx1",
            id="a host that has a route of its own",
        ),
    ],
)
async def test_who_takes_the_mail(tmp_path: Path, routes: list[SmtpRoute], taker: str) -> None:
    async with post(tmp_path, HOSTS, routed(*routes)) as box:
        await box.deliver("a@x.example")
        took = {name: box.received(name) for name in HOSTS if box.received(name)}
        assert took == {taker: [("a@x.example",)]}
