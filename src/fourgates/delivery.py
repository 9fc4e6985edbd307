"""What a run gives back (成果): summary, problems, report, lists, each written whole or not at all."""

from __future__ import annotations

from pathlib import Path

from fourgates import bundle
from fourgates.events import ListImpossible, ListProposed
from fourgates.papers import files, lists, problem_sheet, report_docx, report_html, returned, summary
from fourgates.papers.summary import Summary
from fourgates.run import RECORD, Outcome

SUMMARY, PROBLEMS = "summary.json", "problems.xlsx"
REPORT_PAGE, REPORT_PAPER, LISTS, RETURNED = "report.html", "report.docx", "lists", "returned"


def proposed(outcome: Outcome) -> ListProposed | ListImpossible | None:
    """The structure gate's result that stands."""
    found = outcome.selection.results.get(("List", ""))
    event = found[1] if found else None
    return event if isinstance(event, ListProposed | ListImpossible) else None


def deliver(outcome: Outcome, out: Path) -> Summary:
    """Write every result of ``outcome`` into ``out`` and replay the record first, so that ``holds`` is never a claim.

    Raises ``Broken`` when the record does not hold.
    """
    head = bundle.verify(out / RECORD).head
    facts = outcome.selection.facts
    built = summary.build(
        facts, outcome.people, proposed(outcome), len(outcome.problems), len(outcome.answered), head
    )
    problem_sheet.write(out / PROBLEMS, outcome.problems, outcome.oddities)
    returned.write(out / RETURNED, outcome.grids, outcome.problems, outcome.oddities)
    lists.write(out / LISTS, outcome.selection, outcome.people, head=head)
    for name, report in ((REPORT_PAGE, report_html), (REPORT_PAPER, report_docx)):
        report.write(
            out / name,
            outcome.selection,
            outcome.people,
            problems=outcome.problems,
            oddities=outcome.oddities,
            answered=outcome.answered,
            head=head,
        )
    files.put(out / SUMMARY, summary.spell(built))
    return built
