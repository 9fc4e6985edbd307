"""Templates of vetting, of forms for one person, and of the list with its posting."""

from __future__ import annotations

from fourgates.papers.stationery import Cell, Paper, Row, label, small, words

SEALED = "\n\n\t（盖章）　　＿＿＿＿年＿＿月＿＿日　　"
VOTED = "{{会议日期}}集体研究，应到委员{{应到}}名，实到{{实到}}名，同意{{同意}}票、不同意{{不同意}}票、弃权{{弃权}}票。"


def letter() -> Paper:
    """征求意见函."""
    paper = Paper("征求意见函")
    paper.letter_head("{{单位}}")
    paper.title("关于征求{{代表}}\n推荐人选意见的函")
    paper.say("")
    paper.addressed("{{部门}}部门（单位全称：＿＿＿＿＿＿＿＿）：")
    paper.say(
        "按照{{代表}}推荐提名工作要求，现就附件所列{{人数}}名推荐人选征求你们的意见。请根据职责范围内掌握的情况逐人研究，在回函表上从{{意见}}中选择一项；"
        "“不适用”的写明依据，有情况的另附说明。没有查到记录与没有异议不同，请分别写明。"
    )
    paper.say(
        "请于{{回函截止}}前将回函表由主要负责人签名、加盖公章后密封送达。逾期未回的，按没有答复处理，不视为同意。名单和回函内容请严格保密，用后退回或销毁。"
    )
    paper.annexes(["推荐人选名单", "回函表"])
    paper.undersigned("{{单位}}")
    paper.contact()
    paper.annex(1, "推荐人选名单", "（{{人数}}名，按姓氏笔画为序）")
    paper.form(
        (12, 44, 14, 44, 42),
        [
            Row(
                [label("序号"), label("姓名"), label("性别"), label("单位及职务"), label("所在党（工）委")], 9
            ),
            Row(
                [
                    "{{人选.序号}}",
                    words("{{人选.姓名列}}{{人选.号码}}"),
                    "{{人选.性别}}",
                    words("{{人选.单位职务}}"),
                    words("{{人选.党委}}"),
                ],
                7,
            ),
        ],
        repeat=1,
    )
    return paper


def reply() -> Paper:
    """回函."""
    paper = Paper("回函")
    paper.small("附件2")
    paper.heading("{{代表}}推荐人选意见回函表")
    paper.unit_line("回函部门：{{部门}}（盖章）", "请于{{回函截止}}前送达")
    paper.form(
        (9, 42, 10, 26, 50, 19),
        [
            Row(
                [small(one, bold=True) for one in ("序号", "姓名", "性别", "单位及职务", "{{选项}}", "说明")],
                10,
            ),
            Row(
                [
                    small("{{人选.序号}}"),
                    small("{{人选.姓名列}}{{人选.号码}}", align="left"),
                    small("{{人选.性别}}"),
                    small("{{人选.单位职务}}", align="left"),
                    small("{{人选.选项}}"),
                    "",
                ],
                6.4,
            ),
        ],
        repeat=1,
    )
    paper.small("填表说明：每人只选一项，在□内打“√”。“不适用”和有情况的，在说明栏写明依据或者另附页。")
    paper.unit_line(
        "主要负责人签名：＿＿＿＿＿＿　经办人：＿＿＿＿", "联系电话：＿＿＿＿＿＿　＿＿＿＿年＿＿月＿＿日"
    )
    return paper


def checks() -> Paper:
    """四必核查表."""
    paper = Paper("四必核查表", landscape=True)
    paper.heading("{{代表}}推荐人选“四必”核查表")
    paper.unit_line("核查单位：{{单位}}", "核查时间：{{核查时间}}")
    paper.form(
        (10, 46, 34, 100, 35),
        [
            Row([small(one, bold=True) for one in ("序号", "姓名", "党（工）委", "{{核查项}}", "结论")], 9),
            Row(
                [
                    small("{{人选.序号}}"),
                    small("{{人选.姓名}}", align="left"),
                    small("{{人选.党委}}", align="left"),
                    small("{{人选.结果}}"),
                    small("{{人选.结论}}"),
                ],
                6.5,
            ),
        ],
        repeat=1,
    )
    paper.fine(
        "共{{人数}}人：通过{{通过数}}人，未完成{{未完成数}}人，有否决情形{{否决数}}人。空格为没有结果，结果后为核查日期（月.日）。干部档案凡提必审，个人有关事项报告凡提必核，纪检监察机关意见凡提必听，线索具体、有可查性的信访举报凡提必查；没有干部档案、不是报告对象的写“不适用”。"
    )
    paper.unit_line(
        "核查人签名：＿＿＿＿＿＿、＿＿＿＿＿＿", "审核人签名：＿＿＿＿＿＿　＿＿＿＿年＿＿月＿＿日"
    )
    return paper


