"""What the interface says of itself (接口说明): OpenAPI in English; every parameter and every answer told, with examples.

The types say what comes and goes; here stands what types cannot say. Nothing in an example is anybody's: they are made from
``SAYS``, field by field, so that they are as described and cannot grow old.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from fourgates import i18n
from fourgates.i18n import mark

ABOUT: Final = """\
The selections of an installation, for programs. Make a token on the page *My account*; it is shown once and good for ninety days.
Send it as `Authorization: Bearer …`: it has the rights of its owner, and what a page would not show is 404.

- `at=N` asks as of entry N of the record; without it, as of now.
- A rule's no is 409 with the number of the rule and its sentence, in the language of `Accept-Language` (zh or en).
- `Idempotency-Key` makes a repeated request the same one; used for something else, it is 409 (K.5).
- Lists come in pages: `limit` (100, at most 1000) and `offset`; a page shorter than `limit` is the last.
- Citizen numbers come in, and go out only in files that the pages hand out too; each of those is noted with who fetched it.
"""
TAGS: Final = {
    "read": mark("现在怎样"),
    "meetings": mark("会议"),
    "list": mark("名单"),
    "departments": mark("征求意见"),
    "workbooks": mark("表册"),
    "act": mark("提名报送、删除个人信息"),
    "boxes": mark("推荐箱"),
    "keeping": mark("检查点、保存期"),
}
PERSON, UNIT = "3f9a61c2d0b84e7795a1c06e", "8c1f0a2b3d4e"
PLACES: Final = {
    "s": ("The short name of the selection, as in the addresses of its pages.", "xian2022"),
    "figures": ("The key of a figure, as `overview` lists them.", "members"),
    "rules": ("The number of a rule.", "2.5"),
    "committees": ("The key of a committee, as `committees` lists them.", UNIT),
    "branches": ("The key of a branch, as `branches` lists them.", UNIT),
    "units": ("The key of a committee or a branch.", UNIT),
    "people": ("The id of a person in the record.", PERSON),
    "concerns": ("The id of a person sent up.", PERSON),
    "departments": ("The name of a department, as `clocks` lists them.", "纪检监察"),
    "meetings": ("The name of a meeting, as `meetings` lists them.", "20220328-a25721"),
    "notices": ("The name of a notice, as `notices` lists them.", "1"),
    "cases": ("The name of a case, as the cases of its notice list them.", "7c21d4"),
    "papers": ("The number of an upload, as handing it in told it.", 7),
    "documents": ("The key of a kind of document, as `documents` lists them.", "process"),
    "{kind}": ("The key of what the document is about, as `documents` lists them.", UNIT),
}
"""The parameter in a path that follows such a part: what it is, and an example."""
ASKED: Final = {
    "file": "02 党员名册/某镇党委.xlsx", "state": "faulty",
    "at": 120, "limit": 100, "offset": 0, "after": 0, "of": UNIT, "person": [PERSON], "Idempotency-Key": "2022-03-24-0001",
}  # fmt: skip
ANSWERS: Final = {
    "401": (
        "No token, or none that is good.",
        {"rule": "", "why": "a token is needed: Authorization: Bearer …"},
    ),
    "404": ("There is no such thing for the owner of the token.", {"rule": "", "why": "not found"}),
    "409": ("A rule's no: its number, and a sentence.", {"rule": "3.1", "why": "到会人数不能多于应到人数"}),
    "422": (
        "What was sent is not as described here.",
        {"rule": "", "why": "body.told.sittings: Field required"},
    ),
    "413": ("Too large to be read at all.", {"rule": "F.8", "why": "太大了：一次最多64兆"}),
    "204": ("Done; there is nothing to tell.", None),
}
SAYS: Final[Mapping[str, object]] = {
    "answer": "已当面答复", "about": "某镇党委", "at": "2022-03-24T08:00:00Z", "bar": "档案有问题",
    "branch": "某村党支部", "broken": ["10.2"], "by": "某县委组织部", "case": "7c21d4",
    "category": "廉洁自律", "changed": "", "channel": "参加会议", "clock": "正在公示，还剩3天",
    "column": "出生日期", "committee": "某镇党委", "conflict": [], "county": "某县", "days": "2022-03-24",
    "decided": [PERSON], "department": "纪检监察", "explanations": ["同一天补录"], "figure": "standard",
    "file": "02党员名册/某镇党委.xlsx", "ground": "依法要求删除", "grounds": ["依法要求删除", "误录"],
    "head": "9f2c41d07be3", "heading": "出生日期", "new": "1985-03-02", "old": "1985-03", "number": "629921***********X",
    "how": "参加会议", "id": PERSON, "items": ["推荐提名"], "join": [PERSON],
    "key": UNIT, "kind": "branch", "label": "党员参与率", "last": "没有接", "leave": [PERSON],
    "meeting": "", "mend": "改正后再交", "merit": "实干", "missing": ["09集体研究.xlsx"], "name": "王某",
    "note": "", "notes": ["xian2022\n12\n…"], "notice": "1", "open": "", "outcome": "met", "owner": "李某",
    "person": PERSON, "place": "会议室", "policy": "log …\nquorum none\n", "proposed": "参加会议", "rate": "4/5", "read": "1985",
    "reason": "核对名册", "rule": "2.5", "said": "", "says": "党员参与率不低于五分之四", "sector": "乡镇",
    "sentence": "某村党支部报送了推荐提名", "slug": "xian2022", "source": "某村党支部", "state": "done",
    "station": "提名", "step": "集体研究", "strength": "must", "tag": "妇女", "tags": ["妇女"],
    "text": "通过名单", "time": "09:00", "title": "党代表推荐提名", "unit": "某镇党委",
    "units": ["某村党支部"], "what": "登记参与", "where": "https://select.example/s/xian2022/papers/7/",
    "who": "张某", "why": "到会人数不能多于应到人数", "word": "没有问题", "wrong": "不是日期",
}  # fmt: skip
"""What fields of text say in examples; numbers, days and answers to yes or no say the same everywhere."""
PLAIN: Final[Mapping[str, object]] = {
    "integer": 3,
    "boolean": False,
    "date": "2022-03-24",
    "date-time": "2022-03-24T08:00:00Z",
}


class Described(NinjaAPI):
    """The interface with its description made whole."""

    def spoken(self) -> OpenAPISchema:
        """The description as the types make it, its sentences still in Chinese."""
        return super().get_openapi_schema()

    def get_openapi_schema(self, **where: Any) -> OpenAPISchema:
        """The description, every operation told in full."""
        found = super().get_openapi_schema(**where)
        known = found["components"]["schemas"]
        for path, method, one in operations(found):
            one["summary"] = i18n.translate(one["summary"], "en")
            _asked(path, one.get("parameters", []))
            for kind in one.get("requestBody", {}).get("content", {}).values():
                if "$ref" in kind["schema"]:
                    kind["example"] = example(kind["schema"], known)
            for status, answer in one["responses"].items():
                _told(str(status), answer, known, method)
        found["tags"] = [
            {"name": name, "description": i18n.translate(said, "en")} for name, said in TAGS.items()
        ]
        return found


def operations(schema: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every operation of a description: path, method, what is said of it."""
    for path, methods in schema["paths"].items():
        for method, one in methods.items():
            yield path, method, one


