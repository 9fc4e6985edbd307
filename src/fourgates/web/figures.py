"""Every figure by its address (数字): what it counts, its rows, its cut-off, its rule, its entries."""

from __future__ import annotations

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from fourgates import agenda, judging, nominations
from fourgates.i18n import _, mark
from fourgates.participation import NOBODY
from fourgates.report.figures import Committee, Figure, Report
from fourgates.roster import Member
from fourgates.web.access import Room
from fourgates.web.roles import OBSERVER


def named(report: Report) -> dict[str, Figure]:
    """The county's figures by their addresses."""
    found = {
        "organisations": report.organisations,
        "members": report.members,
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


def of_committee(one: Committee) -> dict[str, Figure]:
    """A committee's figures by their addresses."""
    return {
        "organisations": Figure(
            mark("有党员参与推荐的党支部，占有推荐权党员的党支部"),
            one.organisations.part, one.organisations.whole, "2.4", one.entries,
        ),
        "members": Figure(
            mark("参与推荐的党员，占有推荐权的党员"),
            one.members.part, one.members.whole, "2.5", one.entries, people=one.absent,
        ),
        "put-forward": Figure(mark("党支部推荐提名的人"), one.put_forward, None, "4.1", one.entries),
        "sent-up": Figure(
            mark("有效上报的人选，与推荐名额相比"), len(one.up), one.unit.quota, "5.9", one.entries, people=one.up
        ),
    }  # fmt: skip


def of_branch(room: Room, branch: str) -> dict[str, Figure]:
    """A branch's figures by their addresses."""
    facts = room.facts
    turnout = judging.turnout(facts).get(branch, NOBODY)
    absent = set(turnout.absent)
    names = {
        name.person
        for sitting in judging.filed(facts).get(branch, ())
        if nominations.valid(sitting, facts.rulebook())
        for name in sitting.names
    }
    filed = _entries(room, "NominationsFiled", branch)
    marked = _entries(room, "ParticipationMarked", room.tree.committee_of(branch))
    people = tuple(one.id for one in ordered(room, branch) if one.id in absent)
    return {
        "members": Figure(mark("参与推荐的党员，占有推荐权党员"), turnout.took, turnout.due, "2.5", marked, people=people),
        "put-forward": Figure(mark("党支部推荐提名的人"), len(names), None, "4.1", filed, people=tuple(sorted(names))),
    }  # fmt: skip


def ordered(room: Room, branch: str) -> list[Member]:
    """A branch's members, in the order of its roster."""
    committee = room.tree.committee_of(branch)
    return [member for member in room.facts.rosters.get(committee, ()) if member.branch == branch]


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
        return slow(room) if address == "slow" else named(room.report).get(address)
    unit = room.unit(of)
    if unit.kind == "branch":
        return of_branch(room, unit.name).get(address)
    one = next((one for one in room.report.committees if one.unit.name == unit.name), None)
    if one is None:
        return None
    return held(room, unit.name) if address == "held" else of_committee(one).get(address)
