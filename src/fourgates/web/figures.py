"""Every figure by its address (数字): what it counts, its rows, its cut-off, its rule, its entries."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from fourgates import i18n
from fourgates.i18n import mark
from fourgates.report.figures import Committee, Figure, Report
from fourgates.web.access import Room


def named(report: Report) -> dict[str, Figure]:
    """The county's figures by their addresses."""
    found = {
        "organisations": report.organisations,
        "members": report.members,
        "sent-up": report.sent_up,
        "standard": report.standard,
        "procedure": report.procedure,
        "integrity": report.integrity,
    }
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


def find(room: Room, address: str, of: str) -> Figure | None:
    """The figure with this address, of the county or of a committee that is seen."""
    if not of:
        return named(room.report).get(address) if room.whole else None
    unit = room.committee(of)
    one = next((one for one in room.report.committees if one.unit.name == unit.name), None)
    return of_committee(one).get(address) if one is not None else None


@cache
def _rules() -> Mapping[str, tuple[str, str, str]]:
    text = resources.files("fourgates").joinpath("rulebooks", "rules.toml").read_text(encoding="utf-8")
    return {one["number"]: (one["zh"], one["en"], one["source"]) for one in tomllib.loads(text)["rule"]}


def rule(number: str) -> tuple[str, str]:
    """What a rule says in the language spoken, and where it comes from."""
    zh, en, source = _rules().get(number, ("", "", ""))
    return (zh if i18n.spoken() == i18n.SOURCE else en), source
