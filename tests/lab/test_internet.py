"""The life of a lab: up, down, again, and side by side."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from seg_cli.lab.internet import Lab
from seg_cli.lab.mail_host import MailServer
from seg_cli.lab.reading import load_spec
from tests.lab.conftest import DEADLINE, NOTE, NOW, dial, root_of, trusting
from tests.lab.test_policy_host import ADDRESS, NAME, connect, fetch


def new_lab(directory: Path) -> Lab:
    return Lab(load_spec(NOTE), directory, lambda: NOW)


def test_a_lab_comes_up_again_with_the_same_authority(tmp_path: Path) -> None:
    roots = []
    for _ in range(2):
        with new_lab(tmp_path) as lab:
            roots.append(root_of(lab))
            assert fetch(lab, ADDRESS, NAME).status == 200
    assert roots[0] == roots[1]


def test_one_lab_runs_twice(tmp_path: Path) -> None:
    lab = new_lab(tmp_path)
    for _ in range(2):
        with lab:
            assert fetch(lab, ADDRESS, NAME).status == 200


def test_nothing_runs_before_entry_and_after_exit(tmp_path: Path) -> None:
    before = threading.active_count()
    lab = new_lab(tmp_path)
    assert threading.active_count() == before
    with lab:
        assert threading.active_count() == before + 1
        mail_host = lab.where("10.1.1.3", 25)
    assert threading.active_count() == before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(mail_host, timeout=DEADLINE)


def test_a_lab_ends_whatever_its_peers_are_doing(tmp_path: Path) -> None:
    with ExitStack() as peers, new_lab(tmp_path) as lab:
        for address, port in (("10.1.1.3", 25), (ADDRESS, 443), ("10.10.5.61", 53)):
            peers.enter_context(dial(lab, address, port))
        idle = peers.enter_context(dial(lab, ADDRESS, 443))
        peers.enter_context(trusting(lab).wrap_socket(idle, server_hostname=NAME))
        tunnel, _ = connect(lab, f"{NAME}:443")
        peers.enter_context(tunnel)
        waiting = peers.enter_context(dial(lab, "10.1.1.80", 3128))
        waiting.sendall(b"CONNECT mta-sts.unreachable.example:443 HTTP/1.1\r\n\r\n")


class Fallen(Lab):
    """A lab whose first mail host does not start."""

    def _mail_server(self, name: str) -> MailServer:
        raise OSError(name)


def test_a_lab_that_does_not_come_up_leaves_nothing(tmp_path: Path) -> None:
    before = threading.active_count()
    fallen = Fallen(load_spec(NOTE), tmp_path, lambda: NOW)
    with pytest.raises(OSError, match="mx1"), fallen:
        pass
    assert threading.active_count() == before


def test_labs_side_by_side(tmp_path: Path) -> None:
    def one(number: int) -> int:
        with new_lab(tmp_path / str(number)) as lab:
            return sum(fetch(lab, ADDRESS, NAME).status for _ in range(3))

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(one, range(4))) == [600] * 4


def test_certificates_are_renewed_as_the_clock_goes_on(tmp_path: Path) -> None:
    now = NOW
    serials = set()
    with Lab(load_spec(NOTE), tmp_path, lambda: now) as lab:
        for _ in range(2):
            sock = dial(lab, ADDRESS, 443)
            with sock, trusting(lab).wrap_socket(sock, server_hostname=NAME) as tls:
                certificate = tls.getpeercert()
                assert certificate is not None
                serials.add(certificate["serialNumber"])
            now += timedelta(days=200)
    assert len(serials) == 2
