from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.transcribers.base import MAX_CLIP_S, SAMPLE_RATE_HZ
from pipeline.transcribers.batching import BATCH_S, FULL_WINDOW_S, PADDING_S, batches, window_s


def samples(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE_HZ)


def test_a_window_leaves_room_behind_the_samples() -> None:
    assert window_s(samples(0.3)) == 4.0
    assert window_s(samples(4.0)) == 7.0
    assert window_s(samples(4.01)) == 7.5
    assert window_s(samples(MAX_CLIP_S)) == FULL_WINDOW_S


@given(
    st.lists(st.floats(0.05, MAX_CLIP_S), max_size=40),
    st.integers(min_value=1, max_value=20),
    st.sampled_from([PADDING_S, 10.0]),
)
def test_every_clip_is_in_one_batch_of_its_own_window(
    lengths: list[float], size: int, padding_s: float
) -> None:
    sizes = [samples(s) for s in lengths]
    made = list(batches(range(len(sizes)), sizes, size=size, padding_s=padding_s))
    assert sorted(n for _, batch in made for n in batch) == list(range(len(sizes)))
    for window, batch in made:
        assert 1 <= len(batch) <= size
        assert window * len(batch) <= BATCH_S
        assert {window_s(sizes[n], padding_s=padding_s) for n in batch} == {window}
        assert all(window == FULL_WINDOW_S or window >= lengths[n] + padding_s - 1e-4 for n in batch)


def test_long_clips_come_in_small_batches() -> None:
    sizes = [samples(27.0)] * 16
    assert [len(batch) for _, batch in batches(range(16), sizes, size=16)] == [5, 5, 5, 1]
