"""How far the emulator may go: domains named, addresses of the Internet."""

import pytest

from seg_cli.policy.bounds import UNBOUNDED, Bounds

NAMED = Bounds(frozenset({"example.net"}), private_policy_hosts=False)


def test_without_bounds_everything_is_allowed() -> None:
    assert UNBOUNDED.deliver("domain.com")
    assert UNBOUNDED.fetch_from("127.0.0.1")


@pytest.mark.parametrize(
    ("domain", "allowed"),
    [("example.net", True), ("EXAMPLE.net", True), ("a.example.net", False), ("net", False)],
)
def test_mail_is_delivered_to_the_domains_that_are_named(domain: str, *, allowed: bool) -> None:
    assert NAMED.deliver(domain) is allowed


def test_with_no_domain_named_nothing_is_delivered() -> None:
    assert not Bounds(frozenset()).deliver("example.net")


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "2606:4700::1", "::ffff:1.1.1.1", "64:ff9b::101:101", "2002:101:101::1"]
)
def test_policies_come_from_the_internet(address: str) -> None:
    assert NAMED.fetch_from(address)


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("127.0.0.1", id="loopback"),
        pytest.param("127.9.9.9", id="all of loopback"),
        pytest.param("::1", id="IPv6 loopback"),
        pytest.param("10.1.1.4", id="private, of 10/8"),
        pytest.param("172.16.0.1", id="private, of 172.16/12"),
        pytest.param("192.168.0.1", id="private, of 192.168/16"),
        pytest.param("fd00::1", id="unique local"),
        pytest.param("169.254.169.254", id="link-local, where clouds keep their keys"),
        pytest.param("fe80::1", id="IPv6 link-local"),
        pytest.param("fec0::1", id="site-local"),
        pytest.param("::a00:1", id="IPv4-compatible private"),
        pytest.param("2001:db8::1", id="documentation"),
        pytest.param("fe80::1%eth0", id="IPv6 link-local with its zone"),
        pytest.param("100.64.0.1", id="shared by a provider's customers"),
        pytest.param("0.0.0.0", id="this host"),
        pytest.param("::", id="this host in IPv6"),
        pytest.param("255.255.255.255", id="broadcast"),
        pytest.param("224.0.0.1", id="multicast"),
        pytest.param("239.1.1.1", id="multicast within an organisation"),
        pytest.param("ff0e::1", id="IPv6 multicast"),
        pytest.param("::ffff:127.0.0.1", id="IPv4-mapped loopback"),
        pytest.param("::ffff:10.0.0.1", id="IPv4-mapped private"),
        pytest.param("::ffff:169.254.169.254", id="IPv4-mapped link-local"),
        pytest.param("2002:7f00:1::", id="6to4 of loopback"),
        pytest.param("64:ff9b::a00:1", id="NAT64 of a private address"),
    ],
)
def test_policies_do_not_come_from_within(address: str) -> None:
    assert not NAMED.fetch_from(address)
    assert Bounds(frozenset(), private_policy_hosts=True).fetch_from(address)
