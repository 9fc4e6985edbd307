"""What vetting needs (考察): letters and replies, the sheet of checks, the joint review, the inspection material."""

from __future__ import annotations

from collections.abc import Sequence

from fourgates.i18n import mark
from fourgates.papers import sentences
from fourgates.papers.documents.ground import Ground, day, ended, listing, short_day, span, spelt
from fourgates.papers.documents.kind import Kind, county, sent_up
from fourgates.papers.template import Value, Values

OUTCOMES = {
    "met": "通过",
    "not_met": "未通过",
    "pending": "待定",
    "no_answer": "没有结果",
    "not_applicable": "不适用",
}


def _departments(ground: Ground) -> Sequence[str]:
    return ground.plan.integrity.departments


def _people(ground: Ground) -> list[str]:
    """Everybody sent up in surname-stroke order."""
    return ground.rolls.order(ground.report.people)


def _letter(ground: Ground, department: str) -> Values:
    """Only what a department needs to know whom it is asked about; the number only where the plan says so. Where it was asked
    in the record, those persons and that day."""
    numbered = department in ground.plan.integrity.numbers_to
    asked = ground.facts.asked.get(department)
    people = [id_ for id_ in _people(ground) if asked is None or id_ in asked.people]
    words = ground.plan.integrity.opinions.words()
    return {
        "部门": department,
        "人数": str(len(people)),
        "考察时间": span(ground.plan.windows.vetting),
        "回函截止": day(asked.due if asked else ground.plan.windows.vetting.last),
        "意见": "".join(f"“{word}”" for word in words),
        "选项": tuple(words),
        "要号码": "是" if numbered else "",
        "人选": [
            {
                "序号": str(number),
                "姓名": ground.rolls.entry(id_).name,
                "姓名列": ground.printed(id_),
                "性别": ground.sex(id_),
                "单位职务": ground.details(id_).post,
                "党委": ground.short[ground.person(id_).committee],
                "号码": f"\n{ground.details(id_).number}" if numbered else "",
                "选项": tuple("□" for _word in words),
            }
            for number, id_ in enumerate(people, start=1)
        ],
    }


def _checks(ground: Ground, _subject: str) -> Values:
    checks = ground.plan.integrity.checks
    rows: list[dict[str, Value]] = []
    for number, id_ in enumerate(_people(ground), start=1):
        results = ground.facts.checks.get(id_, {})
        judged = ground.person(id_).judged.integrity
        bars = {one.bar for one in checks} & set(judged.bars)
        pending = [one.name for one in checks if one.name in judged.pending]
        said = []
        for one in checks:
            found = results.get(one.name)
            word = found.word if found else ""
            said.append(f"{word} {found.day.month}.{found.day.day}" if word and found and found.day else word)
        rows.append(
            {
                "序号": str(number),
                "姓名": ground.printed(id_),
                "党委": ground.short[ground.person(id_).committee],
                "结果": tuple(said),
                "结论": listing(bars, "") or ("未完成" if pending else "通过"),
            }
        )
    return {
        "人数": str(len(rows)),
        "核查时间": span(ground.plan.windows.vetting),
        "核查项": tuple(one.name for one in checks),
        "人选": rows,
        "通过数": str(sum(row["结论"] == "通过" for row in rows)),
        "未完成数": str(sum(row["结论"] == "未完成" for row in rows)),
        "否决数": str(sum(row["结论"] not in ("通过", "未完成") for row in rows)),
    }


def _joint(ground: Ground, _subject: str) -> Values:
    rule = ground.plan.integrity
    signs: dict[str, str] = {}
    for words, marks in (
        (rule.opinions.clear, "√○◇"),
        (rule.opinions.objection, "×"),
        (rule.opinions.open, "？"),
        (rule.opinions.not_applicable, "—"),
    ):
        for at, word in enumerate(words):
            signs[word] = marks[at] if at < len(marks) else word
    answers = {
        (opinion.person, department): opinion.word
        for department, opinions in ground.facts.replies.items()
        for opinion in opinions
    }
    rows: list[dict[str, Value]] = []
    for number, id_ in enumerate(_people(ground), start=1):
        given = [answers.get((id_, department), "") for department in rule.departments]
        against, silent = sum(word in rule.opinions.objection for word in given), given.count("")
        still = sum(word in rule.opinions.open for word in given)
        rows.append(
            {
                "序号": str(number),
                "姓名": ground.printed(id_),
                "党委": ground.short[ground.person(id_).committee],
                "意见": tuple(signs.get(word, "") for word in given),
                "结论": f"{against}个有影响"
                if against
                else f"{silent + still}个未定"
                if silent + still
                else "同意",
            }
        )
    return {
        "人数": str(len(rows)),
        "部门": tuple(rule.departments),
        "部门数": str(len(rule.departments)),
        "回函数": str(sum(department in ground.facts.replies for department in rule.departments)),
        "未回函": listing((one for one in rule.departments if one not in ground.facts.replies), ""),
        "图例": "　".join(f"{sign}{word}" for word, sign in signs.items()) + "　空格为未答复",
        "人选": rows,
    }


