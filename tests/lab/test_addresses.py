"""Where addresses lead, and by which address a peer is known."""

import socket

import pytest

from seg_cli.lab.addresses import Addresses, Callers
from seg_cli.lab.internet import Lab
from seg_cli.net.chooser import SecretChooser
from seg_cli.net.clock import SteppedClock
from seg_cli.net.world import LAB_PATIENCE
from tests.lab.conftest import NOW, OpenLab, dial, root_of

MAP = Addresses(
    sockets={("192.0.2.1", 25): ("127.0.0.1", 1), ("192.0.2.9", 25): ("127.0.0.1", 2)},
    silent=frozenset({"192.0.2.9"}),
    refusing_socket=("127.0.0.1", 3),
    silent_socket=("127.0.0.1", 4),
)


@pytest.mark.parametrize(
    ("address", "port", "leads_to"),
    [
        pytest.param("192.0.2.1", 25, 1, id="a server of the lab"),
        pytest.param("192.0.2.1", 26, 3, id="another port of it refuses"),
        pytest.param("192.0.2.2", 25, 3, id="an unknown address refuses"),
        pytest.param("192.0.2.9", 25, 4, id="a silent address is silent"),
        pytest.param("192.0.2.9", 80, 4, id="on every port"),
    ],
)
def test_where(address: str, port: int, leads_to: int) -> None:
    assert MAP.where(address, port) == ("127.0.0.1", leads_to)


def test_a_silent_address_lets_the_connection_time_out(lab: Lab) -> None:
    for _ in range(3):  # it stays full, whoever gives up
        with pytest.raises(TimeoutError):
            dial(lab, "203.0.113.44", 443, patience=0.05)


def test_an_unknown_address_refuses(lab: Lab) -> None:
    with pytest.raises(ConnectionRefusedError):
        dial(lab, "192.0.2.250", 25)


def test_a_host_that_refuses(open_lab: OpenLab) -> None:
    lab = open_lab(hosts={"mx1.plain.example": {"reach": "refused"}})
    with pytest.raises(ConnectionRefusedError):
        dial(lab, "192.0.2.25", 25)
    dial(lab, "192.0.2.26", 25).close()


def test_a_silent_mail_host(open_lab: OpenLab) -> None:
    lab = open_lab(hosts={"mx1.plain.example": {"reach": "silent"}})
    with pytest.raises(TimeoutError):
        dial(lab, "192.0.2.25", 25, patience=0.05)


def test_a_caller_is_known_by_its_lab_address_while_it_calls() -> None:
    callers = Callers()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        with callers.socket_from("10.1.1.20") as caller:
            caller.connect(listener.getsockname())
            accepted, peer = listener.accept()
            accepted.close()
            assert callers.whence(*peer) == "10.1.1.20"
        assert callers.whence(*peer) == "127.0.0.1"


def test_the_world_of_a_lab(lab: Lab) -> None:
    clock, chooser = SteppedClock(NOW), SecretChooser()
    world = lab.world(clock, chooser)
    assert (world.clock, world.chooser, world.patience) == (clock, chooser, LAB_PATIENCE)
    assert world.system_roots == (root_of(lab),)
    assert world.where("10.1.1.3", 25) == lab.where("10.1.1.3", 25)
    with lab.socket_from("10.1.1.20") as caller:
        assert world.whence(*caller.getsockname()) == "10.1.1.20"
    assert world.whence("127.0.0.1", 1) == "127.0.0.1"
