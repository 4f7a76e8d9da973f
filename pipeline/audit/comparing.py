"""Two rulebooks compared on what is stored: which calls, agents and clauses change, and why.

Nothing is written. Clauses are matched by their ids.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from statistics import fmean

from pipeline.call import Call, Finding, Score
from pipeline.errors import StoreError
from pipeline.rulebook import Rulebook, judge
from pipeline.scoring import score
from pipeline.showing import Shown
from pipeline.store import StoreReader


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """A clause judged otherwise on a call; None where a rulebook does not have the clause."""

    rule_id: str
    before: Finding | None
    after: Finding | None

    @property
    def verdicts(self) -> tuple[str, str]:
        """Verdict before and after; ``none`` where a rulebook does not have the clause."""
        before, after = self.before, self.after
        return before.verdict.value if before else "none", after.verdict.value if after else "none"


@dataclass(frozen=True, slots=True)
class CallComparison:
    """One call under both rulebooks; ``changes`` are the clauses judged otherwise, in rulebook order."""

    call_id: str
    call_date: str
    agent_id: str | None
    before: Score
    after: Score
    changes: tuple[ClauseChange, ...]

    @property
    def changed(self) -> bool:
        """Whether a verdict or the score differs."""
        return bool(self.changes) or self.before.score != self.after.score


@dataclass(frozen=True, slots=True)
class AgentComparison:
    """An agent's mean scores [0..100] under both rulebooks; None when no call is scored.

    Attributes
    ----------
    calls, changed : int
        Calls compared, and those of them that change.
    """

    agent_id: str | None
    calls: int
    changed: int
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class Comparison(Shown):
    """Every call under both rulebooks.

    Attributes
    ----------
    before, after : Rulebook
    calls : tuple of CallComparison
        All that were compared, also those that do not change, by day and id.
    unreadable : tuple of str
        Why calls could not be read back, one reason a call.
    """

    before: Rulebook
    after: Rulebook
    calls: tuple[CallComparison, ...]
    unreadable: tuple[str, ...] = ()

    def agents(self) -> tuple[AgentComparison, ...]:
        """Return the agents by id."""
        ids = sorted({call.agent_id for call in self.calls}, key=str)
        return tuple(_agent(one, [c for c in self.calls if c.agent_id == one]) for one in ids)

    def clauses(self) -> tuple[tuple[str, str, str, tuple[CallComparison, ...]], ...]:
        """Return clause, verdict before, verdict after and the calls that change so, most calls first."""
        found: dict[tuple[str, str, str], list[CallComparison]] = {}
        for call in self.calls:
            for change in call.changes:
                found.setdefault((change.rule_id, *change.verdicts), []).append(call)
        ordered = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
        return tuple((*key, tuple(calls)) for key, calls in ordered)


def compare(
    store: StoreReader, before: Rulebook, after: Rulebook, *, named: Collection[str] = ()
) -> Comparison:
    """Judge every stored call under two rulebooks and say what differs.

    Parameters
    ----------
    store : StoreReader
        Only read.
    before, after : Rulebook
        Two rulebooks, or one and the same :func:`with_options`.
    named : collection of str
        Leave out calls that name standards but none of these; when empty, compare every call.

    Raises
    ------
    StoreError
        When the folder holds no store.
    """
    calls: list[CallComparison] = []
    unreadable: list[str] = []
    for day in store.dates():
        damaged: dict[str, str] = {}
        try:
            compared = list(_day(store, day, before, after, named, damaged))
        except StoreError:
            damaged = store.damaged(day)
            if not damaged:
                raise
            compared = list(_day(store, day, before, after, named, damaged))
        calls += sorted(compared, key=lambda call: call.call_id)
        unreadable += damaged.values()
    return Comparison(before, after, tuple(calls), tuple(unreadable))


def _day(
    store: StoreReader,
    day: str,
    before: Rulebook,
    after: Rulebook,
    named: Collection[str],
    without: Collection[str],
) -> Iterator[CallComparison]:
    for call in store.read_calls(call_dates=[day], without=without):
        own = call.record.standards
        if not (named and own) or set(own) & set(named):
            yield compare_call(call, before, after)


def compare_call(call: Call, before: Rulebook, after: Rulebook) -> CallComparison:
    """Judge one call under two rulebooks."""
    old = {f.rule_id: f for f in judge(call, before)}
    new = {f.rule_id: f for f in judge(call, after)}
    pairs = [ClauseChange(clause, old.get(clause), new.get(clause)) for clause in dict.fromkeys((*old, *new))]
    return CallComparison(
        call_id=call.record.call_id,
        call_date=call.record.call_date,
        agent_id=call.record.agent_id,
        before=score(old.values(), before.name),
        after=score(new.values(), after.name),
        changes=tuple(pair for pair in pairs if pair.verdicts[0] != pair.verdicts[1]),
    )


def _agent(agent_id: str | None, calls: list[CallComparison]) -> AgentComparison:
    def mean(scores: list[float | None]) -> float | None:
        known = [s for s in scores if s is not None]
        return fmean(known) if known else None

    changed = sum(call.changed for call in calls)
    before, after = mean([c.before.score for c in calls]), mean([c.after.score for c in calls])
    return AgentComparison(agent_id, len(calls), changed, before, after)