def joint_review() -> Paper:
    """联审意见表."""
    paper = Paper("联审意见表", landscape=True)
    paper.heading("{{代表}}推荐人选部门联审意见表")
    paper.unit_line("{{单位}}", "征求{{部门数}}个部门意见，回函{{回函数}}个")
    paper.form(
        (10, 36, 30, 125, 24),
        [
            Row(
                [
                    small("序号", bold=True),
                    small("姓名", bold=True),
                    small("党（工）委", bold=True),
                    small("{{部门}}", bold=True),
                    small("联审结果", bold=True),
                ],
                12,
            ),
            Row(
                [
                    small("{{人选.序号}}"),
                    small("{{人选.姓名}}", align="left"),
                    small("{{人选.党委}}", align="left"),
                    small("{{人选.意见}}"),
                    small("{{人选.结论}}"),
                ],
                6.5,
            ),
        ],
        repeat=1,
    )
    paper.fine("{{图例}}。共{{人数}}人。")
    paper.fine("{{?未回函}}尚未回函的部门：{{未回函}}。没有回函不视为同意。")
    paper.unit_line("汇总人签名：＿＿＿＿＿＿", "审核人签名：＿＿＿＿＿＿　＿＿＿＿年＿＿月＿＿日")
    return paper


def inspection() -> Paper:
    """考察材料."""
    paper = Paper("考察材料")
    paper.title("{{姓名}}同志考察材料")
    paper.say("")
    paper.ragged(
        "{{姓名}}，{{性别}}，{{民族}}，{{出生}}出生，{{学历}}文化程度，{{入党}}加入中国共产党，现任（现从事）{{单位职务}}，所在党支部为{{党支部}}，"
        "隶属{{党委}}。人选类别：{{类别}}。该同志由{{支部数}}个党支部、{{推荐党员数}}名党员推荐。"
    )
    paper.first("一、主要表现")
    paper.say("党支部推荐时反映的主要事迹：{{事迹}}")
    paper.say("考察了解的事实：{{事实依据}}")
    paper.say("综合表现：＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿")
    paper.first("二、政治标准")
    paper.form(
        (78, 78),
        [Row([label("评价项目"), label("等次")], 9), Row(["{{评价.项目}}", "{{评价.等次}}"], 8)],
        repeat=1,
    )
    paper.say("条件对照：{{条件}}。")
    paper.say(
        "民主测评发出{{测评发出}}张，收回{{测评收回}}张，认可{{认可}}张，不认可{{不认可}}张，弃权{{弃权}}张。"
    )
    paper.first("三、核查和征求意见")
    paper.form(
        (66, 45, 45),
        [
            Row([label("核查项目"), label("结果"), label("日期")], 9),
            Row(["{{核查.项目}}", "{{核查.结果}}", "{{核查.日期}}"], 8),
        ],
        repeat=1,
    )
    paper.say("征求{{部门数}}个部门意见，表示没有影响的{{无影响数}}个。")
    paper.say("{{?其他意见}}其他意见：{{其他意见}}。")
    paper.say("处分情况：{{处分}}。")
    paper.first("四、主要不足")
    paper.say("＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿")
    paper.first("五、认定情况")
    paper.say("以{{认定日}}为准，政治标准关{{标准关}}，廉洁纪律关{{廉洁关}}。")
    paper.say("{{?否决情形}}有否决情形：{{否决情形}}，不作考虑。")
    paper.say("{{?问题}}具体为：{{问题}}。")
    paper.first("六、考察谈话")
    paper.say("谈话＿＿人，其中党员＿＿人、群众＿＿人；谈话对象：＿＿＿＿＿＿＿＿＿＿＿＿＿＿")
    paper.say("考察人签名：＿＿＿＿＿＿、＿＿＿＿＿＿")
    paper.undersigned("＿＿＿＿＿＿考察组")
    return paper


