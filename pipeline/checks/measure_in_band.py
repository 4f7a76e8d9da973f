"""``measure_in_band``: a stored measurement lies within two bounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar, Self

from pydantic import Field, field_validator, model_validator

from pipeline.call import Call, Measurement, Role, Utterance, Verdict
from pipeline.checks.base import Check, Count, Number, Outcome
from pipeline.checks.evidence.second_opinions import PACES, doubt_pace
from pipeline.measures import measure_names
from pipeline.spans import Span

# A measurement this close to a bound, as a share of the bound, is decided with less confidence.
EDGE_SHARE = 0.1
# A measurement of less than this share of what was said says nothing of the rest.
COVERED_SHARE = 0.6
# Levels are below zero.
Bound = Annotated[float, Field(strict=True)]


class MeasureInBand(Check):
    """Pass when the measurement lies in ``[at_least, at_most]``, bounds included.

    Options: ``measure`` (its name), ``role`` (agent, customer, or left out for the call's), ``at_least``,
    ``at_most`` (either may be left out), ``min_chars`` (the role's spoken characters below which the
    measurement says too little) and ``review_within`` (a value outside the band by no more than this goes to
    review: what was measured is no surer).
    """

    kind: ClassVar[str] = "measure_in_band"
    wordless: ClassVar[bool] = True

    measure: str
    role: Role | None = None
    at_least: Bound | None = None
    at_most: Bound | None = None
    min_chars: Count = 0
    review_within: Number = 0.0

    @field_validator("measure")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in measure_names():
            raise ValueError(f"no such measure; known are {', '.join(sorted(measure_names()))}")
        return name

    @model_validator(mode="after")
    def _bounds(self) -> Self:
        if self.at_least is None and self.at_most is None:
            raise ValueError("needs at_least, at_most or both")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError(f"at_least {self.at_least:g} exceeds at_most {self.at_most:g}")
        return self

    def judge(self, call: Call) -> Outcome:
        """Compare the measurement with the bounds."""
        taken = call.measure(self.measure, self.role)
        if taken is None or taken.value is None:
            why = "was not taken" if taken is None else taken.reason or "could not be measured"
            return Outcome(Verdict.UNDETERMINED, f"{self.measure}: {why}", role=self.role)
        doubt = doubt_pace(call, self.role) if self.role and self.measure in PACES else None
        own = call.by_role(self.role) if self.role else call.utterances
        span = self._where(call, taken.value, own)
        if doubt:
            return Outcome(Verdict.UNDETERMINED, f"{self.measure}: {doubt}", 0.5, self.role, span)
        if sum(u.chars for u in own) < self.min_chars:
            reason = f"{self.measure}: fewer than {self.min_chars} characters to judge by"
            return Outcome(Verdict.UNDETERMINED, reason, role=self.role, span=span)
        if taken.coverage is not None and taken.coverage < COVERED_SHARE:
            reason = f"{self.measure}: only {taken.coverage:.0%} of the speech could be measured"
            return Outcome(Verdict.UNDETERMINED, reason, 0.5, self.role, span)
        return self._compare(taken, taken.value, span)

    def _where(self, call: Call, value: float, own: Sequence[Utterance]) -> Span:
        """What was measured: the wait before the first word, or all that the role says."""
        if not own:
            return Span(0.0, call.duration_s)
        if self.measure == "first_response":
            first = own[0]
            return Span(max(0.0, min(first.start_s, first.start_s - value)), first.end_s)
        return Span(own[0].start_s, max(u.end_s for u in own))

    def _compare(self, taken: Measurement, value: float, span: Span) -> Outcome:
        low, high = self.at_least, self.at_most
        inside = (low is None or value >= low) and (high is None or value <= high)
        edges = [abs(value - bound) / abs(bound) for bound in (low, high) if bound]
        clear = min(1.0, min(edges, default=1.0) / EDGE_SHARE)
        confidence = (0.5 + 0.5 * clear) * (0.5 + 0.5 * (1.0 if taken.coverage is None else taken.coverage))
        band = f"{low:g} to {high:g}" if low is not None and high is not None else ""
        band = band or (f"at least {low:g}" if low is not None else f"at most {high:g}")
        name = self.measure.replace("_", " ")
        shown = f"{value:.0f}" if abs(value) >= 20 else f"{value:.2f}"
        reason = f"{name} is {shown} {taken.unit}; the band is {band}"
        excess = max(0.0 if low is None else low - value, 0.0 if high is None else value - high)
        if 0.0 < excess <= self.review_within:
            reason = f"{reason}; as close to it as that needs a listener"
            return Outcome(Verdict.UNDETERMINED, reason, 0.5, self.role, span)
        verdict = Verdict.PASS if inside else Verdict.FAIL
        return Outcome(verdict, reason, min(1.0, confidence), self.role, span)
