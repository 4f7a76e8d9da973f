"""Courtesies as people say them: thanks and apologies that call for an answer, goodbyes, polite requests."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

Courtesy = Literal["thanks", "apology", "praise"]

# Occasions that may pass without an answer of their own: see ``replies.why_not_owed``.
COURTESY_CONDITIONS = frozenset(
    {"customer_thanks", "customer_apologises", "customer_praises", "customer_appreciates"}
)
YOU = r"(?:你们|您们|大家|姑娘|小伙子|师傅|老师|大夫|你|您)+"
VERY = r"(?:真是?|太|很|特别|非常|挺|蛮|这么|那么|超级?|实在)"
CALLED = (
    r"姑娘|小姑娘|丫头|闺女|小伙子|小伙|小妹|妹子|大姐|大哥|小哥|美女|帅哥|师傅|老师|大夫|医生|客服|同志|孩子"
)
SAID: Mapping[Courtesy, re.Pattern[str]] = {
    "thanks": re.compile(
        r"谢谢|多谢|感谢|谢[啦了过您]|拜谢|感激|感恩|唔该(?!讲|问)|"
        rf"(?:麻烦|辛苦|有劳|劳烦|难为|受累){YOU}(?:了|啦|喽|咯|哈|嘞)(?!解)|(?:辛苦|有劳)[了啦]|(?:有劳|劳驾|辛苦)(?:有劳|劳驾|辛苦)|"
        r"(?:让|叫|给)(?:你|您|你们|您们)(?:们)?(?:费心|受累|操心|费神)|"
        r"(?:多亏|幸亏|亏得|好在|全靠)(?:了|有|是)?(?:你|您|姑娘|小伙子|师傅|大夫|老师)|"
        r"帮(?:了)?(?:我|我们|俺|俺们)?(?:个|一个|了)?大忙|\bthank(?:s| you)\b|\bappreciate (?:it|that|your)",
        re.IGNORECASE,
    ),
    "apology": re.compile(
        r"对不[起住]|抱歉|不好意[思死四丝]|对唔住|过意不去|(?:多多?|请)(?:包涵|担待)|见谅|"
        r"(?:别|不要|莫|甭)(?:见怪|介意|怪我|跟我(?:一般)?计较|往心里去)|(?<![你您们])(?:怪|赖)我(?![们干做吗咯喽])|我的(?:错|不是|不对)|"
        r"是我(?:自己)?(?:没(?:看|听|说|讲|弄|搞|想|记|注意|留意|仔细|写|填|考虑)|(?:看|听|说|记|弄|搞|写|填|想|认)(?:错|岔|混)|不对|糊涂|误会)|"
        r"(?:错怪|误会)(?:你|您)|\b(?:sorry|my apologies|my (?:bad|fault|mistake))\b",
        re.IGNORECASE,
    ),
    "praise": re.compile(
        rf"(?:态度|服务|业务|素质)(?:都|还|也|可)?{VERY}(?:的)?(?:好|棒|不错|周到|专业|热情|到位|熟练|高|"
        rf"没得说)|"
        rf"(?:你|您|姑娘|小伙子|小姑娘|美女|帅哥|客服)(?:的|人|们|这个?人|说话|讲得?|解释得?|可|都|还)*{VERY}"
        r"(?:有)?(?:好(?![意多几久不像了点听看奇笑样])|棒|专业|耐心|热情|细心|周到|贴心|负责|厉害|靠谱|"
        r"客气|礼貌)|"
        rf"(?:你|您|{CALLED})(?:这|那|个|位|的|人|们|家|可|都|还)*(?:说话|讲话)(?:都|也|还|可)?{VERY}?(?:真|也|还|挺)?"
        r"(?:好听|中听|和气|客气|温柔|有礼貌|让人舒服)(?!一?[点些])|(?:你|您)们?(?:说话|讲话|解释得?|讲得|说得)真(?:是)?(?:清楚|明白|到位)|"
        rf"(?:你|您|{CALLED})(?:这|那|个|位|的|人|们|家|丫头|孩子)*(?:办事|做事|干活|处理得?|反应|效率)(?:都|也|还|可)?{VERY}"
        r"(?:好|快|高|利索|麻利|利落|爽快|痛快|漂亮|靠谱|认真|不错)|"
        rf"(?:你|您)(?:这|那)(?:个|位)?(?:{CALLED})(?:人)?(?:真是?|太|很|特别|挺|蛮)(?:好|不错|行|棒|懂事|热心|能干)(?![意多几久不像点看奇笑样])|"
        r"(?<![不没我])(?:真是?|太|挺|可真|够)(?:有)?(?:热心|贴心|暖心|靠谱|给力|周到|敬业|细心|耐心|负责任)|"
        r"(?:没想到|想不到|没料到)(?:你们|这次|您们)?.{0,4}(?:这么|那么)(?:快|好(?!几|多|久)|方便|周到|专业|热情)|比我想(?:的|象的?)(?:还|要|还要)*(?:快|好)|"
        r"(?:表扬|夸夸?|赞扬)(?:一下|一个)?(?:你|您)|(?:给|为)(?:你|您|你们|您们)(?:点|打)?个?(?:赞|好评|"
        r"五星|满分)|"
        r"赞一个|"
        rf"服务(?:态度)?(?:一流|没(?:得|话)说)|you(?:'re| are|'ve been| have been) (?:so |very |really )?"
        r"(?:helpful|kind|great|patient|nice)",
        re.IGNORECASE,
    ),
}
# Words that only look like the courtesy: thanks declined, a wish not to be apologised to.
NOT_SAID: Mapping[Courtesy, re.Pattern[str]] = {
    "thanks": re.compile(
        r"不用谢谢?|不谢|别谢|不用说谢谢|谢绝|谢天谢地|no,? thanks?|"
        r"(?:不|别|不用|不想|不再)(?:再)?(?:麻烦|辛苦|劳烦)(?:你|您)们?了?|"
        r"(?:麻烦|辛苦|劳烦|有劳)(?:你|您)(?:们)?了[^，。！？,.!?]{0,4}(?:很久|多久|几|半天|这么|那么|吗)",
        re.IGNORECASE,
    ),
    "apology": re.compile(
        r"(?:不|又不|难道|是不|也|还|能|都)(?:是|能)?(?:怪|赖)我(?:们|吗|咯|喽|了)|(?:不|难道|能|还)(?:是|能)?(?:怪|赖)我|(?:怪|赖)我[？?吗咯喽]|"
        r"不是我|(?:是不是|难道是|莫非是)我|(?:是我|我的)[^，。！？,.!?]{1,8}(?:吗|还是|[？?])|"
        r"不用(?:说)?(?:对不起|抱歉)|(?:说|讲|一)(?:一)?(?:声|个|句)?(?:对不起|抱歉)|道歉|"
        r"(?:对不起|抱歉|不好意思)(?:就|有什么用|有用|能|顶)|对不起(?:我|你|您|人|客户|老)"
    ),
    "praise": re.compile(r"(?:不|没|不够|不太|不怎么|要是|应该|希望|能不能)[^，。！？,.!?]{0,4}$"),
}
# Excuse me: the word opens a request, or asks to have something said again.
EXCUSE_ME = re.compile(
    r"请问|我?想|我要|帮我|给我|要(?:再)?(?:问|请教|咨询|确认|查|看|麻烦)|问(?:一)?下|打扰(?!(?:到?(?:你|您)(?:们)?)?了)|麻烦(?:你|"
    r"您)(?!了|啦)|能不能|可不可以|可以.{0,12}吗|"
    r"能.{0,12}吗|听(?:不)?(?:清|见|到|懂)|没听|没明白|再(?:说|讲|报)|什么|怎么|哪|谁|吗|[?？]|"
    r"\b(?:could|can|what|pardon|again|repeat)\b",
    re.IGNORECASE,
)
DISMAY = re.compile(
    r"(?:哎[呀哟]|啊呀|唉[呀哟]?|\boops)[，,。！!\s]*(?:真|真是|实在|太|很|非常)?$", re.IGNORECASE
)
LOOKING_BACK = re.compile(r"刚才|刚刚|半天|这么久|[怪赖]我|(?:问|说|讲|打)(?:了)?(?:[您你])?(?:这么|那么)多")
# Whom an apology is said to, after the word.
VOCATIVE = re.compile(
    rf"^(?:啊|呀|哈|了|哦)*(?:{CALLED}|兄弟|哥们儿?|朋友|老弟|你们?|您)+(?:啊|呀|哈|了|哦)*$"
)
ASKS_FOR = re.compile(
    r"我?想|我要|帮我|给我|能不能|可不可以|可以.{0,12}吗|能.{0,12}吗|麻烦(?:你|您)(?!了|啦)|请问|重新"
)
# What a customer is sorry for.
FAULT = re.compile(
    r"(?:看|记|听|说|弄|搞|打|写|填|点|算|拿|按|拨|认|念|报|买|订|选|输|转|怪)错|是我(?:的错|的问题|不对|"
    r"没|太|自己)|"
    r"我(?:的错|不对|没(?:看|注意|接|听到|说清|讲清|带|弄|搞)|忘|太(?:急|冲|激动)|(?:有点)?(?:急|激动)了)|"
    r"(?:刚才|刚刚|之前|上次).{0,8}(?:急|冲|重|凶|激动|火|吼|骂|脾气|态度|没接|开会|开车|忙|挂)|"
    r"(?:话|语气|口气|态度).{0,4}(?:重|冲|不好|急|凶)|脾气|发火|冲(?:你|您)|吼(?:你|您)|错怪|误会|耽误|"
    r"嗓门|眼花|糊涂|虚惊|笑话|乌龙|大惊小怪|添乱|耳背|啰嗦|唠叨|变卦|反悔|改主意|爽约|失约|是我.{0,2}没|[怪赖]我|误会|过意不去|"
    r"跟着跑|(?:让|害)[你您][^，。！？,.!?]{0,4}(?:跑|等|忙)|记性|打扰(?:到)?[您你]们?(?:这么|半天)|(?:老|总|尽|净|一直|又)麻烦[你您]|"
    r"打扰(?:到?(?:你|您)(?:们)?)?了(?=[，,。！啊哈呀]*(?:$|对不|不好意|抱歉))|喝(?:多|高|醉)了|别生气|(?:问|说|讲|打|来|麻烦)(?:得|的)(?:有点|有些|太|好|比较|这么|那么)(?:多|久|晚|急|细)|"
    r"(?:按|照|从|在)(?:网上|地图|名片|单子|百度|导航)[^，。！？,.!?]{0,4}(?:查|找|看|搜)|(?:看|拨|听)(?:成|岔|串)|"
    r"久等|白跑|让(?:你|您)们?.{0,2}(?:费心|为难|受累|操心|费神)|等(?:我)?(?:半天|这么久)|"
    r"麻烦(?:你|您|你们)了|添麻烦|忘(?:了|记)|没接|弄混|搞混|迟(?:到|了)|晚了|来晚|占(?:用)?.{0,4}时间|"
    r"my (?:fault|mistake|bad)|(?:wrong number)|i (?:forgot|missed|was)",
    re.IGNORECASE,
)
END = "，。！？；、,.!?;… 啊呀哈哦了呢嘛"
GOODBYE = re.compile(r"再见|拜拜|再会|\b(?:good)?bye\b", re.IGNORECASE)

SENTENCE_END = "。！？；.!?;"
REQUEST = re.compile(
    r"(?<![申邀聘])请(?![假客示])|麻烦(?:您|你)|劳驾|(?:好|可以|行)吗|\bplease\b", re.IGNORECASE
)
POLITE = re.compile(
    r"(?<![申邀聘])请(?![假客示])|麻烦|劳驾|抱歉|对不起|不好意思|谢谢|感谢|[为替]您|好吗|可以吗|"
    r"\b(?:please|sorry)\b",
    re.IGNORECASE,
)
RUDE = re.compile(
    r"(?<![您你])挂了(?!以?后|之后|再|重)|别烦|烦死|烦不烦|完没完|没完没了|废话|少啰?嗦|爱(.)不\1|"
    r"不关我|关我什么|随(?:便)?(?:你|您)|(?:赶紧|赶快)挂|就这(?:个)?态度"
)


@lru_cache(maxsize=4096)
def last_said(courtesy: Courtesy, text: str) -> re.Match[str] | None:
    """Return the last words of that courtesy in the text, or None.

    An apology is none where it opens a request (不好意思，请问…): it names what the customer is sorry for, or
    stands at the end of what they say.
    """
    if courtesy == "praise":
        found = [m for m in SAID["praise"].finditer(text) if not NOT_SAID["praise"].search(text[: m.start()])]
    else:
        masked = NOT_SAID[courtesy].sub(lambda m: "□" * len(m.group()), text)
        found = list(SAID[courtesy].finditer(masked))
    if courtesy == "apology":
        found = [m for m in found if _is_apology(m, text)]
    return found[-1] if found else None


def asks_for_something(text: str) -> bool:
    """Whether a customer's words ask for something to be done."""
    return ASKS_FOR.search(text) is not None


