"""A disk that fails at the n-th thing asked of it: with an error, or because the machine stops for good."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any
from unittest import mock


class Stopped(BaseException):
    """The machine stops here: nothing after it happens."""


class Disk:
    """Counts what is asked of the system; ``failed`` once it refused."""

    def __init__(self, fails_at: int, *, stops: bool) -> None:
        self.asked, self.failed = 0, False
        self._fails_at, self._stops = fails_at, stops

    def ask(self, name: str, does: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """One call to the system, if the disk still obeys; a file being put away is torn when it does not."""
        self.asked += 1
        if self.asked == self._fails_at or (self.failed and self._stops):
            if name == "fsync" and not self.failed:
                with suppress(OSError):
                    os.ftruncate(args[0], max(0, os.fstat(args[0]).st_size - 9))
            self.failed = True
            raise Stopped if self._stops else OSError(errno.ENOSPC, "No space left on device")
        return does(*args, **kwargs)


@contextmanager
def failing(fails_at: int, *, stops: bool) -> Iterator[Disk]:
    """Everything that opens, writes, renames or removes a file goes through such a disk."""
    disk = Disk(fails_at, stops=stops)

    def through(name: str, does: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *args, **kwargs: disk.ask(name, does, *args, **kwargs)

    with ExitStack() as patched:
        for name in ("fsync", "mkdir", "open", "replace", "unlink"):
            patched.enter_context(mock.patch.object(os, name, through(name, getattr(os, name))))
        patched.enter_context(mock.patch.object(io, "open", through("open", io.open)))
        yield disk
