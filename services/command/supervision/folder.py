"""The data folder: private, and owned by one `doorstroom up` at a time."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.command.failures import Failed

RESTORING = "restoring"
"""The folder with the files of a restore that has not ended."""
_PAUSE_S = 0.05


@contextmanager
def owned(folder: Path) -> Iterator[None]:
    """Make the folder if need be and own it until the block ends, or this process does, however it does.

    Raises Failed when another process owns it.
    """
    private(folder)
    with locked(folder / "up.lock", wait_s=0) as lock:
        if lock is None:
            raise Failed(f"another doorstroom runs on {folder}; stop it, or choose another folder with --data")
        yield


@contextmanager
def locked(path: Path, *, wait_s: float) -> Iterator[int | None]:
    """Hold the lock file, as a file descriptor, or None when another process holds it for `wait_s` seconds.

    A child that inherits the descriptor keeps the lock for as long as it lives.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield descriptor if _taken(descriptor, wait_s=wait_s) else None
    finally:
        os.close(descriptor)


def private(folder: Path) -> None:
    """Make the folder, readable by this user only, if it is not there. Raises Failed when that cannot be."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Failed(f"the folder {folder} cannot be made: {error.strerror}") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Failed(f"the folder {folder} cannot be written to")


def _taken(descriptor: int, *, wait_s: float) -> bool:
    end = time.monotonic() + wait_s
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                return False
            time.sleep(_PAUSE_S)
        else:
            return True
