"""What templates say (模板用语): sentences in the visitor's language, links that keep the moment, names that keep theirs."""

from __future__ import annotations

import re
import secrets
from datetime import date, datetime
from typing import Any

from django import template
from django.template.context import RequestContext
from django.urls import reverse
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString

from fourgates import chronicle, i18n
from fourgates.errors import Broken, Refused
from fourgates.gates.procedure import Deviation
from fourgates.i18n import _
from fourgates.identity import masked as hidden
from fourgates.papers import mending
from fourgates.papers.people import People
from fourgates.web import access, papers, rules
from fourgates.web.listing import Row

register = template.Library()
HAN = "\u2e80-\u9fff\U00020000-\U0003ffff"
CHINESE = re.compile(f"[{HAN}]+(?:[\\s·（）、，《》]+[{HAN}]+[）》]?)*")


@register.simple_tag
def t(sentence: str, **facts: Any) -> SafeString:
    """``sentence`` in the language spoken, its places filled in; a fact that counts chooses between one and many."""
    count = next((fact for fact in facts.values() if type(fact) is int), 2)
    text = i18n.translate(sentence, i18n.spoken(), count)
    return format_html(text, **facts) if facts else conditional_escape(text)


@register.filter
def said(word: str) -> str:
    """A word of ours or of the rulebook in the language spoken."""
    return i18n._(str(word))


@register.filter
def zh(text: object) -> SafeString:
    """What is Chinese in any language (a name, a unit), so that a page in English says so to a screen reader."""
    shown = conditional_escape(text if isinstance(text, SafeString) else str(text))
    if i18n.spoken() == i18n.SOURCE:
        return shown
    return SafeString(CHINESE.sub(r'<span lang="zh-Hans">\g<0></span>', shown))  # escaped above


@register.filter
def cells(row: Row) -> SafeString:
    """The cells of a row of a table, of which the first heads it; written here because a page has thousands of them."""
    written = []
    for place, one in enumerate(row.cells):
        inside: str = zh(one.shown)
        if one.where and one.shown:
            inside = f'<a href="{escape(one.where)}">{inside}</a>'
        if one.picture:
            inside = f"{inside} {conditional_escape(one.picture)}"
        tag, scope = ("td", "") if place else ("th", ' scope="row"')
        written.append(f'<{tag}{scope} class="{escape(one.kind)}">{inside}</{tag}>')
    return SafeString("".join(written))  # every part is escaped above


@register.filter
def masked(number: str) -> str:
    """A citizen number with birth date and sequence hidden."""
    return hidden(number)


@register.filter
def address(unit: str) -> str:
    """What a unit is called in an address."""
    return access.key(unit)


@register.filter
def day(when: date | None) -> str:
    """A date as this office writes it."""
    return "—" if when is None else when.isoformat()


@register.filter
def aloud(when: date) -> str:
    """A day of this year as people say it."""
    return _("{month}月{day}日").format(month=when.month, day=when.day)


@register.filter
def moment(when: str) -> str:
    """The time of an entry on the clocks of China, to the minute."""
    read = datetime.fromisoformat(when.replace("Z", "+00:00"))
    return read.astimezone(access.CHINA).strftime("%Y-%m-%d %H:%M")


@register.filter
def clock(when: datetime) -> str:
    """A moment of our own on the clocks of China, to the minute."""
    return when.astimezone(access.CHINA).strftime("%Y-%m-%d %H:%M")


@register.filter
def named(names: People, id_: str) -> str:
    """The name behind an id, plain."""
    return names.name(id_)


@register.filter
def why(no: Refused | Broken) -> SafeString:
    """What a rule's no says."""
    return zh(i18n.sentence(no))


@register.filter
def deviates(one: Deviation) -> str:
    """A departure from the procedure as a sentence."""
    return mending.said(one, one.unit)


@register.filter
def mended(one: Deviation) -> str:
    """How it is mended."""
    return mending.mend(one)


@register.filter
def outcome(word: str) -> str:
    """What a gate found, as people say it."""
    return chronicle.outcome(word)


@register.filter
def of(table: Any, key: Any) -> Any:
    """The value under ``key``, empty where there is none."""
    return table.get(key, "")


@register.filter
def minus(number: int, other: int) -> int:
    """How much more a number is than another."""
    return number - other


@register.simple_tag
def once() -> SafeString:
    """A field that makes a form sent twice the same offer."""
    return format_html('<input type="hidden" name="once" value="{}">', secrets.token_hex(8))


@register.simple_tag(takes_context=True)
def to(context: RequestContext, name: str, *parts: Any, **asked: Any) -> str:
    """The address of a page of the same selection, at the same moment."""
    room: access.Room | None = context.get("room")
    return room.to(name, *parts, **asked) if room else reverse(name, args=parts)


@register.inclusion_tag("parts/figure.html", takes_context=True)
def figure(
    context: RequestContext,
    number: object,
    key: str,
    label: str = "",
    of: object = "",
    whole: int | None = None,
) -> dict[str, Any]:
    """A number that opens, with ``whole`` of how many: a click says what it counts, over which rows, by which rule, from which
    entries."""
    return {
        "room": context.get("room"),
        "number": number,
        "key": key,
        "label": label,
        "of": of,
        "whole": whole,
    }


@register.simple_tag(takes_context=True)
def opens(context: RequestContext, number: object, key: str, of: object = "") -> SafeString:
    """A number inside a sentence that opens as ``figure`` does."""
    where = context["room"].to("figure", key, of=of)
    return format_html('<a class="figure" href="{}">{}</a>', where, number)


@register.simple_tag(takes_context=True)
def rule(context: RequestContext, number: str) -> SafeString:
    """The number of a rule; a click says what it says, where that comes from and where it is used."""
    room: access.Room | None = context.get("room")
    if room is None or rules.rule(number) is None:
        return format_html("<b>{}</b>", number)
    return format_html(
        '<a class="rule" href="{}" title="{}"><b>{}</b></a>',
        room.to("rule", number),
        rules.says(number),
        number,
    )


@register.inclusion_tag("parts/papers.html", takes_context=True)
def written(context: RequestContext, keys: str, about: str = "") -> dict[str, Any]:
    """The documents to sign that a page's rows are printed as: of these kinds, about a unit, a person or the whole county."""
    return {"papers": papers.offered(context["room"], keys.split(), about)}


@register.inclusion_tag("parts/person.html", takes_context=True)
def person(context: RequestContext, id_: str) -> dict[str, Any]:
    """A person with the masked number; a link where the visitor may follow it."""
    room: access.Room = context["room"]
    return {
        "room": room,
        "id": id_,
        "name": room.names.name(id_),
        "number": hidden(room.names.number(id_)),
        "known": room.knows(id_),
    }
