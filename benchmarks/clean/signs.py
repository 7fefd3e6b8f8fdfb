"""Clean texts full of the signs that faults leave behind, too: brackets, question marks, blanks, full-width letters."""

from __future__ import annotations

import random

from benchmarks.clean.chinese import PLACES
from benchmarks.faults.spoiled import given

_SHORT = (
    "PPP kW GDP kWh MW a b c i ii FDI BOT EPC TOD ESG R&D CEO p e g da an he ren hao 1 2 3 A股 "
    "记者张三 下同 见附表 试行 PM2.5 m2 "
).split()
_WORDS = "模式 容量 总值 功率 项目 指标 股份 方案 条件 说明 数据 企业 部门 系统 标准".split()
_QUESTIONS = (
    "谁来接单？！没有人回答。",
    "“真的?!”他又问了一遍。",
    "他反问：“凭什么？！”会场静了下来。",
    "钱从哪里来?地从哪里来?人从哪里来?",
    "“这也算招商？”“不算！”“那算什么？！”",
    "落户的理由?!只有一个：省心。",
    "为什么是这里？！老周想了很久。",
    "行不行?！试过才知道。",
    "效果如何?！“比预想的好。”企业负责人说。",
    "怎么办?“先开工，再补手续？”不行。",
    "这是哪一年的事？?没有人记得。",
    "你说呢?！”他笑了。“我说可以。”",
    "“二期还建吗?”“建。”“什么时候?”“明年。”",
    "结果?！出乎意料。",
)
_POSTS = (
    "有人知道这个园区吗???急急急!!!",
    "求推荐好吃的。。。。谢谢~~~",
    "??? 楼上说的是真的吗 (⊙o⊙)",
    "哈哈哈哈哈哈哈 笑死 XD",
    "什么情况啊？？？？！！！！",
    "顶！！！沙发(^o^)/ 板凳(´･ω･`)",
    "水滚了，烫烫烫！",
    "路过～～～帮顶 ↑↑↑",
    "屏幕上出现“锟斤拷”是什么意思？编码错了呗。",
    "[图片][图片] 看图，价格多少??? 私我",
    "￥￥￥ 优惠3折 @小王 #招商# ～(￣▽￣)～",
    "楼主(lz)威武 MM(美眉)也来 GG(哥哥)也来",
    "?? 问号是什么意思 ??",
)
_ADDRESSES = (
    "详见 https://www.example.com/zs/index.php?id={n}&copy=1&lang=zh&page={m}#top 的说明。",
    "邮箱：zhaoshang{n}@example.gov.cn，传真：0731-{n}（转{m}）。",
    "查询 http://a.example/search?q=%E6%8B%9B%E5%95%86&reg=cn&times={n} 可见结果。",
    "文号：湘政发〔2021〕{m}号；统一社会信用代码 91430100MA4L{n}X。",
    "坐标 28°{m}′N，112°{m}′E，海拔 {n} m，±0.5 ℃。",
    "文件 C:\\招商\\{n}.docx，大小 {m} KB，版本 v{m}.0-beta+{n}。",
    "电话(0731){n}-{m}，时间 2021/03/{m} 10:{m}，票价￥{m}.00/$ {m}.00。",
    "订阅：RSS?feed={n}!&format=xml；二维码?在右侧。",
)
_WIDE = (
    "ＡＢＣ公司第２０２１—{n}号公告：投资额为１２．５亿元，同比增长８％。",
    "（一）２０２０年完成税收３４５６万元；（二）２０２１年预计４０００万元。",
    "联系电话：０７３１—８８８８{n}，传真：０７３１—６６６６{n}。",
    "第１条　本办法自２０１０年１月１日起施行，有效期５年。",
    "参展商：ＫＴＶ设备、ＬＥＤ照明、ＣＡＤ软件等１２３家。",
)
_BULLETS = (
    "●项目名称：智能仓储\n■占地：120亩\n◆联系人：王经理\n★优势：交通便利",
    "①总则②目标③措施　Ⅰ．范围　㈠原则　⑴指标　⒈说明",
    "　　开头空两格，是排版的规矩。\n　　下一段也一样。　　结尾不空。",
    "李　明　　王　芳　　欧阳修远\n主任：　　　　　（签字）　　　年　　月　　日",
    "上一版 下一版\n下一版3月4日见报，上一篇 3篇，第3版 要闻 4版 经济",
    "温度30～35℃，长×宽＝3m×4m，误差≤0.5‰，≈1∶200，√ ×",
    "“双过半”——不是口号……而是‘军令状’；《一号文件》·解读〈上〉",
    "【本报讯】『旧闻』〖新知〗〔2020〕3号 ［附］ ｛略｝ ﹏﹏ ＿＿",
    "音标 [ˈtʃaɪnə]，拼音 āáǎà ōóǒò ēéěè īíǐì ūúǔù ǖǘǚǜü，希腊 αβγδ，俄文 АБВ абв",
    "┌──┬──┐\n│甲│乙│\n├──┼──┤\n│１│２│\n└──┴──┘",
    "\uf0d8 重点任务\n\uf075 时间表：年\ue011内",
    "👨\u200d👩\u200d👧 全家都来看展 👍🏽 🇨🇳 ❤️ ☎ ✔ ✘",
)


def _article(chance: random.Random) -> list[str]:
    return chance.choice(given()).text.split("\n")


def brackets(chance: random.Random) -> str:
    """An article with abbreviations, notes and numbers in brackets, ASCII or not."""
    lines = _article(chance)
    for _ in range(12):
        note = "".join(f"{word}({chance.choice(_SHORT)})" for word in chance.sample(_WORDS, 3))
        lines.insert(chance.randrange(len(lines) + 1), f"其中，{note}另行规定（{chance.choice(_SHORT)}）。")
    return "\n".join(lines)


def questions(chance: random.Random) -> str:
    """An article with real question marks, before and behind quotation marks and exclamation marks."""
    lines = _article(chance)
    for _ in range(10):
        at = chance.randrange(len(lines))
        lines[at] += chance.choice(_QUESTIONS)
    return "\n".join(lines)


def forum(chance: random.Random) -> str:
    """Posts of a forum."""
    return "\n".join(f"{number}楼 {chance.choice(_POSTS)}" for number in range(1, 60))


def addresses(chance: random.Random) -> str:
    """Addresses, numbers, codes."""
    lines = [
        chance.choice(_ADDRESSES).format(n=chance.randint(1000, 9999), m=chance.randint(10, 59)) for _ in range(20)
    ]
    return "\n".join(_article(chance)[:4] + lines)


def full_width(chance: random.Random) -> str:
    """A text that writes its figures and letters full-width throughout."""
    return "\n".join(
        chance.choice(_WIDE).format(n="".join(chance.choices("０１２３４５６７８９", k=4))) for _ in range(40)
    )


def bullets(chance: random.Random) -> str:
    """Signs, bullets, blanks, frames, letters of other scripts."""
    return "\n".join([*chance.sample(_BULLETS, 6), *_article(chance)[:3], chance.choice(PLACES)])
