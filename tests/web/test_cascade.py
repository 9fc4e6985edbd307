"""Numbers handed down level by level: the rounding shown, adjustments with a reason, each level's gap to the structure."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.test import Client

from fourgates import allotment, judging, oversight
from fourgates.facts import Facts
from fourgates.web import access, records
from fourgates.web.models import Role, Selection

Visit = Callable[[str], Client]


def facts(row: Selection) -> Facts:
    return records.keeper(row).current().facts


def test_numbers_are_handed_down_level_by_level(working: Selection, visit: Visit) -> None:
    office, told = visit("office"), facts(working)
    county = told.register().county
    at = f"/s/{working.slug}/units/{access.key(county)}/allotment/"
    total = sum(judging.quotas(told).values())
    shown = office.get(at, {"method": "members", "total": str(total), "base": "1"}).content.decode()
    split = allotment.split(total, allotment.weights(county, "members", told.register(), told.roster()), 1)
    assert re.findall(r'<td class="number"><b>(\d+)</b>', shown) == [str(one.number) for one in split]
    assert shown.count("进1") == total - sum(whole(one.share) for one in split)
    first, second = (access.key(one.unit) for one in split[:2])
    sent: dict[str, str] = {
        "method": "members",
        "total": str(total),
        "base": "1",
        f"adjust-{first}": "1",
        f"adjust-{second}": "-1",
    }
    tried = office.get(at, sent).content.decode()
    assert "<b>13.3</b>" in tried
    answer = office.post(f"{at}hand-down/", sent)
    assert (answer.status_code, "<b>13.3</b>" in answer.content.decode()) == (409, True)
    reasons = {f"reason-{first}": "山区", f"reason-{second}": "已有代表"}
    assert office.post(f"{at}hand-down/", {**sent, **reasons}).status_code == 302
    assert judging.quotas(facts(working))[split[0].unit] == split[0].number + 1
    stands = office.get(at).content.decode()
    assert ('value="山区"' in stands, "已经写入纪实。" in stands, 'name="base" value="1"' in stands) == (
        True,
    ) * 3
    assert "<b>13.4</b>" in office.get(at, {**sent, **reasons, f"adjust-{first}": "2"}).content.decode()

    clerk = visit("clerk")
    unit = Role.objects.get(user__username="clerk", selection=working).unit
    own = f"/s/{working.slug}/units/{access.key(unit)}/allotment/"
    got = judging.quotas(facts(working))[unit]
    assert f">{got}</a>人。" in clerk.get(own).content.decode()
    more = {"method": "organisations", "total": got + 1}
    assert clerk.post(f"{own}hand-down/", more).status_code == 409
    assert clerk.post(f"{own}hand-down/", more | {"total": got}).status_code == 302
    assert sum(one.number for one in facts(working).allotted[unit]) == got
    assert clerk.post(f"{at}hand-down/", sent).status_code == 404
    watching = visit("discipline").get(own).content.decode()
    assert (
        "hand-down" in watching and "<button" in watching.partition("numbers")[2].partition("</form>")[0]
    ) is False


def whole(share: str) -> int:
    """The whole part of an exact share."""
    part, _slash, of = share.partition("/")
    return int(part) // int(of or 1)


def test_every_level_sees_its_own_gap(working: Selection, visit: Visit) -> None:
    clerk, told = visit("clerk"), facts(working)
    unit = Role.objects.get(user__username="clerk", selection=working).unit
    for who, name, where in (
        ("clerk", unit, f"units/{access.key(unit)}/"),
        ("office", told.register().county, "county/"),
    ):
        page = visit(who).get(f"/s/{working.slug}/{where}").content.decode()
        section = page.partition('id="gap"')[2].partition("</section>")[0]
        shown = [
            tuple(re.findall(r'<td class="number">(?:<a [^>]*>)?([^<]*)<', row))
            for row in section.split("<tr")[2:]
        ]
        assert shown == [
            (*("—" if bound is None else str(bound) for bound in (gap.at_least, gap.at_most)), str(gap.have))
            for gap in oversight.gaps(told, name)
        ]
    branch = told.register().branches(unit)[0].name
    assert 'id="gap"' not in clerk.get(f"/s/{working.slug}/units/{access.key(branch)}/").content.decode()
