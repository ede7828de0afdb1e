"""The peer that outlives the appliance: takes mail in clear text, but for one recipient, and
remembers all it has."""

import socketserver
import threading
from collections import Counter

from tests.durability.marks import mark_of
from tests.durability.stages import REFUSED


class Sink(socketserver.ThreadingTCPServer):
    """`taken` counts, by its mark, how often each message was answered with 250."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 100
    """A restart dials for all that waits at once; who finds no room comes again in a minute."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.taken: Counter[str] = Counter()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Conversation(socketserver.StreamRequestHandler):
    server: Sink

    def handle(self) -> None:
        try:
            self._converse()
        except OSError:  # the appliance was killed
            return

    def _converse(self) -> None:
        self.wfile.write(b"220 sink\r\n")
        for line in self.rfile:
            match line[:4].upper():
                case b"RCPT" if REFUSED.encode() in line:
                    self.wfile.write(b"550 5.1.1 unknown\r\n")
                case b"DATA":
                    self._take()
                case b"QUIT":
                    self.wfile.write(b"221 bye\r\n")
                    return
                case _:
                    self.wfile.write(b"250 ok\r\n")

    def _take(self) -> None:
        self.wfile.write(b"354 go ahead\r\n")
        content = b""
        for line in self.rfile:
            if line == b".\r\n":
                break
            content += line
        else:
            return
        # Once the answer is written it counts as given, whether or not anybody reads it.
        self.server.taken[mark_of(content)] += 1
        self.wfile.write(b"250 taken\r\n")
