"""How the terminal answers: consoles, exit codes, and one sentence for whatever goes wrong (应答)."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

import filelock
from rich.console import Console

from fourgates import i18n
from fourgates.errors import Broken, Refused
from fourgates.i18n import _

DONE, FAULTS, UNUSABLE, INTERRUPTED = 0, 1, 2, 130

says = Console(highlight=False, soft_wrap=True)
warns = Console(stderr=True, highlight=False, soft_wrap=True)


@contextlib.contextmanager
def answering() -> Iterator[None]:
    """Turn a rule's no, a broken record, a full disk and Ctrl-C into one sentence and an exit code."""
    try:
        yield
    except (Refused, Broken) as no:
        warns.print(f"[{no.rule}] {i18n.sentence(no)}", style="red", markup=False)
        sys.exit(FAULTS if isinstance(no, Broken) else UNUSABLE)
    except filelock.Timeout:
        warns.print(_("另一个程序正在使用这个输出文件夹"), style="red", markup=False)
        sys.exit(UNUSABLE)
    except OSError as error:
        warns.print(
            _("写不下去：{what}。已经记录的都在，处理后再运行一次即可继续").format(
                what=error.strerror or error
            ),
            style="red",
            markup=False,
        )
        sys.exit(UNUSABLE)
    except KeyboardInterrupt:
        warns.print(_("已中断。已经记录的都在，再运行一次即可继续"), style="yellow", markup=False)
        sys.exit(INTERRUPTED)
