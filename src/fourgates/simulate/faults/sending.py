"""What committees and the county may not do (党委研究和县委研究差错): votes, quotas, reasons, two senders, the decision."""

from __future__ import annotations

from random import Random

from fourgates.simulate.county import County
from fourgates.simulate.faults.planting import (
    NUMBER,
    Fault,
    NoPlace,
    Planted,
    add_row,
    also,
    number_of,
    numbered,
    outside,
    pick,
    pick_first,
    row_of,
    sent_up,
    sheet,
    sheets,
    whole,
)
from fourgates.simulate.programme import Share
from fourgates.simulate.sheet import Row, Sheet

_REVIEW = "07 党委研究.xlsx"
_DECISION = "13 县委研究.xlsx"
_VOTES = ("应到委员", "实到委员", "同意", "不同意", "弃权")


def _up(county: County, rng: Random) -> tuple[Sheet, int, Row]:
    """A row of 07 that sends somebody up."""
    chosen = sheet(county, _REVIEW)
    number, row = pick(rng, [(n, r) for n, r in numbered(chosen) if r.text("是否上报") == "是"])
    whole([(number, row)], *_VOTES)
    return chosen, number, row


def _vote(row: Row, agreed: int) -> None:
    """``agreed`` in favour, and the rest of those present against."""
    row.put("同意", agreed)
    row.put("不同意", row.count("实到委员") - agreed)
    row.put("弃权", 0)


def votes_do_not_add_up(county: County, rng: Random) -> Planted:
    """Votes that are more or fewer than the committee members present."""
    chosen, number, row = _up(county, rng)
    row.put("弃权", row.count("弃权") + 1)
    return Planted(
        "problem", chosen.path, number, "弃权", "the row counts for nothing; the name is not sent up"
    )


def review_present_over_due(county: County, rng: Random) -> Planted:
    """More committee members present than the committee has."""
    chosen, number, row = _up(county, rng)
    row.put("应到委员", row.count("实到委员") - 1)
    return Planted(
        "problem", chosen.path, number, "应到委员", "the row counts for nothing; the name is not sent up"
    )


