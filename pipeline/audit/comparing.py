"""Two rulebooks compared on what is stored: which calls, agents and clauses change, and why.

Nothing is written. Clauses are matched by their ids.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import fmean

from pipeline.call import Call, Finding, Score
from pipeline.errors import StoreError
from pipeline.rulebook import Rule, Rulebook, judge, why_unscored
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
    pair = _Pair(before, after)
    for day in store.dates():
        damaged: dict[str, str] = {}
        try:
            compared = list(_day(store, day, pair, named, damaged))
        except StoreError:
            damaged = store.damaged(day)
            if not damaged:
                raise
            compared = list(_day(store, day, pair, named, damaged))
        calls += sorted(compared, key=lambda call: call.call_id)
        unreadable += damaged.values()
    return Comparison(before, after, tuple(calls), tuple(unreadable))


def _day(
    store: StoreReader, day: str, pair: _Pair, named: Collection[str], without: Collection[str]
) -> Iterator[CallComparison]:
    for call in store.read_calls(call_dates=[day], without=without):
        own = call.record.standards
        if not (named and own) or set(own) & set(named):
            yield pair.compared(call)


@dataclass(frozen=True)
class _Pair:
    """Two rulebooks; what the second has in common with the first is judged once."""

    before: Rulebook
    after: Rulebook

    @cached_property
    def changed(self) -> Rulebook:
        """The second with only those rules that may judge otherwise than the first's."""
        if self.before.review_below != self.after.review_below:
            return self.after
        alike = {rule.id: _judging(rule) for rule in self.before.rules}
        rules = (rule for rule in self.after.rules if alike.get(rule.id) != _judging(rule))
        return replace(self.after, rules=tuple(rules))

    def compared(self, call: Call) -> CallComparison:
        """Judge one call under both."""
        old = {f.rule_id: f for f in judge(call, self.before)}
        found = old | {f.rule_id: f for f in judge(call, self.changed)}
        new = {rule.id: replace(found[rule.id], standard=self.after.name) for rule in self.after.rules}
        clauses = dict.fromkeys((*old, *new))
        pairs = [ClauseChange(clause, old.get(clause), new.get(clause)) for clause in clauses]
        return CallComparison(
            call_id=call.record.call_id,
            call_date=call.record.call_date,
            agent_id=call.record.agent_id,
            before=_score(call, self.before, old.values()),
            after=_score(call, self.after, new.values()),
            changes=tuple(pair for pair in pairs if pair.verdicts[0] != pair.verdicts[1]),
        )


def _score(call: Call, rulebook: Rulebook, findings: Collection[Finding]) -> Score:
    return score(findings, rulebook.name, review=why_unscored(call, rulebook, findings))


def _judging(rule: Rule) -> Rule:
    """Return a rule without what no verdict depends on."""
    return replace(rule, title="", title_zh="", how="", examples=(), coaching="", coaching_zh="")


def _agent(agent_id: str | None, calls: list[CallComparison]) -> AgentComparison:
    def mean(scores: list[float | None]) -> float | None:
        known = [s for s in scores if s is not None]
        return fmean(known) if known else None

    changed = sum(call.changed for call in calls)
    before, after = mean([c.before.score for c in calls]), mean([c.after.score for c in calls])
    return AgentComparison(agent_id, len(calls), changed, before, after)
