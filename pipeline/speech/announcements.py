"""Automatic announcements: who serves the call, that it is recorded, menus, queues, the request to rate it.

They are played, on either party's channel or on both, and are events, not anybody's speech. An agent may say
much of the same in person, and a customer may repeat it. A prompt that stays in the speech does less harm
than speech that is taken out, so only what is a prompt through and through is taken:

- A prompt goes straight to its matter (工号…, 为了提升服务质量…). An agent greets first, and a prompt that
  greets too (您好，欢迎致电…) is followed by the agent's own greeting, begun afresh.
- A prompt asks nobody how to help, and does not speak of itself (我) or of its listeners (你们).

What may be played at any time is told in :mod:`pipeline.speech.played`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.call import Utterance
from pipeline.spans import Span, Spans
from pipeline.speech.prompt_wording import (
    ANY_GREETING,
    ASKS,
    TOLERANCE_S,
    find_kind,
    is_early,
    is_personal,
    pause_after,
    phrase,
    says,
)
from pipeline.wording.matching import PhraseMatch, find_first, find_last
from pipeline.wording.pinyin import syllables

# What opens a call. The recogniser writes keys and numbers either way.
OPENINGS = (
    ("number", "(工号|话务员|客服代表|客户代表|客服专员|坐席|座席)…为(您|你)服务"),
    ("recording", "为[了](提升|提高|保证|确保|保障)…服务质量…(录音|录制)"),
    ("recording", "(通话|电话|来电|本次服务)…(将|会|可能|正在|已|全程)…(录音|录制)"),
    ("recording", "call[s] (may|will) be (recorded|monitored)"),
    ("menu", "(服务|咨询|查询|普通话|业务|投诉|人工)请按 / for (english|service|sales|support) press"),
)
# Wording that agents use as well: announcements only when the agent's own greeting follows.
GREETINGS = (
    ("welcome", "欢迎(致电|拨打|您致电|来电) / (感谢|谢谢)(您|你)(致电|拨打) / thank you for calling"),
)
SERVES, SERVICE = "为(您|你)服务", "服务"
DIGITS = "零〇一二三四五六七八九"
NUMBER_DIGITS = 3
# A piece that is 工号, a number, 为您, and 服务; what the recogniser makes of 为您 still sounds like it.
MISHEARD = re.compile(rf"\W*\w{{0,2}}?[0-9{DIGITS}百]{{3,}}([^0-9{DIGITS}]{{1,3}})服务\W*")
FOR_YOU = {"wei", "nin", "nian", "ni", "ning", "lin"}
# By agents and prompts alike.
GLADLY = "很高兴为(您|你)"
# Shorter pieces hold no announcement, longer ones are more than one.
PIECE_S = (1.2, 20.0)
# Each piece costs a decode.
MOST_PIECES = 3
# The agent's own greeting follows the prompt within this time.
GREETS_WITHIN_S = 6.0
# Nobody takes over within a shorter pause, but a speaker pauses as long at a comma.
BREATH_S = 0.5

Listen = Callable[[Sequence[Span]], list[Utterance]]


@dataclass(frozen=True, slots=True)
class Announcement:
    """One automatic announcement: its ``kind`` (number, recording, menu, welcome, queue, …) and where."""

    kind: str
    span: Span


@dataclass(frozen=True, slots=True)
class _Wording:
    """What a piece announces: whether it goes straight to its matter, and where the words stand."""

    kind: str
    straight: bool
    found: PhraseMatch


def find_opening(
    first: Utterance, pauses: Spans, following: Sequence[Utterance], listen: Listen
) -> Announcement | None:
    """Find the announcement that a channel's first utterance is, or begins with.

    It ends at the first pause by which it has been said, found by listening to what comes before each pause:
    in one piece with what follows, the recogniser often leaves it out. Once a piece has come to what a person
    says, no longer one is heard.

    Parameters
    ----------
    first : Utterance
        The channel's first.
    pauses : Spans
        Inside it, however short.
    following : sequence of Utterance
        The channel's next ones.
    listen : callable
        Recognises stretches of the channel.
    """
    ends = [p.start_s for p in pauses if PIECE_S[0] <= p.start_s - first.start_s <= PIECE_S[1]]
    pieces = [Span(first.start_s, end_s) for end_s in ends[:MOST_PIECES]]
    heard = [*listen(pieces), first] if pieces else [first]
    for piece in heard:
        wording = _wording(piece)
        if is_personal(piece) or (wording is None and says(ASKS, piece)):
            break
        if wording is None:
            continue
        span = _span(wording, piece, pauses)
        if span is None:
            break
        if wording.straight:
            accepted = not _goes_on(span, first, pauses, listen)
        else:
            accepted = _greets_after(span, first, following, listen)
        if accepted:
            return Announcement(wording.kind, span)
    return None


def _span(wording: _Wording, piece: Utterance, pauses: Spans) -> Span | None:
    """Return where an announcement is; None when a person's greeting comes before any pause after it."""
    span = Span(piece.start_s, pause_after(wording.found.end_s, piece, pauses))
    asks = find_first([phrase(ASKS)], [piece]).match
    greeting = find_last([phrase(ANY_GREETING)], [piece]).match
    own = [m.start_s for m in (asks, greeting) if m is not None and m.start_s >= wording.found.start_s]
    within = span.end_s <= min(own, default=span.end_s) + TOLERANCE_S
    return span if within and span.duration_s <= PIECE_S[1] else None


