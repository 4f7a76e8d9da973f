"""Call-progress tones: ringback before the answer and busy tone, as the network's tone plan has them.

A tone's bursts are those of :mod:`pipeline.speech.tones` whose spectrum over the whole burst holds the plan's
frequencies and hardly anything else, and whose lengths and pauses follow the plan's cadence. The recording
may begin inside a ring, and the answer may cut one off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.audio import RATE_HZ, Waveform
from pipeline.spans import Span, Spans
from pipeline.speech.tone_plans import ProgressTone, TonePlan
from pipeline.speech.tones import HOP_S, LEAST_OF_PAIR_DB, Burst

# ITU-T E.180 lets a network's tones be this far off.
OFF_HZ = 25.0
# Share of a burst's power around the plan's frequencies; speech and music spread theirs.
PURE_SHARE = 0.7
AROUND_HZ = 12.0
# Lengths may differ from the plan's by this share; measuring them blurs by this much.
ON_SHARE, OFF_SHARE, BLUR_S = 0.2, 0.25, 0.08
# Pieces of one burst that noise has cut.
MEND_S = 0.12
# Busy tone repeats; so does nothing else that is as regular.
BUSY_BURSTS = 3
# A ring that the start of the recording or the answer cut short must be very steady: horns and voices wobble.
CUT_RING_S = 0.25
CUT_WOBBLE_HZ = 1.5
AT_START_S = 0.05


@dataclass(frozen=True, slots=True)
class ProgressTones:
    """Ringback before the answer, one span a ring; and stretches of busy tone."""

    rings: Spans = ()
    busy: Spans = ()


def find_progress_tones(samples: Waveform, bursts: Sequence[Burst], plan: TonePlan) -> ProgressTones:
    """Find the plan's tones on one channel.

    Parameters
    ----------
    samples : ndarray, shape=(n,)
        Mono, 16 kHz.
    bursts : sequence of Burst
        Of that channel.
    plan : TonePlan
    """
    busy = [run for run in _runs(samples, bursts, plan.busy) if len(run) >= BUSY_BURSTS]
    ends = tuple(Span(run[0].span.start_s, run[-1].span.end_s) for run in busy)
    taken = {burst for run in busy for burst in run}
    rings = _rings(_runs(samples, bursts, plan.ringback), plan.ringback, taken)
    return ProgressTones(rings, ends)


def _rings(runs: Sequence[Sequence[Burst]], tone: ProgressTone, taken: set[Burst]) -> Spans:
    """Rings of the ringing before the answer: later ones, as in a transfer, are not counted."""
    cycle_s = sum(tone.cadence_s)
    pause_s = max(tone.cadence_s[1::2])
    for number, run in enumerate(runs):
        after = runs[number + 1] if number + 1 < len(runs) else None
        # The recording starts inside the first cycle at the latest, and a ring is followed by its pause.
        late = run[0].span.start_s > cycle_s + BLUR_S
        hasty = after is not None and after[0].span.start_s - run[-1].span.end_s < (1 - OFF_SHARE) * pause_s
        if late or hasty or any(burst in taken for burst in run):
            continue
        if len(run) > 1 or _is_ring(run[0], tone):
            return _by_ring(run, pause_s)
    return ()


def _is_ring(burst: Burst, tone: ProgressTone) -> bool:
    """Whether a lone burst is a whole ring, or one that the start of the recording cut short."""
    lengths_s = tone.cadence_s[::2]
    cut = burst.span.start_s <= AT_START_S and _may_be_cut(burst, max(lengths_s))
    return cut or any(_fits(burst.span.duration_s, length_s, ON_SHARE) for length_s in lengths_s)


def _may_be_cut(burst: Burst, on_s: float) -> bool:
    steady = burst.wobble_hz <= CUT_WOBBLE_HZ
    return steady and CUT_RING_S <= burst.span.duration_s <= _most(on_s)


def _by_ring(run: Sequence[Burst], pause_s: float) -> Spans:
    """Join the bursts of one ring (a double ring has two); the plan's longest pause parts rings."""
    rings: list[Span] = []
    for burst in run:
        if rings and burst.span.start_s - rings[-1].end_s < (1 - OFF_SHARE) * pause_s:
            rings[-1] = Span(rings[-1].start_s, burst.span.end_s)
        else:
            rings.append(burst.span)
    return tuple(rings)


