"""What an agent undertakes to do for the customer, and by when."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipeline.call import Utterance
from pipeline.checks.evidence.questions import clauses

ACTION = re.compile(
    r"(?:给|帮|为|替)[您你][^，。！？,.!?]{0,10}(?:换|退|修|补|处理|安排|办|解决|审|约|留|更正|改|减|免|赔|送|寄|发|查|核|联系|跟进|反馈|答复|"
    r"回|打|申请|登记|重新|开|恢复|调|催|协调|上报|升级)|回(?:[您你])?电|上门|退(?:款|还|回|给|您)|补(?:发|寄|货|偿|送|给|开)|更换|换新|"
    r"重新?(?:发|寄|做|打印|安排|配送)|赔(?:偿|付)|减免|免(?:收|除)|维修|检修|抢修|修好|处理|解决|恢复|核实|(?:重新|再)(?:审核|审查|检查|评估|核对)|(?:打电话|发短信)?(?:告诉|通知|告知)[您你]|联系[您你]|跟进|答复|回复|到账|"
    r"师傅[^，。！？,.!?]{0,10}(?:到|来|修)|派(?!件)[^，。！？,.!?]{0,6}(?:人|师傅|车|专员|员)|安排|"
    r"检查|弄好|[给跟][您你](?:去|打|回)个?电话|"
    r"\b(?:refund|replace|repair|call you back|send (?:you|a|the)|fix)",
    re.IGNORECASE,
)
# What is refused, asked back, or left to the customer is not undertaken.
NOT_UNDERTAKEN = re.compile(
    r"转(?:到|给|接|过去|去)|会告诉[您你]的|不了|不能|不可以|无法|没法|不行|不归|不管|没办法|做不了主|没有?权限|要[^，。！？,.!?]{1,6}(?:同意|批准|点头)|得看|呗|(?:修|弄|处理|查|到)(?:好|完|货)了(?:就|再|自然)|不给|不退|不换|不赔|不会(?!再)|[您你](?:自己|先|去|必须|得|要)(?:.{0,6})(?:联系|处理|解决|"
    r"退|换|找|修|查)|[您你]必须|先交|才(?:能|会|给|派|可以|帮|安排|处理|退|换|修)|自己(?:联系|处理|解决|去|找)|怎么(?:处理|解决|退|换)|(?:什么|哪)|试试看"
)
DIGITS = "0-9零〇一二三四五六七八九十百两半"
TIME = re.compile(
    rf"[{DIGITS}]+(?:来|多)?个?(?:工作日|天|日|号|小时|钟头|分钟|秒|周|星期|礼拜|月)|"
    r"(?:十[一二]|[二三四五六七八九十两]|[0-9]{1,2})点|今[天晚日]|明[天早晚日]|后天|当[天日晚]|次日|隔天|周[一二三四五六日天末]|"
    r"(?:星期|礼拜)[一二三四五六日天]|(?:下|本|这)个?(?:周|星期|礼拜|月)|月[底初中末]|[上下]午|中午|"
    r"\b(?:today|tomorrow|(?:within|in) \w+ (?:days?|hours?|minutes?)|"
    r"monday|tuesday|wednesday|thursday|friday)\b",
    re.IGNORECASE,
)
AT_ONCE = re.compile(r"马上|立[即刻]|现在就|当场|这就|即刻|实时|right away|immediately", re.IGNORECASE)
SENTENCE = re.compile(r"[^。！？；!?;]+")


class By(StrEnum):
    """What an undertaking says of its time."""

    TIME = "a time"
    AT_ONCE = "at once"
    NONE = "no time"


@dataclass(frozen=True, slots=True)
class Promise:
    """A sentence in which the agent undertakes something."""

    text: str
    by: By
    utterance: Utterance


def promises(utterances: Sequence[Utterance]) -> Iterator[Promise]:
    """Every sentence that undertakes something, in order."""
    for utterance in utterances:
        for sentence in SENTENCE.findall(utterance.text):
            if any(ACTION.search(c) and not NOT_UNDERTAKEN.search(c) for c in clauses(sentence)):
                by = By.TIME if TIME.search(sentence) else By.NONE
                if by is By.NONE and AT_ONCE.search(sentence):
                    by = By.AT_ONCE
                yield Promise(sentence.strip(), by, utterance)
