"""What is said of the checkpoints of a record (检查点情况): how far they reach, who cosigned, is there a second history."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fourgates import forks
from fourgates.checkpoints import Growth
from fourgates.commands import standing
from fourgates.errors import Broken
from fourgates.i18n import _
from fourgates.log import code, note


def pinned(growth: Growth) -> dict[str, Any] | None:
    """The checkpoints as JSON; ``None`` where there are none."""
    if not growth.checked:
        return None
    size = max(growth.checked)
    latest = growth.checked[size]
    return {
        "count": len(growth.checked),
        "entries": size,
        "origin": latest.checkpoint.origin,
        "root": latest.checkpoint.root.hex(),
        "code": code.spell(latest.checkpoint.root),
        "witnesses": {
            name: {"entries": at, "at": standing.spelt(when)} if at else None
            for name, (at, when) in reached(growth).items()
        },
        "enough": latest.enough,
    }


def reached(growth: Growth) -> dict[str, tuple[int, int]]:
    """How far each witness of the policy has cosigned, and when; 0 where it has not."""
    found = dict.fromkeys(growth.policy.witnesses, (0, 0))
    for size in sorted(growth.checked):
        found |= {name: (size, when) for name, when in growth.checked[size].witnesses.items()}
    return found


def sentences(growth: Growth) -> Iterator[str]:
    """The same in sentences."""
    if not growth.checked:
        yield _("没有检查点：只能证明前后相接，不能证明没有第二本")
        return
    size = max(growth.checked)
    latest = growth.checked[size]
    yield _("检查点{count}个，都与账本一致，最近一个封到第{size}条，由“{log}”签发").format(
        count=len(growth.checked), size=size, log=latest.log.name
    )
    yield _("根码 {code}").format(code=code.spell(latest.checkpoint.root))
    if not latest.log.algorithm.c2sp:
        yield _("国密算法，不在 C2SP 之内")
    for name, (at, when) in reached(growth).items():
        if at:
            yield _("见证人{name}：联署到第{size}条（{at}）").format(
                name=name, size=at, at=standing.spelt(when)
            )
        else:
            yield _("见证人{name}：没有联署").format(name=name)
    if latest.enough:
        yield _("见证方案：满足（{quorum}）").format(quorum=growth.policy.quorum)
    else:
        yield _("见证方案：不满足（{quorum}）").format(quorum=growth.policy.quorum)


def compare(folder: Path, other: Path) -> None:
    """``Broken`` (R.13) when the record and ``other``, a record or a checkpoint, are two histories."""
    inside = standing.folder(other)
    if inside.is_dir():
        parted = forks.against_record(folder, inside)
    else:
        with inside.open("rb") as file:
            parted = forks.against_note(folder, file.read(note.LARGEST + 1))
    if parted is None:
        return
    signed = "；".join(
        _("“{name}”既签发了封到第{ours}条的检查点，又签发了接不上它的封到第{theirs}条的检查点").format(
            name=name, ours=ours, theirs=theirs
        )
        for name, ours, theirs in parted.signed
    )
    if parted.n:
        raise Broken(
            parted.n,
            "R.13",
            "两本账：从第{n}条起不同。{signed}",
            n=parted.n,
            signed=signed or _("没有检查点能证明是同一个单位签发的"),
        )
    raise Broken(0, "R.13", "两本账：这份纪实接不上那个检查点。{signed}", signed=signed)
