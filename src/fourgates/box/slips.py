"""Slips and route sheets for printing (纸条、路线单): four slips to an A4 with cut lines, one page that needs no network.

A code stands here and nowhere else in the open: print, cut, hand out, and delete the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape
from importlib import resources
from typing import NamedTuple

import segno

from fourgates import i18n
from fourgates.box import codes
from fourgates.box.pages import CHINA
from fourgates.box.question import Question, Visitor
from fourgates.i18n import _

EACH = 4


class Slip(NamedTuple):
    """One member's slip: name, branch, code."""

    name: str
    branch: str
    code: str


def until(question: Question) -> str:
    """The end of the box on the clock of China."""
    return datetime.fromisoformat(question.closes).astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def picture(text: str) -> str:
    """``text`` as a QR code, drawn as SVG and named for whoever cannot see it."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(
        border=2, svgclass=None, lineclass=None, omitsize=True
    )
    return f'<div class="qr" role="img" aria-label="{escape(_("二维码"))}">{drawn}</div>'


def sheet(question: Question, address: str, slips: Sequence[Slip]) -> str:
    """The page of all slips, four to an A4; ``address``: where the members' page is reached."""
    pages = (slips[at : at + EACH] for at in range(0, len(slips), EACH))
    title = _("推荐纸条")
    head = f'<h1 class="screen">{escape(title)}</h1>'
    return _page(title, head + "".join(_four(question, address, page) for page in pages))


def _four(question: Question, address: str, slips: Iterable[Slip]) -> str:
    return f'<div class="four">{"".join(_slip(question, address, slip) for slip in slips)}</div>'


def _slip(question: Question, address: str, slip: Slip) -> str:
    says = {
        "title": question.title,
        "name": slip.name,
        "branch": slip.branch,
        "how": _(
            "用手机扫一扫，或者打开上面的网址，输入编码，写字母或者写汉字都行。最多推荐{most}人。"
        ).format(most=question.names_at_most),
        "address": address,
        "code": codes.shown(slip.code),
        "words": codes.words(slip.code),
        "until": _("截止 {until}").format(until=until(question)),
        "secret": _("编码只能用一次，请不要给别人看。丢了可以到党支部换，原来的作废。"),
    }
    said = {key: escape(text) for key, text in says.items()}
    return (
        f'<section class="slip"><h2>{said["title"]}</h2><p class="who"><b>{said["name"]}</b> {said["branch"]}</p>'
        f'{picture(f"{address}#{slip.code}")}<p class="code">{said["code"]}</p>'
        f'<p class="words">{said["words"]}</p><p class="address">{said["address"]}</p><p>{said["how"]}</p>'
        f'<p><b>{said["until"]}</b></p><p class="small">{said["secret"]}</p></section>'
    )


def route(question: Question, address: str, visitor: Visitor, code: str) -> str:
    """A route sheet: the visitors' own QR code, and a line with a place to sign for each member to visit."""
    says = (_("姓名"), _("到访日期"), _("已参加"), _("没有参加的原因"), _("党员签名或者按印"))
    heads = "".join(f"<th>{escape(said)}</th>" for said in says)
    rows = "".join(
        f"<tr><td>{escape(name)}</td><td></td><td>□</td><td></td><td></td></tr>" for name in visitor.route
    )
    told = _(
        "两人同去。先请党员看推荐条件，再把手机交给党员自己选、自己提交；不要代选，不要看。没有网络也能用，回来有网络时自动送达。"
    )
    names = _("上门人员：{names}").format(names="、".join(visitor.names))
    inside = (
        f'<section class="route"><h1>{escape(_("上门路线单"))}</h1><p>{escape(question.title)} '
        f"{escape(visitor.committee)}</p><p>{escape(names)}</p>"
        f'{picture(f"{address}#visit-{code}")}<p class="code">{codes.shown(code)}</p>'
        f'<p class="words">{codes.words(code)}</p>'
        f"<p>{escape(told)}</p><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></section>"
    )
    return _page(_("上门路线单"), inside)


def _page(title: str, inside: str) -> str:
    style = resources.files("fourgates.box").joinpath("page", "slips.css").read_text(encoding="utf-8")
    language = "zh-Hans" if i18n.spoken() == "zh" else "en"
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width">'
        f"<style>{style}</style></head><body><main>{inside}</main></body></html>"
    )
