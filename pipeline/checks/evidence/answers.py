"""What an agent's words are to a question: an answer, a promise, a refusal, a deflection, or nothing yet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from pipeline.call import Utterance
from pipeline.checks.evidence.questions import Wanted, clauses
from pipeline.wording.lexicon import is_acknowledgement
from pipeline.wording.surnames import han, sounds

DIGITS = "0-9零〇一二三四五六七八九十百千万两半"
CONTENT: Mapping[Wanted, re.Pattern[str]] = {
    Wanted.TIME: re.compile(
        rf"[{DIGITS}几多](?:来)?(?:个)?(?:工作日|天|日|号|点|小时|钟头|分钟|秒|月|年|周|星期|礼拜)|"
        r"今[天晚日]|明[天早晚年日]|后天|昨[天晚日]|前天|当[天日]|次日|隔天|马上|立[即刻]|现在|随时|随后|稍[后晚]|"
        r"很快|尽快|月[底初中末]|年[底初]|周[一二三四五六日天末]|星期|礼拜|下个?[月周]|[本这]个?月|[上下]午|"
        r"早上|晚上|中午|凌晨|已经?|刚刚|实时|即时|[0-9]:[0-9]|\b(?:days?|hours?|minutes?|today|tomorrow|"
        r"weeks?|months?|now|soon|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b",
        re.IGNORECASE,
    ),
    Wanted.AMOUNT: re.compile(
        rf"[{DIGITS}.]{{2,}}|[0-9二三四五六七八九十两]|[一半](?:块|元|折|分|倍|半|成)|百分之|免费|免收|减免|全额|原价|"
        r"一半|不(?:另外)?(?:收|扣|用[付交]|要钱|花钱)|没有?(?:手续|任何)?费|无需|按.{0,10}[算收计扣退]|"
        r"\b(?:free|yuan|dollars?|percent)\b",
        re.IGNORECASE,
    ),
    Wanted.PARTY: re.compile(
        r"(?:我们|我方|公司|商家|卖家|平台|店|对方|厂家|您|你|买家|客户|自己|双方|快递|保险|谁)[^，。！？]{0,8}"
        r"(?:出|承担|付|负责|掏|负担|自理)|包邮|包运费|免(?:运)?费|到付|自[付理费]|由.{1,6}(?:出|承担|付|负责)|"
        r"不(?:用|需要)(?:您|你)|\b(?:we|you) (?:pay|cover)\b",
        re.IGNORECASE,
    ),
    Wanted.REPLY: re.compile(r"\w"),
}
# Looking it up, handing it on to someone who will answer, or calling back is an answer for now.
PROMISE = re.compile(
    r"(?:帮|为|给|替)(?:您|你).{0,6}(?:查|看|问|核|咨询|催|转|联系|登记|反馈|记录|申请|处理|确认|解决|办)|"
    r"(?:查询?|核实|核对|确认|咨询|了解|问|看)(?:一)?下|回(?:个)?电|给(?:您|你).{0,4}打|联系(?:您|你)|转接|"
    r"稍等|稍候|短信|通知(?:您|你)|答复(?:您|你)|回复(?:您|你)|专[员人]|"
    r"let me|call you back|check (?:it|that|the)|look into",
    re.IGNORECASE,
)
REFUSAL = re.compile(
    r"不能(?!办就)|不可以|无法|没法|不方便|不行|不支持|没有|还没|暂[时未]|不提供|不可能|取消|未开通|没开通|"
    r"can ?not|can't|unable|not available|don't have",
    re.IGNORECASE,
)
# No answer: not knowing, not hearing, sending away, hitting back.
DEFLECTION = re.compile(
    r"你问我|问谁|不知道|不太?清楚|不晓得|怎么知道|听不[到见清]|没听[清见]|再[说讲]一遍|大声(?:一)?点|^啊[？?]?$|"
    r"^什么[？?]?$|不归.{1,8}管|不关我|关你|不是我的?(?:事|管)|不是我们(?:部门|管|的事|负责)|又不是我|"
    r"[这那](?:个|些)?(?:是|属于|都是).{0,8}(?:部门|公司|单位|科室|领导|他们|别人|人家)的?(?:事|问题|责任)|"
    r"找(?:别人|领导|他们)|(?<![帮给为替][您你])找.{1,8}去(?:$|\W|[问说查办])|"
    r"你(?:自己|去)?(?:看|查|问|找|打).{0,10}去?$|你去|自己(?:看|查|问|去|打)|"
    r"说过了|怎么还问|完没完|爱(.)不\1|别烦|挂了|到底.{1,3}不|就这(?:个)?态度|哪(?:里|儿)?(?:知道|晓得)|没办法|"
    r"(?:i )?don't know|not my (?:job|problem)",
    re.IGNORECASE,
)
# Said only to someone who has asked for something.
REBUFF = re.compile(r"你问我|我问谁|怎么还问|不归.{1,8}管|不是我的事|关你什么事|(?:刚才|已经|都).{0,6}说过了")
POLITE_REPEAT = re.compile(r"请.{0,8}(?:再|重新|重).{0,6}(?:说|讲|复述|重复)|没有?听清|(?:听不|无法听)清")
DEPENDS = re.compile(r"(?:要|得)看|取决|视.{1,8}而定|根据|不一定|\bdepends?\b", re.IGNORECASE)
# How a customer takes a reply as an answer.
ACCEPTED = re.compile(
    r"(?:嗯|哦|噢)*[，,]?(?:好|行|可以|明白|知道|清楚|懂|谢|那就|了解|ok|okay)", re.IGNORECASE
)
# The line, not the agent, ended the talk.
LINE_GIVEN_UP = re.compile(r"换(?:一|个|部)+(?:部|个)?(?:电话|手机)|(?:稍后|晚点)再(?:打|拨)|请(?:您|你)挂机")
YES = re.compile(r"是|对|好|行|可以|没错|没问题|yes|sure|right", re.IGNORECASE)
YES_OR_NO_ASKED = re.compile(
    r"吗|([能会是有可行好要对])不\1|没有|^\s*(?:do|does|did|can|could|is|are|will)\b", re.I
)
YES_OR_NO_SAID = re.compile(r"\W*(?:嗯|哦)?\W*(?:是|对|好|行|能|会|有|可以|不|没|yes|no|sure)", re.IGNORECASE)
# Yes, no, can, may and must belong to the question before them, and so does what the customer is to do.
TAKES_UP = re.compile(
    r"^(?:是|对|好|行|能|会|有|可以)|没错|没问题|不|没|可以|可能|需要|[得要会能]|"
    r"请[您你]|您(?:先|到|去|在|登|打|点|说|看|带|把|用)|\b(?:yes|no|not|can|will|must|have to|need)\b",
    re.IGNORECASE,
)
# Syllables that any two sentences share.
COMMON = frozenset(
    "的了吗呢啊吧呀嘛哦嗯哎呃我你您他她它们是在有不没能会可以要想就都也还又再那这哪什么怎样为谁几多少个一上下"
    "来去到给让把被跟和与请问好说知道对行得着过很太真"
)
# A number that is read out is what was asked for, whatever is said with it (你自己打一三九…).
NUMBER = re.compile(rf"(?:[{DIGITS}幺洞](?:[\s，,、\-—.。·…]*)){{5,}}")
FILLER = re.compile(
    r"^(?:您好|你好|喂|对不起|非常抱歉|抱歉|不好意思|谢谢(?:您|你)?|那个|这个|就是说|嗯+|哦|呃|哎)*$"
)


# Marks at the end of a clause.
STOPS = "，。！？；、,.!?; "


def substance(utterances: Sequence[Utterance]) -> list[str]:
    """Clauses that take a matter up: no deflection, request to repeat, acknowledgement or filler."""
    return [c for u in utterances for c in clauses(u.text) if _is_substantive(c)]


def deflections(utterances: Sequence[Utterance]) -> list[str]:
    """Clauses that push a question away."""
    said = (c for u in utterances for c in clauses(u.text))
    return [c for c in said if DEFLECTION.search(c) and not POLITE_REPEAT.search(c)]


def contains(wanted: Wanted, utterances: Sequence[Utterance]) -> str | None:
    """Return the first clause with the wanted kind of content, or None."""
    return next((c for c in substance(utterances) if CONTENT[wanted].search(c)), None)


def takes_up(reply: Sequence[Utterance]) -> bool:
    """Whether a reply says yes, no or what to do, names a time, a number or a party, or promises."""
    kinds = (CONTENT[w] for w in Wanted if w is not Wanted.REPLY)
    patterns = (TAKES_UP, PROMISE, REFUSAL, DEPENDS, *kinds)
    return any(says(p, reply) is not None for p in patterns)


def chooses(asked: str, reply: Sequence[Utterance]) -> str | None:
    """Return the clause that takes one of the ways a question offers (按天还是按整月 … 整月), or None."""
    offered = "".join(c for c in clauses(asked) if "还是" in c)
    said = (c for u in reply for c in clauses(u.text))
    return next(
        (c for c in said if any(c[i : i + 2] in offered for i in range(len(c.strip(STOPS)) - 1))), None
    )


def says_yes_or_no(asked: str, said: str) -> bool:
    """Whether a question that can be answered by yes or no is so answered."""
    return YES_OR_NO_ASKED.search(asked) is not None and YES_OR_NO_SAID.match(said) is not None


def shares_content(asked: str, reply: Sequence[Utterance]) -> bool:
    """Whether a reply has a syllable of content in common with what was asked, by sound.

    A question without any (能出吗) shares its content with every reply.
    """
    wanted = _content_sounds(asked)
    return not wanted or bool(wanted & _content_sounds(" ".join(u.text for u in reply)))


def says(pattern: re.Pattern[str], utterances: Sequence[Utterance]) -> str | None:
    """Return the first clause that matches, or None."""
    return next((c for u in utterances for c in clauses(u.text) if pattern.search(c)), None)


@lru_cache(maxsize=4096)
def _content_sounds(text: str) -> frozenset[str]:
    """Syllables of Han characters that carry meaning, and Latin words, folded."""
    characters = "".join(c for c in han(text) if c not in COMMON)
    return frozenset(sounds(characters)) | frozenset(re.findall(r"[a-z]{3,}", text.lower()))


@lru_cache(maxsize=4096)
def _is_substantive(clause: str) -> bool:
    bare = re.sub(r"[^\w]", "", clause)
    if NUMBER.search(clause):
        return True
    if not bare or FILLER.match(bare) or POLITE_REPEAT.search(clause) or DEFLECTION.search(clause):
        return False
    return YES.match(bare) is not None or not is_acknowledgement(clause)
