"""Judging and adding up what is stored; a call that cannot be read back is left out and named."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pipeline.call import Call
from pipeline.errors import StoreError
from pipeline.rulebook import Rulebook, judge, load_rulebook, needs_review, shipped_rulebooks
from pipeline.scorecards import daily
from pipeline.scoring import score
from pipeline.store import Store
from pipeline.tables.judgements import Judgement

if TYPE_CHECKING:
    import pandas as pd

_Work = TypeVar("_Work")


def judge_call(call: Call, rulebook: Rulebook) -> Judgement:
    """Judge one call under one rulebook, from stored facts alone."""
    findings = judge(call, rulebook)
    total = score(findings, rulebook.name, review=needs_review(call, rulebook))
    return Judgement.of(call, score=total, findings=findings, rulebook_hash=rulebook.content_hash)


@dataclass(frozen=True, slots=True)
class JudgingSummary:
    """What judging did.

    Attributes
    ----------
    judgements : int
        Judgements made.
    without_rulebook : int
        Calls that name no rulebook while none was given.
    unknown_standards : tuple of str
        Rulebooks that calls name and that do not exist, sorted.
    calls_of_unknown_standards : int
        Calls that name at least one of them.
    to_review : int
        Judgements without a score because the call was heard too badly.
    unreadable : tuple of str
        Why calls could not be read back, one reason a call; hearing them again mends them.
    """

    judgements: int = 0
    without_rulebook: int = 0
    unknown_standards: tuple[str, ...] = ()
    calls_of_unknown_standards: int = 0
    to_review: int = 0
    unreadable: tuple[str, ...] = ()


@dataclass(slots=True)
class _Day:
    """What judging a day came to, as it grows."""

    by_standard: dict[str, list[Judgement]] = field(default_factory=dict)
    without_rulebook: int = 0
    unknown: set[str] = field(default_factory=set)
    calls_of_unknown: int = 0
    to_review: int = 0


def known_standards(names: Iterable[str]) -> dict[str, Rulebook]:
    """Load those rulebooks among ``names`` that exist: shipped ones by name, and YAML files.

    Raises
    ------
    ConfigError
        When one exists and has errors.
    """
    shipped = shipped_rulebooks()
    return {name: load_rulebook(name) for name in names if name in shipped or _is_rulebook_file(name)}


def _is_rulebook_file(name: str) -> bool:
    return name.endswith((".yaml", ".yml")) and Path(name).is_file()


def judge_night(store: Store, rulebooks: Sequence[Rulebook]) -> JudgingSummary:
    """Judge every stored call again.

    Parameters
    ----------
    store : Store
        Inside ``store.writing()``.
    rulebooks : sequence of Rulebook
        Applied to every call; judgements under other rulebooks stay as they are. When empty, each call
        is judged under those of its own ``standards`` that exist and under nothing else; what was judged
        under a standard that does not exist stays as it is.

    Raises
    ------
    ConfigError
        When a rulebook that a call names has errors.
    """
    loaded: dict[str, Rulebook | None] = {}
    days: list[_Day] = []
    unreadable: list[str] = []
    made = 0
    for call_date in _days(store, "findings"):
        day, damage = _without_damage(
            store, call_date, partial(_judge_day, store, call_date, rulebooks, loaded)
        )
        for standard, judgements in day.by_standard.items():
            store.write_findings(call_date, standard, judgements)
            made += len(judgements)
            day.to_review += sum(j.score.status == "review" for j in judgements)
        day.by_standard.clear()
        days.append(day)
        unreadable += damage
    return JudgingSummary(
        judgements=made,
        without_rulebook=sum(day.without_rulebook for day in days),
        unknown_standards=tuple(sorted({name for day in days for name in day.unknown})),
        calls_of_unknown_standards=sum(day.calls_of_unknown for day in days),
        to_review=sum(day.to_review for day in days),
        unreadable=tuple(unreadable),
    )


def _judge_day(
    store: Store,
    call_date: str,
    rulebooks: Sequence[Rulebook],
    loaded: dict[str, Rulebook | None],
    without: Collection[str],
) -> _Day:
    day = _Day({book.name: [] for book in rulebooks})
    for call in store.read_calls(call_dates=[call_date], without=without):
        names = () if rulebooks else call.record.standards
        for name in names:
            if name not in loaded:
                loaded[name] = known_standards([name]).get(name)
        unknown = {name for name in names if loaded[name] is None}
        day.unknown |= unknown
        day.calls_of_unknown += bool(unknown)
        day.without_rulebook += not rulebooks and not names
        for book in rulebooks or [book for name in names if (book := loaded[name])]:
            day.by_standard.setdefault(book.name, []).append(judge_call(call, book))
    if not rulebooks:
        for standard in set(store.standards(call_date)) - day.unknown:
            day.by_standard.setdefault(standard, [])
    return day


def _without_damage(
    store: Store, call_date: str, work: Callable[[Collection[str]], _Work]
) -> tuple[_Work, tuple[str, ...]]:
    """Do a day's work, without those of its calls that cannot be read; the reasons come with the result."""
    try:
        return work(()), ()
    except StoreError:
        damaged = store.damaged(call_date)
        if not damaged:
            raise
    return work(damaged), tuple(damaged.values())


def _days(store: Store, derived: str) -> list[str]:
    """Days with calls, and days whose calls have moved away but whose derived rows are still there."""
    return sorted({*store.dates(), *store.dates(derived)})


def score_night(store: Store) -> int:
    """Add up every day's scorecards, without calls that cannot be read back.

    Parameters
    ----------
    store : Store
        Inside ``store.writing()``.

    Returns
    -------
    int
        Number of agent × day × standard rows.
    """
    rows = 0
    for call_date in _days(store, "scorecards"):
        frame, _ = _without_damage(store, call_date, partial(_score_day, store, call_date))
        store.write_scorecards(call_date, frame)
        rows += len(frame)
    return rows


def _score_day(store: Store, call_date: str, without: Collection[str]) -> pd.DataFrame:
    tables = [
        store.frame(name, call_dates=[call_date], without=without)
        for name in ("calls", "measurements", "findings", "scores")
    ]
    return daily(*tables)
