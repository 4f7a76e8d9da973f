"""Signals of the telephone network on one channel: ringing, busy tone, keys pressed, other steady tones."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.audio import Waveform
from pipeline.spans import Span, Spans, subtract, union
from pipeline.speech.call_progress import find_progress_tones
from pipeline.speech.dtmf import Key, find_keys
from pipeline.speech.tone_plans import TonePlan
from pipeline.speech.tones import Burst, find_bursts, find_peaks

# A tone's edges blur by this much in voice activity.
EDGE_S = 0.15
# Vowels and notes that are as steady end sooner: of 3.7 h of calls, speech and music none of over 0.45 s was.
STEADY_S = 0.6
NOTE_S = 0.1
STEADY_WOBBLE_HZ = 4.0
STEADY_SWING_DB = 1.0


@dataclass(frozen=True, slots=True)
class Signals:
    """What the network, or a telephone's keys, sounded on one channel.

    Attributes
    ----------
    rings : Spans
        The ringback tone before the answer, one span a ring.
    busy : Spans
        Stretches of busy tone.
    keys : tuple of Key
        Pressed on the channel, in order.
    tones : tuple of Burst
        Other steady tones: of another network's plan, a beep, a car horn.
    notes : tuple of Burst
        All shorter tones that are no signals: in speech few and far between, in music nearly all of it.
    """

    rings: Spans = ()
    busy: Spans = ()
    keys: tuple[Key, ...] = ()
    tones: tuple[Burst, ...] = ()
    notes: tuple[Burst, ...] = ()

    @property
    def spans(self) -> Spans:
        """Where nobody speaks because a signal sounds: the whole of the ringing, pauses included."""
        ringing = [Span(self.rings[0].start_s, self.rings[-1].end_s)] if self.rings else []
        others = [*self.busy, *(k.span for k in self.keys), *(t.span for t in self.tones)]
        return union(Span(max(0.0, s.start_s - EDGE_S), s.end_s + EDGE_S) for s in (*ringing, *others))


def find_signals(samples: Waveform, plan: TonePlan) -> Signals:
    """Find the signals on one channel.

    Parameters
    ----------
    samples : ndarray, shape=(n,)
        Mono, 16 kHz.
    plan : TonePlan
        The tones of the network.
    """
    peaks = find_peaks(samples)
    bursts = find_bursts(peaks)
    progress = find_progress_tones(samples, bursts, plan)
    keys = find_keys(peaks)
    known = union((*progress.rings, *progress.busy, *(k.span for k in keys)))
    others = tuple(b for b in bursts if _is_steady(b) and subtract([b.span], known) == (b.span,))
    notes = tuple(b for b in bursts if b.span.duration_s >= NOTE_S and subtract([b.span], known) == (b.span,))
    return Signals(progress.rings, progress.busy, keys, others, notes)


def _is_steady(burst: Burst) -> bool:
    return (
        burst.span.duration_s >= STEADY_S
        and burst.wobble_hz <= STEADY_WOBBLE_HZ
        and burst.swing_db <= STEADY_SWING_DB
    )