def _wording(piece: Utterance) -> _Wording | None:
    """Return what a piece announces; None when it announces nothing, or only after asking how to help."""
    welcome = False
    opening = find_kind(OPENINGS, piece) or _number(piece)
    if opening is None:
        opening, welcome = find_kind(GREETINGS, piece), True
    if opening is None:
        return None
    kind, found = opening
    if says(ASKS, piece, before_s=found.start_s):
        return None
    greeted = says(ANY_GREETING, piece, before_s=found.start_s) or says(GLADLY, piece)
    straight = (
        not welcome and not greeted and (found.phrase in (SERVES, SERVICE) or is_early(found, piece.start_s))
    )
    return _Wording(kind, straight, found)


def _number(piece: Utterance) -> tuple[str, PhraseMatch] | None:
    """Find a number that serves: its word may be misheard, but a name has no three digits.

    为您 may be misheard as well in a piece that says nothing else.
    """
    found = find_first([phrase(SERVES)], [piece]).match
    ending = MISHEARD.fullmatch(piece.text)
    if found is None and ending is not None and FOR_YOU & set(syllables(ending[1])):
        found = find_first([phrase(SERVICE)], [piece]).match
    said = piece.text.partition(found.quote)[0] if found is not None else ""
    digits = sum(char.isdigit() or char in DIGITS for char in said)
    return ("number", found) if found is not None and digits >= NUMBER_DIGITS else None


def _goes_on(span: Span, first: Utterance, pauses: Spans, listen: Listen) -> bool:
    """Whether whoever says a piece goes on to ask how to help, after a breath and without a greeting."""
    pause = next((p for p in pauses if p.start_s == span.end_s), None)
    if pause is None or pause.duration_s >= BREATH_S or first.end_s - pause.end_s < PIECE_S[0]:
        return False
    return any(says(ASKS, u) and not _greets(u) for u in listen([Span(pause.end_s, first.end_s)]))


def _greets_after(span: Span, first: Utterance, following: Sequence[Utterance], listen: Listen) -> bool:
    """Whether the agent's own greeting follows a piece.

    One that only goes on (请问有什么…) may be by the voice that said the piece, and a mere 你好 may be the
    caller's.
    """
    after = [u for u in following if u.start_s - span.end_s <= GREETS_WITHIN_S][:1]
    if first.end_s - span.end_s > PIECE_S[0]:
        after = listen([Span(span.end_s, first.end_s)])
    return any(_greets(u) for u in after)


def _greets(utterance: Utterance) -> bool:
    """Whether somebody greets and then offers help."""
    offer = find_first([phrase(f"{ASKS} / {GLADLY}")], [utterance]).match
    return offer is not None and says(ANY_GREETING, utterance, before_s=offer.start_s)
