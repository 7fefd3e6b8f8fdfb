"""Clean Chinese prose: the sample articles recombined, and sentences in the classical style."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from typing import Literal

from benchmarks.faults.mirrors import FOLDED
from benchmarks.faults.spoiled import given

SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤"
    "花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹麴逄亓仉佴郄隗訾"
    "逯爨夔昝嬴妫"
)
RARE = (
    "喆堃淼焱垚犇骉龑翀彧婧媖珺琤璟璘瑨瑀玥珩瑄赟昶晟旻昉昕炜烨煜熠燊燚镕鑫铄锴镔鋆浠湉淏渼濛瀚澍洺沄泓翊翎翾羿骞"
    "骐骥勍勖劼郗郯邡邳鄞鄄鄱郫郾邙邗涿濮漯漷溧溱滁滏澧澴瀍泾洺汨汾沂沭沔泗瓯甪蓥蕲薹莒苜菏葭芗荥荻茌嵊岫崂崃崆崤"
    "嵩巘峄岢峨嶂堌圪圩坨埇埌塬墉鎏浏睢盱盩眙穰黟黔歙歆"
)
PLACES = (
    "亳州 涡阳 郴州 婺源 黟县 歙县 甪直 瓯海 涿州 邳州 睢宁 盱眙 溧阳 鄞州 嵊泗 蕲春 浠水 监利 "
    "澧县 汨罗 耒阳 荥阳 漯河 濮阳 单县 莘县 茌平 莒南 鄄城 牟平 瓦房店 珲春 桦甸 鄂伦春 "
    "额济纳旗 巴彦淖尔 乌鲁木齐 喀什 伽师 若羌 且末 米脂 绥德 吴堡 洛川 旬邑 鄠邑 盩厔 邛崃 郫都 "
    "犍为 珙县 筠连 阆中 綦江 涪陵 酉阳 秭归 "
).split()
_HEROES = "邑人 太守 山翁 舟子 樵者 老吏 客 里正 僧 塾师 县令 渔父".split()
_DEEDS = "筑堤 凿渠 掘井 种桑 修桥 藏书 织席 酿酒 养蚕 开荒 垦田 立塾".split()
_TIMES = "永丰三年 是岁大旱 春二月 秋九月既望 淫雨旬日 岁在甲子 其明年 腊月朔".split()
_SAYINGS = "水利者民之命也 不积细流无以成渠 与民约三事而已 吾非好劳不得已也 田不可一日无水 此非一人之力".split()
_ENDINGS = "民至今赖之 邑人歌之 遂成沃野 众皆叹服 乃勒石以记 闻者莫不感泣 商旅辐辏 仓廪始实".split()


@cache
def _paragraphs(script: Literal["hans", "hant"]) -> tuple[str, ...]:
    texts = (each.hans if script == "hans" else each.hant for each in given())
    return tuple(line for text in texts for line in text.split("\n"))


def news(script: Literal["hans", "hant"]) -> Callable[[random.Random], str]:
    """Articles of paragraphs out of the sample, in new company."""

    def make(chance: random.Random) -> str:
        return "\n".join(chance.choices(_paragraphs(script), k=12))

    return make


def folded(chance: random.Random) -> str:
    """News whose punctuation was made ASCII, as it stays."""
    return news(chance.choice(("hans", "hant")))(chance).translate(FOLDED)


def classical(chance: random.Random) -> str:
    """Prose in the classical style, with and without quotation marks."""
    lines = []
    for _ in range(14):
        pick = chance.choice
        saying = pick(_SAYINGS)
        said = pick((f"曰：“{saying}。”", f"曰：「{saying}。」", f"曰{saying}。", f"曰：“{saying}？！”"))
        lines.append(
            f"{pick(_TIMES)}，{pick(_HEROES)}某{pick(_DEEDS)}于{pick(PLACES)}之野，众弗信也。{said}"
            f"或问其故，对曰：“非汝所知。”“然则奈何？”“{pick(_DEEDS)}而已。”{pick(_ENDINGS)}。"
        )
    return "\n".join(lines)


def names(chance: random.Random) -> str:
    """Lists of people with rare given names, and of places that few can read."""
    people = [chance.choice(SURNAMES) + "".join(chance.choices(RARE, k=chance.choice((1, 2)))) for _ in range(120)]
    rows = [people[start : start + 8] for start in range(0, 120, 8)]
    spaced = "　".join(name if len(name) > 2 else f"{name[0]}　{name[1]}" for name in rows[0])
    return "\n".join(
        [
            "与会人员名单",
            spaced,
            *("、".join(row) + "。" for row in rows[1:8]),
            *(" ".join(row) for row in rows[8:]),
            "考察地点：" + "、".join(chance.sample(PLACES, 20)) + "。",
        ]
    )
