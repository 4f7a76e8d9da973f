"""Pace of some of a role's turns: characters a minute, pauses inside turns included."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import log

from pipeline.call import Call, Role
from pipeline.measures.turns import Turn, find_turns
from pipeline.wording.languages import IN_CHARACTERS
from pipeline.wording.spoken import spoken_tokens

# A question that asks for facts; offers of help, checks and requests for consent ask for none.
FACTS = re.compile(
    r"什么|哪|几(?![乎个位家种])|多少|多久|谁|怎么(?!可能|会)|为何|为什么|是不是|有没有|[吗嘛]|"
    r"详细|具体(?:的)?(?:情况|经过|说|讲|是)|(?:情况|经过)(?:.{0,4})(?:告诉|说|讲)|请(?:您|你)?(?:说一下|讲一下|描述|提供|报一下)",
)
NO_FACTS = re.compile(
    r"^什么[，,？?]|(?:你|您)问我[^，。！？,.!?]*|问谁|什么态度|怎么(?:搞|说话)|"
    r"(?:有|需要)什么(?:.{0,6})(?:帮|服务|需要|吩咐)|还有(?:什么|其他|其它|别的)[^，。！？,.!?]*|什么时候(?:都|也)|没什么|"
    r"(?:好|行|可以|对|是|清楚|明白|了解|满意|理解)[的了]?[吗嘛]|稍等[^，。！？,.!?]*|(?:听|看)(?:.{0,3})(?:清|到|见)(?:楚)?(?:了)?[吗嘛]"
)

_DIGIT = "零〇一二三四五六七八九两幺"
_NUMBER = rf"[{_DIGIT}十百千万点]"
# Numbers with a unit that matters, dates and times, codes of four digits and more, addresses.
DETAIL = re.compile(
    rf"[{_DIGIT}]{{4,}}|百分之{_NUMBER}+|{_NUMBER}{{2,}}(?:多)?(?:块|元|角|毛|折|倍|兆|万|个|天|年|分钟|小时|公里|公斤|克|积分|次|件|期|层|楼|栋|室|号)|"
    rf"[{_DIGIT}十]+(?:块|元|折|兆|个工作日|工作日|天|个月|年|月|号|日|小时|分钟|期|楼|栋|单元|室)|"
    rf"(?:上午|中午|下午|早上|晚上|凌晨|夜里)[{_DIGIT}十]+点|[二三四五六七八九两十]点(?!儿|点)|[{_DIGIT}十]+点(?=钟|半|整|前|以)|"
    r"(?:周|星期|礼拜)[一二三四五六日天]|[\u4e00-\u9fff]{2,4}(?:省|市|区|县|路|街|大道|巷|弄|小区|大厦|广场)"
    rf"(?={_NUMBER}|[\u4e00-\u9fff]{{0,6}}(?:号|路|街|楼|室|栋))"
)
# A turn gives details when they fill this much of it: in a longer one, their pace is lost in the rest.
DETAIL_SHARE = 0.15
# Coming closer by less than this (natural logarithm of the ratio) is chance: single turns of one speaker
# differ as much.
CLOSER_BY = 0.2
# Each half of a role's turns needs this much to show a pace of its own.
HALF_CHARS = 20


def turns_of(call: Call, role: Role, *, since_s: float = 0.0) -> tuple[Turn, ...]:
    """A role's turns in Chinese that begin at or after a moment, in order."""
    own = (t for t in find_turns(call) if t.role is role and t.start_s >= since_s)
    return tuple(t for t in own if t.language in IN_CHARACTERS)


def pace_cpm(turns: Sequence[Turn]) -> float | None:
    """Gross pace of these turns together [chars/min], or None when they take no time."""
    seconds = sum(t.span.duration_s for t in turns)
    return 60.0 * sum(t.chars for t in turns) / seconds if seconds > 0 else None


def asks_for_facts(text: str) -> bool:
    """Whether something is asked that only the other party can tell."""
    return FACTS.search(NO_FACTS.sub("□", text)) is not None


def comes_closer(turns: Sequence[Turn], *, to_cpm: float) -> bool:
    """Whether the pace of the second half of these turns is clearly nearer to another than the first's."""
    half = sum(t.chars for t in turns) / 2
    first = [t for i, t in enumerate(turns) if sum(e.chars for e in turns[:i]) < half]
    second = turns[len(first) :]
    if min(sum(t.chars for t in part) for part in (first, second)) < HALF_CHARS:
        return False
    before, after = pace_cpm(first), pace_cpm(second)
    if not before or not after:
        return False
    return abs(log(before / to_cpm)) - abs(log(after / to_cpm)) >= CLOSER_BY


def gives_details(text: str) -> bool:
    """Whether details (numbers with their units, dates, codes, addresses) make up much of what is said."""
    return detail_share(text) >= DETAIL_SHARE


def mentions_details(text: str) -> bool:
    """Whether there is any detail in what is said."""
    return detail_share(text) > 0.0


def detail_share(text: str) -> float:
    """Share of a text's spoken characters that belong to details, 0..1."""
    spoken = "".join(token.text for token in spoken_tokens(text))
    found = sum(len(m.group()) for m in DETAIL.finditer(spoken))
    return found / len(spoken) if spoken else 0.0
