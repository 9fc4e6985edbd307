"""Every figure by its address (数字): what it counts, its rows, its cut-off, its rule, its entries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from fourgates import agenda, judging, nominations, oversight
from fourgates.i18n import _, mark
from fourgates.participation import NOBODY
from fourgates.report.figures import Committee, Figure, Report
from fourgates.report.membership import KINDS, taken
from fourgates.roster import Member
from fourgates.units import COMMITTEES, Unit
from fourgates.web.access import Room
from fourgates.web.roles import OBSERVER


def named(report: Report) -> dict[str, Figure]:
    """The county's figures by their addresses."""
    found = {
        "organisations": report.organisations,
        "members": report.members,
        "missing": missing(report.members.people, report.members.entries),
        "sent-up": report.sent_up,
        "standard": report.standard,
        "procedure": report.procedure,
        "integrity": report.integrity,
        "eligible": Figure(
            mark("可以列入名单的人，占上报的人"),
            len(report.structure.eligible), report.sent_up.part, "9.1",
            report.structure.entries, people=report.structure.eligible,
        ),
        "structure": Figure(
            mark("建议名单上的人选，占名单人数"),
            len(report.structure.chosen), report.plan.quota.county_list, "9.3",
            report.structure.entries, people=report.structure.chosen,
        ),
    }  # fmt: skip
    if report.satisfaction is not None:
        found["satisfaction"] = report.satisfaction
    found |= {f"channel-{number}": figure for number, figure in enumerate(report.channels)}
    found |= {f"funnel-{number}": figure for number, figure in enumerate(report.funnel)}
    found |= {f"unit-{name.replace('_', '-')}": figure for name, figure in report.units.items()}
    return found


def missing(people: tuple[str, ...], entries: tuple[int, ...] = ()) -> Figure:
    """Who has not taken part, of a unit or the county."""
    return Figure(mark("还没有参与推荐的党员"), len(people), None, "2.5", entries, people=people)


def of_committee(room: Room, one: Committee) -> dict[str, Figure]:
    """A committee's figures by their addresses."""
    filed = tuple(
        n for unit in room.tree.branches(one.unit.name) for n in _entries(room, "NominationsFiled", unit.name)
    )
    last = room.facts.rulebook().windows.committee_review.last
    found = {
        "organisations": Figure(
            mark("有党员参与推荐的党支部，占有推荐权党员的党支部"),
            one.organisations.part, one.organisations.whole, "2.4",
        ),
        "members": Figure(
            mark("参与推荐的党员，占有推荐权的党员"), one.members.part, one.members.whole, "2.5", people=one.absent
        ),
        "missing": missing(one.absent),
        "held": held(room, one.unit.name),
        "put-forward": Figure(mark("党支部推荐提名的人"), one.put_forward, None, "4.1", filed or one.entries),
        "sent-up": Figure(
            mark("有效上报的人选，与推荐名额相比"), len(one.up), one.unit.quota, "5.9", one.entries, last, one.up
        ),
    }  # fmt: skip
    return found | _channels(room, one.by_channel, one.members.whole) | _below(room, one.unit)


def of_branch(room: Room, branch: Unit) -> dict[str, Figure]:
    """A branch's figures by their addresses."""
    turnout = judging.turnout(room.facts).get(branch.name, NOBODY)
    filed, names = _entries(room, "NominationsFiled", branch.name), put_forward(room, branch.name)
    absent = set(turnout.absent)
    people = tuple(one.id for one in ordered(room, branch) if one.id in absent)
    found = {
        "organisations": Figure(
            mark("有党员参与推荐的党支部，占有推荐权党员的党支部"), int(turnout.took > 0), int(turnout.due > 0), "2.4"
        ),
        "members": Figure(
            mark("参与推荐的党员，占有推荐权的党员"), turnout.took, turnout.due, "2.5", people=people
        ),
        "missing": missing(people),
        "put-forward": Figure(
            mark("党支部推荐提名的人"), names.total(), None, "4.1", filed, people=tuple(sorted(names))
        ),
    }  # fmt: skip
    return found | _channels(room, turnout.by_channel, turnout.due) | _below(room, branch)


def put_forward(room: Room, branch: str) -> Counter[str]:
    """Whom a branch's meetings that count put forward, and at how many of them; who has no rights is not counted (4.1)."""
    facts = room.facts
    plan, rights = facts.rulebook(), facts.roster().rights
    return Counter(
        name.person
        for sitting in judging.filed(facts).get(branch, ())
        if nominations.valid(sitting, plan)
        for name in sitting.names
        if name.person in rights
    )


def _channels(room: Room, took: Mapping[str, int], due: int) -> dict[str, Figure]:
    """How many took part by each channel, of those with rights."""
    words = room.facts.rulebook().participation.channels
    return {
        f"channel-{number}": Figure(word, took.get(word, 0), due, "2.5") for number, word in enumerate(words)
    }


