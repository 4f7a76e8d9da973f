"""Which channel is the agent's.

Never a confident swap: when neither the call's metadata nor what is said decides, the role is *unknown*.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.call import Role, Utterance
from pipeline.wording.matching import find_all
from pipeline.wording.phrases import Phrase, compile_phrase

SIDES = ("left", "right")
# What agents say and callers do not, whatever the desk.
AGENT_WORDING = (
    "有什么[可以|能|需要]帮[到|助](您|你)",
    "为(您|你)服务",
    "感谢您的(来电|接听|致电)",
    "请(您|你)稍等 / 稍等片刻",
    "让(您|你)久等",
    "还有(什么|其他|别的)…(帮|需要)",
    "祝(您|你)…(愉快|生活)",
    "工号",
    "how (may|can) i help you / thank you for calling / thank you for holding",
)
MIN_HITS = 2
MIN_CONFIDENCE = 0.6


@dataclass(frozen=True, slots=True)
class Layout:
    """Roles of the channels.

    Attributes
    ----------
    roles : tuple of Role
        One per channel that is listened to.
    separated : bool
        Whether each party has a channel of its own.
    confidence : float
        0..1.
    """

    roles: tuple[Role, ...]
    separated: bool
    confidence: float

    @property
    def agent_channel(self) -> str | None:
        """``"left"`` or ``"right"``, or None when unknown or mono."""
        if not self.separated or Role.AGENT not in self.roles:
            return None
        return SIDES[self.roles.index(Role.AGENT)]


def assign_roles(agent_channel: str | None, said: Sequence[Sequence[Utterance]]) -> Layout:
    """Decide who is on which channel.

    Parameters
    ----------
    agent_channel : str or None
        ``"left"`` or ``"right"`` by the call's metadata.
    said : sequence of sequence of Utterance
        Per channel; a single one means both parties share it.

    Returns
    -------
    Layout
        Roles from the metadata when given; otherwise from agents' wording, or unknown.
    """
    if len(said) == 1:
        return Layout((Role.UNKNOWN,), separated=False, confidence=0.0)
    if agent_channel is not None:
        return Layout(_roles(SIDES.index(agent_channel)), separated=True, confidence=1.0)
    hits = [len(find_all(_agent_phrases(), utterances)) for utterances in said]
    confidence = abs(hits[0] - hits[1]) / max(sum(hits), 1)
    if max(hits) < MIN_HITS or confidence < MIN_CONFIDENCE:
        return Layout((Role.UNKNOWN, Role.UNKNOWN), separated=True, confidence=confidence)
    return Layout(_roles(0 if hits[0] > hits[1] else 1), separated=True, confidence=confidence)


def _roles(agent: int) -> tuple[Role, ...]:
    return (Role.AGENT, Role.CUSTOMER) if agent == 0 else (Role.CUSTOMER, Role.AGENT)


@cache
def _agent_phrases() -> tuple[Phrase, ...]:
    return tuple(compile_phrase(source) for source in AGENT_WORDING)
