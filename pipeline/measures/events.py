"""Events that follow from who speaks when: non-talk, holds, overlaps, closing silence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.call import Event, EventKind, Role, Utterance
from pipeline.measures.overlap import find_overlaps
from pipeline.measures.silence import Sounds, find_closing_silence, find_holds, find_non_talk
from pipeline.spans import Span, Spans, intersect, total_s, union


def derive_events(
    *,
    utterances: Sequence[Utterance],
    speech: Mapping[Role, Spans],
    duration_s: float,
    separated: bool,
    sounds: Sounds | None = None,
    announcement: Span | None = None,
    ringback: Spans = (),
    heard: Sequence[Event] = (),
) -> tuple[Event, ...]:
    """Every event of a call, sorted by start.

    Parameters
    ----------
    utterances : sequence of Utterance
        Of all roles, by start.
    speech : mapping of Role to Spans
        Voice activity per role without the announcement, gaps under 0.3 s bridged.
    duration_s : float
        Length of the recording.
    separated : bool
        Whether each party has its own channel; overlaps are looked for only then.
    sounds : Sounds, optional
        Music and typing.
    announcement : Span, optional
        The automatic announcement at the start.
    ringback : Spans
        The bursts of the ringback tone before the answer, one per ring.
    heard : sequence of Event
        What else was heard: signals, faults of the line.

    Returns
    -------
    tuple of Event
    """
    sounds = sounds or Sounds()
    everyone = union(span for spans in speech.values() for span in spans)
    holds = find_holds(utterances, everyone, sounds=sounds, end_s=duration_s)
    events = [
        *(Event(EventKind.SPEECH, role, s.start_s, s.end_s) for role, spans in speech.items() for s in spans),
        *_ringback_event(ringback),
        *_music_events(sounds),
        *heard,
        *holds,
        *find_non_talk(everyone),
        *find_closing_silence(everyone, holds, end_s=duration_s),
        *(find_overlaps(utterances) if separated else ()),
    ]
    if announcement is not None:
        events.append(Event(EventKind.ANNOUNCEMENT, None, announcement.start_s, announcement.end_s))
    return tuple(sorted(events, key=lambda e: (e.start_s, e.end_s, e.kind, e.role or "")))


def _music_events(sounds: Sounds) -> tuple[Event, ...]:
    """One event per stretch of music, with the share of it in which somebody sings or speaks."""
    return tuple(
        Event(
            EventKind.MUSIC,
            None,
            s.start_s,
            s.end_s,
            (("vocal", round(total_s(intersect([s], sounds.vocal)) / s.duration_s, 3)),),
        )
        for s in sounds.music
        if s.duration_s > 0
    )


def _ringback_event(bursts: Spans) -> tuple[Event, ...]:
    """One event from the first burst to the end of the last, with the number of rings."""
    if not bursts:
        return ()
    attributes = (("rings", len(bursts)),)
    return (Event(EventKind.RINGBACK, None, bursts[0].start_s, bursts[-1].end_s, attributes),)
