from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from pipeline import profiling
from pipeline.profiling import Account, Stage, stage
from pipeline.transcribers.base import SAMPLE_RATE_HZ, CallClips, Clip, Heard
from pipeline.transcribers.taking_turns import MOST_TOGETHER, TOGETHER_S, Steps, hear_in_turn
from pipeline.waveform import Clips, Samples, Spool


class Recorder:
    """Says how many seconds each clip has, and remembers which calls came together."""

    name = key = "recorder"

    def __init__(self, *, chokes_on_s: float = -1.0) -> None:
        self.together: list[int] = []
        self._chokes_on_s = chokes_on_s

    def transcribe(self, calls: Sequence[CallClips]) -> list[list[Heard]]:
        self.together.append(len(calls))
        lengths = [[len(c) / SAMPLE_RATE_HZ for c in call.clips] for call in calls]
        if any(self._chokes_on_s in call for call in lengths):
            raise RuntimeError("out of memory")
        return [[Heard(f"{s:g}", 1.0, "zh") for s in call] for call in lengths]

    def score(self, clip: Clip, texts: Sequence[str]) -> list[float]:
        raise NotImplementedError


def wants(*lengths_s: float) -> Steps[str]:
    """A hearing that wants one clip after another."""
    texts = []
    for length_s in lengths_s:
        (heard,) = yield CallClips([np.zeros(round(length_s * SAMPLE_RATE_HZ), np.float32)])
        texts.append(heard.text)
    return " ".join(texts)


def fails() -> Steps[str]:
    yield CallClips([])
    raise ValueError("no speech at all")


def test_hearings_share_the_recogniser_until_each_has_ended() -> None:
    recorder = Recorder()
    assert hear_in_turn([wants(1, 2), wants(), wants(3)], recorder) == ["1 2", "", "3"]
    assert recorder.together == [2, 1]


@pytest.mark.parametrize(
    ("wanted_s", "begun"), [(TOGETHER_S / 2, 2), (2 * TOGETHER_S, 1), (0.0, MOST_TOGETHER)]
)
def test_no_more_are_begun_than_fill_batches(wanted_s: float, begun: int) -> None:
    recorder = Recorder()
    hearings = iter([wants(wanted_s) for _ in range(20)])
    assert len(hear_in_turn(hearings, recorder)) == begun
    assert recorder.together == [begun]
    assert len(list(hearings)) == 20 - begun


class Unreadable(Spool):
    """A channel whose file has gone."""

    def __getitem__(self, where: slice) -> Samples:
        raise OSError("bytes of a channel's temporary file are gone")


def test_a_call_whose_samples_cannot_be_read_costs_no_other() -> None:
    gone = Unreadable()
    gone.append(np.zeros(SAMPLE_RATE_HZ, np.float32))

    def hearing() -> Steps[str]:
        yield CallClips(Clips([(gone, 0, SAMPLE_RATE_HZ)]))
        return "heard"

    first, failed, last = hear_in_turn([wants(1), hearing(), wants(2)], Recorder())
    assert (first, last) == ("1", "2")
    assert isinstance(failed, OSError)


def test_a_hearing_that_fails_costs_no_other() -> None:
    first, failed, last = hear_in_turn([wants(1), fails(), wants(2)], Recorder())
    assert (first, last) == ("1", "2")
    assert isinstance(failed, ValueError)


def test_a_recogniser_that_fails_fails_the_call_it_fails_for() -> None:
    recorder = Recorder(chokes_on_s=2.0)
    first, failed, last = hear_in_turn([wants(1), wants(2), wants(3)], recorder)
    assert (first, last) == ("1", "3")
    with pytest.raises(RuntimeError, match="out of memory"):
        raise failed
    assert recorder.together == [3, 1, 1, 1]


class Slow(Recorder):
    """Takes a second of the decoder for each call that comes, by a clock of its own."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__()
        self.now_s = 0.0
        monkeypatch.setattr(profiling, "_now", lambda: (self.now_s, self.now_s))

    def transcribe(self, calls: Sequence[CallClips]) -> list[list[Heard]]:
        with stage(Stage.DECODER):
            self.now_s += len(calls)
        return super().transcribe(calls)


def test_the_recognisers_time_is_shared_by_the_seconds_that_each_wants(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slow, accounts = Slow(monkeypatch), [Account(), None, Account()]

    def measures(seconds: float, *lengths_s: float) -> Steps[str]:
        with stage(Stage.MEASURING):
            slow.now_s += seconds
        return (yield from wants(*lengths_s))

    assert list(hear_in_turn([measures(5, 1), wants(1, 2), measures(7, 2)], slow, accounts)) == [
        "1",
        "1 2",
        "2",
    ]
    first, _, last = ({t.stage: t.processor_s for t in a.times} if a else {} for a in accounts)
    assert first == pytest.approx({Stage.MEASURING: 5, Stage.DECODER: 3 / 4, Stage.OTHER: 0})
    assert last == pytest.approx({Stage.MEASURING: 7, Stage.DECODER: 3 / 2, Stage.OTHER: 0})
