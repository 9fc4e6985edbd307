"""A root as a short code that people can read out, write down and type in (根码): words and numbers, Chinese or English.

A group is 20 bits of the root: a word for the first 8, four digits for the other 12. Both languages have the same numbers
and the same word list in the same order, so that either can be checked by either. Six groups are 120 bits of the root:
whoever wanted two histories with one code would have to try about 2**60 of them (docs/decisions/0016).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from fourgates.errors import Refused

GROUPS: Final = 6
_BITS = 20
_CHINESE: Final = (
    "马牛羊猪狗猫鸡鸭鹅兔虎狼熊鹿象猴鼠蛇龙鱼虾蟹龟鸟鹰鹤燕鸽蜂蝶蚕蛙松柏竹梅兰菊荷桃梨杏柳杨桑桂枫榆茶麦稻豆瓜葱蒜姜椒枣橘柿葵苗叶花"
    "草林棉麻藤菌苔山水江湖海泉井溪潮浪岛岸沙石土泥田谷峰崖洞天日月星云雨雪风雷电雾霜冰露虹火烟灰光影金银铜铁锡钢玉珠煤盐糖油蜜酒醋粥"
    "饼面蛋肉奶纸墨笔砚书画诗歌琴鼓笛钟锣家屋门窗墙瓦砖梁桥路街城村塔亭庙园仓灶床桌椅灯烛锁镜碗盘杯壶锅刀勺篮箱袋伞扇帽鞋衣布丝针线绳"
    "网船帆车轮犁锄镰斧锯钉尺秤旗弓箭盾印手足头眼耳口牙心骨红黄蓝绿白黑紫东西南北春夏秋冬晨夜年友农工兵医师童舟枕钩匙筷梯筐毯鞭剑棋球"
)
_ENGLISH: Final = """
horse ox sheep pig dog cat hen duck goose rabbit tiger wolf bear deer elephant monkey mouse snake dragon
fish shrimp crab turtle bird eagle crane swallow dove bee butterfly silkworm frog pine cypress bamboo
plum orchid daisy lotus peach pear apricot willow poplar mulberry laurel maple elm tea wheat rice bean
melon onion garlic ginger pepper date orange persimmon sunflower seedling leaf flower grass forest
cotton hemp vine mushroom moss mountain water river lake sea fountain well brook tide wave island shore
sand stone soil mud field valley peak cliff cave sky sun moon star cloud rain snow wind thunder
lightning fog frost ice dew rainbow fire smoke ash light shadow gold silver copper iron tin steel jade
pearl coal salt sugar oil honey wine vinegar porridge cake noodle egg meat milk paper ink pen inkstone
book painting poem song zither drum flute bell gong home house door window wall tile brick beam bridge
road street city village tower pavilion temple garden barn stove bed table chair lamp candle lock mirror
bowl plate cup kettle pot knife spoon basket box bag umbrella fan hat shoe coat cloth silk needle thread
rope net boat sail cart wheel plough hoe sickle axe saw nail ruler balance flag bow arrow shield stamp
hand foot head eye ear mouth tooth heart bone red yellow blue green white black purple east west south
north spring summer autumn winter morning night year friend farmer worker soldier doctor teacher child
canoe pillow hook key chopstick ladder crate carpet whip sword chess ball
""".split()
_NUMBER = {word: number for words in (_CHINESE, _ENGLISH) for number, word in enumerate(words)}
_GROUP = re.compile(r"(?P<word>[a-z]+|[^\W\da-z])[\W_]*(?P<number>[0-9]{4})(?![0-9])[\W_]*")


def spell(root: bytes, *, english: bool = False, groups: int = GROUPS) -> str:
    """The code of ``root``: ``松2031 江0017 …``, or ``pine-2031 river-0017 …``; at most 12 groups."""
    said = []
    for group in _groups(root)[:groups]:
        word, number = group >> 12, group & 0xFFF
        said.append(f"{_ENGLISH[word]}-{number:04d}" if english else f"{_CHINESE[word]}{number:04d}")
    return " ".join(said)


def read(text: str) -> tuple[int, ...]:
    """The groups of a code as typed, in either language, whatever stands between them; ``Refused`` (R.12) for what is none."""
    typed = unicodedata.normalize("NFKC", text).lower().strip()
    groups: list[int] = []
    at = 0
    while at < len(typed):
        found = _GROUP.match(typed, at)
        if found is None or found["word"] not in _NUMBER or int(found["number"]) > 0xFFF:
            raise Refused(
                "R.12", "根码第{group}组读不懂：{text}", group=len(groups) + 1, text=typed[at : at + 20]
            )
        groups.append(_NUMBER[found["word"]] << 12 | int(found["number"]))
        at = found.end()
    if not groups:
        raise Refused("R.12", "没有写根码")
    return tuple(groups)


def differing(text: str, root: bytes) -> int:
    """The number of the first group typed that is not the root's, 0 where all are; ``Refused`` (R.12) as ``read``."""
    ours = _groups(root)
    for number, group in enumerate(read(text), start=1):
        if number > len(ours) or group != ours[number - 1]:
            return number
    return 0


def _groups(root: bytes) -> list[int]:
    """The root in groups of 20 bits, from the first bit; what is left over at its end belongs to none."""
    number, bits = int.from_bytes(root, "big"), 8 * len(root)
    return [number >> (bits - end) & ((1 << _BITS) - 1) for end in range(_BITS, bits + 1, _BITS)]