def _asked(path: str, parameters: list[dict[str, Any]]) -> None:
    """Tell every parameter: those in the path by the part before them."""
    parts = path.split("/")
    for one in parameters:
        if one["in"] == "path":
            one["description"], one["example"] = PLACES[parts[parts.index(f"{{{one['name']}}}") - 1]]
        else:
            one["description"] = one["schema"].pop("description", one.get("description", ""))
            one["example"] = ASKED[one["name"]]


def _told(status: str, answer: dict[str, Any], known: Mapping[str, Any], method: str) -> None:
    """Tell an answer: what it means, and an example of it."""
    kinds = answer.get("content", {})
    if len(kinds) > 1:
        del kinds["application/json"]  # a file; the type of the answer makes it JSON besides
    content = kinds.get("application/json")
    if status in ANSWERS:
        answer["description"], said = ANSWERS[status]
        if content is not None:
            content["example"] = said
    elif content is not None:
        answer["description"] = "What was asked for." if method == "get" else "What came of it."
        content["example"] = example(content["schema"], known)


def example(schema: Mapping[str, Any], known: Mapping[str, Any], name: str = "") -> object:
    """A value as ``schema`` describes it, out of ``known`` schemas, for the field ``name``."""
    if "$ref" in schema:
        one = known[schema["$ref"].rpartition("/")[2]]
        return {field: example(kind, known, field) for field, kind in one["properties"].items()}
    if "anyOf" in schema:
        return example(schema["anyOf"][0], known, name)
    said = SAYS.get(name)
    match schema["type"]:
        case "array" if "prefixItems" in schema:
            return [example(kind, known, name) for kind in schema["prefixItems"]]
        case "array":
            plain = isinstance(said, list) and "$ref" not in schema["items"]
            return said if plain else [example(schema["items"], known, name)]
        case "string" if "format" not in schema:
            return said if isinstance(said, str) else name
    return PLAIN[schema.get("format", schema["type"])]
