"""A box is opened, extended on a stated ground, and closed with two documents (票箱的推进)."""

from __future__ import annotations

from typing import assert_never

from fourgates import ballots, events
from fourgates.ballots import Box
from fourgates.errors import Refused
from fourgates.events.boxes import Claim
from fourgates.facts import Facts
from fourgates.selection import arm


def claim(facts: Facts, event: Claim, number: int, documents: arm.Documents) -> Facts:
    """The facts with the claim, once its rules are checked."""
    rule = facts.rulebook()
    match event:
        case events.BoxOpened():
            if event.corrects:
                ballots.check_open(facts.boxes.get(event.box), event.box)
            box = Box(
                event.branches,
                event.names_at_most,
                event.write_in,
                event.satisfaction,
                event.until,
                event.changeable,
            )
            ballots.check_opened(box, facts.register())
        case events.BoxExtended():
            box = ballots.check_open(facts.boxes.get(event.box), event.box)
            box = ballots.extend(box, event.until, event.ground, rule.boxes)
        case events.BoxClosed():
            box = ballots.check_open(facts.boxes.get(event.box), event.box)
            parts = arm.document(documents, event.document, events.PartsDocument, number).parts
            papers = arm.document(documents, event.papers, events.PapersDocument, number).papers
            if not event.took_part == len(parts) == len(papers):
                raise Refused("14.4", "票箱中参加的人数与份数不一致")
            if event.published:
                shown = arm.document(documents, event.published, events.PublishedDocument, number).papers
                if shown != ballots.sealed(papers):
                    raise Refused("14.9", "公布的标签和封印与票箱中的份数或者内容不一致")
            ballots.check_papers(box, papers, facts.roster(), rule.satisfaction)
            box = ballots.close(box, event.at, parts, papers, facts.roster(), rule.participation)
        case _:
            assert_never(event)
    return facts.but(boxes=facts.boxes.but(event.box, box))
