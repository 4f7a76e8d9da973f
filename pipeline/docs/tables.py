"""The page of the stored tables."""

from __future__ import annotations

from pipeline.docs.markdown import page
from pipeline.tables import describe_tables

_INTRODUCTION = """\
What `callaudit` writes into the folder given with `--out`: Parquet files, one folder per table, for
`pandas.read_parquet`, DuckDB, Spark or any other reader of Parquet. A question to each table, asked with the
first two, is in [queries.md](queries.md). Times are seconds from the start of the recording. A number that
could not be measured is null, never 0 and never NaN. Every column's description and unit are kept in the
files themselves, as Arrow field metadata.

The folder `call_date=YYYY-MM-DD` (`unknown` for a call without a start) is a column of its own when the
folder is read as one dataset. `callaudit judge` replaces `findings` and `scores` of the rulebooks it is given
and leaves those of other rulebooks: filter by `standard` where several are stored. `callaudit scorecards`
adds all of them up, anew where a day's parts have changed; the rows of the tables of hearing (`calls`,
`utterances`, `events`, `measurements`) stay as they are. The table `failures` is there only when something
failed, `reviews` and `reviewed_scores` once marks were imported, `samples` once something was drawn.

What reviewers overturn changes neither `findings` nor `scores`. `reviewed_scores` has the calls with a mark
that holds: join it to `scores` by `call_date`, `call_id` and `standard`; where it has no row, `score` stands.

A heard call is written as one part per table of hearing. When hearing is done, and before a day is judged,
the calls of a day that has a hundred such parts and more are put together in one part per table, in order of
`call_id`, which other readers find like any other: `part-day.parquet` in `calls`, `part-day-<number>.parquet`
in the others. A call of such a day that is heard again has a part of its own until hearing is done. Until
then, or until the next judging where hearing was stopped, readers other than callaudit find its older rows as
well; those in the part of its own are valid."""


def tables_page() -> str:
    """Return the page of every table and column."""
    return page("Stored tables", _INTRODUCTION, describe_tables())
