"""A small box as tests open it: twenty members of two branches, and the codes of their slips."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fourgates.box import codes, sealing
from fourgates.box.place import Place
from fourgates.box.question import Answer, Nominee, Question, Visitor, Voter
from fourgates.box.urn import Code

EAST, WEST = "城关镇东街党支部", "城关镇西街党支部"
TOWN = "中共成县城关镇委员会"
CLOSES = "2022-03-02T10:00:00Z"
BEFORE, AFTER = 1646200000.0, 1646300000.0
RECEIPT = "00112233445566778899aabbccddeeff"
OTHER = "ffeeddccbbaa99887766554433221100"


@dataclass(frozen=True)
class Box:
    """A box on disk with what only the tests know: every member's code, and the visitors'."""

    place: Place
    question: Question
    codes: dict[str, str]
    visitor: str


def question(
    key: sealing.Key, *, changeable: bool = False, people: int = 20, visitor: str = "", branches: int = 2
) -> Question:
    names = (
        [f"第{number}党支部" for number in range(branches)]
        if branches > 2
        else [EAST, EAST, EAST, EAST, WEST]
    )
    members = [(f"{number:024x}", names[number % len(names)]) for number in range(people)]
    return Question(
        box="成县-2022-1",
        title="甘肃省第十四次党代会代表推荐提名（成县）",
        unit="中共成县县委",
        closes=CLOSES,
        public=key.public.hex(),
        channel="微信",
        visit="上门",
        names_at_most=3,
        write_in=True,
        changeable=changeable,
        satisfaction=("满意", "基本满意", "不满意"),
        conditions=("政治坚定", "密切联系群众"),
        bars=("政治上不合格", "处分影响期内"),
        posted=("成县可推荐10人。",),
        committee_of={**dict.fromkeys(names, TOWN), "别处党支部": "中共成县小川镇委员会"},
        nominees=(
            *(Nominee(id_, f"党员{number}", "dy", branch) for number, (id_, branch) in enumerate(members)),
            Nominee("f" * 24, "外人", "wr", "别处党支部"),
        ),
        voters=tuple(
            Voter(id_, f"党员{number}", branch, "1998.07") for number, (id_, branch) in enumerate(members)
        ),
        visitors=(Visitor(codes.digest(visitor).hex(), ("王芳", "李强"), TOWN, ("党员3",)),)
        if visitor
        else (),
    )


def opened(folder: Path, *, changeable: bool = False, people: int = 20, branches: int = 2) -> Box:
    key, visitor = sealing.key(), codes.draw()
    asked = question(key, changeable=changeable, people=people, visitor=visitor, branches=branches)
    place = Place(folder)
    place.begin(asked, key)
    drawn = {voter.id: codes.draw() for voter in asked.voters}
    urn = place.urn()
    urn.enrol(Code(codes.digest(drawn[voter.id]), voter.id, voter.branch) for voter in asked.voters)
    urn.close()
    return Box(place, asked, drawn, visitor)


def answer(
    box: Box, number: int, *names: int, receipt: str = RECEIPT, written: tuple[str, ...] = ()
) -> Answer:
    voters = box.question.voters
    named = tuple(voters[name].id for name in names)
    return Answer(box.codes[voters[number].id], receipt, named, written, "满意")
