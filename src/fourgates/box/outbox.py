"""The outbox (待发消息): what is to be sent to members by SMS, e-mail or a work messenger, read before anything leaves.

A letter holds a code in the open, so the outbox lies in the box's own folder, readable by its owner alone, and each letter is
taken out of it once it was sent. Sending is a notification library's: an address such as ``mailtos://…?to={to}``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated

import msgspec

from fourgates import canon
from fourgates.box import codes
from fourgates.box.place import OUTBOX, Place, secret
from fourgates.box.question import Question
from fourgates.box.slips import Slip, until
from fourgates.errors import Refused
from fourgates.i18n import _
from fourgates.papers import delimited
from fourgates.papers.workbook import Limits

HEADINGS = ("姓名", "党支部", "联系方式")
LARGEST = 4 << 20
CODE = re.compile(r"[0-9a-z]{4}(?:-?[0-9a-z]{4}){3}(?![0-9a-z])")
"""A code as it stands in a letter, in the link and by itself."""


class Letter(msgspec.Struct, frozen=True):
    """One message: to whom, at which address, and its text."""

    name: str
    branch: str
    to: Annotated[str, msgspec.Meta(min_length=3, max_length=200)]
    text: str

    @property
    def masked(self) -> str:
        """The address with its middle hidden, for whoever looks through the outbox."""
        return (
            f"{self.to[:3]}{'*' * max(0, len(self.to) - 5)}{self.to[-2:]}"
            if len(self.to) > 5
            else "*" * len(self.to)
        )


def contacts(file: Path) -> Mapping[tuple[str, str], str]:
    """Addresses by name and branch, from a table of text with the headings 姓名, 党支部, 联系方式.

    ``Refused`` (B.10) with the line where a heading is missing, a field is empty, or somebody stands twice.
    """
    if file.stat().st_size > LARGEST:
        raise Refused("B.10", "联系方式表太大：最多{most}字节", most=LARGEST)
    head, *rows = delimited.read(file.read_bytes(), Limits()) or [[]]
    try:
        places = [head.index(heading) for heading in HEADINGS]
    except ValueError:
        raise Refused("B.10", "联系方式表第1行应有：{headings}", headings="、".join(HEADINGS)) from None
    found: dict[tuple[str, str], str] = {}
    for number, row in enumerate(rows, start=2):
        fields = [str(row[place] or "").strip() for place in places]
        if not any(fields):
            continue
        name, branch, to = fields
        if not all(fields) or (name, branch) in found:
            raise Refused("B.10", "联系方式表第{line}行缺一项，或者这个人已经列过", line=number)
        found[name, branch] = to
    return found


def written(
    question: Question, address: str, slips: Iterable[Slip], to: Mapping[tuple[str, str], str]
) -> tuple[tuple[Letter, ...], tuple[tuple[str, str], ...]]:
    """A letter for every slip whose owner has an address, and who among ``to`` is not on the roll."""
    every = list(slips)
    known = {(slip.name, slip.branch) for slip in every}
    letters = tuple(
        Letter(slip.name, slip.branch, to[slip.name, slip.branch], text(question, address, slip))
        for slip in every
        if (slip.name, slip.branch) in to
    )
    return letters, tuple(who for who in to if who not in known)


def text(question: Question, address: str, slip: Slip) -> str:
    """What is sent: short enough for an SMS of two parts, with nothing in it but the member's own way in."""
    return _("{name}同志：{title}，请在{until}前打开 {link} 参加。编码{code}，只能用一次，请勿转发。").format(
        name=slip.name,
        title=question.title,
        until=until(question),
        link=f"{address}#{slip.code}",
        code=codes.shown(slip.code),
    )


def read(place: Place) -> tuple[Letter, ...]:
    """What waits in the outbox; nothing where there is none."""
    path = place.folder / OUTBOX
    return canon.reader(tuple[Letter, ...]).decode(path.read_bytes()) if path.exists() else ()


def keep(place: Place, letters: Iterable[Letter]) -> None:
    """Put these into the outbox, in the place of what was there."""
    secret(place.folder / OUTBOX, canon.spell(tuple(letters)))


def send(place: Place, via: str) -> Iterator[tuple[Letter, bool]]:
    """Send everything that waits, one by one, and say of each whether it went; what did not stays in the outbox.

    ``via``: an address of the notification library with ``{to}`` in the place of the receiver; ``Refused`` (B.10) when it is
    none.
    """
    import apprise  # here and not above: a box without messages needs none of it

    waiting = list(read(place))
    for letter in waiting.copy():
        way = apprise.Apprise()
        if "{to}" not in via or not way.add(via.replace("{to}", letter.to)):
            raise Refused("B.10", "发送方式不对：要写通知库认识的地址，收件人的位置写 {{to}}")
        sent = bool(way.notify(body=letter.text, title=_("推荐提名")))
        if sent:
            waiting.remove(letter)
            keep(place, waiting)
        yield letter, sent
