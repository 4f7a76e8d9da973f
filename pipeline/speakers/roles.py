"""Which channel, or which of two voices on one channel, is the agent's.

Never a confident swap: when neither the call's metadata nor what is said decides, the role is *unknown*.
What is said decides by weight: wording that agents use and callers do not, and wording of callers. Who spoke
first never decides; it strengthens wording that is clear without it, and weakens wording against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.call import Role, Utterance
from pipeline.wording.matching import find_all
from pipeline.wording.phrases import Phrase, compile_phrase

SIDES = ("left", "right")
CLEAR, TELLING, FIRST = 1.5, 0.5, 0.75
# What agents say and callers do not, whatever the desk.
AGENT_WORDING = (
    "有什么[可以|能|需要]帮[到|助](您|你)",
    "为(您|你)服务",
    "感谢(您|你)的(来电|接听|致电)",
    "请(您|你)稍等 / 稍等片刻",
    "让(您|你)久等",
    "还有(什么|其他|别的)…(帮|需要)",
    "祝(您|你)…(愉快|生活)",
    "工号",
    "how (may|can) i help you / thank you for calling / thank you for holding",
)
# What agents say more often than callers.
AGENT_HINTS = (
    "我帮(您|你)(查|看|登记|转|办|记|改|问|核实|反映)",
    "给(您|你)(办|查|退|登记|转|推荐|取消|减免|安排|添麻烦|反映|处理)",
    "请(您|你)(提供|报|说|讲|看|核对|注意|放心|耐心|拨打|登录|关注|不要着急|理解)",
    "请问(您|你)贵姓 / (先生|女士)贵姓",
    "非常抱歉 / 很抱歉 / 深表歉意",
    "(您|你)的心情 / 理解(您|你)",
    "不客气 / 应该做的",
    "按规定 / 公司[的](政策|规定)",
    "(已经|马上|立即)[给|帮|为](您|你)",
    "让我[来]看(一下|看) / let me check",
)
# What callers say and agents hardly do.
CALLER_HINTS = (
    "我想(问|咨询|查|退|改|取消|投诉|办|了解|买|订)",
    "我要(问|投诉|退|改|取消|办|查|找你们)",
    "你们(怎么|到底|能不能|有没有|为什么|什么时候|公司|网站|客服|的人|是不是|这个|那个)",
    "怎么(还没|又|这么|回事) / 凭什么",
    "(你|您|能|麻烦你)帮我",
    "我的(订单|快递|宽带|手机|话费|航班|机票|卡|号码|包裹|电费|电表|钱|账单|流量)",
    "我(昨天|前天|上个月|上周|上次|今天早上)…(买|订|办|打|交|下)",
    "不用了谢谢 / 没有了谢谢 / 不需要了",
    "喂你好我 / 你是哪里 / 你哪位 / 哪里啊",
    "我怎么知道 / 我等了",
)
ANSWERED_BY = {"inbound": Role.AGENT, "outbound": Role.CUSTOMER}
# Wording that is neither: a call without any stays at confidence 0.
DOUBT = 0.75
MIN_CONFIDENCE = 0.6
# Voices that may be one person's need telling words of both, or more of the agent's than one half of it has.
SURELY_TWO, ALIKE_CONFIDENCE = 0.5, 0.8


@dataclass(frozen=True, slots=True)
class Layout:
    """Roles of the channels, or of the voices on one channel.

    Attributes
    ----------
    roles : tuple of Role
        One per channel that is listened to, or per voice.
    separated : bool
        Whether each party has a channel of its own.
    confidence : float
        0..1.
    evidence : str
        How the roles were decided, or why not, in a few words.
    """

    roles: tuple[Role, ...]
    separated: bool
    confidence: float
    evidence: str = ""

    @property
    def agent_channel(self) -> str | None:
        """``"left"`` or ``"right"``, or None when unknown or mono."""
        if not self.separated or Role.AGENT not in self.roles:
            return None
        return SIDES[self.roles.index(Role.AGENT)]


@dataclass(frozen=True, slots=True)
class _Wording:
    """What speaks for one voice being the agent's and what against, in weights, with an example of each."""

    agent: float
    caller: float
    examples: tuple[str, ...]


