"""Interval algebra, as known answers and as laws."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.spans import Span, crop, gaps, intersect, subtract, total_s, union

times = st.integers(min_value=0, max_value=400).map(lambda n: n / 4)
spans = st.lists(st.tuples(times, times).map(lambda ab: Span(min(ab), max(ab))), max_size=12)


def test_union_joins_touching_and_bridges_short_gaps():
    pieces = [Span(3.0, 4.0), Span(0.0, 1.0), Span(1.0, 2.0), Span(2.2, 2.5)]
    assert union(pieces) == (Span(0.0, 2.0), Span(2.2, 2.5), Span(3.0, 4.0))
    assert union(pieces, bridge_s=0.3) == (Span(0.0, 2.5), Span(3.0, 4.0))
    assert union([Span(1.0, 1.0)]) == ()


def test_a_span_cannot_end_before_it_starts():
    with pytest.raises(ValueError, match=r"\[2.0, 1.0\)"):
        Span(2.0, 1.0)


def test_gaps_within_a_window_include_its_ends():
    speech = [Span(1.0, 2.0), Span(4.0, 5.0)]
    assert gaps(speech) == (Span(2.0, 4.0),)
    assert gaps(speech, within=Span(0.0, 6.0)) == (Span(0.0, 1.0), Span(2.0, 4.0), Span(5.0, 6.0))
    assert gaps([]) == ()
    assert gaps([], within=Span(0.0, 1.0)) == (Span(0.0, 1.0),)


@given(spans)
def test_union_is_sorted_disjoint_and_idempotent(pieces):
    joined = union(pieces)
    assert union(joined) == joined
    assert all(a.end_s < b.start_s for a, b in pairwise(joined))


@given(spans, spans)
def test_subtract_and_intersect_divide_the_whole(left, right):
    kept, shared = subtract(left, right), intersect(left, right)
    assert intersect(kept, right) == ()
    assert union([*kept, *shared]) == union(left)
    assert total_s(kept) + total_s(shared) == pytest.approx(total_s(left))


@given(spans, spans)
def test_intersect_commutes_and_is_contained(left, right):
    shared = intersect(left, right)
    assert shared == intersect(right, left)
    assert subtract(shared, left) == ()


@given(spans)
def test_gaps_and_spans_fill_their_hull(pieces):
    joined = union(pieces)
    if joined:
        hull = Span(joined[0].start_s, joined[-1].end_s)
        assert union([*joined, *gaps(pieces)]) == (hull,)


@given(spans, times, times)
def test_cropping_is_intersecting_with_one_span(pieces, a, b):
    to = Span(min(a, b), max(a, b))
    assert crop(union(pieces), to) == intersect(pieces, [to])
