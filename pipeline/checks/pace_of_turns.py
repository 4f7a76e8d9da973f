"""``pace_of_turns``: how fast some of a role's turns are spoken, by themselves or against others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar, Literal, Self

from pydantic import model_validator

from pipeline.call import Call, Role, Verdict
from pipeline.checks.base import Check, Count, Number, Outcome
from pipeline.checks.conditions import CONDITIONS
from pipeline.checks.evidence.hearing import doubt_recogniser, hear
from pipeline.checks.evidence.pacing import (
    asks_for_facts,
    comes_closer,
    gives_details,
    mentions_details,
    pace_cpm,
    turns_of,
)
from pipeline.checks.evidence.second_opinions import doubt_pace
from pipeline.measures.turns import Turn
from pipeline.spans import Span

CHOSEN: Mapping[str, Callable[[str], bool]] = {
    "all": bool,
    "asking": asks_for_facts,
    "detailed": gives_details,
}
DONE_THERE = {"all": "speaks", "asking": "asks for facts", "detailed": "gives details"}


class PaceOfTurns(Check):
    """Pass when the chosen turns are spoken at ``at_least`` to ``at_most`` characters a minute.

    Below ``fail_below`` or above ``fail_above`` fails; between the two bands goes to review. The pace is the
    gross one, pauses inside turns included. Not applicable when there is no such turn.

    Options: ``turns`` (``asking``: those that ask for facts; ``detailed``: those with numbers and their
    units, dates, times, codes or addresses; ``all``), ``after`` (a condition; only turns since its first
    moment), ``against`` (the bounds are multiples: of the pace of this other role, or with ``rest`` of the
    role's own turns without details), ``at_least``, ``at_most``, ``fail_below``, ``fail_above`` (where left
    out, all outside the first band fails), ``converging`` (true: a pace that moves clearly towards the other
    role's in the second half of the turns is a pass instead of a review, and a review instead of a fail),
    ``min_chars`` (spoken characters below which a pace says too little), ``role``.
    """

    kind: ClassVar[str] = "pace_of_turns"

    turns: Literal["all", "asking", "detailed"] = "all"
    after: str | None = None
    against: Literal["agent", "customer", "rest"] | None = None
    at_least: Number = 0.0
    at_most: Number
    fail_below: Number | None = None
    fail_above: Number | None = None
    converging: bool = False
    min_chars: Count = 12
    role: Role = Role.AGENT

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.after is not None and self.after not in CONDITIONS:
            raise ValueError(f"after is one of {', '.join(sorted(CONDITIONS))}, not {self.after!r}")
        low, high = self._limits()
        if not low <= self.at_least <= self.at_most <= high:
            raise ValueError("needs fail_below <= at_least <= at_most <= fail_above")
        if self.against == self.role:
            raise ValueError("against names the other role, or rest")
        if self.against == "rest" and self.turns != "detailed":
            raise ValueError("against: rest goes with turns: detailed, and only with it")
        if self.converging and self.against in (None, "rest"):
            raise ValueError("converging needs another role in against")
        return self

    def judge(self, call: Call) -> Outcome:
        """Measure the chosen turns together."""
        since_s = 0.0
        if self.after is not None:
            occasion = CONDITIONS[self.after](call)
            if occasion.arises is None:
                return Outcome(Verdict.UNDETERMINED, occasion.reason, 0.5, self.role, occasion.span)
            if not occasion.arises:
                return Outcome(Verdict.NOT_APPLICABLE, occasion.reason, role=self.role)
            since_s = occasion.span.start_s if occasion.span else 0.0
        if not hear(call, self.role).attributed:
            reason = f"it is not known which voice is the {self.role}'s"
            return Outcome(Verdict.UNDETERMINED, reason, 0.5, self.role)
        others = (self.role, Role(self.against)) if self.against in ("agent", "customer") else (self.role,)
        doubt = next((d for role in others if (d := doubt_pace(call, role))), None)
        if doubt:
            return Outcome(Verdict.UNDETERMINED, doubt, 0.5, self.role)
        said = turns_of(call, self.role, since_s=since_s)
        chosen = tuple(t for t in said if CHOSEN[self.turns](t.text))
        if not chosen:
            return self._none(call)
        if self.against is None:
            return self._measure(chosen)
        rest = tuple(t for t in said if not mentions_details(t.text))
        return self._compare(chosen, rest if self.against == "rest" else turns_of(call, Role(self.against)))

    def _none(self, call: Call) -> Outcome:
        doubt = doubt_recogniser(hear(call, self.role).utterances) if self.turns == "detailed" else None
        verdict = Verdict.UNDETERMINED if doubt else Verdict.NOT_APPLICABLE
        never = f"the {self.role} never {DONE_THERE[self.turns]}{' after it' if self.after else ''}"
        return Outcome(verdict, doubt or never, 0.7, self.role)

    def _measure(self, chosen: tuple[Turn, ...]) -> Outcome:
        pace = pace_cpm(chosen)
        if pace is None or _chars(chosen) < self.min_chars:
            return self._too_little(chosen)
        reason = f"the {self.role} {DONE_THERE[self.turns]} at {pace:.0f} chars/min"
        return self._decide(self._place(pace), reason, chosen)

    def _compare(self, chosen: tuple[Turn, ...], others: tuple[Turn, ...]) -> Outcome:
        pace, other = pace_cpm(chosen), pace_cpm(others)
        if not pace or not other or min(_chars(chosen), _chars(others)) < self.min_chars:
            return self._too_little(chosen)
        whose = "the rest is" if self.against == "rest" else f"the {self.against} speaks"
        reason = f"the {self.role} {DONE_THERE[self.turns]} at {pace:.0f} chars/min, {whose} at {other:.0f}"
        reason = f"{reason}, {pace / other:.2f} times it"
        verdict = self._place(pace / other)
        if self.converging and verdict is not Verdict.PASS and comes_closer(chosen, to_cpm=other):
            verdict = Verdict.UNDETERMINED if verdict is Verdict.FAIL else Verdict.PASS
            reason = f"{reason}, moving towards it"
        return self._decide(verdict, reason, chosen)

    def _too_little(self, chosen: tuple[Turn, ...]) -> Outcome:
        reason = f"fewer than {self.min_chars} characters to judge the pace by"
        span = Span(chosen[0].start_s, chosen[-1].end_s)
        return Outcome(Verdict.UNDETERMINED, reason, 0.5, self.role, span, chosen[0].text)

    def _decide(self, verdict: Verdict, reason: str, chosen: tuple[Turn, ...]) -> Outcome:
        band = f"{self.at_least:g} to {self.at_most:g}" if self.at_least else f"at most {self.at_most:g}"
        confidence = 0.5 if verdict is Verdict.UNDETERMINED else 0.85
        span = Span(chosen[0].start_s, max(t.end_s for t in chosen))
        reason = f"{reason}; the band is {band}"
        if verdict is Verdict.UNDETERMINED:
            reason = f"{reason}; neither a pass nor a fail for sure"
        return Outcome(verdict, reason, confidence, self.role, span, chosen[0].text)

    def _place(self, value: float) -> Verdict:
        """Where a pace or a multiple lies."""
        low, high = self._limits()
        if self.at_least <= value <= self.at_most:
            return Verdict.PASS
        return Verdict.UNDETERMINED if low <= value <= high else Verdict.FAIL

    def _limits(self) -> tuple[float, float]:
        """Below the one and above the other it fails."""
        low = self.at_least if self.fail_below is None else self.fail_below
        return low, self.at_most if self.fail_above is None else self.fail_above


def _chars(turns: tuple[Turn, ...]) -> int:
    return sum(turn.chars for turn in turns)