def nomination() -> Paper:
    """推荐表."""
    paper = Paper("推荐表")
    paper.heading("{{代表}}人选推荐表")
    paper.unit_line("推荐单位：{{党委}}", "＿＿＿＿年＿＿月＿＿日")
    paper.form(
        (24, 30, 22, 24, 24, 32),
        [
            Row(
                [label("姓　　名"), "{{姓名}}", label("性　　别"), "{{性别}}", label("民　　族"), "{{民族}}"]
            ),
            Row(
                [
                    label("出生年月\n（年龄）"),
                    "{{出生}}",
                    label("入党时间"),
                    "{{入党}}",
                    label("文化程度"),
                    "{{学历}}",
                ],
                12,
            ),
            Row([label("单位及职务"), words("{{单位职务}}", 3), label("人选类别"), "{{类别}}"], 10),
            Row([label("所在党支部"), words("{{党支部}}", 3), label("身　　份"), "{{身份}}"], 12),
            Row(
                [
                    label("推荐情况"),
                    words("本党（工）委{{支部总数}}个党支部中，{{支部数}}个推荐；推荐党员{{党员数}}名。", 5),
                ],
                10,
            ),
            Row([label("主\n要\n事\n迹"), words("{{事迹}}", 5)], 52),
            Row([label("党支部\n意　见"), words(SEALED, 5)], 25),
            Row([label("党（工）委\n意　　见"), words(f"{VOTED}{SEALED}", 5)], 30),
            Row([label("县　委\n意　见"), words(SEALED, 5)], 27),
        ],
    )
    paper.small("注：本表一式＿＿份。年龄计算到{{基准日}}所在的月。")
    return paper


def registration() -> Paper:
    """登记表."""
    paper = Paper("登记表")
    paper.heading("{{代表}}推荐人选登记表")
    paper.form(
        (25, 27, 20, 20, 20, 20, 24),
        [
            Row(
                [
                    label("姓　　名"),
                    "{{姓名}}",
                    label("性　别"),
                    "{{性别}}",
                    label("民　族"),
                    "{{民族}}",
                    Cell("照\n\n片", 1, 4),
                ]
            ),
            Row([label("曾 用 名"), "", label("籍　贯"), "", label("出 生 地"), ""]),
            Row(
                [
                    label("出生年月\n（年龄）"),
                    "{{出生}}",
                    label("入　党\n时　间"),
                    "{{入党}}",
                    label("参加工\n作时间"),
                    "",
                ],
                12,
            ),
            Row([label("文化程度"), "{{学历}}", label("学　位"), "", label("职　称"), ""]),
            Row([label("单位及职务"), words("{{单位职务}}", 3), label("人选类别"), Cell("{{类别}}", 2)]),
            Row([label("党　支　部"), words("{{党支部}}", 6)]),
            Row([label("身　　份"), words("{{身份}}", 6)], 9),
            Row([label("简　　历"), words("", 6)], 55),
            Row([label("主要事迹"), words("{{事迹}}", 6)], 22),
            Row([label("奖惩情况"), words("", 6)], 16),
            Row(
                [
                    label("推荐情况"),
                    words(
                        "{{支部数}}个党支部、{{党员数}}名党员推荐；{{会议日期}}党（工）委研究，应到{{应到}}名，实到{{实到}}名，同意{{同意}}票、不同意{{不同意}}票、弃权{{弃权}}票。",
                        6,
                    ),
                ],
                13,
            ),
        ],
    )
    paper.new_page()
    paper.form(
        (24, 132),
        [
            Row([label("党支部\n意　见"), words(SEALED)], 36),
            Row([label("党（工）委\n意　　见"), words(SEALED)], 36),
            Row(
                [
                    label("县　委\n意　见"),
                    words("政治标准关{{标准关}}，廉洁纪律关{{廉洁关}}。{{县委研究}}" + SEALED),
                ],
                36,
            ),
            Row([label("市　委\n意　见"), words(SEALED)], 36),
            Row([label("省　委\n意　见"), words(SEALED)], 36),
        ],
    )
    paper.small("注：本表一式两份。年龄计算到{{基准日}}所在的月。")
    return paper


