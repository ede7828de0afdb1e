"""The sockets a lab is made of, all on loopback and on ports that the system picks."""

import errno
import socket
from contextlib import ExitStack
from dataclasses import dataclass

from seg_cli.lab.addresses import LOOPBACK

_FILLERS = 4
"""Connections that fill a backlog of 0: the first is taken, the others prove it is full."""


@dataclass(frozen=True, slots=True)
class PortPair:
    """A UDP and a TCP socket on the same port number."""

    udp: socket.socket
    tcp: socket.socket


def listening_socket(stack: ExitStack) -> socket.socket:
    """A TCP socket that already takes connections, ready for an event loop."""
    listener = stack.enter_context(socket.socket())
    listener.setblocking(False)
    listener.bind((LOOPBACK, 0))
    listener.listen(128)
    return listener


def port_pair(stack: ExitStack) -> PortPair:
    """UDP and TCP on one port: another process may hold the second half, so try until both bind."""
    while True:
        udp, tcp = socket.socket(type=socket.SOCK_DGRAM), socket.socket()
        udp.setblocking(False)
        tcp.setblocking(False)
        try:
            udp.bind((LOOPBACK, 0))
            tcp.bind(udp.getsockname())
        except OSError as refusal:
            udp.close()
            tcp.close()
            if refusal.errno != errno.EADDRINUSE:
                raise
        else:
            return PortPair(stack.enter_context(udp), stack.enter_context(tcp))


def refusing_pair(stack: ExitStack) -> PortPair:
    """A port where TCP connections are refused and datagrams are lost; nobody else can take it."""
    return port_pair(stack)


def silent_socket(stack: ExitStack) -> socket.socket:
    """A TCP socket that leaves every connection attempt without an answer: its backlog is full."""
    listener = stack.enter_context(socket.socket())
    listener.bind((LOOPBACK, 0))
    listener.listen(0)
    for _ in range(_FILLERS):
        filler = stack.enter_context(socket.socket())
        filler.setblocking(False)
        filler.connect_ex(listener.getsockname())
    return listener