def _runs(samples: Waveform, bursts: Sequence[Burst], tone: ProgressTone) -> list[list[Burst]]:
    """Bursts of a tone that follow each other in its cadence."""
    pure = [b for b in _mended(bursts) if _sounds_like(samples, b, tone.frequencies_hz)]
    runs: list[list[Burst]] = []
    phase = 0
    for burst in pure:
        following = _next_phase(runs[-1][-1], burst, phase, tone.cadence_s) if runs else None
        if following is None:
            phase = _first_phase(burst, tone.cadence_s)
            runs.append([burst])
        else:
            phase = following
            runs[-1].append(burst)
    return runs


def _first_phase(burst: Burst, cadence_s: Sequence[float]) -> int:
    fitting = [k for k in range(len(cadence_s) // 2) if burst.span.duration_s <= _most(cadence_s[2 * k])]
    return fitting[0] if fitting else 0


def _next_phase(before: Burst, burst: Burst, phase: int, cadence_s: Sequence[float]) -> int | None:
    """Return where in the cadence the burst stands after the one before, or None when it breaks it.

    The burst before must have been whole, unless the recording began in it; this one may be cut off.
    """
    pairs = len(cadence_s) // 2
    starts = range(pairs) if before.span.start_s <= AT_START_S else (phase,)
    for k in starts:
        on_s, off_s = cadence_s[2 * k], cadence_s[2 * k + 1]
        n = (k + 1) % pairs
        whole = before.span.start_s <= AT_START_S or _fits(before.span.duration_s, on_s, ON_SHARE)
        pause_s = burst.span.start_s - before.span.end_s
        next_s = cadence_s[2 * n]
        fits = _fits(burst.span.duration_s, next_s, ON_SHARE) or _may_be_cut(burst, next_s)
        if whole and fits and _fits(pause_s, off_s, OFF_SHARE):
            return n
    return None


def _most(on_s: float) -> float:
    return max((1 + ON_SHARE) * on_s, on_s + BLUR_S)


def _fits(length_s: float, plan_s: float, share: float) -> bool:
    return abs(length_s - plan_s) <= max(share * plan_s, BLUR_S)


def _mended(bursts: Sequence[Burst]) -> list[Burst]:
    """Join bursts of one frequency that lie close together."""
    joined: list[Burst] = []
    for burst in bursts:
        last = joined[-1] if joined else None
        if (
            last is not None
            and burst.span.start_s - last.span.end_s <= MEND_S
            and abs(burst.mean_hz - last.mean_hz) <= AROUND_HZ
        ):
            joined[-1] = Burst(
                Span(last.span.start_s, burst.span.end_s),
                last.mean_hz,
                max(last.wobble_hz, burst.wobble_hz),
                max(last.swing_db, burst.swing_db),
            )
        else:
            joined.append(burst)
    return joined


def _sounds_like(samples: Waveform, burst: Burst, frequencies_hz: Sequence[float]) -> bool:
    """Whether a burst's spectrum is that of the plan's frequencies, sounding together."""
    lowest, highest = min(frequencies_hz) - OFF_HZ, max(frequencies_hz) + OFF_HZ
    if not lowest <= burst.mean_hz <= highest:
        return False
    # Without its edges, where the frames see the tone come and go.
    start, end = burst.span.start_s + 2 * HOP_S, burst.span.end_s - 2 * HOP_S
    piece = samples[int(start * RATE_HZ) : int(end * RATE_HZ)]
    if len(piece) < RATE_HZ // 20:
        return False
    power = np.abs(np.fft.rfft(piece * np.hanning(len(piece)), RATE_HZ)) ** 2
    # Tones of a pair are told apart half-way; a short burst's window blurs them.
    apart = max(frequencies_hz) - min(frequencies_hz)
    within = min(OFF_HZ, apart / 2) if apart else OFF_HZ
    blur_hz = 2.0 * RATE_HZ / len(piece)
    around = max(min(AROUND_HZ, within), blur_hz)
    found = [_peak(power, hz, within, around) for hz in frequencies_hz]
    tops = [top for top, _ in found]
    balanced = all(10 * np.log10(top / max(tops) + 1e-12) >= LEAST_OF_PAIR_DB for top in tops)
    return balanced and sum(held for _, held in found) >= PURE_SHARE * float(power.sum())


def _peak(power: npt.NDArray[np.float64], hz: float, within: float, around: float) -> tuple[float, float]:
    """Height of the strongest line near ``hz`` and power around it; the spectrum has one value a hertz."""
    first = round(hz - within)
    at = first + int(power[first : round(hz + within) + 1].argmax())
    return float(power[at]), float(power[max(0, round(at - around)) : round(at + around) + 1].sum())
