"""Personal names, as bylines print them."""

from __future__ import annotations

import re

HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
"""Inside a character class: ideographs, with the extensions that names such as 㛃 and 𬭎 come from."""

SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑谢罗梁宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶"
    "黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳"
    "管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查"
    "麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸"
    "雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利于呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由雒"
    "張劉陳楊黃趙吳孫馬鄭謝羅許韓馮鄧蕭葉蘇魏呂盧鍾譚陸汪範賈韋鄒閆龍賀顧龔萬錢嚴湯溫齊喬龐顏莊聶魯歐關蘭紀單塗駱藍華饒時農簡車項連蘆麥婁竇黨宮費衛應閔鄔邊師欒榮叢鞏遲鄺談樂儲勞滿聞厲區閻"
)
"""First characters of the family names that all but a few Chinese bear, in both scripts, and of the double ones."""

_DOUBLE = frozenset(
    ("欧阳 歐陽 司马 司馬 诸葛 諸葛 上官 皇甫 夏侯 东方 尉迟 令狐 慕容 司徒 端木 公孙 公孫 长孙 宇文 轩辕").split()
)

# They begin like a family name, and stand alone on a line or in brackets as names do.
_WORDS = frozenset(
    (
        "全文完 时政 時政 时评 時評 时事 時事 时尚 时间 時間 文化 文旅 文体 文史 文教 文章"
        " 国际 國際 国内 國內 党建 黨建 党政 简讯 简介 簡介 方志 金融 金句 商务 商業 商业"
        " 房产 房產 汽车 车市 安全 农业 農業 农村 平安 都市 门户 单位 單位 言论 关注 關注"
        " 关闭 關閉 常识 项目 項目 连载 連載 来源 來源 宣传 強国 牛市 高端 高层 高教 于此"
        " 成果 成都 常德 安徽 江苏 江西 广告 景区 国企 国资 石油 钢铁 车友 花卉 计划 门诊"
        " 易读 牧业 水利 林业 双创 容量 云上 童话 和谐 温馨 明星 明天 万象 万家 应用 宁夏"
        " 金昌 石门 方案 成交 相关 相關 查看 上网 强档 时局 时讯 党务 党刊 高清 高新 印刷"
        " 房地产 农产品 金手指 时间表 未完 来信 余音 高度 简评 简要 单价 温度 单元"
        # Units in the head of a table: （万元）.
        " 万元 万人 万吨 万亩 万户 万套 万台 万件 万个 万次"
        # Halves of headings such as 高标准 严要求.
        " 高标准 高质量 高水平 高效率 高起点 高站位 高品质 高颜值 严要求 严管理 严把关 严督查"
        " 强基础 强产业 强链条 强保障 强服务 强担当 强弱项 明方向 明责任 明目标 解难题 解民忧"
        " 成规模 成链条 成集群 金名片 金招牌 金钥匙 金扁担 富口袋 水更清 景更美 路更宽 安民心"
    ).split()
)
_OFFICES = frozenset(
    "部局办處处科室厅廳委会會院所站网網报報社台臺司组組团團员員家省市县縣区區镇鎮州乡鄉村版页頁图圖文摄攝讯訊电電"
)

_GAP = re.compile(rf"(?<![{HAN}])([{HAN}])[ 　\xa0]{{1,2}}([{HAN}]{{1,2}})(?![{HAN}])")
_NAME = re.compile(rf"(?<![{HAN}·])(?:[{HAN}]{{1,8}}(?:·[{HAN}]{{1,8}})+|[{HAN}]{{2,4}})(?![{HAN}·])")
_NOT_NAMES = re.compile(
    "报道|報道|報導|摄影|攝影|摄$|攝$|供图|供圖|整理|编辑|編輯|来源|來源|时间|時間|发布|發佈|发表|發表"
    "|整合|综合|綜合|编译|編譯|策划|策劃|制图|製圖|图文|文图|采访|采写|采寫|剪辑|出品"
    "|查看|返回|更多|点击|全文|关注|订阅|微信|微博|登录|分享|收藏|举报|最新|文章|专栏|主页"
    "|本报|本報|本网|本網|日报|日報|晚报|消息|获悉|獲悉|近日|讯$|訊$|电$|網|网|社$"
    "|受访|受訪|佚名|匿名|不详|不詳|未知|本站|管理员|管理員|单位|單位"
)


def names(text: str) -> tuple[str, ...]:
    """Personal names in a stretch of a byline, blanks inside a name taken out.

    >>> names("沈 芷  邓 栩")
    ('沈芷', '邓栩')
    >>> names("覃绍安、毛以宁 欧阳㛃")
    ('覃绍安', '毛以宁', '欧阳㛃')
    """
    found = (match[0] for match in _NAME.finditer(_GAP.sub(r"\1\2", text)))
    return tuple(dict.fromkeys(name for name in found if not _NOT_NAMES.search(name)))


def is_person(text: str) -> bool:
    """Whether words that nothing introduces are a personal name: a family name, and no office, place or common word.

    >>> [is_person(text) for text in ("石 㛃", "欧阳若曦", "时政", "商务局", "大招商")]
    [True, True, False, False, False]
    """
    text = _GAP.sub(r"\1\2", text.strip(" 　\xa0"))
    return (
        2 <= len(text) <= 3 + (text[:2] in _DOUBLE)
        and (text[0] in SURNAMES or text[:2] in _DOUBLE)
        and text[-1] not in _OFFICES
        and text not in _WORDS
        and names(text) == (text,)
    )
