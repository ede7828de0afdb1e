"""A program in a real terminal, and how long it takes to show something."""

import os
import pty
import select
import time


class Terminal:
    """One program under a pty, 80x24; `wait_for` answers in seconds since its start or last key."""

    def __init__(self, *command: str) -> None:
        self._started = time.perf_counter()
        self._pid, self._terminal = pty.fork()
        if not self._pid:
            os.environ["TERM"] = "xterm"
            os.execvp(command[0], command)
        self._seen = b""

    def wait_for(self, text: bytes, patience: float = 20) -> float:
        """Seconds until `text` has been shown; raises TimeoutError."""
        end = self._started + patience
        while text not in self._seen:
            if not select.select([self._terminal], [], [], max(0, end - time.perf_counter()))[0]:
                raise TimeoutError(f"{text!r} not in {self._seen!r}")
            self._seen += os.read(self._terminal, 65_536)
            if b"\x1b[6n" in self._seen:  # some editors ask where the cursor is
                os.write(self._terminal, b"\x1b[1;1R")
                self._seen = self._seen.replace(b"\x1b[6n", b"")
        return time.perf_counter() - self._started

    def press(self, key: bytes) -> None:
        """Type one key and start the watch again."""
        self._seen = b""
        self._started = time.perf_counter()
        os.write(self._terminal, key)

    def end(self) -> None:
        """Hang up."""
        os.close(self._terminal)
        os.kill(self._pid, 9)
        os.waitpid(self._pid, 0)
