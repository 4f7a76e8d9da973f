"""Conditions about what kind of call it is."""

from __future__ import annotations

from pipeline.call import Call, Role
from pipeline.checks.conditions.base import Occasion, said
from pipeline.checks.conditions.metadata import outbound
from pipeline.checks.evidence.hearing import doubt_coverage, hear
from pipeline.checks.evidence.windows import opening
from pipeline.wording.matching import find_first
from pipeline.wording.phrases import compile_phrase

# How an agent who calls back says what the call is about.
EARLIER_MATTER = tuple(
    compile_phrase(source)
    for source in (
        "(电话|来电|想|做|进行|给您|给你|跟进|一个|个|您|你)回访",
        "(上次|上回|上周|上个月|上星期|上礼拜|前几天|前两天|前天|昨天|之前|先前|早上|今天上午)…"
        "(反映|反馈|投诉|报修|报障|申请|咨询|提交|登记|退|换货|维修|修|求助|来电|打电话)",
        "(上次|上回|上周|前几天|前两天|之前)(您|你)(说|讲|提|问)[到|起|过]{any:0-14}的(事|事情|情况|问题)",
        "(投诉|报修|反映|申请|退款|退货|换货|维修){any:0-6}的(单子|事情|工单|那个事)[是吧|处理|已经]",
        "(您|你)…(反映|反馈|投诉|报修|报障)(的|过的){any:0-10}(问题|情况|事情|故障|单)",
        "(事情|问题|投诉|退款|退货|换货|维修|报修|故障|申请|工单){any:0-4}(处理|解决|修|办)(完|好)了",
        "(您|你)[家]{any:1-6}(修|装|换|处理|弄|办)好了",
        "(您|你)(退|寄|换|送修|报修|寄修|申请)的{any:1-8}(收到|修好|寄出|处理|到)[了|好了]",
        "(恢复|身体|伤口|用药|吃药|情况|宝宝|孩子|宠物|猫|狗|机器|空调|网络)[现在|最近|用着|用得]{any:0-2}(怎么样了|好点了|好些了|好了没)",
        "(已经|已)(处理|解决|修|办)(完|好){any:0-2}了",
        "(处理结果|处理情况|处理的结果|维修结果|回复您|答复您|给您回电话|给您回个电话)",
        "follow up on your / following up on your / calling back about",
    )
)
# What only an agent who calls back asks; it may come late in the call.
OUTCOME_ASKED = tuple(
    compile_phrase(source)
    for source in (
        "(处理结果|处理情况|处理的结果|解决方案|解决结果|维修结果|这个结果|处理|维修|安装){any:0-6}满意",
        "(上次|上回|这次|补寄|补发|更换|维修|修好){any:0-14}(收齐|收到|签收|正常|好用|解决)了(吗|没有|没)",
    )
)
ALIKE = 0.85


def follow_up(call: Call) -> Occasion:
    """The desk calls back about an earlier matter."""
    made = outbound(call)
    if not made.arises:
        return made
    heard = hear(call, Role.AGENT)
    part = opening(call, heard)
    match = find_first(EARLIER_MATTER, part.utterances, threshold=ALIKE).match
    match = match or find_first(OUTCOME_ASKED, heard.utterances, threshold=ALIKE).match
    if match is not None:
        speaker = [u for u in heard.utterances if u.idx == match.utterance_idx]
        return said("the agent calls about an earlier matter", speaker)
    doubt = doubt_coverage(call, Role.AGENT, part.span)
    reason = "the agent names no earlier matter"
    return Occasion(None, f"{reason}, but {doubt}") if doubt else Occasion(False, reason)