def name_list() -> Paper:
    """名册."""
    paper = Paper("名册", landscape=True)
    paper.heading("{{代表}}推荐人选名册")
    paper.small("{{?待研究}}（建议名单，县委研究决定前不作上报之用）", "center")
    paper.unit_line("填报单位：{{单位}}（盖章）", "（{{人数}}名，按姓氏笔画为序）")
    head = (
        "序号",
        "姓名",
        "出生年月",
        "年龄",
        "入党时间",
        "文化程度",
        "单位及职务",
        "人选类别",
        "身份",
        "所在党（工）委",
    )
    keys = ("序号", "姓名", "出生月", "年龄", "入党", "学历", "单位职务", "类别", "身份", "党委简称")
    left = {"姓名", "单位职务", "身份", "党委简称"}
    paper.form(
        (9, 40, 16, 10, 16, 16, 26, 25, 36, 31),
        [
            Row([small(one, bold=True) for one in head], 9),
            Row([small(f"{{{{人选.{key}}}}}", align="left" if key in left else "center") for key in keys], 6),
        ],
        repeat=1,
    )
    paper.fine("其中{{构成}}；{{类别}}（一人可兼数类）。年龄计算到{{基准日}}所在的月。")
    paper.fine("{{?表外字}}{{表外字}}")
    paper.unit_line("填表人：＿＿＿＿　审核人：＿＿＿＿", "＿＿＿＿年＿＿月＿＿日")
    return paper


def public_notice() -> Paper:
    """公示."""
    paper = Paper("公示")
    paper.title("关于{{代表}}\n推荐人选的公示")
    paper.middle("{{?待研究}}（代拟稿：县委研究决定后张贴）")
    paper.say("")
    paper.say(
        "{{!待研究}}经各级党组织推荐提名、考察核查，{{研究日}}县委集体研究，确定{{人数}}名同志为{{代表}}推荐人选。根据有关规定，现予公示（按姓氏笔画为序）："
    )
    paper.say(
        "{{?待研究}}经各级党组织推荐提名、考察核查，县委集体研究，拟确定{{人数}}名同志为{{代表}}推荐人选。根据有关规定，现予公示（按姓氏笔画为序）："
    )
    paper.ragged(
        "{{人选.姓名单}}，{{人选.性别}}，{{人选.民族}}，{{人选.生于}}出生，{{人选.学历}}文化程度，{{人选.入党年月}}入党，{{人选.单位职务}}。"
    )
    paper.say("公示时间：＿＿＿＿年＿＿月＿＿日至＿＿月＿＿日（＿＿个工作日）。")
    paper.say(
        "公示期间，党员群众可以来信、来电、来访，如实反映公示对象在政治、廉洁、作风等方面存在的问题。反映问题应当实事求是，提倡署真实姓名，"
        "并提供线索；我们对反映人和反映内容严格保密。"
    )
    paper.say("受理单位：＿＿＿＿＿＿＿＿；受理方式：＿＿＿＿＿＿＿＿＿＿＿＿")
    paper.undersigned("{{单位}}")
    return paper


def notice_result() -> Paper:
    """公示情况说明."""
    paper = Paper("公示情况说明")
    paper.title("关于{{代表}}\n推荐人选公示情况的说明")
    paper.middle("{{?待研究}}（代拟稿：公示结束后填写）")
    paper.say("")
    paper.say(
        "按照规定，我们将{{代表}}推荐人选{{人数}}名同志的情况，于＿＿＿＿年＿＿月＿＿日至＿＿月＿＿日（＿＿个工作日），在＿＿＿＿＿＿＿＿进行了公示。"
    )
    paper.say(
        "公示期间，收到来信＿＿件、来电＿＿件、来访＿＿人次，涉及人选＿＿名。调查核实情况：＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿"
    )
    paper.form(
        (12, 58, 24, 62),
        [
            Row([small(one, bold=True) for one in ("序号", "姓名", "反映件数", "核实结论")], 8),
            Row([small("{{人选.序号}}"), small("{{人选.姓名}}", align="left"), "", ""], 6),
        ],
        repeat=1,
    )
    paper.say("特此说明。")
    paper.undersigned("{{单位}}")
    return paper


TEMPLATES = {
    "letter": letter,
    "reply": reply,
    "checks": checks,
    "joint-review": joint_review,
    "inspection": inspection,
    "nomination": nomination,
    "registration": registration,
    "list": name_list,
    "public-notice": public_notice,
    "notice-result": notice_result,
}
