"""Faults of the line and the recorder: clipped speech, dropouts, and air that is dead on both sides.

- *clipping*: speech whose peaks are cut flat. Three or more samples in a row within 1 % of the channel's
  highest value make a flat top; voices touch their highest value in single peaks. (At 16 kHz a 1 kHz wave
  stays within 1 % of its peak for 0.7 samples.)
- *dropout*: speech that breaks off and comes back between two 10 ms frames, with nothing, not even the
  line's own noise, for 20 ms to 0.5 s in between: a lost packet, a hole in the recording. Where the line is
  digitally silent between words anyway, a hole cannot be told from a pause.
- *dead air*: for 2 s or more no channel carries so much as a line's noise.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.spans import Span, Spans, intersect, union
from pipeline.speech.levels import FRAME, FRAME_S, Frames, find_runs, frame_level_db
from pipeline.waveform import RATE_HZ, Waveform, blocks, find_peak

# Below the quantisation noise of any telephone coding.
NOTHING_DB = -80.0
DEAD_AIR_S = 2.0

FLAT_TOP_SHARE = 0.99
FLAT_TOP_SAMPLES = 3
# Clipping happens near full scale, of which mu-law's is 0.98 and A-law's 0.98.
CLIPS_ABOVE = 0.5
# One flat top may be chance; clipped speech has several in a fifth of a second.
FLAT_TOPS = 3
FLAT_TOPS_WITHIN_S = 0.2

DROPOUT_S = (0.02, 0.5)
# Either side of a dropout is speech: this loud, against the channel's loud frames.
BELOW_SPEECH_DB = 25.0
# A live line's noise is at least this far above nothing.
LIVE_DB = 6.0


def find_clipping(samples: Waveform) -> Spans:
    """Find the stretches of one channel whose peaks are cut flat."""
    top = find_peak(samples)
    if top < CLIPS_ABOVE:
        return ()
    runs: list[tuple[int, int]] = []
    for sign in (1, -1):
        last = (0, 0)
        for at, block in blocks(samples):
            for first, end in find_runs(sign * block >= FLAT_TOP_SHARE * top):
                # A flat top may run over the edge of a block.
                begun = last[0] if last[1] == at + first > 0 else at + first
                runs += [last] if last[0] != begun else []
                last = begun, at + end
        runs.append(last)
    runs = [(first, end) for first, end in runs if end - first >= FLAT_TOP_SAMPLES]
    tops = [Span(a / RATE_HZ, b / RATE_HZ) for a, b in sorted(runs)]
    groups = union(tops, bridge_s=FLAT_TOPS_WITHIN_S)
    # Tops are sorted, and every one of them lies in one group.
    begins = np.searchsorted([t.start_s for t in tops], [g.start_s for g in groups])
    counts = np.diff(begins, append=len(tops))
    return tuple(g for g, count in zip(groups, counts.tolist(), strict=True) if count >= FLAT_TOPS)


def find_dropouts(samples: Waveform, speech: Spans) -> Spans | None:
    """Find the holes in one channel's speech.

    Parameters
    ----------
    samples : ndarray, shape=(n,)
        Mono, 16 kHz.
    speech : Spans
        Its voice activity.

    Returns
    -------
    Spans or None
        None when the line is digitally silent outside speech, so that no hole could be told from a pause.
    """
    level_db = frame_level_db(samples)
    if not speech or not len(level_db):
        return ()
    if _floor_db(level_db, speech) < NOTHING_DB + LIVE_DB:
        return None
    loud_db = float(np.quantile(level_db, 0.95)) - BELOW_SPEECH_DB
    found = []
    for first, end in find_runs(level_db < NOTHING_DB):
        if first < 2 or end + 2 > len(level_db):
            continue
        # The frames next to a hole may be cut by it; one of two on either side must be speech.
        inside = level_db[first - 2 : first].max() >= loud_db and level_db[end : end + 2].max() >= loud_db
        hole = Span(first * FRAME_S, end * FRAME_S)
        if inside and DROPOUT_S[0] <= hole.duration_s <= DROPOUT_S[1]:
            found.append(hole)
    around = [Span(max(0.0, s.start_s - DROPOUT_S[1]), s.end_s + DROPOUT_S[1]) for s in speech]
    return tuple(hole for hole in found if intersect([hole], around))


def find_dead_air(channels: Sequence[Waveform]) -> Spans:
    """Find the stretches of at least 2 s in which no channel carries even a line's noise."""
    levels = [frame_level_db(samples) for samples in channels]
    length = min((len(level) for level in levels), default=0)
    if not length:
        return ()
    nothing = np.all([level[:length] < NOTHING_DB for level in levels], axis=0)
    spans = (Span(a * FRAME_S, b * FRAME_S) for a, b in find_runs(nothing))
    return tuple(s for s in spans if s.duration_s >= DEAD_AIR_S)


def _floor_db(level_db: Frames, speech: Spans) -> float:
    """Median level outside speech; of a channel that is all speech, its quietest tenth."""
    outside = np.ones(len(level_db), dtype=bool)
    for span in speech:
        outside[int(span.start_s / FRAME_S) : int(span.end_s / FRAME_S) + 1] = False
    quiet = level_db[outside]
    return float(np.median(quiet)) if len(quiet) >= FRAME else float(np.quantile(level_db, 0.1))