def exactly_half(county: County, rng: Random) -> Planted:
    """Sent up with exactly half of those due in favour: more than half is needed."""
    chosen, number, row = _up(county, rng)
    if row.count("应到委员") % 2:
        row.put("应到委员", row.count("应到委员") + 1)
    _vote(row, row.count("应到委员") // 2)
    if row.count("实到委员") * 2 <= row.count("应到委员"):
        raise NoPlace
    return Planted("problem", chosen.path, number, "同意", "the name is not sent up")


def one_over_half(county: County, rng: Random) -> Planted:
    """Sent up with one vote more than half of those due."""
    chosen, number, row = _up(county, rng)
    _vote(row, row.count("应到委员") // 2 + 1)
    return Planted("nothing", chosen.path, number, "同意", "the name is sent up")


def _meeting_rows(county: County, rng: Random) -> tuple[Sheet, list[tuple[int, Row]]]:
    chosen = sheet(county, _REVIEW)
    committee = pick(rng, sorted({row.text("党委") for _, row in numbered(chosen)}))
    rows = [(number, row) for number, row in numbered(chosen) if row.text("党委") == committee]
    whole(rows, *_VOTES)
    return chosen, rows


def _no_meeting(rows: list[tuple[int, Row]], chosen: Sheet, heading: str) -> Planted:
    sent = [(number, row) for number, row in rows if row.text("是否上报") == "是"]
    number, _ = pick_first(sent)
    return Planted(
        "problem", chosen.path, number, heading, "none of that committee's names goes up", also(chosen, sent)
    )


def review_without_quorum(county: County, rng: Random) -> Planted:
    """A committee's meeting with exactly half of its members present."""
    chosen, rows = _meeting_rows(county, rng)
    for _, row in rows:
        row.put("应到委员", row.count("实到委员") * 2)
    return _no_meeting(rows, chosen, "实到委员")


def review_outside_window(county: County, rng: Random) -> Planted:
    """A committee's meeting the day after its window closed, by 07."""
    chosen, rows = _meeting_rows(county, rng)
    for _, row in rows:
        row.put("会议日期", outside(county, "committee_review"))
    return _no_meeting(rows, chosen, "会议日期")


def too_many_sent(county: County, rng: Random) -> Planted:
    """More names go up than the committee's 推荐名额."""
    chosen, number, row = _up(county, rng)
    committee = row.text("党委")
    rows = [r for _, r in numbered(chosen) if r.text("党委") == committee and r.text("是否上报") == "是"]
    units = sheet(county, "01 党组织名册.xlsx")
    for _, unit in numbered(units):
        if unit.text("党组织名称") == committee:
            unit.put("推荐名额", len(rows) - 1)
    return Planted("problem", chosen.path, number, None, "none of that committee's names counts")


def sent_without_nomination(county: County, rng: Random) -> Planted:
    """A name sent up that no branch of the committee put forward."""
    chosen, number, row = _up(county, rng)
    committee = row.text("党委")
    named = {number_of(r) for _, r in numbered(sheet(county, f"06 推荐提名/{committee}.xlsx"))}
    roster = sheet(county, f"02 党员名册/{committee}.xlsx")
    fits = [r for _, r in numbered(roster) if number_of(r) not in named and r.text("人员类别") == "正式党员"]
    member = pick(rng, fits)
    row.put("姓名", member.text("姓名"))
    row.put(NUMBER, number_of(member))
    return Planted("problem", chosen.path, number, None, "the name is not sent up")


def missing_reason(county: County, rng: Random) -> Planted:
    """No reason for a name left behind that had more support than one that went up."""
    chosen = sheet(county, _REVIEW)
    number, row = pick(rng, [(n, r) for n, r in numbered(chosen) if r.text("未上报理由")])
    row.put("未上报理由", "")
    return Planted("problem", chosen.path, number, "未上报理由", "changes nothing else")


def sent_by_two(county: County, rng: Random) -> Planted:
    """One person sent up by two committees, nominated in both."""
    chosen, number, row = _up(county, rng)
    others = [s for s in sheets(county, "06") if row.text("党委") not in s.path and numbered(s)]
    other = pick(rng, others)
    committee = other.path.removeprefix("06 推荐提名/").removesuffix(".xlsx")
    nomination = pick(rng, numbered(other))[1].copy()
    nomination.put("被推荐人", row.text("姓名"))
    nomination.put(NUMBER, number_of(row))
    add_row(other, nomination)
    peer = pick(rng, [r for _, r in numbered(chosen) if r.text("党委") == committee])
    entry = peer.copy()
    whole([(0, entry)], *_VOTES)
    entry.put("姓名", row.text("姓名"))
    entry.put(NUMBER, number_of(row))
    entry.put("是否上报", "是")
    entry.put("未上报理由", "")
    _vote(entry, entry.count("应到委员") // 2 + 1)
    added = add_row(chosen, entry)
    for _, unit in numbered(sheet(county, "01 党组织名册.xlsx")):
        if unit.text("党组织名称") == committee:
            unit.put("推荐名额", 9)
    return Planted("problem", chosen.path, number, NUMBER, "the person may go up from one committee only",
                   ((chosen.path, added),))  # fmt: skip


def decision_without_votes(county: County, rng: Random) -> Planted:
    """The county committee decides for a name with exactly half of its members in favour."""
    chosen = sheet(county, _DECISION)
    number, row = pick(rng, [(n, r) for n, r in numbered(chosen) if r.text("决定") == "上报"])
    whole([(number, row)], *_VOTES)
    row.put("应到委员", row.count("实到委员") + row.count("实到委员") % 2)
    _vote(row, row.count("应到委员") // 2)
    return Planted("problem", chosen.path, number, "同意", "the decision is not lawful")


def decision_too_short(county: County, rng: Random) -> Planted:
    """The county committee decides for one name fewer than the list has."""
    chosen = sheet(county, _DECISION)
    number, row = pick(rng, [(n, r) for n, r in numbered(chosen) if r.text("决定") == "上报"])
    row.put("决定", "不上报")
    return Planted("result", chosen.path, number, "决定", "the decision is not lawful")


def decision_for_somebody_barred(county: County, rng: Random) -> Planted:
    """The county committee decides for a person who has a bar."""
    checks = sheet(county, "10 四必核查.xlsx")
    chosen = sheet(county, _DECISION)
    rows = [
        (n, r) for n, r in numbered(chosen) if r.text("决定") == "上报" and number_of(r) in sent_up(county)
    ]
    number, row = pick(rng, rows)
    row_of(checks, number_of(row))[1].put("党员身份", "存疑")
    return Planted("problem", chosen.path, number, NUMBER, "the decision is not lawful")


def no_lawful_list(county: County, rng: Random) -> Planted:
    """Shares that cannot hold together: nobody but leading cadres, and nobody who is one."""
    tag = rng.choice(("农民", "先进模范"))
    kept = [share for share in county.programme.shares if share.tag not in ("党员领导干部", tag)]
    everyone = str(county.programme.county_list)
    county.programme.shares = [*kept, Share("党员领导干部", at_least=everyone), Share(tag, at_least=everyone)]
    if county.programme.county_list < 2:
        raise NoPlace
    return Planted(
        "result", "plan.toml", None, None, "no list exists; the conflict and the smallest change are named"
    )


FAULTS: tuple[Fault, ...] = (
    votes_do_not_add_up,
    review_present_over_due,
    exactly_half,
    one_over_half,
    review_without_quorum,
    review_outside_window,
    too_many_sent,
    sent_without_nomination,
    missing_reason,
    sent_by_two,
    decision_without_votes,
    decision_too_short,
    decision_for_somebody_barred,
    no_lawful_list,
)
