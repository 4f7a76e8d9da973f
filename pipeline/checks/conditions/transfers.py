"""Conditions about handing a call over to another person."""

from __future__ import annotations

from pipeline.call import Call, EventKind, Role, Utterance
from pipeline.checks.conditions.base import Moment, Occasion, absent
from pipeline.checks.evidence.hearing import hear
from pipeline.spans import Span
from pipeline.wording.matching import find_all
from pipeline.wording.phrases import compile_phrase

# The customer's yes may come between the announcement and the wait that begins the transfer.
BEGINS_WITHIN_S = 12.0
# Putting through takes longer than a pause in a talk.
WAIT_S = 4.0
# A wait's end and the first words after it, by two detectors.
TAKEN_S = 0.5
# What is said after the announcement when the call ends there: a yes and goodbyes.
YES_CHARS, GOODBYE_CHARS = 10, 24
ANNOUNCED = tuple(
    compile_phrase(source)
    for source in (
        "(给|帮|为|替)(您|你)转{any:0-8}(部门|部|组|专员|专家|科|科室|台|中心|同事|客服|人工|坐席|主管|经理|窗口|班长)",
        "(给|帮|为|替|把)(您|你|电话|来电){any:0-4}转(接|过去|到|给)",
        "(转|接)(给|到|至|去|过去){any:1-8}(部门|部|组|专员|科|科室|室|台|中心|客服|人工|坐席|窗口|那边|分机|值班)",
        "(给|帮|为|替)(您|你){any:0-2}接[到|通|给]{any:0-6}(部门|部|组|专员|专家|科|科室|室|台|中心|同事|客服|人工|坐席|主管|经理|窗口|那边|分机)",
        "(让|叫|喊|请|换){any:1-6}(来接|来听|来跟您说|来跟你说|跟您说|跟你说|接电话|接一下|听电话|听一下)",
        "<转给>(主管|经理|领导|班长|负责人|投诉组|投诉部) / <转到>(主管|经理|领导|班长|负责人|投诉组|投诉部)",
        "(马上|现在|立即|这就|正在)[给您|为您|帮您]转接",
        "转接(到|给|至){any:0-6}(部门|组|专员|科|台|中心|同事|人工)",
        "[i will|let me|i'll] (transfer|put) you (to|through) / transferring you",
    )
)


# Too short to be told by half of it.
ANNOUNCED_SHORTLY = (
    compile_phrase("(给|帮|为|替)(您|你)转(了|啊|吧|呀|哈|一下|走|等着|稍等|请稍等|别挂|不要挂)"),
)
VERBATIM = 0.95


def transfer(call: Call) -> Occasion:
    """The call is being handed over: the agent announces it, and a wait or the end of the call follows."""
    heard = hear(call, Role.AGENT)
    shortly = find_all(ANNOUNCED_SHORTLY, heard.utterances, threshold=VERBATIM)
    announced = {m.utterance_idx for m in (*find_all(ANNOUNCED, heard.utterances), *shortly)}
    begun = [u for u in heard.utterances if u.idx in announced and _begins(call, u)]
    if not begun:
        return absent(call, "nobody is handed over", Role.AGENT)
    moments = tuple(Moment(Span(u.start_s, _over_s(call, u)), u.text) for u in begun)
    return Occasion(True if heard.attributed else None, "the agent hands the call over", moments)


def handed_over(call: Call) -> Occasion:
    """The call is handed over, and the desk does not end it before somebody has taken it."""
    begun = transfer(call)
    if begun.arises and call.record.hangup_side == Role.AGENT:
        last = begun.moments[-1].span
        taken = any(
            u.role is not Role.CUSTOMER and u.start_s >= last.end_s - TAKEN_S for u in call.utterances
        )
        if not taken and last.duration_s >= WAIT_S + TAKEN_S:
            return Occasion(False, "the desk hung up in the transfer")
    return begun


def _begins(call: Call, announcement: Utterance) -> bool:
    """Whether a wait follows, or the recording ends there, before the talk goes on."""
    return _wait(call, announcement) is not None or not _goes_on(call, announcement)


def _wait(call: Call, announcement: Utterance) -> Span | None:
    after_s = announcement.end_s - 0.5
    waits = [
        e.span
        for kind in (EventKind.HOLD, EventKind.MUSIC, EventKind.NON_TALK, EventKind.CLOSING_SILENCE)
        for e in call.events_of(kind)
        if after_s <= e.start_s <= announcement.end_s + BEGINS_WITHIN_S and e.span.duration_s >= WAIT_S
    ]
    return max(waits, key=lambda wait: wait.end_s, default=None)


def _goes_on(call: Call, announcement: Utterance) -> bool:
    """Whether more is said than a yes and the goodbyes that end a call."""
    later = [u for u in call.utterances if u.start_s > announcement.end_s - 0.5]
    return (
        any(u.start_s > announcement.end_s + BEGINS_WITHIN_S for u in later)
        or any(u.role is Role.CUSTOMER and u.chars > YES_CHARS for u in later)
        or sum(u.chars for u in later) > GOODBYE_CHARS
    )


def _over_s(call: Call, announcement: Utterance) -> float:
    """End of the wait, or of the recording when nobody came."""
    wait = _wait(call, announcement)
    return max(announcement.end_s, wait.end_s) if wait else call.duration_s
