"""The sockets a lab is made of, all on loopback and on ports that the system picks."""

import socket
from contextlib import ExitStack

from seg_cli.lab.addresses import LOOPBACK

_FILLERS = 4
"""Connections that fill a backlog of 0: the first is taken, the others prove it is full."""


def udp_socket(stack: ExitStack) -> socket.socket:
    """A UDP socket, ready for an event loop."""
    udp = stack.enter_context(socket.socket(type=socket.SOCK_DGRAM))
    udp.setblocking(False)
    udp.bind((LOOPBACK, 0))
    return udp


def refusing_socket(stack: ExitStack) -> socket.socket:
    """A TCP socket that does not listen: it refuses, and nobody else can take its port."""
    refusing = stack.enter_context(socket.socket())
    refusing.bind((LOOPBACK, 0))
    return refusing


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
