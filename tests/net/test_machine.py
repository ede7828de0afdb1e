"""The machine as the way into the real world; nothing is sent anywhere."""

import ipaddress
from pathlib import Path

import pytest

from seg_cli.net.clock import RunningClock
from seg_cli.net.machine import own_address, real_world, resolvers, system_roots
from seg_cli.net.world import Patience
from seg_cli.policy.bounds import Bounds
from seg_cli.standards.dnssec.keys import ROOT
from seg_cli.standards.pkix import TrustAnchors


def test_in_the_real_world_addresses_are_what_they_are() -> None:
    bounds = Bounds(frozenset({"example.net"}), private_policy_hosts=False)
    world = real_world(RunningClock(), bounds)
    assert world.where("1.2.3.4", 25) == ("1.2.3.4", 25)
    assert world.whence("127.0.0.1", 40_000) == "127.0.0.1"
    assert world.trust_anchors == (ROOT,)
    assert (world.patience, world.bounds) == (Patience(), bounds)
    assert world.trusted_resolvers == frozenset()
    assert sorted(world.chooser.shuffled("abc")) == ["a", "b", "c"]


def test_the_roots_are_those_of_the_machine_and_all_can_be_read() -> None:
    roots = system_roots()
    assert len(roots) > 50
    assert len(TrustAnchors.of(roots).certificates) == len(roots)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("nameserver 192.0.2.1\nnameserver 2001:db8::1\n", ("192.0.2.1", "2001:db8::1")),
        ("# nameserver 1.1.1.9\nsearch a.b\nnameserver\t1.1.1.1 \n", ("1.1.1.1",)),
        ("nameserver 1.1.1.1\n" * 2 + "nameserver 1.1.1.2\n", ("1.1.1.1", "1.1.1.2")),
        ("".join(f"nameserver 1.1.1.{n}\n" for n in range(5)), ("1.1.1.0", "1.1.1.1", "1.1.1.2")),
        ("nameserver\nnameserver dns.example\nnameserver fe80::1%eth0\n", ()),
        ("\ufffd", ()),
    ],
    ids=["in order", "other lines", "each once", "three at most", "no addresses", "odd bytes"],
)
def test_the_resolvers_of_the_machine(tmp_path: Path, text: str, found: tuple[str, ...]) -> None:
    path = tmp_path / "resolv.conf"
    path.write_bytes(text.encode("utf-16" if text == "\ufffd" else "utf-8"))
    assert resolvers(path) == found


def test_without_the_file_there_are_no_resolvers(tmp_path: Path) -> None:
    assert resolvers(tmp_path / "resolv.conf") == ()


def test_the_machine_has_an_address() -> None:
    ipaddress.ip_address(own_address())
