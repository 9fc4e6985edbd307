"""The county's list solved beside the pages (拟订名单): every gate judged, the list found and proven, all of it offered."""

from __future__ import annotations

from fourgates import clerk, events
from fourgates.draft import Draft
from fourgates.errors import Refused
from fourgates.i18n import _
from fourgates.keeper import chance
from fourgates.selection import rights_judged
from fourgates.slate.answer import Conflict, Slate
from fourgates.slate.model import Problem
from fourgates.slate.solve import solve
from fourgates.slate.watch import Watch
from fourgates.web import records
from fourgates.web.jobs import UNDER_WAY, Stopped, Told, go_on, key
from fourgates.web.models import Job, Selection

LIST = "list"
"""The kind of job."""
LIMIT = 300.0
"""Seconds the solver may work."""
LARGE = 1e15
TRIES = 3
"""How often it is begun anew because the record went on meanwhile."""


def under_way(row: Selection) -> Job | None:
    """The job that draws a selection's list up, while it does; there is never more than one."""
    return row.jobs.filter(kind=LIST, state__in=UNDER_WAY).first()


def draw_up(job: Job, told: Told) -> None:
    """Judge every gate, solve the list and record what is new; ``Refused`` (S.9) where the time was not enough, ``Stopped``
    where somebody wishes it."""
    stages = [""]

    def passed(stage: str, value: int, bound: int) -> None:
        stages.append(stage)
        told(said(stage, value, bound), value, bound)

    def search(problem: Problem) -> Slate | Conflict:
        watch = Watch(LIMIT)

        def heard(value: float, bound: float) -> None:
            # Before anything was found there is no figure to tell.
            known = max(abs(value), abs(bound)) < LARGE
            now, most = (round(value), round(bound)) if known else (0, 0)
            try:
                told(said(stages[-1], now, most) if known else _("求解"), now, most)
            except Stopped:  # the solver is told so in its own way, and nothing is raised through it
                watch.stop()

        watch.hear = heard
        answer = solve(problem, passed, watch=watch)
        if watch.stopped:
            raise Stopped
        if isinstance(answer, Slate) and not answer.complete:
            raise Refused("S.9", "在限定的时间内没有找到名单")
        return answer

    keeper, clock = records.keeper(job.selection), records.clock(*job.selection.time)
    for left in reversed(range(TRIES)):
        draft = Draft(keeper)
        facts, kept = draft.selection.facts, keeper.people()
        office = facts.rulebook().selection.unit
        told(_("认定"), 0, 0)
        for result in clerk.results(facts, kept, draft.selection, search):
            if clerk.differs(draft.selection, result):
                documents = {}
                if isinstance(result, events.RightsJudged):
                    documents = {result.document: rights_judged(facts)[1]}
                draft.offer(result, at=clock(), by=office, documents=documents, salt=chance())
        try:
            if draft.entries:
                go_on(job)
                draft.give(office, key(job))
        except Refused:
            if not left:
                raise
        else:
            job.result = {"entered": len(draft.entries)}
            job.save(update_fields=["result"])
            return


def said(stage: str, value: int, bound: int) -> str:
    """How far the search is, in a sentence: the best so far, and what no list can exceed."""
    names = {"support 1": _("支部数之和"), "support 2": _("党员数之和")}
    return _("{stage}：已找到{value}，上限{bound}").format(
        stage=names.get(stage, stage), value=value, bound=bound
    )
