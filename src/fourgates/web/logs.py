"""What the server says of itself (运行日志): where something broke, and never over what; nothing of a request's own."""

from __future__ import annotations

import logging
import traceback
from types import TracebackType


class Bare(logging.Formatter):
    """The place and the kind of an error. What it says is left out: it may quote a name or a number."""

    def formatException(  # noqa: N802 - as it is called there
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        """Every frame, and the kind of the error, of those that it came from too."""
        told, error = list[str](), ei[1]
        while error is not None:
            frames = "".join(traceback.format_tb(error.__traceback__))
            told.append(f"{type(error).__name__}\n{frames}")
            error = error.__cause__ or error.__context__
        return "\n".join(told)
