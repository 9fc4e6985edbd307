"""What people write is kept beside the record under the digest that the papers make of it, and only when an entry names it."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from fourgates import events
from fourgates.errors import Refused
from fourgates.papers.desk import Desk
from fourgates.web import access, records, texts
from fourgates.web.models import Selection, Text, User


def room(row: Selection, name: str = "secretary") -> access.Room:
    request = RequestFactory().get("/")
    request.user = User.objects.get(username=name)
    return access.enter(request, row.slug, ("branch",))


def marked(room: access.Room, channel: str) -> events.MemberMarked:
    person = next(one for one in room.facts.roster().rights if room.knows(one))
    return events.MemberMarked(
        person, "branch", channel, room.today, room.hand(), room.put_away("second", "李同志")
    )


def test_a_text_is_kept_when_its_entry_is_recorded(working: Selection) -> None:
    here = room(working)
    event = marked(here, "上门")
    assert Text.objects.count() == 0
    here.offer(event, unit=here.roles[0].unit)
    kept = texts.everything(working)
    assert kept == {event.by: "secretary", event.second: "李同志"}
    assert here.written(event.by, event.second, "", "nothing") == kept
    assert texts.together(working, here.names).texts.items() >= kept.items()
    again = room(working)
    again.offer(again.anew(event), unit=here.roles[0].unit)
    assert Text.objects.count() == 2


def test_nothing_is_kept_of_what_is_refused(working: Selection) -> None:
    here = room(working)
    with pytest.raises(Refused, match="爬山"):
        here.offer(marked(here, "爬山"), unit=here.roles[0].unit)
    assert Text.objects.count() == 0


def test_the_digest_is_the_one_that_the_papers_make(halfway: Selection) -> None:
    people = records.keeper(halfway).people()
    desk = Desk.__new__(Desk)
    object.__setattr__(desk, "key", bytes.fromhex(people.key))
    desk.digests, desk.texts = {}, {}
    assert texts.digest(people, "handler", "王同志") == desk.put_away("handler", "王同志")


def test_two_of_one_name_are_told_apart(working: Selection) -> None:
    User.objects.filter(username="clerk").update(name=User.sealed("clerk", "secretary"))
    here = room(working)
    assert here.waiting[here.hand()] == "secretary（secretary）"


def test_without_the_key_nothing_is_written(halfway: Selection) -> None:
    with pytest.raises(Refused, match="人员附件"):
        texts.digest(records.keeper(halfway).people().__class__(""), "handler", "王同志")