def _below(room: Room, unit: Unit) -> dict[str, Figure]:
    """What every unit below the county has: members by kind, satisfaction, persons named for each requirement."""
    facts, committee = room.facts, room.tree.committee_of(unit.name)
    entered, day = _entries(room, "RosterEntered", committee), facts.rulebook().selection.reference_date
    own = ordered(room, unit)
    found = {
        f"unit-{name.replace('_', '-')}": Figure(
            kind.label, len(taken(name, own, facts.roster())), None, kind.rule, entered, day
        )
        for name, kind in KINDS.items()
    }
    branches = room.tree.branches(unit.name) if unit.kind in COMMITTEES else (unit,)
    found["unit-branches"] = Figure(
        mark("党支部"), len(branches), None, "1.2", _entries(room, "UnitsEntered", ""), day
    )
    surveys = judging.surveys(facts)
    if surveys:
        rates = [surveys[one.name] for one in branches if one.name in surveys]
        found["satisfaction"] = Figure(
            mark("选“满意”的测评票，占收回的测评票"),
            sum(rate.part for rate in rates),
            sum(rate.whole for rate in rates),
            "2.8",
            _entries(room, "SatisfactionAsked", ""),
        )
    return found | gaps(room, unit)


def gaps(room: Room, unit: Unit) -> dict[str, Figure]:
    """For each requirement, how many of the persons named under the unit so far count for it."""
    named = oversight.named(room.facts, unit.name)
    tags = [oversight.tags(room.facts, one) for one in named]
    return {
        f"gap-{number}": Figure(share.tag, sum(share.tag in own for own in tags), len(named), "13.5")
        for number, share in enumerate(room.facts.rulebook().structure.share)
    }


def ordered(room: Room, unit: Unit) -> list[Member]:
    """The members of a committee or a branch, in the order of the roster."""
    members = room.facts.rosters.get(room.tree.committee_of(unit.name), ())
    return [one for one in members if one.branch == unit.name] if unit.kind == "branch" else list(members)


def _entries(room: Room, kind: str, about: str) -> tuple[int, ...]:
    number = room.state.standing.get((kind, about), 0)
    return (number,) if number else ()


def held(room: Room, committee: str) -> Figure:
    """The branches of a committee that have held a meeting that counts, of those with members who have rights; the rows are
    those that have not."""
    plan, filed = room.facts.rulebook(), judging.filed(room.facts)
    due = [one.name for one in room.tree.branches(committee) if room.facts.roster().of_branch.get(one.name)]
    done = {name for name in due if any(nominations.valid(sitting, plan) for sitting in filed.get(name, ()))}
    entries = tuple(n for name in due for n in _entries(room, "NominationsFiled", name))
    left = tuple(name for name in due if name not in done)
    return Figure(mark("召开了有效推荐提名会议的党支部"), len(done), len(due), "6.4", entries, units=left)


def slow(room: Room) -> Figure:
    """The branches that at their pace will not have everybody by the end of the window, slowest first."""
    found = agenda.slow(room.facts, room.today)
    return Figure(
        mark("照现在的速度赶不上的党支部"), len(found), None, "2.5", units=tuple(one.unit for one in found)
    )


def entry(room: Room, kind: str, about: str = "") -> str:
    """The address of the entry that stands about something, in the log; empty where there is none."""
    number = room.state.standing.get((kind, about), 0)
    return f"{room.to('log', before=number + 1)}#n{number}" if number else ""


def at(room: Room, number: int, said: str = "") -> SafeString:
    """A link to an entry in the log, saying its number or something else; plain where there is no such entry."""
    said = said or _("第{n}条").format(n=number)
    if not number:
        return conditional_escape(said)
    where = f"{room.to('log', before=number + 1)}#n{number}"
    return format_html('<a class="figure" href="{}">{}</a>', where, said)


def find(room: Room, address: str, of: str) -> Figure | None:
    """The figure with this address, of the county, or of a committee or branch that is seen. An observer opens the county's,
    without the rows behind them."""
    if not of:
        if not (room.whole or room.has(OBSERVER)):
            return None
        return slow(room) if address == "slow" else of_county(room).get(address)
    unit = room.unit(of)
    if unit.kind == "county":
        return of_county(room).get(address)
    return of_unit(room, unit).get(address)


def of_county(room: Room) -> dict[str, Figure]:
    """The county's figures by their addresses."""
    return named(room.report) | gaps(room, room.tree[room.tree.county])


def of_unit(room: Room, unit: Unit) -> dict[str, Figure]:
    """The figures of a committee or a branch by their addresses; none of what stands between the two."""
    if unit.kind == "branch":
        return of_branch(room, unit)
    one = next((one for one in room.report.committees if one.unit.name == unit.name), None)
    return of_committee(room, one) if one else {}
