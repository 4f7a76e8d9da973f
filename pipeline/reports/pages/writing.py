"""Writing a report: read the days, write the pages about many calls, then those of every call.

Pages of an earlier report that are not written again, such as those of purged calls, are removed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pyarrow as pa

from pipeline.errors import ConfigError
from pipeline.reports.language import Language
from pipeline.reports.pages.addresses import INDEX
from pipeline.reports.pages.call_pages import CALLS_PER_STRETCH, CallWriter, WrittenCalls
from pipeline.reports.pages.contents import CALL_PAGES, SITE_PAGES
from pipeline.reports.pages.days import DayReader
from pipeline.reports.pages.folder import expect_own, remove_old, write_assets, written_before
from pipeline.reports.pages.listed import listed_calls
from pipeline.reports.pages.one_team import teams_of
from pipeline.reports.pages.overview import DayExecutor, overview
from pipeline.reports.pages.site import Clips, Site
from pipeline.reports.pages.standards import shown_standards
from pipeline.reports.pages.team import write_nothing
from pipeline.store import StoreReader, Stretch

CallExecutor = Callable[[CallWriter, Sequence[Stretch]], Iterable[WrittenCalls]]
"""Writes the pages of calls, in this process or in others, and yields what each stretch came to."""

CardsOf = Callable[[str], pa.Table]
"""Returns the scorecards of a day."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a report is to be of.

    Attributes
    ----------
    language : Language
    clips : Clips
    first_day, last_day : str or None
        Call dates, both included; None for no limit. With either, calls of unknown date are left out.
    standards : tuple of str
        Rulebooks, by name; all that calls were judged under unless given.
    rulebooks : tuple of str
        Names or files of rulebooks, for the titles of clauses that are not shipped.
    """

    language: Language = Language.ZH
    clips: Clips = Clips.ALL
    first_day: str | None = None
    last_day: str | None = None
    standards: tuple[str, ...] = ()
    rulebooks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenSite:
    """What writing a report came to.

    Attributes
    ----------
    calls : int
        Calls with pages.
    days : int
    first_page : Path
    unreadable : tuple of str
        Why other calls have none, and what was drawn for graders is not all listed.
    """

    calls: int
    days: int
    first_page: Path
    unreadable: tuple[str, ...] = ()


def write_site(
    out: Path,
    folder: Path,
    wanted: Wanted,
    *,
    version: str,
    cards_of: CardsOf | None = None,
    read_days: DayExecutor = map,
    write_calls: CallExecutor = map,
) -> WrittenSite:
    """Write a report.

    Parameters
    ----------
    out : Path
        The store.
    folder : Path
        Where the pages go.
    version : str
        Of the program, for the foot of the pages.
    cards_of : callable or None
        Scorecards of a day; those that are stored unless given.
    read_days, write_calls : callable
        Where days are read and the pages of calls are written; in this process unless given.

    Raises
    ------
    ConfigError
        When the folder holds something else, a rulebook is not known, or no call was judged under it.
    StoreError
        When ``out`` holds no store, or what cannot be read back is more than single calls; a damaged part of
        the reviews among it, as without it no score after review would be right.
    """
    store = StoreReader(out)
    store.expect_store()
    expect_own(folder)
    days = _days(store, wanted)
    cards_of = cards_of or (lambda day: store.table("scorecards", day))
    cards = [cards_of(day) for day in days]
    site = _site(store, folder, wanted, version, days, cards)
    before = written_before(folder)
    write_assets(site)
    if not site.days:
        write_nothing(site, heard=0, failures=len(store.failures()))
        remove_old(folder, before)
        return WrittenSite(0, 0, folder / INDEX)
    cards = [_of(day, site) for day in cards]
    read = read_days(DayReader(out, tuple(s.name for s in site.standards)), site.days)
    summary = overview(cards, read, failures=len(store.failures()))
    site = replace(site, teams=teams_of(summary, site.standards))
    if site.clips is Clips.LISTED:
        site = replace(site, listed=listed_calls(site, summary))
    for write in SITE_PAGES:
        write(site, summary)
    calls, unreadable = 0, [*summary.unreadable, *store.damaged_ledger("samples").values()]
    if CALL_PAGES:
        stretches = [s for day in site.days for s in store.stretches(day, CALLS_PER_STRETCH)]
        for written in write_calls(CallWriter(site), stretches):
            calls += written.calls
            unreadable += [why for why in written.unreadable if why not in unreadable]
    remove_old(folder, before)
    return WrittenSite(calls, len(site.days), folder / INDEX, tuple(unreadable))


def _days(store: StoreReader, wanted: Wanted) -> tuple[str, ...]:
    dated = wanted.first_day is not None or wanted.last_day is not None
    return tuple(
        day
        for day in sorted({*store.dates(), *store.dates("scorecards")})
        if (not dated or day != "unknown")
        and (wanted.first_day is None or day >= wanted.first_day)
        and (wanted.last_day is None or day <= wanted.last_day)
    )


def _site(
    store: StoreReader,
    folder: Path,
    wanted: Wanted,
    version: str,
    days: tuple[str, ...],
    cards: Sequence[pa.Table],
) -> Site:
    judged = Counter[str]()
    for day in cards:
        # Of purged calls the scorecards are all that is left.
        for standard, calls in zip(day["standard"].to_pylist(), day["calls"].to_pylist(), strict=True):
            if standard is not None:
                judged[standard] += calls
    missing = [name for name in wanted.standards if name not in judged]
    if missing:
        raise ConfigError(
            f"no call of these days was judged under {', '.join(missing)}; expected "
            f"{', '.join(sorted(judged)) or 'calls that were judged'}: `callaudit judge` judges them"
        )
    names = [n for n, _ in sorted(judged.items(), key=lambda c: (-c[1], c[0]))]
    names = [n for n in names if not wanted.standards or n in wanted.standards]
    known = shown_standards(names, wanted.rulebooks)
    return Site(
        store=store.out,
        folder=folder,
        language=wanted.language,
        clips=wanted.clips,
        days=days,
        standards=tuple(known[name] for name in names),
        made_on=date.today().isoformat(),
        version=version,
    )


def _of(cards: pa.Table, site: Site) -> pa.Table:
    """Return the cards of the site's rulebooks, and of no rulebook."""
    wanted = {None, *(s.name for s in site.standards)}
    return cards.filter(
        pa.array([standard in wanted for standard in cards["standard"].to_pylist()], pa.bool_())
    )
