"""The process record is written on the site, line by line, and what it lacks stands where it is written."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.test import Client

import offices
from fourgates import judging
from fourgates.events import StepsRecorded
from fourgates.papers import mending
from fourgates.web import access
from fourgates.web.models import Role, Selection

Visit = Callable[[str], Client]


def test_a_step_is_written_struck_and_missed(working: Selection, visit: Visit) -> None:
    unit = Role.objects.get(user__username="clerk", selection=working).unit
    here, client = f"/s/{working.slug}/units/{access.key(unit)}/process/", visit("clerk")
    facts = offices.facts(working)
    held = facts.steps[unit]
    place = next(
        place for place, line in enumerate(held) if line.word == facts.rulebook().procedure.words["plan"]
    )
    struck = held[place]

    client.post(f"{here}write/", {"strike": place})
    told = offices.last(working).event
    assert isinstance(told, StepsRecorded)
    assert (told.keeper, [*told.held]) == (unit, [one for one in held if one is not struck])
    lacking = judging.deviations(offices.facts(working), unit)
    said = next(mending.said(one, unit) for one in lacking if (one.rule, one.step) == ("6.1", struck.word))
    assert said in client.get(here).content.decode()
    duties = client.get(f"/s/{working.slug}/", follow=True).content.decode().partition('id="duties"')[2]
    assert re.search(rf'<a href="{here}">[^<]*“{struck.word}”', duties)
    above = visit("office").get(f"/s/{working.slug}/units/{access.key(unit)}/").content.decode()
    assert above.partition('id="duties"')[2].partition("</section>")[0] == duties.partition("</section>")[0]

    line = {"step": struck.word, "about": access.key(unit), "day": struck.day.isoformat()}
    client.post(f"{here}write/", {**line, "due": struck.due or "", "present": struck.present or ""})
    assert offices.facts(working).steps[unit][-1] == struck

    n = offices.last(working).n
    for wrong in ({"strike": "999"}, {**line, "due": "x"}, {**line, "step": "别的"}, {**line, "day": ""}):
        assert client.post(f"{here}write/", wrong).status_code == 409
    assert (
        offices.last(working).n,
        client.post(f"{here}write/", {**line, "about": "0" * 12}).status_code,
    ) == (n, 404)


def test_a_secretary_is_told_what_the_branch_must_do(working: Selection, visit: Visit) -> None:
    facts = offices.facts(working)
    turnout, filed = judging.turnout(facts), judging.filed(facts)
    branch = next(name for name, one in turnout.items() if one.absent and not filed.get(name))
    Role.objects.filter(user__username="secretary", selection=working).update(unit=branch)
    own, client = f"/s/{working.slug}/units/{access.key(branch)}/", visit("secretary")
    page = client.get(f"/s/{working.slug}/", follow=True).content.decode()
    told = page.partition('id="duties"')[2].partition("</section>")[0]
    assert re.findall(r'href="([^"]+)"', told) == [f"{own}meetings/", f"{own}marks/"]
    written = client.get(f"{own}process/").content.decode()
    assert re.findall(r'<option value="([0-9a-f]{12})" lang="zh-Hans" selected>', written) == [
        access.key(branch)
    ]


def test_a_rule_says_where_it_is_used(working: Selection, visit: Visit) -> None:
    at = f"/s/{working.slug}/rules/"
    unit = Role.objects.get(user__username="clerk", selection=working).unit
    visit("clerk").post(f"/s/{working.slug}/units/{access.key(unit)}/process/write/", {"strike": 0})
    page = visit("discipline").get(f"{at}6.1/").content.decode()
    assert re.findall(r'<a href="([^"]*/process/)">', page) == [
        f"/s/{working.slug}/units/{access.key(unit)}/process/"
    ]
    counted = visit("guest").get(f"{at}2.5/").content.decode()
    assert (f"/s/{working.slug}/figures/members/" in counted, "/process/" in counted) == (True, False)
    assert "/figures/" not in visit("clerk").get(f"{at}2.5/").content.decode()
    assert "S42 某镇推选方案" in visit("guest").get(f"{at}13.5/").content.decode()
    assert visit("guest").get(f"{at}99.9/").status_code == 404
