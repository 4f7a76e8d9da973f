"""Scorecards of a store, added up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.scorecards.merging import ADDED, merge
from pipeline.showing import Shown
from pipeline.store import StoreReader


@dataclass(frozen=True, slots=True, eq=False)
class Scorecards(Shown):
    """What the calls of agents, teams, days or hours of the shift add up to.

    Attributes
    ----------
    by : tuple of str
        What tells the rows apart, beside the rulebook.
    frame : pandas.DataFrame
        One row per group and rulebook, with the columns of the table ``scorecards`` that apply to it.
    """

    by: tuple[str, ...]
    frame: pd.DataFrame


def read_scorecards(
    store: StoreReader,
    *,
    by: Sequence[str] = ("agent_id",),
    standard: str | None = None,
    call_dates: Collection[str] | None = None,
) -> Scorecards:
    """Add up the stored scorecards.

    Parameters
    ----------
    store : StoreReader
        Only read.
    by : sequence of str
        Any of ``agent_id``, ``team``, ``date`` and ``shift_hour``; none: everything together.
    standard : str or None
        Only those of this rulebook; None for all, each on its own.
    call_dates : collection of str or None
        Days to add up, ``YYYY-MM-DD``; None for all.

    Raises
    ------
    StoreError
        When the folder holds no store, or a part is damaged.
    """
    store.expect_store()
    days = [day for day in store.dates("scorecards") if call_dates is None or day in call_dates]
    frame = merge((store.table("scorecards", day, columns=ADDED) for day in days), by=by)
    if standard is not None:
        frame = frame[frame["standard"] == standard].reset_index(drop=True)
    return Scorecards(tuple(by), frame)
