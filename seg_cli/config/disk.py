"""The steps on disk that store.py is made of: private folders, whole files, the lock."""

import contextlib
import fcntl
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from seg_cli.errors import ApplianceBusy, BadFile, UserError

PRIVATE_DIRECTORY = 0o700
PRIVATE_FILE = 0o600


@contextmanager
def _refusals(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UserError(f'"{path}" could not be written: {error.strerror}.') from error


def make_directory(path: Path) -> None:
    """A folder that only its owner may enter; one that exists is left as it is."""
    with _refusals(path):
        path.mkdir(mode=PRIVATE_DIRECTORY, parents=True, exist_ok=True)


def write_atomically(path: Path, data: bytes) -> None:
    """Put a file in place whole: what stood there stays if anything goes wrong before the rename.

    Raises UserError when the disk refuses.
    """
    fresh = path.with_name(f".{path.name}.new")
    with _refusals(path):
        try:
            _write_through(fresh, data)
            fresh.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                fresh.unlink()
            raise
        _sync_directory(path.parent)


def read_plain_file(path: Path, most: int) -> bytes:
    """What a file holds, if it is a plain one of at most so many bytes.

    Raises OSError, and ValueError that says what the file is instead. A pipe is not waited for.
    """
    with open(path, "rb", opener=_open_plainly) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise ValueError("is not a plain file")
        data = file.read(most + 1)
    if len(data) > most:
        raise ValueError(f"is larger than {most} bytes")
    return data


def read_or_make(path: Path, make: Callable[[], str]) -> str:
    """The text of a file; at the first call it is made and kept. BadFile if it is no text."""
    with contextlib.suppress(FileNotFoundError):
        return _read_text(path).strip()
    text = make()
    write_atomically(path, f"{text}\n".encode("ascii"))
    return text


def _read_text(path: Path) -> str:
    try:
        return path.read_text("ascii")
    except UnicodeDecodeError:
        raise BadFile(f'"{path}" is damaged.') from None


def serial_number(directory: Path) -> str:
    """The serial number of the appliance that lives here, made at its first start and kept.

    Raises BadFile if it was damaged.
    """
    make_directory(directory)
    path = directory / "serial"
    serial = read_or_make(path, _new_serial).strip()
    if not serial.isprintable():
        raise BadFile(f'"{path}" is damaged.')
    return serial


def _new_serial() -> str:
    return f"{os.urandom(10).hex()}-{os.urandom(6).hex()}".upper()


class DirectoryLock:
    """Ownership of a directory, held by this process until it is given up or the process ends."""

    def __init__(self, directory: Path) -> None:
        """Take the lock at once; raises ApplianceBusy when it is held, in any process."""
        path = directory / "lock"
        with _refusals(path):
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.pread(self._descriptor, 20, 0).decode("ascii", "replace").strip()
            os.close(self._descriptor)
            whose = f"process {owner}" if owner else "another process"
            raise ApplianceBusy(f'The appliance in "{directory}" is in use by {whose}.') from None
        with contextlib.suppress(OSError):  # a full disk has no room for who owns it
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, f"{os.getpid()}\n".encode("ascii"), 0)

    def release(self) -> None:
        """Give the directory up; releasing twice does no harm."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def _open_plainly(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)


def _write_through(path: Path, data: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(path, flags, PRIVATE_FILE), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
