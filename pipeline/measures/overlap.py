"""Talk-over, interruption and backchannel, on calls that keep each party on a channel of its own.

Definitions (design's measures; the backchannel list follows Mandarin conversation analysis):

- *backchannel*: speech that begins inside the other's turn and is made of acknowledgement words, or is
  shorter than 1 s without content. It is never an interruption.
- *interruption*: both speak for at least 2 s and the intruder says at least 4 characters, or the other
  stops within 0.5 s of the intruder's start and the intruder holds the floor.
- *talk-over*: any other start inside the other's utterance with more than 0.5 s of overlap.

The role of an event is the party that began to speak second.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.call import Event, EventKind, Role, Utterance
from pipeline.spans import Span
from pipeline.wording.lexicon import is_acknowledgement

TALK_OVER_S = 0.5
INTERRUPTION_S = 2.0
INTERRUPTION_CHARS = 4
# The other stops within half a second of the intruder's start. Voice activity begins late and ends early by a
# few hundredths of a second, so that half a second of overlap is measured as less.
CUT_OFF_S = 0.42
# An overlap shorter than an edge is exact is a smooth change of speaker.
SMOOTH_CHANGE_S = 0.05
BACKCHANNEL_S = 1.0
BACKCHANNEL_CHARS = 2
# The other party must stay silent this long for the intruder to count as holding the floor.
FLOOR_S = 1.0

OTHER = {Role.AGENT: Role.CUSTOMER, Role.CUSTOMER: Role.AGENT}


def find_overlaps(utterances: Sequence[Utterance]) -> tuple[Event, ...]:
    """Talk-over, interruption and backchannel events in order of start.

    Parameters
    ----------
    utterances : sequence of Utterance
        Of both roles, by start. A party that pauses inside its utterance has not yielded the floor.

    Returns
    -------
    tuple of Event
        With the attribute ``overlap_s``: seconds for which both were in the middle of an utterance.
    """
    return tuple(_overlaps(utterances))


def _overlaps(utterances: Sequence[Utterance]) -> Iterator[Event]:
    for utterance in utterances:
        turn = next(
            (
                u
                for u in utterances
                if u.role is OTHER.get(utterance.role) and u.start_s < utterance.start_s < u.end_s
            ),
            None,
        )
        if turn is None:
            continue
        kind = _classify(utterance, turn, utterances)
        if kind is not None:
            yield _event(kind, utterance, utterance.span.overlap_s(turn.span))


def _is_backchannel(utterance: Utterance, turn: Utterance) -> bool:
    if utterance.span.overlap_s(turn.span) < 0.5 * utterance.span.duration_s:
        return False
    short = utterance.span.duration_s < BACKCHANNEL_S and utterance.chars <= BACKCHANNEL_CHARS
    return short or is_acknowledgement(utterance.text)


def _classify(utterance: Utterance, turn: Utterance, utterances: Sequence[Utterance]) -> EventKind | None:
    """Return what kind of start inside the other's utterance this is; None for a smooth change."""
    if _is_backchannel(utterance, turn):
        return EventKind.BACKCHANNEL
    overlap_s = utterance.span.overlap_s(turn.span)
    if overlap_s >= INTERRUPTION_S and utterance.chars >= INTERRUPTION_CHARS:
        return EventKind.INTERRUPTION
    # Who says 嗯，是的 asks for no floor, whoever stops then.
    if is_acknowledgement(utterance.text):
        return None
    cut_off = SMOOTH_CHANGE_S <= turn.end_s - utterance.start_s <= CUT_OFF_S
    if cut_off and utterance.end_s > turn.end_s and not _resumes(turn, utterances):
        return EventKind.INTERRUPTION
    return EventKind.TALK_OVER if overlap_s > TALK_OVER_S else None


def _resumes(turn: Utterance, utterances: Sequence[Utterance]) -> bool:
    """Whether the party that stopped speaks again at once: the other did not get the floor."""
    floor = Span(turn.end_s, turn.end_s + FLOOR_S)
    return any(u.role is turn.role and u is not turn and u.span.overlap_s(floor) > 0 for u in utterances)


def _event(kind: EventKind, utterance: Utterance, overlap_s: float) -> Event:
    return Event(
        kind=kind,
        role=utterance.role,
        start_s=utterance.start_s,
        end_s=utterance.end_s,
        attributes=(("overlap_s", round(overlap_s, 3)),),
    )
