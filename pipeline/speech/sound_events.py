"""What is heard besides speech, as events of the call's timeline.

``busy_tone``, ``key`` (which one: ``digit``), ``tone`` (its ``hz``), ``clipping`` and ``dropout`` carry the
role of the channel they are on, and none where its party is not known; ``typing`` and ``dead_air`` are the
call's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.audio import Waveform
from pipeline.call import Event, EventKind, Role, Scalar
from pipeline.spans import Span, Spans
from pipeline.speech.announcements import Announcement
from pipeline.speech.line import find_clipping, find_dead_air, find_dropouts
from pipeline.speech.signals import Signals


def channel_events(samples: Waveform, speech: Spans, signals: Signals, role: Role) -> tuple[Event, ...]:
    """Events of one channel: busy tone, keys, other tones, clipping, dropouts.

    Parameters
    ----------
    samples : ndarray, shape=(n,)
        Mono, 16 kHz.
    speech : Spans
        Voice activity of the channel.
    signals : Signals
        Heard on it.
    role : Role
        Whose channel it is.
    """
    whose = None if role is Role.UNKNOWN else role
    return (
        *_events(EventKind.BUSY_TONE, whose, signals.busy),
        *(_event(EventKind.KEY, whose, k.span, digit=k.digit) for k in signals.keys),
        *(_event(EventKind.TONE, whose, t.span, hz=round(t.mean_hz, 1)) for t in signals.tones),
        *_events(EventKind.CLIPPING, whose, find_clipping(samples)),
        *_events(EventKind.DROPOUT, whose, find_dropouts(samples, speech) or ()),
    )


def call_events(channels: Sequence[Waveform], typing: Spans) -> tuple[Event, ...]:
    """Events that are the call's own: typing, and air that is dead on every channel."""
    return (
        *_events(EventKind.TYPING, None, typing),
        *_events(EventKind.DEAD_AIR, None, find_dead_air(channels)),
    )


def announcement_events(announcements: Iterable[Announcement]) -> tuple[Event, ...]:
    """Events of the automatic announcements, once each though both channels carry them."""
    known: list[Announcement] = []
    for announcement in sorted(announcements, key=lambda a: a.span):
        if not any(announcement.span.overlap_s(k.span) > 0 for k in known):
            known.append(announcement)
    return tuple(_event(EventKind.ANNOUNCEMENT, None, a.span, of=a.kind) for a in known)


def _events(kind: EventKind, role: Role | None, spans: Iterable[Span]) -> tuple[Event, ...]:
    return tuple(_event(kind, role, span) for span in spans)


def _event(kind: EventKind, role: Role | None, span: Span, **attributes: Scalar) -> Event:
    return Event(kind, role, span.start_s, span.end_s, tuple(sorted(attributes.items())))