def last_courtesy(text: str) -> re.Match[str] | None:
    """Return the last words of any courtesy that calls for an answer, or None."""
    found = [m for courtesy in SAID if (m := last_said(courtesy, text)) is not None]
    return max(found, key=lambda m: m.end(), default=None)


def _is_apology(word: re.Match[str], text: str) -> bool:
    rest = VOCATIVE.sub("", text[word.end() :].strip(END))
    excuse = EXCUSE_ME.search(re.split(r"[，。！？；,.!?;]", rest)[0]) is not None
    if FAULT.search(text) or (not excuse and DISMAY.search(text[: word.start()])):
        return True
    return EXCUSE_ME.search(text) is None and (not rest or LOOKING_BACK.search(text) is not None)


def says_goodbye(text: str) -> bool:
    """Whether the speaker takes leave."""
    return GOODBYE.search(text) is not None


def asks_politely(quote: str, text: str) -> bool:
    """Whether the words quoted are part of a polite request: of a sentence with 请, 麻烦 or 好吗."""
    at = text.find(quote)
    if at < 0:
        return REQUEST.search(quote) is not None
    start = max(text.rfind(mark, 0, at) for mark in SENTENCE_END) + 1
    stops = [p for mark in SENTENCE_END if (p := text.find(mark, at + len(quote))) >= 0]
    return REQUEST.search(text[start : min(stops, default=len(text))]) is not None


def is_polite(text: str) -> bool:
    """Whether words of courtesy are said and nothing that brushes the other off."""
    return POLITE.search(text) is not None and RUDE.search(text) is None
