"""Telling an automatic announcement's wording from what a person says."""

from __future__ import annotations

import re
from functools import cache

from pipeline.call import Utterance
from pipeline.spans import Spans
from pipeline.wording.matching import PhraseMatch, find_first
from pipeline.wording.phrases import Phrase, compile_phrase

# A prompt speaks for a company (我们将…, 对我们很重要); these are people talking, or telling what was played.
# Letters, not sounds: 我 sounds like too much else.
PERSONAL = re.compile(
    r"我(?!们(?:将|会|很|非常|正|能)|们?的(?:服务|客服|坐席|座席)|司|行)|你们|咱|俺|[吗吧呢啊呀哦嘛]"
    r"|打了|按了|等了|总说|老说|总是|老是|系统说|提示说|一直说|刚才|怎么|什么时候|为什么|(?<![以要能])帮[您你]"
    r"|\b(?:i|i'm|my|me)\b",
    re.IGNORECASE,
)
ASKS = "请问有什么 / 有什么(可以|能|需要)帮 / how (may|can) i help"
ANY_GREETING = "您好 / 你好 / hello / good (morning|afternoon|evening)"

# A prompt goes straight to its matter: nothing but a misheard syllable comes before.
OPENS_WITHIN_S = 0.8
# Times inside an utterance are interpolated.
TOLERANCE_S = 0.3

Wordings = tuple[tuple[str, str], ...]
"""Kinds of announcement, each with a phrase."""


def is_personal(piece: Utterance) -> bool:
    """Whether something in a piece is told by a person, or about one."""
    return PERSONAL.search(piece.text) is not None


def says(wording: str, utterance: Utterance, *, before_s: float | None = None) -> bool:
    """Whether an utterance holds a phrase, begun before a time when one is given."""
    found = find_first([phrase(wording)], [utterance]).match
    return found is not None and (before_s is None or found.start_s < before_s)


def find_kind(wordings: Wordings, utterance: Utterance) -> tuple[str, PhraseMatch] | None:
    """Find the first of several kinds of announcement that an utterance holds."""
    for kind, source in wordings:
        found = find_first([phrase(source)], [utterance]).match
        if found is not None:
            return kind, found
    return None


def is_early(found: PhraseMatch, start_s: float) -> bool:
    """Whether a match is what a stretch of speech starts with."""
    return found.start_s - start_s <= OPENS_WITHIN_S


def pause_after(said_by_s: float, piece: Utterance, pauses: Spans) -> float:
    """Return the start of the first pause by which something has been said, or the end of the piece."""
    ends = [p.start_s for p in pauses if p.end_s >= said_by_s - TOLERANCE_S and p.start_s < piece.end_s]
    return min(ends, default=piece.end_s)


@cache
def phrase(source: str) -> Phrase:
    """Return a phrase, compiled once."""
    return compile_phrase(source)
