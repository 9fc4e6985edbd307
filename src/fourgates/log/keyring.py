"""Key files (密钥文件): private keys lie outside of every record, readable by nobody else."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from fourgates.errors import Refused
from fourgates.log import key
from fourgates.log.durable import SECRET, put
from fourgates.log.key import Signer

_LONGEST = 1 << 12


def create(path: Path, signer: Signer) -> None:
    """Write a key that is new; ``Refused`` (R.8) where there is one already: a key that is lost cannot be made again."""
    if path.exists():
        raise Refused("R.8", "{folder}里已经有密钥，不再另造", folder=str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    put(path, f"{signer}\n".encode(), SECRET)


def load(path: Path) -> Signer:
    """The key in a file; ``Refused`` (R.8) when it holds none, or others may read it."""
    try:
        open_to_others = stat.S_IMODE(path.stat().st_mode) & ~SECRET
        with path.open("rb") as file:
            content = file.read(_LONGEST)
    except OSError as error:
        raise Refused(
            "R.8", "密钥文件{file}打不开：{what}", file=path.name, what=error.strerror or str(error)
        ) from None
    if open_to_others and os.name == "posix":
        raise Refused("R.8", "密钥文件{file}别人也能读，请改为只有自己可读（0600）", file=path.name)
    return key.read_signer(content.decode("utf-8", "replace"))


def spelt(name: str) -> str:
    """``name`` as a key may bear it: without spaces, plus signs and what does not print."""
    plain = (sign for sign in name.strip() if sign.isprintable() or sign.isspace())
    return "".join("-" if sign.isspace() or sign == "+" else sign for sign in plain)
