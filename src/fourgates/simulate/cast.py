"""Invented people (虚构人员): names from common characters, numbers that no living person can have.

Citizen numbers have a right check digit but an area code that no place was ever given: the second pair of digits is
99 and GB/T 2260 has no prefecture 99 in any province. Mobile numbers are counted up from 199 0000 0001, so they say
nothing of anyone; landlines begin 0000-, which no telephone can dial.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from fourgates.identity import check_digit

AREAS = ("629921", "629921", "629921", "629927", "629903", "619927", "519924", "629912")
FAR_AREA = "659923"
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
DOUBLE_SURNAMES = ("司马", "上官", "欧阳", "尉迟")
MEN = "伟强军磊勇杰涛斌波辉刚健明亮平志文华建国新生民永东海龙飞鹏德成忠义祥彦全旺贵林峰超宏兴振学良"
WOMEN = "芳娟敏静丽艳霞秀兰英玲梅红燕云雪莉萍琴慧彩月香巧珍淑菊爱凤莹婷琳娜洁玉桂花春蓉倩"
RARE = ("𬱖", "䶮", "堃", "𠮷", "㛃")
FAR_NAMES = (
    ("阿依古丽", "赛力克", "古丽娜尔", "巴合提", "叶尔肯", "玛依拉"),
    ("买买提", "木拉提", "艾力", "努尔兰", "吐尔逊", "哈力克"),
)
MINORITIES = ("回族", "回族", "回族", "藏族", "藏族", "东乡族", "土族", "蒙古族")
SCHOOLING = ("小学", "初中", "高中", "中专", "大专", "大学", "研究生")
TOWNSHIP_JOBS = (
    "农民",
    "农民",
    "农民",
    "农民",
    "村党支部书记",
    "村医",
    "小学教师",
    "个体经营",
    "公益性岗位",
    "合作社社员",
)
DIRECT_JOBS = (
    "公务员",
    "专业技术人员",
    "专业技术人员",
    "企业工人",
    "工人",
    "事业单位人员",
    "离退休人员",
    "一般干部",
)
AWAY = ("浙江省义乌市", "广东省东莞市", "江苏省昆山市", "新疆石河子市", "陕西省西安市", "福建省晋江市")


@dataclass(frozen=True)
class Person:
    """One invented party member (党员) as the roster will show it.

    ``joined`` and ``confirmed`` are dates, the latter None for a probationary member; ``stopped`` is 停止党籍.
    """

    number: str
    name: str
    woman: bool
    nation: str
    born: date
    schooling: str
    branch: str
    joined: date
    confirmed: date | None
    job: str
    telephone: str
    away: str
    infirm: bool
    stopped: bool

    @property
    def minority(self) -> bool:
        """Whether the person belongs to a national minority 少数民族."""
        return self.nation != "汉族"


class Cast:
    """Invents people one after another; no citizen number is given twice. ``today`` is the reference date."""

    def __init__(self, rng: Random, today: date) -> None:
        self._rng = rng
        self._today = today
        self._numbers: set[str] = set()
        self._met = 0

    def number(self, born: date, woman: bool, far: bool = False) -> str:
        """A citizen number nobody has: unassigned area, the birth date, a sequence of the right parity, check digit."""
        while True:
            area = FAR_AREA if far else self._rng.choice(AREAS)
            sequence = self._rng.randrange(500) * 2 + (0 if woman else 1)
            first = f"{area}{born:%Y%m%d}{sequence:03d}"
            number = first + check_digit(first)
            if number not in self._numbers:
                self._numbers.add(number)
                return number

    def name(self, woman: bool, far: bool = False) -> str:
        """A name of two or three characters, or with a middle dot; namesakes occur, as they do."""
        rng = self._rng
        if far:
            return "·".join(rng.choice(part) for part in FAR_NAMES)
        surname = rng.choice(DOUBLE_SURNAMES) if rng.random() < 0.008 else rng.choice(SURNAMES)
        if rng.random() < 0.004:
            return surname + rng.choice(RARE)
        given = WOMEN if woman else MEN
        return surname + "".join(rng.choice(given) for _ in range(1 if rng.random() < 0.35 else 2))

    def member(
        self,
        branch: str,
        *,
        township: bool,
        woman: bool | None = None,
        minority: bool | None = None,
        probationary: bool = False,
        stopped: bool = False,
        prime: bool = False,
    ) -> Person:
        """One member of ``branch``; ``prime`` asks for working age and good health, as a nominee has."""
        rng = self._rng
        woman = rng.random() < 0.28 if woman is None else woman
        minority = rng.random() < 0.05 if minority is None else minority
        far = minority and rng.random() < 0.15
        youngest, oldest = (28, 59) if prime else (20, 34) if probationary else (22, 88)
        born = self._today - timedelta(days=rng.randrange(youngest * 366, oldest * 365))
        if probationary:
            joined, confirmed = self._today - timedelta(days=rng.randrange(20, 300)), None
        else:
            joined = self._day_between(_years(born, 19), self._today - timedelta(days=500))
            confirmed = _years(joined, 1)
        age = (self._today - born).days // 365
        self._met += 1
        return Person(
            number=self.number(born, woman, far),
            name=self.name(woman, far),
            woman=woman,
            nation=("哈萨克族" if far else rng.choice(MINORITIES)) if minority else "汉族",
            born=born,
            schooling=rng.choice(SCHOOLING[: 5 if township else 7][0 if township else 3 :]),
            branch=branch,
            joined=joined,
            confirmed=confirmed,
            job=rng.choice(TOWNSHIP_JOBS if township else DIRECT_JOBS),
            telephone=f"199{self._met:08d}",
            away=rng.choice(AWAY) if not prime and age < 60 and rng.random() < 0.08 else "",
            infirm=age >= 75 and rng.random() < 0.7,
            stopped=stopped,
        )

    def _day_between(self, first: date, last: date) -> date:
        return first + timedelta(days=self._rng.randrange(max(1, (last - first).days)))


def _years(day: date, years: int) -> date:
    """The same day ``years`` later; 29 February falls back to the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
