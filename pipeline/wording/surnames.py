"""Chinese surnames and the titles that follow them, by characters and by sound."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from pipeline.wording.pinyin import fold, syllables

# The hundred most frequent surnames and the rarer ones of the classic list that callers carry.
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜"
    "崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊"
    "葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝"
    "路游辛靳欧阳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿"
    "桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕"
    "楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁"
    "芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由"
)
# Names of the classic list that few carry. Their sounds are other surnames' and common words', so only the
# character tells them.
RARE_SURNAMES = (
    "訾厍仉丌钭佴宓逄郤滑郇郗荀羿麴汲邴糜隗仰暴韶蓟怀鄂咸籍苍莘贡扶堵宰郦璩濮寿郏宦鱼慎庾暨殳沃蔚夔融"
    "毋乜巢蒯竺桓缑郈琴墨谯笪伯赏眭昌鄞禚綦郄妫砀郸乇"
)
COMPOUND_SURNAMES = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "司徒",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "夏侯",
)
TITLES = ("先生", "女士", "小姐")
# Words that stand before a bare title; their sound may equal a surname's (问 and 文, 位 and 魏).
NOT_SURNAMES = frozenset("位问的是好啊嗯对哦那这吗呢吧了您你我他她们请下说给和跟叫为让因谢")


@lru_cache(maxsize=8192)
def sounds(text: str) -> tuple[str, ...]:
    """Folded syllables, one per Han character."""
    return tuple(fold(s) for s in syllables(han(text)))


def han(text: str) -> str:
    """Return only the Han characters."""
    return re.sub(r"[^\u4e00-\u9fff]", "", text)


@cache
def surname_sounds() -> frozenset[str]:
    """Folded sounds of all surnames of one character."""
    return frozenset(sounds(surname)[0] for surname in SURNAMES)


def surname_of(name: str) -> str:
    """Return the surname of a name: two characters where they are a compound surname."""
    return name[:2] if name.startswith(COMPOUND_SURNAMES) else name[:1]