def _inspection(ground: Ground, id_: str) -> Values:
    one, plan = ground.person(id_), ground.plan
    details, assessed = ground.details(id_), ground.facts.assessments.get(id_)
    results = ground.facts.checks.get(id_, {})
    replies = [
        {"部门": finding.requirement, "意见": finding.evidence or "未答复", "日期": short_day(finding.day)}
        for finding in one.judged.integrity.findings
        if finding.rule == "8.4"
    ]
    clear = sum(row["意见"] in plan.integrity.opinions.clear for row in replies)
    other = [
        f"{row['部门']}“{row['意见']}”" for row in replies if row["意见"] not in plan.integrity.opinions.clear
    ]
    said = [
        sentences.finding(finding, plan).zh
        for finding in (*one.judged.standard_findings, *one.judged.integrity.findings)
        if finding.outcome in ("not_met", "pending", "no_answer")
    ]
    return {
        "姓名": ground.bare(id_),
        "性别": ground.sex(id_),
        "民族": details.nationality,
        "出生": spelt(details.birth),
        "学历": details.education,
        "入党": spelt(details.joined),
        "单位职务": details.post or None,
        "党支部": ground.facts.roster().members[id_].branch,
        "党委": one.committee,
        "类别": listing(tag for tag in one.tags if tag not in plan.structure.roster_tags),
        "支部数": str(one.line.branches),
        "推荐党员数": str(one.line.members),
        "事迹": ground.merits(id_) or None,
        "事实依据": ended(ground.rolls.text(assessed.evidence)) if assessed else None,
        "评价": [
            {"项目": name, "等次": assessed.ratings[at] if assessed else None}
            for at, name in enumerate(plan.standard.ratings)
        ],
        "条件": "、".join(
            f"{condition.label}{'具备' if assessed.conditions[at] else '不具备'}"
            for at, condition in enumerate(plan.standard.conditions)
        )
        if assessed
        else None,
        "测评发出": str(assessed.issued) if assessed else None,
        "测评收回": str(assessed.returned) if assessed else None,
        "认可": str(assessed.recognised) if assessed else None,
        "不认可": str(assessed.not_recognised) if assessed else None,
        "弃权": str(assessed.abstained) if assessed else None,
        "核查": [
            {
                "项目": check.name,
                "结果": results[check.name].word if check.name in results else None,
                "日期": short_day(results[check.name].day) if check.name in results else None,
            }
            for check in plan.integrity.checks
        ],
        "部门数": str(len(replies)),
        "无影响数": str(clear),
        "其他意见": listing(other, ""),
        "处分": _sanctions(ground, id_),
        "标准关": OUTCOMES[one.judged.standard],
        "廉洁关": OUTCOMES[one.judged.integrity.outcome],
        "认定日": day(plan.judged_on),
        "问题": "；".join(said),
        "否决情形": listing(one.judged.integrity.bars, ""),
    }


def _sanctions(ground: Ground, id_: str) -> str | None:
    """Punishments in the register, ``None`` where none has come in."""
    if ground.facts.sanctions is None:
        return None
    own = [one for one in ground.facts.sanctions if one.person == id_]
    return listing((f"{day(one.approved)}批准的{one.kind}处分" for one in own), "没有处分记录")


KINDS = (
    Kind("letter", mark("征求意见函"), mark("每个部门"), _departments, _letter, places=(_LETTER := {
        "部门": "the department", "人数": "persons asked about", "考察时间": "days of vetting",
        "回函截止": "last day to answer",
        "意见": "the words it may answer with", "选项": "the same, one a column",
        "要号码": "empty unless the plan gives it numbers",
        "人选.序号": "number", "人选.姓名": "name", "人选.姓名列": "name as lists print it", "人选.性别": "sex",
        "人选.单位职务": "post", "人选.党委": "committee", "人选.号码": "citizen number, where the plan says so",
        "人选.选项": "a box for each answer, one a column",
    })),
    Kind("reply", mark("回函"), mark("每个部门"), _departments, _letter, places=_LETTER),
    Kind("checks", mark("四必核查表"), mark("全县"), county, _checks, places={
        "人数": "persons sent up", "核查时间": "days of vetting", "核查项": "the checks, one a column",
        "人选.序号": "number", "人选.姓名": "name", "人选.党委": "committee", "人选.结果": "result and day, one a column",
        "人选.结论": "what follows", "通过数": "passed", "未完成数": "not finished", "否决数": "barred",
    }),
    Kind("joint-review", mark("联审意见表"), mark("全县"), county, _joint, signed=True, places={
        "人数": "persons sent up", "部门": "the departments, one a column", "部门数": "how many",
        "回函数": "how many answered",
        "未回函": "those that did not; empty when all did", "图例": "what the signs mean",
        "人选.序号": "number", "人选.姓名": "name", "人选.党委": "committee", "人选.意见": "signs, one a column",
        "人选.结论": "what follows",
    }),
    Kind("inspection", mark("考察材料"), mark("每名上报人选"), sent_up, _inspection, places={
        "姓名": "name", "性别": "sex", "民族": "nationality", "出生": "month of birth", "学历": "education",
        "入党": "month of joining", "单位职务": "post", "党支部": "branch", "党委": "committee", "类别": "tags borne",
        "支部数": "branches behind", "推荐党员数": "members behind", "事迹": "merits the branches wrote",
        "事实依据": "facts the assessors wrote", "评价.项目": "what is rated", "评价.等次": "the rating",
        "条件": "conditions held or not", "测评发出": "forms issued", "测评收回": "returned", "认可": "recognised",
        "不认可": "not", "弃权": "abstained", "核查.项目": "a check", "核查.结果": "its result", "核查.日期": "its day",
        "部门数": "departments asked", "无影响数": "of these, nothing against",
        "其他意见": "other answers; empty without any",
        "处分": "punishments in the register", "标准关": "outcome of the standard gate", "廉洁关": "of the integrity gate",
        "认定日": "the day judged for", "问题": "what is not met or open; empty without any",
        "否决情形": "bars; empty without any",
    }),
)  # fmt: skip