def assign_roles(
    agent_channel: str | None,
    said: Sequence[Sequence[Utterance]],
    *,
    separated: bool = True,
    direction: str | None = None,
    two_voices: float = 1.0,
) -> Layout:
    """Decide who is on which channel, or whose each voice is.

    Parameters
    ----------
    agent_channel : str or None
        ``"left"`` or ``"right"`` by the call's metadata; means nothing when the parties share a channel.
    said : sequence of sequence of Utterance
        Per channel or voice; a single one means the parties could not be told apart.
    separated : bool
        Whether each has a channel of its own.
    direction : str, optional
        ``"inbound"`` or ``"outbound"``: who answers a call mostly speaks first (Schegloff 1968, "Sequencing
        in Conversational Openings").
    two_voices : float
        How sure it is that these are two people at all, 0..1. When it is not, more must speak for the
        roles: one person divided in two would otherwise become an agent and a customer.

    Returns
    -------
    Layout
        Roles from the metadata when given; otherwise from what is said, or unknown.
    """
    if len(said) == 1:
        return Layout(
            (Role.UNKNOWN,), separated=False, confidence=0.0, evidence="the voices are not told apart"
        )
    if separated and agent_channel is not None:
        return Layout(_roles(SIDES.index(agent_channel)), separated, 1.0, "channel given with the recording")
    found = [_wording(utterances) for utterances in said]
    answered = _first(said) if direction in ANSWERED_BY else None
    lead = (found[0].agent - found[0].caller) - (found[1].agent - found[1].caller)
    total = sum(f.agent + f.caller for f in found)
    if answered is not None and total > 0:
        first_is_agent = (ANSWERED_BY[str(direction)] is Role.AGENT) == (answered == 0)
        toward = lead if first_is_agent else -lead
        # Others speak first too: to somebody who says nothing, or where the first words went unheard.
        if toward < 0 or toward >= CLEAR:
            lead += FIRST if first_is_agent else -FIRST
            total += FIRST
    confidence = abs(lead) / (total + DOUBT)
    if confidence < MIN_CONFIDENCE:
        reason = "what is said does not tell agent and customer apart" if total else "no telling wording"
        return Layout((Role.UNKNOWN, Role.UNKNOWN), separated, confidence, reason)
    agent = 0 if lead > 0 else 1
    if two_voices < SURELY_TWO and confidence < ALIKE_CONFIDENCE and not found[1 - agent].caller:
        reason = "the voices are alike, and only one says what tells its role"
        return Layout((Role.UNKNOWN, Role.UNKNOWN), separated, confidence, reason)
    return Layout(
        _roles(agent),
        separated,
        confidence,
        _evidence(found[agent], found[1 - agent], _told(answered, agent, direction)),
    )


def _wording(utterances: Sequence[Utterance]) -> _Wording:
    clear, hints, against = (find_all(phrases, utterances) for phrases in _phrases())
    return _Wording(
        agent=CLEAR * len(clear) + TELLING * len(hints),
        caller=TELLING * len(against),
        examples=tuple(match.quote for match in (*clear[:1], *hints[:1], *against[:1])),
    )


def _evidence(agent: _Wording, customer: _Wording, answering: str) -> str:
    quoted = ", ".join(f"“{quote}”" for quote in (*agent.examples[:1], *customer.examples[-1:]))
    parts = (
        f"agent's wording {agent.agent:g} against {customer.agent:g}",
        f"caller's {customer.caller:g} against {agent.caller:g}",
        answering,
        quoted,
    )
    return "; ".join(part for part in parts if part)


def _told(answered: int | None, agent: int, direction: str | None) -> str:
    """Say what follows from who spoke first, where that agrees with the roles."""
    agrees = answered is not None and (answered == agent) == (ANSWERED_BY[str(direction)] is Role.AGENT)
    return f"who answered the {direction} call spoke first" if agrees else ""


def _first(said: Sequence[Sequence[Utterance]]) -> int | None:
    """Return who speaks first, or None when nobody does."""
    starts = [min((u.start_s for u in utterances if u.chars), default=None) for utterances in said]
    known = [(start, at) for at, start in enumerate(starts) if start is not None]
    return min(known)[1] if known else None


def _roles(agent: int) -> tuple[Role, ...]:
    return (Role.AGENT, Role.CUSTOMER) if agent == 0 else (Role.CUSTOMER, Role.AGENT)


@cache
def _phrases() -> tuple[tuple[Phrase, ...], ...]:
    """Phrases of agents, hints of agents, hints of callers."""
    return tuple(
        tuple(compile_phrase(source) for source in sources)
        for sources in (AGENT_WORDING, AGENT_HINTS, CALLER_HINTS)
    )
