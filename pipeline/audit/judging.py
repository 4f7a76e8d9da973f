"""Judging what is stored; a call that cannot be read back is left out and named."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from pipeline.audit.stored_days import days_of, without_damage
from pipeline.call import Call
from pipeline.errors import StoreError
from pipeline.rulebook import Rulebook, judge, load_rulebook, shipped_rulebooks, why_unscored
from pipeline.scoring import score
from pipeline.store import JudgedPart, JudgedRows, Store, StoreReader, Stretch
from pipeline.tables.judgements import Judgement

CALLS_PER_STRETCH = 5_000
"""Calls that one process judges at a time: a large day's work, and few enough to wait for the last."""

SETTLED = 4
"""After so many calls of a stretch what rulebooks need is in memory."""


def judge_call(call: Call, rulebook: Rulebook) -> Judgement:
    """Judge one call under one rulebook, from stored facts alone."""
    findings = judge(call, rulebook)
    total = score(findings, rulebook.name, review=why_unscored(call, rulebook, findings))
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
        Judgements without a score: calls heard too badly, or of which too little could be decided.
    unreadable : tuple of str
        Why calls could not be read back, one reason a call; hearing them again mends them.
    damaged_days : tuple of str
        The days that those calls are of.
    """

    judgements: int = 0
    without_rulebook: int = 0
    unknown_standards: tuple[str, ...] = ()
    calls_of_unknown_standards: int = 0
    to_review: int = 0
    unreadable: tuple[str, ...] = ()
    damaged_days: tuple[str, ...] = ()

    def with_unreadable(self, reasons: Iterable[str]) -> JudgingSummary:
        """Add what could not be read back later."""
        return replace(self, unreadable=tuple(dict.fromkeys([*self.unreadable, *reasons])))


@dataclass(frozen=True, slots=True)
class JudgedStretch:
    """What judging a stretch of a day came to.

    Attributes
    ----------
    parts : tuple of JudgedPart
        One per rulebook.
    without_rulebook, unknown, calls_of_unknown, to_review, unreadable
        As in :class:`JudgingSummary`.
    """

    call_date: str
    parts: tuple[JudgedPart, ...]
    without_rulebook: int = 0
    unknown: frozenset[str] = frozenset()
    calls_of_unknown: int = 0
    to_review: int = 0
    unreadable: tuple[str, ...] = ()


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


@dataclass(frozen=True)
class StretchJudge:
    """Judges the calls of a stretch of a day; it only reads, and may be sent to another process.

    Attributes
    ----------
    out : Path
        The store.
    rulebooks : tuple of Rulebook
        Applied to every call; when empty, each call is judged under those of its own standards that exist.
    """

    out: Path
    rulebooks: tuple[Rulebook, ...]
    _loaded: dict[str, Rulebook | None] = field(default_factory=dict, repr=False, compare=False)

    def __call__(self, stretch: Stretch) -> JudgedStretch:
        """Judge one stretch, without those of its calls that cannot be read back."""
        store = StoreReader(self.out)
        judged, damage = without_damage(store, stretch.call_date, partial(self._judge, store, stretch))
        return replace(judged, unreadable=damage)

    def _judge(self, store: StoreReader, stretch: Stretch, without: Collection[str]) -> JudgedStretch:
        judged = {book.name: JudgedRows(book.name) for book in self.rulebooks}
        unknown: set[str] = set()
        calls_of_unknown = without_rulebook = to_review = 0
        for number, call in enumerate(store.read_stretch(stretch, without=without)):
            if number == SETTLED:
                # Rulebooks and what is compiled from them stay; to look through them for what may be freed
                # again and again takes a tenth of the time.
                gc.freeze()
            names = () if self.rulebooks else call.record.standards
            missing = {name for name in names if self._book(name) is None}
            unknown |= missing
            calls_of_unknown += bool(missing)
            without_rulebook += not self.rulebooks and not names
            for book in self.rulebooks or [book for name in names if (book := self._book(name))]:
                judgement = judge_call(call, book)
                to_review += judgement.score.status == "review"
                if book.name not in judged:
                    judged[book.name] = JudgedRows(book.name)
                judged[book.name].add(judgement)
        parts = tuple(rows.part() for rows in judged.values())
        return JudgedStretch(
            stretch.call_date, parts, without_rulebook, frozenset(unknown), calls_of_unknown, to_review
        )

    def _book(self, name: str) -> Rulebook | None:
        if name not in self._loaded:
            self._loaded[name] = known_standards([name]).get(name)
        return self._loaded[name]


# Judges stretches, in this process or in others, and yields what each came to in the order given.
StretchExecutor = Callable[[StretchJudge, Sequence[Stretch]], Iterable[JudgedStretch]]


def judge_night(
    store: Store,
    rulebooks: Sequence[Rulebook],
    *,
    executor: StretchExecutor = map,
    call_dates: Collection[str] | None = None,
) -> JudgingSummary:
    """Judge every stored call again; the calls of a large day are put together first.

    Parameters
    ----------
    store : Store
        Inside ``store.writing()``.
    rulebooks : sequence of Rulebook
        Applied to every call; judgements under other rulebooks stay as they are. When empty, each call
        is judged under those of its own ``standards`` that exist and under nothing else; what was judged
        under a standard that does not exist stays as it is.
    executor : callable
        Where stretches of days are judged; in this process unless given.
    call_dates : collection of str or None
        Days to judge; None for all.

    Raises
    ------
    ConfigError
        When a rulebook that a call names has errors.
    """
    stretches: list[Stretch] = []
    for call_date in days_of(store, "findings", "scores"):
        if call_dates is not None and call_date not in call_dates:
            continue
        store.bundle(call_date)
        stretches += _stretches(store, call_date)
    done: list[JudgedStretch] = []
    made = 0
    judged = executor(StretchJudge(store.out, tuple(rulebooks)), stretches)
    for call_date, of_day in groupby(judged, key=attrgetter("call_date")):
        day = list(of_day)
        for part in _parts(store, call_date, day, own_standards=not rulebooks):
            store.write_judged(call_date, part)
            made += part.judgements
        done += [replace(stretch, parts=()) for stretch in day]
    return JudgingSummary(
        judgements=made,
        without_rulebook=sum(stretch.without_rulebook for stretch in done),
        unknown_standards=tuple(sorted({name for stretch in done for name in stretch.unknown})),
        calls_of_unknown_standards=sum(stretch.calls_of_unknown for stretch in done),
        to_review=sum(stretch.to_review for stretch in done),
        unreadable=tuple(dict.fromkeys(reason for stretch in done for reason in stretch.unreadable)),
        damaged_days=tuple(dict.fromkeys(stretch.call_date for stretch in done if stretch.unreadable)),
    )


def _stretches(store: Store, call_date: str) -> tuple[Stretch, ...]:
    try:
        return store.stretches(call_date, CALLS_PER_STRETCH)
    except StoreError:  # who judges the day finds out what is damaged
        return (Stretch(call_date),)


def _parts(
    store: Store, call_date: str, stretches: Sequence[JudgedStretch], *, own_standards: bool
) -> Iterator[JudgedPart]:
    """Yield what is to be stored of a day, one part per rulebook; empty ones take back what is stored."""
    found: dict[str, list[JudgedPart]] = {}
    if own_standards:
        unknown = {name for stretch in stretches for name in stretch.unknown}
        found = {name: [JudgedPart(name, 0)] for name in store.standards(call_date) if name not in unknown}
    for stretch in stretches:
        for part in stretch.parts:
            found.setdefault(part.standard, []).append(part)
    return map(JudgedPart.joined, found.values())
