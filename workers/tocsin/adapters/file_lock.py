"""A lock on a file that ends with the process: whoever holds it lives."""

import errno
import fcntl
import os
from pathlib import Path


class FileLock:
    """An advisory lock (flock). It is held until released, or until the last process that has its descriptor ends."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd: int | None = None

    def acquire(self) -> bool:
        """Take it if it is free; False while somebody else has it. Raises `OSError` when the file cannot be opened."""
        if self._fd is not None:
            return True
        fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            os.close(fd)
            if exc.errno in (errno.EWOULDBLOCK, errno.EACCES):
                return False
            raise
        self._fd = fd
        return True

    @property
    def fd(self) -> int:
        """The descriptor, to hand to a child that shall hold the lock too."""
        if self._fd is None:
            raise ValueError(f"{self.path} is not locked by this process")
        return self._fd

    def close(self) -> None:
        """Let go of it here. A child that was handed the descriptor goes on holding the lock."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None
