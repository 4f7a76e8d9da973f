"""Adding up what is stored to scorecards; a day is added up again only when something of it has changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.audit.stored_days import days_of, without_damage
from pipeline.errors import StoreError
from pipeline.reviews import Ledger, after_review, reviewed_scores
from pipeline.reviews.ledger import judgements_of, marks_state
from pipeline.scorecards import ADDED, READ, daily, merge
from pipeline.store import KEPT, ScoredDay, Store, StoreReader
from pipeline.tables import SCHEMAS

ADDING_UP = 2
"""Counts the ways of adding up: raised when the same tables come to other scorecards."""

# Columns in which many rows of a day hold the same text.
_REPEATED = frozenset(("call_id", "name", "role", "unit", "standard", "rule_id", "verdict", "status"))


@dataclass(frozen=True, slots=True)
class DayScorer:
    """Adds up the calls of a day; it only reads, and may be sent to another process.

    Attributes
    ----------
    out : Path
        The store.
    """

    out: Path

    def __call__(self, call_date: str) -> ScoredDay:
        """Add up one day, without those of its calls and rulebooks that cannot be read back.

        Such a day is added up again the next time: what could not be read may have come back unchanged.
        """
        store = StoreReader(self.out)
        inputs = scorecard_inputs(store, call_date)
        cards = partial(_cards, store, call_date)
        try:
            (added_up, reviewed), damage = without_damage(store, call_date, cards)
        except StoreError:
            judged = store.damaged_judgements(call_date)
            if not judged:
                raise
            whole = partial(cards, without_standards=judged)
            (added_up, reviewed), damage = without_damage(store, call_date, whole)
            damage = (*damage, *judged.values())
        return ScoredDay.of(call_date, added_up, inputs=inputs, unreadable=damage, reviewed=reviewed)

    def cards(self, call_date: str) -> tuple[pa.Table, pa.Table]:
        """Return the scorecards and scores after review of a day, all of which must be readable."""
        return _cards(StoreReader(self.out), call_date, ())


@dataclass(frozen=True, slots=True)
class ScoringSummary:
    """What adding up did.

    Attributes
    ----------
    cards : int
        Number of agent × day × hour × standard rows, of the days that have not changed too.
    unreadable : tuple of str
        Why some of what is stored is in none of them.
    damaged_days : tuple of str
        The days that it is of.
    """

    cards: int = 0
    unreadable: tuple[str, ...] = ()
    damaged_days: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PeriodMerger:
    """Adds up the stored scorecards of some days; it only reads, and may be sent to another process.

    Attributes
    ----------
    out : Path
        The store.
    by : tuple of str
        What tells the rows apart, beside the rulebook; see `merge`.
    """

    out: Path
    by: tuple[str, ...]

    def __call__(self, call_dates: Sequence[str]) -> pd.DataFrame:
        """Return what the scorecards of these days add up to, which `merge` adds up with others."""
        store = StoreReader(self.out)
        return merge((store.table("scorecards", day, columns=ADDED) for day in call_dates), by=self.by)


# Adds up days, in this process or in others, and yields what each came to in the order given.
DayExecutor = Callable[[DayScorer, Sequence[str]], Iterable[ScoredDay]]
# The same of stretches of days whose scorecards are stored.
PeriodExecutor = Callable[[PeriodMerger, Sequence[Sequence[str]]], Iterable[pd.DataFrame]]

MERGED_TOGETHER = 16
"""Days whose scorecards one process adds up at a time."""


def score_night(store: Store, *, executor: DayExecutor = map) -> ScoringSummary:
    """Add up the scorecards of every day that has changed, without what cannot be read back.

    Those of a day whose calls were purged stay as they are.

    Parameters
    ----------
    store : Store
        Inside ``store.writing()``.
    executor : callable
        Where days are added up; in this process unless given.
    """
    rows = 0
    changed = []
    stored = store.dates()
    for call_date in days_of(store, "scorecards"):
        known = store.scored(call_date)
        if known is not None and known[0] == KEPT and call_date not in stored:
            rows += known[1]
        elif known is None or known[0] != scorecard_inputs(store, call_date):
            changed.append(call_date)
        else:
            rows += known[1]
    unreadable: list[str] = []
    damaged_days: list[str] = []
    for scored in executor(DayScorer(store.out), changed):
        store.write_scorecards(scored)
        rows += scored.cards
        unreadable += scored.unreadable
        damaged_days += [scored.call_date] if scored.unreadable else []
    return ScoringSummary(rows, tuple(unreadable), tuple(damaged_days))


def merge_stored(store: StoreReader, by: Sequence[str], *, executor: PeriodExecutor = map) -> pd.DataFrame:
    """Add up all stored scorecards, as `merge` does.

    Parameters
    ----------
    store : StoreReader
        Only read.
    by : sequence of str
        Any of ``agent_id``, ``team``, ``date`` and ``shift_hour``.
    executor : callable
        Where stretches of days are added up; in this process unless given.

    Raises
    ------
    StoreError
        When a part is damaged.
    """
    days = store.dates("scorecards")
    stretches = [days[start : start + MERGED_TOGETHER] for start in range(0, len(days), MERGED_TOGETHER)]
    return merge(executor(PeriodMerger(store.out, tuple(by)), stretches), by=by)


def current_cards(store: StoreReader, call_date: str) -> pa.Table:
    """Return the scorecards of a day: those stored, or added up in memory where they are out of date.

    What of the day cannot be read back is in none of them.
    """
    known = store.scored(call_date)
    purged = known is not None and known[0] == KEPT and call_date not in store.dates()
    if known is not None and (purged or known[0] == scorecard_inputs(store, call_date)):
        return store.table("scorecards", call_date)
    scored = DayScorer(store.out)(call_date)
    return (
        pq.read_table(pa.BufferReader(scored.data)) if scored.cards else SCHEMAS["scorecards"].empty_table()
    )


def scorecard_inputs(store: StoreReader, call_date: str) -> str:
    """Return the state of what a day's scorecards are made from."""
    return " ".join(
        filter(None, (str(ADDING_UP), store.state(call_date, [*READ]), marks_state(store, call_date)))
    )


def _cards(
    store: StoreReader,
    call_date: str,
    without: Collection[str],
    *,
    without_standards: Collection[str] = (),
) -> tuple[pa.Table, pa.Table]:
    tables = [
        store.table(
            name,
            call_date,
            columns=columns,
            encoded=[c for c in columns if c in _REPEATED],
            without=without,
            without_standards=without_standards,
        )
        for name, columns in READ.items()
    ]
    ledger = Ledger.of(store, call_date=call_date)
    marked = judgements_of(store, call_date, ledger.calls(call_date), without_standards=without_standards)
    reviewed = reviewed_scores(after_review(judgement, call_date, ledger) for judgement in marked)
    return daily(call_date, *tables, reviewed=reviewed), reviewed
