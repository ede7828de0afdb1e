"""A disk without room, by the kernel's own word: this process may write to no file."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def full_disk(room: int = 0) -> Iterator[None]:
    """Within it every write behind the first `room` bytes of any file is refused.

    Threads are refused too; pipes and sockets are not. Python ignores the signal (SIGXFSZ).
    """
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
