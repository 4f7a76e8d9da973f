"""Cutting voice activity into utterances: what is handed to the recogniser in one piece."""

from __future__ import annotations

from itertools import pairwise

from pipeline.spans import Span, Spans, intersect, total_s

# Slow speakers pause over a second inside a sentence; whole sentences are recognised better.
MAX_PAUSE_S = 1.5
# Whisper's window is 30 s; the margins around an utterance need room.
MAX_UTTERANCE_S = 25.0
# Speech of this length that the other party begins inside a pause ends the utterance; somebody who was
# already talking over it does not.
FLOOR_CHANGE_S = 0.6
# For no longer than this does a speaker who is talked over keep the floor without a sound.
HOLDS_FLOOR_S = 1.0


def cut_utterances(own: Spans, other: Spans, *, shared: bool = False) -> Spans:
    """Join one channel's speech into utterances.

    Speech is joined over pauses of up to 1.5 s unless the other party takes the floor in the pause;
    utterances over 25 s are cut at their longest pauses.

    Parameters
    ----------
    own, other : Spans
        Voice activity of this channel and of the other one.
    shared : bool
        Whether they are two voices on one channel: an utterance then ends wherever the other voice is heard,
        or the recogniser would write down the words of both.

    Returns
    -------
    Spans
    """
    groups: list[list[Span]] = []
    for span in own:
        if groups and _joins(groups[-1][-1], span, other, shared=shared):
            groups[-1].append(span)
        else:
            groups.append([span])
    return tuple(piece for group in groups for piece in _within_limit(group))


def _joins(left: Span, right: Span, other: Spans, *, shared: bool) -> bool:
    """Whether a pause is the speaker's own: short, and the other party did not begin to speak in it."""
    pause = Span(left.end_s, right.start_s)
    if shared and intersect([pause], other):
        return False
    held = pause.duration_s <= HOLDS_FLOOR_S
    answered = [s for s in other if not held or s.start_s >= left.end_s]
    return pause.duration_s <= MAX_PAUSE_S and total_s(intersect([pause], answered)) < FLOOR_CHANGE_S


def _within_limit(group: list[Span]) -> list[Span]:
    whole = Span(group[0].start_s, group[-1].end_s)
    if whole.duration_s <= MAX_UTTERANCE_S:
        return [whole]
    if len(group) == 1:
        return _halve(whole)
    # Cut at the longest pause, but prefer one near the middle over a slightly longer one at the edge.
    middle = (whole.start_s + whole.end_s) / 2
    worth = [
        (right.start_s - left.end_s) / (1.0 + abs(left.end_s - middle) / whole.duration_s)
        for left, right in pairwise(group)
    ]
    cut = worth.index(max(worth)) + 1
    return _within_limit(group[:cut]) + _within_limit(group[cut:])


def _halve(whole: Span) -> list[Span]:
    """Cut speech without a pause into equal pieces."""
    pieces = int(whole.duration_s // MAX_UTTERANCE_S) + 1
    step = whole.duration_s / pieces
    edges = [whole.start_s + i * step for i in range(pieces)] + [whole.end_s]
    return [Span(a, b) for a, b in pairwise(edges)]
