"""``clear_speech``: the agent is understood, by the recogniser and by the customer."""

from __future__ import annotations

from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from pipeline.call import Call, Role, Verdict
from pipeline.checks.base import Check, OptionalPhrases, Outcome, Share
from pipeline.checks.conditions import CONDITIONS, Moment, Occasion
from pipeline.checks.evidence.hearing import hear
from pipeline.checks.evidence.telling import times
from pipeline.spans import Span
from pipeline.wording.matching import find_first

Requests = Annotated[int, Field(strict=True, ge=1)]


class ClearSpeech(Check):
    """Pass when the customer never asks the agent to repeat and the recogniser is sure of the agent's words.

    As many requests as ``fail_requests`` fail, and so does a recogniser less sure than ``fail_clarity``. A
    single request, or a clarity between the two limits, goes to review; with ``checks``, the agent's
    question whether it was heard and followed settles a single request.

    Options: ``pass_clarity``, ``fail_clarity`` (mean recogniser confidence of the agent's words),
    ``fail_requests``, ``checks`` (how the agent asks), ``threshold`` (similarity a match needs).
    """

    kind: ClassVar[str] = "clear_speech"
    in_english: ClassVar[bool] = True

    pass_clarity: Share = 0.55
    fail_clarity: Share = 0.4
    fail_requests: Requests = 2
    checks: OptionalPhrases = ()
    threshold: Share = 0.78

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.fail_clarity > self.pass_clarity:
            raise ValueError(f"fail_clarity {self.fail_clarity:g} exceeds pass_clarity {self.pass_clarity:g}")
        return self

    def judge(self, call: Call) -> Outcome:
        """Count the customer's requests, then look at the clarity."""
        heard = hear(call, Role.AGENT)
        if heard.span is None:
            return Outcome(Verdict.NOT_APPLICABLE, "the agent says nothing", role=Role.AGENT)
        occasion = CONDITIONS["asked_to_repeat"](call)
        requests = _apart(call, occasion.moments)
        asked = find_first(self.checks, heard.utterances, threshold=self.threshold).match
        if occasion.arises and len(requests) >= self.fail_requests:
            reason = f"the customer asks {times(len(requests))} to repeat or slow down"
            first, last = requests[0], requests[-1]
            followed = asked is not None and asked.start_s > last.span.end_s
            return Outcome(
                Verdict.UNDETERMINED if followed else Verdict.FAIL,
                f"{reason}; then the agent asks whether it is clear" if followed else reason,
                0.5 if followed else 0.85,
                Role.AGENT,
                Span(first.span.start_s, last.span.end_s),
                first.quote,
            )
        return self._by_clarity(call, occasion, asked is not None, heard.span)

    def _by_clarity(self, call: Call, occasion: Occasion, asked: bool, span: Span) -> Outcome:
        taken = call.measure("clarity", Role.AGENT)
        if taken is None or taken.value is None:
            why = "was not taken" if taken is None else taken.reason or "could not be measured"
            return Outcome(Verdict.UNDETERMINED, f"clarity: {why}", 0.5, Role.AGENT, span)
        clear = f"the recogniser's confidence in the agent's words is {taken.value:.2f}"
        if taken.value < self.fail_clarity:
            return Outcome(Verdict.FAIL, clear, 0.7, Role.AGENT, span)
        if occasion.arises is None or (occasion.arises and not asked) or taken.value < self.pass_clarity:
            reason = f"{clear}; {occasion.reason}"
            return Outcome(
                Verdict.UNDETERMINED, reason, 0.5, Role.AGENT, occasion.span or span, occasion.quote
            )
        reason = f"{clear}; {'the agent asks whether it is clear' if asked else occasion.reason}"
        sure = asked or not self.checks
        return Outcome(Verdict.PASS, reason, 0.85 if sure else 0.6, Role.AGENT, span)


def _apart(call: Call, moments: tuple[Moment, ...]) -> list[Moment]:
    """Moments that are requests of their own: the agent has spoken since the one before."""
    kept: list[Moment] = []
    for moment in moments:
        if not kept or any(
            kept[-1].span.start_s < u.start_s < moment.span.start_s for u in call.by_role(Role.AGENT)
        ):
            kept.append(moment)
    return kept
