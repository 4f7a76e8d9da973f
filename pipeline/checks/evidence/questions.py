"""Questions in what a customer says, and what kind of answer each one wants.

Complaints in the form of a question (你什么态度) are none; line checks (听得到吗), requests for confirmation
(是吧) and 哪位 are minor ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from pipeline.call import Utterance


class Wanted(StrEnum):
    """What an answer must contain. ``REPLY`` is anything that takes the question up."""

    TIME = "a time"
    AMOUNT = "a number or amount"
    PARTY = "who pays"
    REPLY = "a reply"


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its clause, the answer it wants, and the utterance it stands in.

    A *minor* one (是吧, 听得到吗, 哪位) shows that answers were given, never that one is missing.
    """

    text: str
    wanted: Wanted
    utterance: Utterance
    minor: bool = False


CLAUSE = re.compile(r"[^，。！？；、,.!?;…]+[，。！？；、,.!?;…]*")
PARTICLES = "啊呀呢哪嘛了哦的吧"

# 这几天, 十几年, 好几次: a count that is left open, not asked for.
TIME = re.compile(
    r"(?<![这那前后好过十没上头近])几(?:个)?(?:天|号|点|小时|分钟|月|年|日|周|星期|礼拜|工作日)|"
    r"多久|多长时间|多少(?:天|个?小时|个?工作日|分钟|个?月)|(?:什么|啥)时候|何时|哪(?:一)?天|"
    r"\b(?:when|how long|how soon)\b",
    re.IGNORECASE,
)
AMOUNT = re.compile(
    r"多少(?!次|遍|回|年了|个人)|几(?:块|元|折|毛)|怎么(?:算|收费|计费|扣费|收(?!到))|什么价|多大比例|"
    r"\bhow much\b",
    re.IGNORECASE,
)
PARTY = re.compile(r"(?:谁|哪(?:方|边|一方))(?:来)?(?:出|承担|付|负责|掏|负担)|\bwho pays\b", re.IGNORECASE)
ASKS = re.compile(
    r"吗|[？?]|[呢么][" + PARTICLES + r"]*$|([能会是有可行好要对收来去修管退换发送开用算交停办卖做包赔])不\1|"
    r"有[^，。！？,.!?]{1,8}没有|能不能|会不会|可不可以|有没有|是不是|怎么|怎样|如何|为什么|为啥|什么|啥|哪|谁|"
    r"^\s*(?:do|does|did|can|could|may|is|are|was|will|would|what|where|which|who|why|how)\b",
    re.IGNORECASE,
)
# Complaints, idioms and indefinite uses that only have a question's form.
RHETORICAL = re.compile(
    r"怎么搞|怎么说(?:话|呢)|什么态度|(?:什么|啥)破|行不行啊|有(?:什么|啥)用|怎么(?:可能|能|会|可以|也|都)|"
    r"怎么知道|凭什么|听明白|有没有搞错|像话|什么(?:都|也|的)|没什么|没啥|谁(?:都|也)|哪儿?(?:都|也)|"
    r"你猜|你问我|问谁|跟谁|什么时候(?:都|也)|不知道|不晓得|不清楚|看不懂|还不如|好吗?好吗|说完|算什么|干什么吃"
)
CONFIRMATION = re.compile(r"(?:是吧|对吧|对不对|是不是|没错吧|行吧|好吧)[？?，。！]*$")
LINE_CHECK = re.compile(
    r"听(?:得|不)?(?:到|见|清|懂)|没?声音|喂|再说一遍|再讲一遍|在吗|有人吗|慢(?:一)?点|太快|大声|"
    r"哪位|你是(?:谁|哪)|哪里[呀啊]|你好吗|speak up|hear me",
    re.IGNORECASE,
)

# 啊？ with its mark.
INTERJECTION_CHARS = 2


@lru_cache(maxsize=4096)
def clauses(text: str) -> tuple[str, ...]:
    """Split at every punctuation mark; the mark stays with its clause."""
    return tuple(c.strip() for c in CLAUSE.findall(text) if c.strip())


def find_questions(utterance: Utterance) -> Iterator[Question]:
    """Questions an utterance puts to the other party, in order."""
    for clause, wanted, minor in _questions(utterance.text):
        yield Question(clause, wanted, utterance, minor)


@lru_cache(maxsize=4096)
def _questions(text: str) -> tuple[tuple[str, Wanted, bool], ...]:
    """Clauses of a text that ask, what each wants, and whether it is a minor question."""
    asked = ((clause, _wanted(clause)) for clause in clauses(text) if not RHETORICAL.search(clause))
    return tuple((clause, *wanted) for clause, wanted in asked if wanted is not None)


def _wanted(clause: str) -> tuple[Wanted, bool] | None:
    if CONFIRMATION.search(clause):
        return Wanted.REPLY, True
    if LINE_CHECK.search(clause) or len(clause) <= INTERJECTION_CHARS:
        return (Wanted.REPLY, True) if ASKS.search(clause) else None
    kinds = ((Wanted.TIME, TIME), (Wanted.PARTY, PARTY), (Wanted.AMOUNT, AMOUNT), (Wanted.REPLY, ASKS))
    return next(((wanted, False) for wanted, pattern in kinds if pattern.search(clause)), None)
