"""The automatic announcement of the agent's number at the start of a call (工号…为您服务).

It is spoken by a prompt voice on the agent's channel and is an event, not agent speech. An agent who gives
a number in person greets first (您好，工号…) and is not mistaken for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from pipeline.call import Utterance
from pipeline.spans import Span, Spans, gaps
from pipeline.wording.matching import find_first
from pipeline.wording.phrases import Phrase, compile_phrase

WORDING = "(工号|话务员|客服代表|客户代表|坐席|座席)…为(您|你)服务"
# The announcement opens the utterance: nothing but a misheard syllable may come before it.
OPENS_WITHIN_S = 0.8
MIN_PAUSE_S = 0.2

Listen = Callable[[Span], Utterance]


def announcement_end(first: Utterance, speech: Spans, listen: Listen) -> float | None:
    """Return where the announcement ends when the channel's first utterance opens with one.

    The end is the first pause by which the whole announcement has been said, found by listening to
    what comes before each pause.

    Parameters
    ----------
    first : Utterance
        The first on the agent's channel.
    speech : Spans
        Voice activity of the channel.
    listen : callable
        Recognises a stretch of the channel.

    Returns
    -------
    float or None
        None when there is no announcement; the end of the utterance when it holds nothing else.
    """
    if not _opens_with_announcement(first):
        return None
    for pause in _pauses(first.span, speech):
        if _opens_with_announcement(listen(Span(first.start_s, pause.start_s))):
            return pause.start_s
    return first.end_s


def _opens_with_announcement(utterance: Utterance) -> bool:
    found = find_first([_phrase()], [utterance]).match
    return found is not None and found.start_s - utterance.start_s <= OPENS_WITHIN_S


def _pauses(span: Span, speech: Spans) -> Sequence[Span]:
    inside = [
        Span(max(s.start_s, span.start_s), min(s.end_s, span.end_s)) for s in speech if s.overlap_s(span)
    ]
    return [g for g in gaps(inside) if g.duration_s >= MIN_PAUSE_S]


@cache
def _phrase() -> Phrase:
    return compile_phrase(WORDING)
