"""The member's page and what it loads (页面): small files sent from memory, with no script inline.

The style stands in the page, so that a slow phone paints after one answer, and the policy allows this style alone, by its digest.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from functools import cache
from hashlib import sha256
from html import escape
from importlib import resources
from string import Template

from fourgates import i18n
from fourgates.box.question import Question
from fourgates.i18n import _, mark

Headers = list[tuple[bytes, bytes]]
CHINA = timezone(timedelta(hours=8))


@cache
def _file(name: str) -> bytes:
    return resources.files("fourgates.box").joinpath("page", name).read_bytes()


STYLE = _file("page.css").decode()
SAFE: Headers = [
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'sha256-%b'; connect-src 'self'; manifest-src 'self'; "
        b"worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        % b64encode(sha256(STYLE.encode()).digest()),
    ),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-cache"),
    (b"vary", b"accept-encoding, accept-language"),
]
_KINDS = {
    "/page.js": b"text/javascript; charset=utf-8",
    "/worker.js": b"text/javascript; charset=utf-8",
}
# What stands on the page itself.
STANDING = {
    "larger": mark("大字"),
    "aloud": mark("读给我听"),
    "route": mark("要上门的党员"),
    "code_title": mark("输入编码"),
    "code_text": mark(
        "编码在发给您的纸条上，共16位，也可以写成它下面的16个汉字；大小写、空格和横线都不要紧。"
    ),
    "code": mark("编码"),
    "plain": mark("这部手机的浏览器不能运行脚本：请在下面写上推荐人的姓名，再提交。"),
    "go": mark("进入"),
    "sso": mark("用单位账号登录"),
    "me": mark("您的名册信息"),
    "wrong": mark("名册信息有误"),
    "says": mark("哪里有误，应当是什么"),
    "send": mark("告诉党支部"),
    "conditions": mark("推荐条件"),
    "bars": mark("有下列情形的，一律不作考虑"),
    "read": mark("我已经看过，开始推荐"),
    "name": mark("推荐人选"),
    "find": mark("按姓名或拼音首字母查找（不填则列出本党支部党员）"),
    "written": mark("名册上没有的，写上姓名"),
    "add": mark("加上"),
    "chosen": mark("已经选的"),
    "satisfied": mark("您对推荐工作是否满意？（不记名）"),
    "look": mark("下一步：核对"),
    "sure": mark("请核对"),
    "secret": mark("提交以后，谁也看不到您推荐了谁；管理人员只知道您已经参加。"),
    "hand_in": mark("提交"),
    "back": mark("返回修改"),
    "done": mark("已经收到"),
    "receipt": mark("您的回执，只有您有，请记下或者截图："),
    "tag": mark("推荐箱公布以后，您的那一份列在这个号码下："),
    "protects": mark(
        "凭回执可以查到自己的那一份有没有被改动或者漏计。它不能防止别人逼您出示屏幕；请单独填写，不要把回执给别人。"
    ),
    "print": mark("打印"),
    "next": mark("下一位党员"),
    "posted": mark("公布事项"),
    "foot": mark("本页不记录您的网络地址和具体时刻，不留下登录信息。"),
}
# What the script says.
SPOKEN = {
    "offline": mark("没有网络。您的选择还在，请稍后再提交。"),
    "failed": mark("没有成功，请再试一次。"),
    "who": mark("姓名"),
    "branch": mark("党支部"),
    "committee": mark("党（工）委"),
    "joined": mark("入党时间"),
    "closed": mark("推荐已经截止"),
    "used": mark("这个编码已经用过，您已经参加推荐"),
    "most": mark("最多推荐{most}人，也可以一个不推荐。"),
    "full": mark("最多推荐{most}人，请先去掉一个。"),
    "found": mark("找到{count}人，列出{shown}人"),
    "drop": mark("去掉"),
    "nobody": mark("没有推荐任何人"),
    "satisfied": mark("满意度："),
    "recorded": mark("您的推荐已经放进推荐箱。"),
    "changed": mark("您的推荐已经改好，原来的一份作废。"),
    "already": mark("这一份先前已经收到，没有重复计算。"),
    "noted": mark("已经转给党支部核实。"),
    "waiting": mark("有{count}份密封在这部手机里，有网络时自动送达；请不要清除浏览器数据。"),
    "handed": mark("上门记录：没有等待送达的推荐。"),
    "sealed": mark("您的推荐已经密封，上门人员看不到，也改不了。"),
    "mistyped": mark("编码应为16位，请再核对纸条。"),
    "visit": mark("上门推荐：请党员出示纸条，输入上面的编码"),
    "insecure": mark("上门推荐要用加密的网址（https）打开本页。"),
}


def _listed(items: Iterable[str]) -> str:
    return "".join(f"<li>{escape(item)}</li>" for item in items)


def _paragraphs(items: Iterable[str]) -> str:
    return "".join(f"<p>{escape(item)}</p>" for item in items)


def front(question: Question, language: i18n.Language, *, sso: bool = False) -> bytes:
    """The page for ``question`` in ``language``; ``sso``: whether members may sign in with an account they have."""
    with i18n.speaking(language):
        closes = datetime.fromisoformat(question.closes).astimezone(CHINA)
        somebody = escape(_("推荐人"))
        written = "".join(
            f'<p><label>{somebody} {number}<br><input name="written" maxlength="20"></label></p>'
            for number in range(1, question.names_at_most + 1)
            if question.write_in
        )
        options = "".join(
            f'<label><input type="radio" name="satisfaction" value="{escape(option)}">{escape(option)}</label>'
            for option in question.satisfaction
        )
        content = Template(_file("page.html").decode()).substitute(
            {f"w_{key}": escape(_(sentence)) for key, sentence in STANDING.items()},
            style=STYLE,
            sso=f'<p><a class="main" href="/sso">{escape(_(STANDING["sso"]))}</a></p>' if sso else "",
            lang="zh-Hans" if language == "zh" else "en",
            other="en" if language == "zh" else "zh",
            w_other="English" if language == "zh" else "中文",
            title=escape(question.title),
            unit=escape(question.unit),
            until=escape(_("截止时间")),
            closes=question.closes,
            closes_local=closes.strftime("%Y-%m-%d %H:%M"),
            conditions=_listed(question.conditions),
            bars=_listed(question.bars),
            posted=_paragraphs(question.posted or (_("目前没有公布事项。"),)),
            plain_names=written,
            plain_satisfaction=options,
            words=json.dumps(
                {key: _(sentence) for key, sentence in SPOKEN.items()}, ensure_ascii=False
            ).replace("<", "\\u003c"),
        )
    return content.encode()


def page(path: str, question: Question, *, sso: bool = False) -> tuple[int, Headers, bytes]:
    """Status, headers and content for what a browser asks for by GET."""
    if path == "/":
        return (
            200,
            [(b"content-type", b"text/html; charset=utf-8"), *SAFE],
            front(question, i18n.spoken(), sso=sso),
        )
    if path in _KINDS:
        return 200, [(b"content-type", _KINDS[path]), *SAFE], _file(path[1:])
    if path == "/page.webmanifest":
        said = {"name": question.title, "short_name": _("推荐"), "start_url": "/", "display": "standalone"}
        return 200, [(b"content-type", b"application/manifest+json"), *SAFE], json.dumps(said).encode()
    return 404, [(b"content-type", b"text/plain; charset=utf-8"), *SAFE], _("没有这一页").encode()


def told(outcome: str, receipt: str, tag: str) -> bytes:
    """The answer to a page without scripts."""
    yours, under, protects = (STANDING[key] for key in ("receipt", "tag", "protects"))
    lines = [_(SPOKEN[outcome]), _(yours), receipt, _(under), tag, _(protects)]
    return _simple(_("已经收到"), _paragraphs(lines))


def sorry(sentence: str) -> bytes:
    """A refusal for a page without scripts."""
    back = escape(_("返回"))
    return _simple(_("没有收到"), f'<p class="wrong">{escape(sentence)}</p><p><a href="/">{back}</a></p>')


def _simple(title: str, inside: str) -> bytes:
    language = "zh-Hans" if i18n.spoken() == "zh" else "en"
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>'
        f"<body><main><h1>{escape(title)}</h1>{inside}</main></body></html>"
    ).encode()
