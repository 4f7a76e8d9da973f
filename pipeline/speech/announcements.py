"""Automatic announcements: who serves the call, that it is recorded, menus, queues, the request to rate it.

They are played, on either party's channel or on both, and are events, not anybody's speech. An agent may say
much of the same in person; what tells them apart:

- A prompt goes straight to its matter (工号…, 为了提升服务质量…). An agent greets first, and a prompt that
  greets too (您好，欢迎致电…) is followed by the agent's own greeting.
- Nobody reads out which keys to press to rate a call, or how many callers wait in front.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.call import Utterance
from pipeline.spans import Span, Spans
from pipeline.wording.matching import PhraseMatch, find_first
from pipeline.wording.phrases import Phrase, compile_phrase

# What opens a call. The recogniser writes keys and numbers either way.
OPENINGS = (
    ("number", "(工号|话务员|客服代表|客户代表|客服专员|坐席|座席)…服务"),
    ("recording", "为[了](提升|提高|保证|确保|保障)…服务质量…(录音|录制)"),
    ("recording", "(通话|电话|来电|本次服务)…(录音|录制)"),
    ("recording", "call[s] (may|will) be (recorded|monitored)"),
    ("menu", "(服务|咨询|查询|普通话|业务|投诉|人工)请按 / for (english|service|sales|support) press"),
)
# Wording that agents use as well: announcements only when the agent's own greeting follows.
GREETINGS = (
    ("welcome", "欢迎(致电|拨打|您致电|来电) / (感谢|谢谢)(您|你)(致电|拨打) / thank you for calling"),
)
# Wherever they stand they are played.
PLAYED = (
    (
        "queue",
        "(坐席|座席|客服代表|客服人员|话务员|线路)(全|都|正|繁)忙 / 前面还有…位 / (您|你)的来电…很重要",
    ),
    ("queue", "call is [very] important to us / (first|next) in line / (representatives|operators) are…busy"),
    ("unreachable", "您拨打的(电话|用户|号码)…(关机|无法接通|通话中|空号|无人接听|停机)"),
    ("rating", "(满意|不满意|非常满意|评价|评分|打分)…请按 / 请按…(满意|评价|评分)"),
)
SERVES = "服务"
DIGITS = "零〇一二三四五六七八九"
NUMBER_DIGITS = 3
OWN_GREETING = "请问有什么 / 有什么(可以|能|需要)帮 / 很高兴为(您|你) / how (may|can) i help"
ANY_GREETING = "您好 / 你好 / hello / good (morning|afternoon|evening)"

# A prompt goes straight to its matter: nothing but a misheard syllable comes before.
OPENS_WITHIN_S = 0.8
# Shorter pieces hold no announcement, longer ones are more than one.
PIECE_S = (1.2, 20.0)
# Each piece costs a decode.
MOST_PIECES = 3
# The agent's own greeting follows the prompt within this time.
GREETS_WITHIN_S = 6.0

Listen = Callable[[Sequence[Span]], list[Utterance]]


@dataclass(frozen=True, slots=True)
class Announcement:
    """One automatic announcement: its ``kind`` (number, recording, menu, welcome, queue, …) and where."""

    kind: str
    span: Span


def find_opening(
    first: Utterance, pauses: Spans, following: Sequence[Utterance], listen: Listen, *, shared: bool
) -> Announcement | None:
    """Find the announcement that a channel's first utterance is, or begins with.

    It ends at the first pause by which it has been said, found by listening to what comes before each pause:
    in one piece with what follows, the recogniser often leaves it out.

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
    shared : bool
        Whether both parties are on the channel; then only an agent's wording counts as the own greeting.
    """
    ends = [p.start_s for p in pauses if PIECE_S[0] <= p.start_s - first.start_s <= PIECE_S[1]]
    pieces = [Span(first.start_s, end_s) for end_s in ends[:MOST_PIECES]]
    heard = [*listen(pieces), first] if pieces else [first]
    for piece in heard:
        said = _opening_kind(piece)
        if said is None:
            continue
        kind, straight = said
        if straight or _greets_after(piece, first, following, listen, shared=shared):
            return Announcement(kind, piece.span)
    return None


def find_played(utterances: Sequence[Utterance], pauses: Callable[[Span], Spans]) -> Iterator[Announcement]:
    """Find the announcements that are nothing else wherever they stand: queues, unreachable lines, ratings.

    Each lasts from the pause before its wording to the end of the utterance.
    """
    for utterance in utterances:
        for kind, phrases in _compiled(PLAYED):
            found = find_first(phrases, [utterance]).match
            if found is not None:
                starts = [p.end_s for p in pauses(utterance.span) if p.end_s <= found.start_s]
                yield Announcement(kind, Span(max(starts, default=utterance.start_s), utterance.end_s))
                break


def _opening_kind(piece: Utterance) -> tuple[str, bool] | None:
    """Return the kind of announcement that a piece is, and whether it goes straight to its matter."""
    for kind, phrases in _compiled(OPENINGS):
        found = find_first(phrases, [piece]).match
        if found is not None:
            greeted = _says(ANY_GREETING, piece, before_s=found.start_s)
            return kind, not greeted and _is_early(found, piece)
    if _names_a_number(piece):
        return "number", not _says(ANY_GREETING, piece)
    for kind, phrases in _compiled(GREETINGS):
        if find_first(phrases, [piece]).match is not None:
            return kind, False
    return None


def _names_a_number(piece: Utterance) -> bool:
    """Whether a number serves: its word may be misheard, but a name has no three digits."""
    found = find_first([_phrase(SERVES)], [piece]).match
    said = piece.text.partition(found.quote)[0] if found is not None else ""
    return sum(char.isdigit() or char in DIGITS for char in said) >= NUMBER_DIGITS


def _is_early(found: PhraseMatch, piece: Utterance) -> bool:
    return found.start_s - piece.start_s <= OPENS_WITHIN_S


def _greets_after(
    piece: Utterance, first: Utterance, following: Sequence[Utterance], listen: Listen, *, shared: bool
) -> bool:
    """Whether the agent's own greeting follows a piece."""
    after = [u for u in following if u.start_s - piece.end_s <= GREETS_WITHIN_S][:1]
    if first.end_s - piece.end_s > PIECE_S[0]:
        after = listen([Span(piece.end_s, first.end_s)])
    wording = OWN_GREETING if shared else f"{OWN_GREETING} / {ANY_GREETING}"
    return any(_says(wording, u) for u in after)


def _says(wording: str, utterance: Utterance, *, before_s: float | None = None) -> bool:
    found = find_first([_phrase(wording)], [utterance]).match
    return found is not None and (before_s is None or found.start_s < before_s)


@cache
def _phrase(source: str) -> Phrase:
    return compile_phrase(source)


@cache
def _compiled(wordings: tuple[tuple[str, str], ...]) -> tuple[tuple[str, tuple[Phrase, ...]], ...]:
    return tuple((kind, (_phrase(source),)) for kind, source in wordings)
