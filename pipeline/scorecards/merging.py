"""Scorecards of days added up to those of any period."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd
import pyarrow as pa

from pipeline.errors import ConfigError
from pipeline.scorecards.clauses import Clauses
from pipeline.scorecards.sums import KEYS, SUMMED, Cards
from pipeline.tables import SCHEMAS

# Rows that wait to be added up: a year's would take gigabytes.
_WAITING = 20_000
_LISTS = ("clauses", "worst_clauses")
BY = ("agent_id", "team", "date", "shift_hour")
"""What tells scorecards apart, beside the rulebook."""
ADDED = (*SUMMED, "clauses")
"""Columns of the table ``scorecards`` that are added up; the others follow from them."""


def merge(frames: Iterable[pd.DataFrame | pa.Table], *, by: Sequence[str] = ("agent_id",)) -> pd.DataFrame:
    """Add up scorecards over days, and over agents where ``by`` does not tell them apart.

    Parameters
    ----------
    frames : iterable of pandas.DataFrame or pyarrow.Table
        From `daily`, from the stored table (`ADDED` of its columns will do), or from `merge`; no call is in
        two of them. Their order does not matter to any number. They are taken one after the other: not all
        need to be in memory.
    by : sequence of str
        Any of ``agent_id``, ``team``, ``date`` and ``shift_hour``; rulebooks are always kept apart.

    Returns
    -------
    pandas.DataFrame
        One row per group: the columns of the table ``scorecards`` that apply to it, and
        ``date_first`` and ``date_last``. Names and teams are those of the group's last day that has one,
        where frames come in order of their days.

    Raises
    ------
    ConfigError
        When ``by`` names anything else, or what a frame was added up over.
    """
    if isinstance(by, str) or not set(by) <= set(BY):
        raise ConfigError(f"scorecards are told apart by a sequence of {', '.join(BY)}, not by {by!r}")
    keys = [*dict.fromkeys([*by, "standard"])]
    waiting = [_cards(SCHEMAS["scorecards"].empty_table())]
    limit = _WAITING
    for frame in frames:
        if len(frame):
            waiting.append(_told_apart(_cards(frame), by))
        if sum(len(cards.rows) for cards in waiting) > limit:
            waiting = [Cards.concat(waiting).added_up(keys)]
            # Where nothing adds up, what is left must not be added up again with every day.
            limit = max(_WAITING, 2 * len(waiting[0].rows))
    merged = Cards.concat(waiting).added_up(keys).finished(keys)
    labels = {"agent_id": ("agent_id", "agent_name", "team")}
    shown = {label for key in by for label in labels.get(key, (key,))}
    dropped = {"agent_name", "team", *KEYS} - shown
    names = ["date_first", "date_last", *(n for n in SCHEMAS["scorecards"].names if n not in dropped)]
    return _frame(merged.select(names))


def _told_apart(cards: Cards, by: Sequence[str]) -> Cards:
    lost = [key for key in by if key not in cards.rows]
    if lost:
        raise ConfigError(f"scorecards that were added up over {', '.join(lost)} are not told apart by it")
    return cards


def _cards(frame: pd.DataFrame | pa.Table) -> Cards:
    """Return scorecards without what is computed from their sums."""
    if isinstance(frame, pa.Table):
        lists = frame["clauses"].combine_chunks()
        rows = frame.drop_columns([name for name in _LISTS if name in frame.column_names]).to_pandas()
    else:
        kind = SCHEMAS["scorecards"].field("clauses").type
        lists = pa.array([list(clauses) for clauses in frame["clauses"]], kind)
        rows = frame.drop(columns=[*_LISTS]).reset_index(drop=True)
    if "date_first" not in rows:
        rows = rows.assign(date_first=rows["date"], date_last=rows["date"])
    return Cards(rows, Clauses.of_lists(lists))


def _frame(merged: pa.Table) -> pd.DataFrame:
    frame: pd.DataFrame = merged.drop_columns(_LISTS).to_pandas()
    for name in _LISTS:
        frame[name] = pd.Series(merged[name].to_pylist(), dtype=object)
    if "shift_hour" in frame:
        frame["shift_hour"] = frame["shift_hour"].astype("Int64")
    return frame.reindex(columns=merged.column_names)
