"""The 56 nationalities of China (民族) by the names of GB/T 3304-1991, and what registers write beside them.

Facts of a national standard; written with or without 族. A name that is not here is asked back, because a slip such as
汗族 would otherwise count as a minority.
"""

from __future__ import annotations

HAN = "汉族"
_NAMES = """
汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 柯尔克孜 土
达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲
门巴 珞巴 基诺
""".split()
NATIONALITIES = {written: name + "族" for name in _NAMES for written in (name, name + "族")}
OTHERS = {word: word for word in ("其他", "穿青人", "革家人", "未识别民族", "外国血统中国籍人士")}


def read(word: str) -> str:
    """The full name of the nationality ``word`` stands for; ``KeyError`` when it is none."""
    return NATIONALITIES.get(word) or OTHERS[word]
