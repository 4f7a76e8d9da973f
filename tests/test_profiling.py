"""Steps are charged with their own time only, to the account that is open."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipeline import profiling
from pipeline.profiling import Account, Stage, StageTime, added_up, charged_to, shared, stage, staged


class Clock:
    """Counts seconds that are let pass; half of them are the processor's."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def passes(self, seconds: float) -> None:
        self.now_s += seconds

    def read(self) -> tuple[float, float]:
        return self.now_s, self.now_s / 2


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(profiling, "_now", made.read)
    return made


def spent(account: Account) -> dict[Stage, float]:
    assert all(t.processor_s == t.clock_s / 2 for t in account.times)
    return {t.stage: t.clock_s for t in account.times if t.clock_s}


def test_a_stage_within_a_stage_is_charged_alone_and_the_rest_is_other(clock: Clock) -> None:
    account = Account()
    with charged_to(account):
        clock.passes(1)
        with stage(Stage.ANNOUNCEMENTS):
            clock.passes(2)
            with stage(Stage.DECODER):
                clock.passes(4)
            clock.passes(8)
        with stage(Stage.DECODER):
            clock.passes(16)
    clock.passes(32)
    assert spent(account) == {Stage.DECODER: 20, Stage.ANNOUNCEMENTS: 10, Stage.OTHER: 1}


def test_an_account_stands_still_while_another_is_open(clock: Clock) -> None:
    night, call = Account(), Account()
    with charged_to(night), stage(Stage.STARTING):
        clock.passes(1)
        with charged_to(call), stage(Stage.MUSIC):
            clock.passes(2)
        with charged_to(None):
            clock.passes(4)
    assert (spent(night), spent(call)) == ({Stage.STARTING: 5}, {Stage.MUSIC: 2})


def test_an_error_leaves_no_stage_and_no_account_open(clock: Clock) -> None:
    def fails() -> None:
        clock.passes(1)
        raise ValueError("noise")

    account = Account()
    with pytest.raises(ValueError, match="noise"), charged_to(account), stage(Stage.MUSIC):
        fails()
    with charged_to(account):
        clock.passes(2)
    with stage(Stage.MUSIC):
        clock.passes(4)
    assert spent(account) == {Stage.MUSIC: 1, Stage.OTHER: 2}


def test_items_are_charged_until_they_come(clock: Clock) -> None:
    def coming() -> Iterator[int]:
        for number in range(2):
            clock.passes(1)
            yield number
        clock.passes(4)

    account = Account()
    with charged_to(account):
        for _ in staged(Stage.STARTING, coming()):
            clock.passes(10)
    assert spent(account) == {Stage.STARTING: 6, Stage.OTHER: 20}


def test_the_clock_counts_work_and_not_sleep() -> None:
    account = Account()
    with charged_to(account), stage(Stage.MEASURING):
        sum(range(100_000))
    (time,) = (t for t in account.times if t.stage is Stage.MEASURING)
    assert time.clock_s > 0
    assert time.processor_s > 0


def test_shares_add_up() -> None:
    times = (StageTime(Stage.ENCODER, 8.0, 4.0), StageTime(Stage.DECODER, 4.0, 2.0))
    assert shared(times, [1.0, 3.0]) == [
        (StageTime(Stage.ENCODER, 2.0, 1.0), StageTime(Stage.DECODER, 1.0, 0.5)),
        (StageTime(Stage.ENCODER, 6.0, 3.0), StageTime(Stage.DECODER, 3.0, 1.5)),
    ]
    assert added_up(shared(times, [0.0, 0.0])) == times
    assert shared(times, []) == []
