"""What is drawn is a table whose numbers are those of the page; the library that draws it is the one that was published."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

from django.contrib.staticfiles import finders
from django.test import Client, RequestFactory

from fourgates import judging
from fourgates.participation import Rate
from fourgates.web import access, pictures, roles
from fourgates.web.access import Room
from fourgates.web.models import Selection, User
from fourgates.web.views import county as county_view

ROOT = Path(__file__).resolve().parents[2]


def seen(row: Selection, name: str = "office") -> Room:
    """A selection as one of the cast sees it."""
    request = RequestFactory().get(f"/s/{row.slug}/")
    request.user = User.objects.get(username=name)
    return access.enter(request, row.slug, roles.WHOLE)


def test_the_library_is_the_published_file() -> None:
    found = finders.find("chart/chart.umd.min.js")
    assert found is not None
    digest = hashlib.sha256(Path(found).read_bytes()).hexdigest()
    told = re.search(
        r"Chart\.js (\S+), as published.*?SHA-256: ([0-9a-f]{64})", (ROOT / "NOTICE").read_text(), re.S
    )
    assert told is not None
    assert (f"Chart.js v{told[1]}" in Path(found).read_text("utf-8")[:200], told[2]) == (True, digest)


def test_the_course_ends_at_the_figure(working: Selection, county: Selection) -> None:
    for row, going in ((working, True), (county, False)):
        here = seen(row)
        drawn = pictures.course(here, here.tree.branches())
        assert drawn is not None
        places = {head.head: place for place, head in enumerate(drawn.heads)}
        assert ("照现在的速度" in places) == going
        counted, words = judging.counted(here.facts), here.facts.rulebook().participation.channels
        known = [one.cells for one in drawn.rows if one.cells[places["已参与"]].value is not None]
        last = known[-1]
        assert last[places["已参与"]].value == counted.members.part
        assert {word: last[places[word]].value for word in words} == counted.by_channel
        assert [one[places["已参与"]].value for one in known] == sorted(
            one[places["已参与"]].value for one in known
        )
        even = [one.cells[places["均匀进度"]].value for one in drawn.rows]
        assert (even[-1], even == sorted(even)) == (counted.members.whole, True)
        if going:
            whole, part = counted.members.whole, counted.members.part
            reached = min(whole, part * len(drawn.rows) // len(known))
            assert drawn.rows[-1].cells[places["照现在的速度"]].value == reached


def test_how_far_each_has_come_is_what_the_report_says(working: Selection, county: Selection) -> None:
    for row, going in ((working, True), (county, False)):
        here = seen(row)
        found = county_view.reach(here)
        assert found is not None
        drawn, late = found
        rates = {str(Rate(one.members.part, one.members.whole)) for one in here.report.committees}
        assert {one.cells[1].shown for one in drawn.rows} == rates
        assert [one.kind for one in drawn.rows].count("late") == late
        assert ([head.head for head in drawn.heads][3] == "照现在的速度") == going
        assert (late > 0) == going


def test_nothing_is_drawn_before_the_window_opens(working: Selection) -> None:
    working.ahead -= 400 * 24 * 3600
    working.save()
    here = seen(working)
    assert (pictures.course(here, here.tree.branches()), county_view.reach(here)) == (
        None,
        None,
    )


def test_what_everybody_sees_has_sums_alone(working: Selection, visit: Callable[[str], Client]) -> None:
    page = visit("guest").get(f"/s/{working.slug}/screen/").content.decode()
    assert re.findall(r'data-drawn="([^"]+)"', page) == ["area c0", "line even", "line pace"]


def test_the_picture_of_the_county_says_what_its_table_says(working: Selection, county: Selection) -> None:
    """Steps taken, participation, names sent up, deviations: each committee's row, in its order."""
    for row in (working, county):
        here = seen(row)
        said = re.findall(
            r'<text x="([0-9.]+)" y="[0-9]+" class="(place[^"]*)"[^>]*>([^<]*)</text>',
            county_view.calendar(here),
        )
        columns: dict[float, list[str]] = {}
        for x, _kind, text in said:
            columns.setdefault(float(x), []).append(text)
        names, *beside = (columns[x] for x in sorted(columns))
        table = county_view.committees(here).rows
        assert len(names) == len(table)
        assert beside == [[one.cells[place].shown for one in table] for place in (1, 5, 8, 10)]
        reds = {text for _x, kind, text in said if "bad" in kind and "%" in text}
        late = county_view.reach(here)
        assert late is not None
        assert (late[1] > 0) == bool(reds)
