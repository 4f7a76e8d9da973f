from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.transcribers.base import MAX_CLIP_S, SAMPLE_RATE_HZ, Clip
from pipeline.transcribers.batching import BATCH_S, FULL_WINDOW_S, PADDING_S, batches, window_s


def clip(seconds: float) -> Clip:
    return np.zeros(round(seconds * SAMPLE_RATE_HZ), np.float32)


def test_a_window_leaves_room_behind_the_clip() -> None:
    assert window_s(clip(0.3)) == 4.0
    assert window_s(clip(4.0)) == 7.0
    assert window_s(clip(4.01)) == 8.5
    assert window_s(clip(MAX_CLIP_S)) == FULL_WINDOW_S


@given(
    st.lists(st.floats(0.05, MAX_CLIP_S), max_size=40), st.integers(min_value=1, max_value=20), st.booleans()
)
def test_every_clip_is_in_one_batch_of_its_own_window(lengths: list[float], size: int, full: bool) -> None:
    clips = [clip(s) for s in lengths]
    made = list(batches(range(len(clips)), clips, size=size, full=full))
    assert sorted(n for _, batch in made for n in batch) == list(range(len(clips)))
    for window, batch in made:
        assert 1 <= len(batch) <= size
        assert window * len(batch) <= BATCH_S
        assert {FULL_WINDOW_S if full else window_s(clips[n]) for n in batch} == {window}
        assert all(window == FULL_WINDOW_S or window >= lengths[n] + PADDING_S - 1e-4 for n in batch)


def test_long_clips_come_in_small_batches() -> None:
    clips = [clip(27.0)] * 16
    assert [len(batch) for _, batch in batches(range(16), clips, size=16)] == [8, 8]
