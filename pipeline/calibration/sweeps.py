"""What a clause would agree with graders at other thresholds: judged again, audio not needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.call import Call, Verdict
from pipeline.checks.measure_in_band import MeasureInBand
from pipeline.errors import ConfigError
from pipeline.estimates import Estimate, share
from pipeline.rulebook import Rule, Rulebook, judge_rule, rule_with_options
from pipeline.showing import Shown

POINTS = 15
"""Thresholds tried of a measure, at most."""


@dataclass(frozen=True, slots=True)
class SweepPoint:
    """What a clause comes to with one value of an option.

    Attributes
    ----------
    precision, recall : Estimate
        Of fails, as in a calibration.
    agreed : Estimate
        Share of labelled calls with the grader's verdict; undetermined ones do not agree.
    undetermined : int
        Labelled calls left open.
    """

    value: float
    precision: Estimate
    recall: Estimate
    agreed: Estimate
    undetermined: int


@dataclass(frozen=True, slots=True)
class Sweep(Shown):
    """One option of one clause, tried at several values; ``now`` is the rulebook's own."""

    standard: str
    rule_id: str
    option: str
    now: float | None
    points: tuple[SweepPoint, ...]

    @property
    def best(self) -> SweepPoint:
        """The value that agrees most, of equals the one nearest the present one."""
        now = self.now if self.now is not None else 0.0
        return max(self.points, key=lambda p: (p.agreed.value or 0.0, -abs(p.value - now)))


def sweep_clause(
    calls: Iterable[Call],
    truth: Mapping[str, Verdict],
    rulebook: Rulebook,
    rule_id: str,
    option: str,
    values: Sequence[float] = (),
) -> Sweep:
    """Judge labelled calls again with other values of a numeric option of a clause.

    Parameters
    ----------
    calls : iterable of Call
        Stored calls; those without a label are passed over.
    truth : mapping of str to Verdict
        Graders' verdicts on this clause, by call id.
    option : str
        Of the clause's check: ``at_most``, ``within_s``.
    values : sequence of float
        To try, beside the present one; none: for bounds of a measure, values that part the measured calls.

    Raises
    ------
    ConfigError
        When there is no such clause or option, or the check refuses a value.
    """
    rule = rulebook.rule(rule_id)
    if rule is None:
        raise ConfigError(f"{rulebook.path}: no clause {rule_id}")
    now = _present(rule, option, rulebook)
    labelled = [call for call in calls if call.record.call_id in truth]
    tried = sorted({*(values or _parting(labelled, rule, option)), *([] if now is None else [now])})
    if not tried:
        raise ConfigError(f"{rule_id}.{option}: say which values to try, as {rule_id}.{option}=10,15,20 does")
    points = tuple(_point(labelled, truth, _with(rule, option, value), rulebook, value) for value in tried)
    return Sweep(rulebook.name, rule_id, option, now, points)


def swept_options(rule: Rule) -> tuple[str, ...]:
    """Return the bounds that a clause on a measure has; none for other kinds of check."""
    if not isinstance(rule.check, MeasureInBand):
        return ()
    return tuple(name for name in ("at_least", "at_most") if getattr(rule.check, name) is not None)


def _present(rule: Rule, option: str, rulebook: Rulebook) -> float | None:
    if option not in type(rule.check).model_fields:
        known = ", ".join(type(rule.check).model_fields)
        raise ConfigError(f"{rulebook.path}: {rule.id} has no option {option}; it has {known}")
    now = getattr(rule.check, option)
    if now is not None and (isinstance(now, bool) or not isinstance(now, int | float)):
        raise ConfigError(f"{rulebook.path}: option {option} of {rule.id} is not a number")
    return None if now is None else float(now)


def _parting(calls: Sequence[Call], rule: Rule, option: str) -> list[float]:
    """Values half way between neighbouring measured values, thinned evenly."""
    if option not in swept_options(rule) or not isinstance(rule.check, MeasureInBand):
        return []
    taken = [call.measure(rule.check.measure, rule.check.role) for call in calls]
    low, high = (rule.check.at_least, rule.check.at_most)
    measured = sorted(
        {
            m.value
            for m in taken
            if m is not None and m.value is not None
            # Beyond the other bound nothing would be left of the band.
            if option == "at_least" or low is None or m.value >= low
            if option == "at_most" or high is None or m.value <= high
        }
    )
    between = [_short((a + b) / 2, b - a) for a, b in pairwise(measured)]
    step = max(1.0, len(between) / POINTS)
    return [between[int(i * step)] for i in range(min(POINTS, len(between)))]


def _short(value: float, gap: float) -> float:
    """Round to as few digits as keep it between its neighbours."""
    for digits in range(-1, 6):
        if abs(round(value, digits) - value) < gap / 2:
            return round(value, digits)
    return value


def _with(rule: Rule, option: str, value: float) -> Rule:
    kind = type(getattr(rule.check, option))
    number = int(value) if kind is int and float(value).is_integer() else value
    return rule_with_options(rule, {option: number})


def _point(
    calls: Sequence[Call], truth: Mapping[str, Verdict], rule: Rule, rulebook: Rulebook, value: float
) -> SweepPoint:
    pairs = [(truth[c.record.call_id], judge_rule(c, rule, standard=rulebook.name).verdict) for c in calls]
    failed = [wanted for wanted, found in pairs if found is Verdict.FAIL]
    graded = [found for wanted, found in pairs if wanted is Verdict.FAIL]
    right = sum(wanted is Verdict.FAIL for wanted in failed)
    return SweepPoint(
        value=value,
        precision=share(right, len(failed)),
        recall=share(right, len(graded)),
        agreed=share(sum(a is b for a, b in pairs), len(pairs)),
        undetermined=sum(found is Verdict.UNDETERMINED for _, found in pairs),
    )
