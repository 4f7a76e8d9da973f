"""Talk-over, interruption and backchannel, on calls that keep each party on a channel of its own.

Definitions (design's measures; the backchannel list follows Mandarin conversation analysis):

- *backchannel*: speech that begins inside the other's turn and is made of acknowledgement words, or is
  shorter than 1 s without content. It is never an interruption.
- *interruption*: both speak for at least 2 s and the intruder says at least 4 characters, or the other
  stops within 0.5 s of the intruder's start and the intruder holds the floor.
- *talk-over*: any other start inside the other's speech with more than 0.5 s of overlap.

The role of an event is the party that began to speak second.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pipeline.call import Event, EventKind, Role, Utterance
from pipeline.spans import Span, Spans
from pipeline.wording.lexicon import is_acknowledgement

TALK_OVER_S = 0.5
INTERRUPTION_S = 2.0
INTERRUPTION_CHARS = 4
# A voice activity edge is good to about a tenth of a second; a shorter overlap is a smooth change of speaker.
SMOOTH_CHANGE_S = 0.1
BACKCHANNEL_S = 1.0
BACKCHANNEL_CHARS = 2
# The other party must stay silent this long for the intruder to count as holding the floor.
FLOOR_S = 1.0

OTHER = {Role.AGENT: Role.CUSTOMER, Role.CUSTOMER: Role.AGENT}


def find_overlaps(utterances: Sequence[Utterance], speech: Mapping[Role, Spans]) -> tuple[Event, ...]:
    """Talk-over, interruption and backchannel events in order of start.

    Parameters
    ----------
    utterances : sequence of Utterance
        Of both roles, by start.
    speech : mapping of Role to Spans
        Voice activity per role, bridged.

    Returns
    -------
    tuple of Event
        With the attribute ``overlap_s``: seconds during which both spoke.
    """
    return tuple(_overlaps(utterances, speech))


def _overlaps(utterances: Sequence[Utterance], speech: Mapping[Role, Spans]) -> Iterator[Event]:
    for utterance in utterances:
        if utterance.role is Role.UNKNOWN:
            continue
        other = OTHER[utterance.role]
        spoken = next((s for s in speech.get(other, ()) if s.start_s < utterance.start_s < s.end_s), None)
        turn = next(
            (u for u in utterances if u.role is other and u.start_s < utterance.start_s < u.end_s), None
        )
        if turn is not None and _is_backchannel(utterance, turn):
            yield _event(EventKind.BACKCHANNEL, utterance, utterance.span.overlap_s(turn.span))
        elif spoken is not None:
            kind = _classify(utterance, spoken, speech[other])
            if kind is not None:
                yield _event(kind, utterance, utterance.span.overlap_s(spoken))


def _is_backchannel(utterance: Utterance, turn: Utterance) -> bool:
    if utterance.span.overlap_s(turn.span) < 0.5 * utterance.span.duration_s:
        return False
    short = utterance.span.duration_s < BACKCHANNEL_S and utterance.chars <= BACKCHANNEL_CHARS
    return short or is_acknowledgement(utterance.text)


def _classify(utterance: Utterance, spoken: Span, other_speech: Spans) -> EventKind | None:
    """Return what kind of start inside the other's stretch ``spoken`` this is."""
    until_stop = spoken.end_s - utterance.start_s
    if until_stop >= INTERRUPTION_S and utterance.chars >= INTERRUPTION_CHARS:
        return EventKind.INTERRUPTION
    if SMOOTH_CHANGE_S <= until_stop <= TALK_OVER_S and utterance.end_s > spoken.end_s:
        floor = Span(spoken.end_s, min(max(utterance.end_s, spoken.end_s), spoken.end_s + FLOOR_S))
        if not any(s.start_s > spoken.start_s and s.overlap_s(floor) > 0 for s in other_speech):
            return EventKind.INTERRUPTION
    return EventKind.TALK_OVER if until_stop > TALK_OVER_S else None


def _event(kind: EventKind, utterance: Utterance, overlap_s: float) -> Event:
    return Event(
        kind=kind,
        role=utterance.role,
        start_s=utterance.start_s,
        end_s=utterance.end_s,
        attributes=(("overlap_s", round(overlap_s, 3)),),
    )
