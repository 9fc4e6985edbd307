"""The box beside the site: a branch sees who took part by it, never by which names, and nothing of it stays in the site."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client

import counties
import offices
from box.boxes import BEFORE
from box.test_commands import printed
from fourgates import judging
from fourgates.box import codes, sealing
from fourgates.box.desk import Desk
from fourgates.box.place import Place, served
from fourgates.box.question import Answer, Question, Voter
from fourgates.box.urn import Code
from fourgates.web import access, boxes, home, records, serving
from fourgates.web.home import Home
from fourgates.web.models import Selection, Token, User
from web.test_remote import answered

Visit = Callable[[str], Client]


def test_a_branch_sees_who_took_part_by_the_box_and_who_is_still_missing(
    working: Selection, visit: Visit, tmp_path: Path, settings: SimpleNamespace
) -> None:
    settings.INSTALLATION = Home(tmp_path, factor="none")
    facts = records.keeper(working).current().facts
    absent = list(judging.counted(facts).absent)
    members = facts.roster().members
    branch = members[absent[0]].branch
    own = [id_ for id_ in absent if members[id_].branch == branch]
    page = f"/s/{working.slug}/units/{access.key(branch)}/marks/"
    office = visit("office")
    assert "推荐箱" not in office.get(page).content.decode()
    key, drawn = sealing.key(), {id_: codes.draw() for id_ in absent}
    place = Place(tmp_path / "box")
    place.begin(
        Question(
            box="b1", title="推荐", unit="县委组织部", closes="2099-01-01T00:00:00Z", public=key.public.hex(), channel="微信",
            visit="上门", names_at_most=2, write_in=False, changeable=False, satisfaction=(), conditions=(), bars=(),
            posted=(), committee_of={b.name: facts.register().committee_of(b.name) for b in facts.register().branches()},
            nominees=(), voters=tuple(Voter(id_, "党员", members[id_].branch) for id_ in absent),
        ),
        key,
    )  # fmt: skip
    urn = place.urn()
    urn.enrol(Code(codes.digest(code), id_, members[id_].branch) for id_, code in drawn.items())
    urn.close()
    serving.beside(working.slug, place.folder)
    assert "推荐箱现在没有应答" in office.get(page).content.decode()
    boxes.forget()
    program = [
        sys.executable,
        "-m",
        "fourgates",
        "box",
        "serve",
        str(place.folder),
        "--port",
        str(serving.free("127.0.0.1", 8610)),
    ]
    with subprocess.Popen(program, stdout=subprocess.PIPE, start_new_session=True) as box:
        try:
            until = time.monotonic() + 30
            while time.monotonic() < until:
                try:
                    served(place, "/b/strike", {"member": own[0], "channel": "微信"}, 2)
                    break
                except (OSError, ValueError):
                    time.sleep(0.1)
            seen = office.get(page).content.decode()
            assert "另有1名在推荐箱里参与，关箱后计入。" in seen
            missing = seen[seen.index('id="missing"') : seen.index('id="everybody"')]
            listed = [f'id="m-{id_}"' in missing for id_ in own]
            assert listed == [False, *([True] * (len(own) - 1))]
            there = f"/s/{working.slug}/units/{access.key(branch)}/"
            assert office.get(f"{there}calls/").content.decode().count(own[0]) == 0
            # What stands in the record is what it was: the box counts when it is closed.
            assert list(judging.counted(records.keeper(working).current().facts).absent) == absent
            past = office.get(f"{page}?at={records.keeper(working).current().n}").content.decode()
            assert "推荐箱里" not in past
        finally:
            os.killpg(box.pid, signal.SIGINT)  # as Ctrl-C does, to the box and its server
            box.wait(20)
    boxes.forget()


def test_whoever_is_marked_while_the_box_took_them_too_is_decided_by_two_once_it_is_closed(
    working: Selection, visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real commands open and close the box on the site's own record; the site's page lists what they disagree about."""
    monkeypatch.setenv(home.HOME, str(tmp_path))  # the commands leave it set
    record = f"site:{tmp_path}/{working.slug}"
    facts = offices.facts(working)
    committee = facts.register().committees()[0].name
    branch = facts.register().branches(committee)[0].name
    others = [
        tmp_path / "box", "--until", "2022-03-02T18:00+08:00", "--committee", committee, "--address", "https://cx.example/",
        "--slips", tmp_path / "slips.html",
    ]  # fmt: skip
    asked = counties.asked("box", "open", f"site:{tmp_path}/none", *others)
    assert (asked.exit_code, "[B.8]" in asked.output) == (2, True)
    asked = counties.asked("box", "open", record, *others)
    assert asked.exit_code == 0, asked.output
    place = Place(tmp_path / "box")
    question = place.question()
    twice, once = [number for number, voter in enumerate(question.voters) if voter.branch == branch][:2]
    who = question.voters[twice].id
    slips = printed(tmp_path / "slips.html")

    async def come() -> None:
        desk = Desk(question, place.urn(), lambda: BEFORE)
        for number in (twice, once):
            await desk.take(Answer(slips[number], f"{number:032x}"), "2022-03-01")
        await desk.finish()

    asyncio.run(come())
    secretary, clerk, at = visit("secretary"), visit("clerk"), f"/s/{working.slug}/conflicts/"
    marked = {"channel": "电话", "day": facts.rulebook().windows.nomination.first.isoformat()}
    sent = secretary.post(f"/s/{working.slug}/units/{access.key(branch)}/marks/{who}/", marked)
    assert (sent.status_code, judging.conflicts(offices.facts(working))) == (302, ())
    user = User.objects.get(username="office")
    Token.objects.create(digest=Token.digested("secret"), user=user, name="terminal")
    token, grown = ("--token", "secret"), records.keeper(working).current().n
    later = ("--until", "2022-03-02T20:00+08:00", "--note", "停电一个晚上", "--by", "县委组织部")
    for ground, status in (("忘了", 2), (facts.rulebook().boxes.extension_grounds[0], 0)):
        longer = answered(
            "box", "extend", working.slug, place.folder, *later, "--ground", ground, *token, times=2
        )
        assert (longer.exit_code, "[14.2]" in longer.output) == (status, status == 2), longer.output
    closed = answered("box", "close", working.slug, place.folder, *token, times=2)
    assert (closed.exit_code, "2人参加" in closed.output) == (0, True), closed.output
    assert records.keeper(working).current().n == grown + 3  # the texts of the extension are kept too
    second = facts.register().committees()[1].name
    others = [
        tmp_path / "other",
        *others[1:4],
        second,
        *others[5:7],
        "--slips",
        tmp_path / "more.html",
        *token,
    ]
    opened = answered("box", "open", working.slug, *others, times=2)
    assert (opened.exit_code, len(offices.facts(working).boxes)) == (0, 2), opened.output
    out = tmp_path / "published"
    assert answered("box", "publish", working.slug, question.box, out, *token).exit_code == 0
    assert counties.asked("box", "publish", record, question.box, tmp_path / "same").exit_code == 0
    assert out.with_suffix(".json").read_bytes() == (tmp_path / "same.json").read_bytes()
    said = re.findall(r"<li>(.+?) · <b>(.+?)</b></li>", secretary.get(at).content.decode())
    assert sorted(said) == [("推荐箱", "微信"), ("支部登记", "电话")]
    assert who in judging.counted(offices.facts(working)).absent
    proposed = secretary.post(f"{at}{who}/propose/", {"channel": "微信", "ground": "问过本人"})
    assert (proposed.status_code, secretary.post(f"{at}{who}/confirm/").status_code) == (302, 409)
    assert clerk.post(f"{at}{who}/confirm/").status_code == 302
    after = offices.facts(working)
    assert judging.conflicts(after) == ()
    assert [judging.marks(after)[question.voters[number].id].channel for number in (twice, once)] == [
        "微信"
    ] * 2
