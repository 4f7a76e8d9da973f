"""``level_adjusted``: the agent's volume follows what the customer asks for, or is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from pipeline.call import Call, Role, Utterance, Verdict
from pipeline.checks.base import Check, OptionalPhrases, Outcome, Share, worst
from pipeline.checks.conditions import CONDITIONS, Moment
from pipeline.checks.evidence import audibility
from pipeline.checks.evidence.hearing import hear
from pipeline.spans import Span
from pipeline.wording.matching import find_first

# Levels of the first words after a request tell whether it was followed; later ones may drift back.
JUDGED_UTTERANCES = 4
MIN_CHARS = 2

Direction = Literal["louder", "quieter", "as_asked", "unchanged"]
Decibels = Annotated[float, Field(strict=True, gt=0)]


@dataclass(frozen=True, slots=True)
class _Request:
    """A moment after which the agent's level is judged; ``sign`` of the change that is wanted, 0 for none."""

    moment: Moment
    sign: int


class LevelAdjusted(Check):
    """Pass when the agent's level changes as the customer asks, or the customer then hears well.

    A change of less than half of ``by_db`` fails; one between that and ``by_db`` goes to review, and so do a
    change without the question in ``ask`` and a question without a change. Not applicable when nobody asks.

    Options: ``direction`` (louder or quieter: only such requests count; as_asked: both; unchanged: the level
    must stay within ``by_db`` of what it was before ``after``, a condition), ``by_db``, ``ask`` (how the
    agent asks whether it can be heard now), ``threshold`` (similarity a match needs).
    """

    kind: ClassVar[str] = "level_adjusted"
    in_english: ClassVar[bool] = True

    direction: Direction = "as_asked"
    by_db: Decibels = 3.0
    after: str = "faint_caller"
    ask: OptionalPhrases = ()
    threshold: Share = 0.78

    @model_validator(mode="after")
    def _known_condition(self) -> Self:
        if self.after not in CONDITIONS:
            raise ValueError(f"after is one of {', '.join(sorted(CONDITIONS))}, not {self.after!r}")
        return self

    def judge(self, call: Call) -> Outcome:
        """Judge the agent's level after every request; the worst decides."""
        wanted = {
            "louder": (("asked_louder", 1),),
            "quieter": (("asked_quieter", -1),),
            "as_asked": (("asked_louder", 1), ("asked_quieter", -1)),
            "unchanged": ((self.after, 0),),
        }[self.direction]
        requests: list[_Request] = []
        for name, sign in wanted:
            occasion = CONDITIONS[name](call)
            if occasion.arises is None:
                return Outcome(
                    Verdict.UNDETERMINED, occasion.reason, 0.5, Role.AGENT, occasion.span, occasion.quote
                )
            moments = occasion.moments[:1] if sign == 0 else occasion.moments
            requests += [_Request(moment, sign) for moment in moments] if occasion.arises else []
        if not requests:
            return Outcome(Verdict.NOT_APPLICABLE, "nobody asks for another volume", role=Role.AGENT)
        return worst(tuple(self._one(call, request) for request in requests))

    def _one(self, call: Call, request: _Request) -> Outcome:
        agent = [u for u in hear(call, Role.AGENT).utterances if u.chars >= MIN_CHARS]
        earlier = [u for u in agent if u.start_s < request.moment.span.start_s]
        later = [u for u in agent if u.start_s >= request.moment.span.start_s]
        if not later:
            reason = "the agent says nothing after it"
            return Outcome(
                Verdict.UNDETERMINED, reason, 0.5, Role.AGENT, request.moment.span, request.moment.quote
            )
        span = Span(request.moment.span.start_s, later[min(len(later), JUDGED_UTTERANCES) - 1].end_s)
        change = _change(earlier, later)
        if request.sign == 0:
            return self._kept(change, span)
        return self._followed(call, request, change, later, span)

    def _kept(self, change: float | None, span: Span) -> Outcome:
        if change is None:
            reason = "the agent's level was not measured before and after"
            return Outcome(Verdict.UNDETERMINED, reason, 0.5, Role.AGENT, span)
        reason = f"the agent's level changes by {change:+.1f} dB; {self.by_db:g} dB either way is no change"
        if abs(change) <= self.by_db:
            return Outcome(Verdict.PASS, reason, 0.85, Role.AGENT, span)
        doubtful = abs(change) <= 1.5 * self.by_db
        return Outcome(Verdict.UNDETERMINED if doubtful else Verdict.FAIL, reason, 0.7, Role.AGENT, span)

    def _followed(
        self, call: Call, request: _Request, change: float | None, later: Sequence[Utterance], span: Span
    ) -> Outcome:
        asked = bool(self.ask) and find_first(self.ask, later, threshold=self.threshold).match is not None
        replies = [u for u in hear(call, Role.CUSTOMER).utterances if u.start_s >= later[0].start_s]
        content = audibility.HEARD_WELL.found_in(replies)
        quote = request.moment.quote
        if content:
            reason = "the customer asks for another volume, then hears well"
            return Outcome(Verdict.PASS, reason, 0.85, Role.AGENT, content[0].span, content[0].text)
        if change is None:
            reason = "the customer asks for another volume; the agent's level was not measured"
            return Outcome(Verdict.UNDETERMINED, reason, 0.5, Role.AGENT, span, quote)
        followed = request.sign * change
        wanted = "louder" if request.sign > 0 else "quieter"
        reason = f"the customer asks the agent to be {wanted}; the agent's level changes by {change:+.1f} dB"
        if followed >= self.by_db:
            if self.ask and not asked:
                reason = f"{reason}, but the agent does not ask whether that is better"
                return Outcome(Verdict.UNDETERMINED, reason, 0.5, Role.AGENT, span, quote)
            return Outcome(Verdict.PASS, reason, 0.85, Role.AGENT, span, quote)
        if asked or followed > self.by_db / 2:
            return Outcome(Verdict.UNDETERMINED, f"{reason}; in doubt", 0.5, Role.AGENT, span, quote)
        return Outcome(Verdict.FAIL, reason, 0.85, Role.AGENT, span, quote)


def _change(earlier: Sequence[Utterance], later: Sequence[Utterance]) -> float | None:
    """Mean level of the first utterances after the request over that of the last before it [dB]."""
    before = [u.level_dbfs for u in earlier if u.level_dbfs is not None][-JUDGED_UTTERANCES:]
    after = [u.level_dbfs for u in later if u.level_dbfs is not None][:JUDGED_UTTERANCES]
    return fmean(after) - fmean(before) if before and after else None
