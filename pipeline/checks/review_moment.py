"""``review_moment``: moments that a person must judge, found and shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator

from pipeline.call import Call, EventKind, Role, Verdict
from pipeline.checks.base import Check, OptionalPhrases, Outcome, Share
from pipeline.checks.conditions import CONDITIONS, Moment
from pipeline.checks.evidence.hearing import doubt_coverage, hear
from pipeline.checks.evidence.telling import counted
from pipeline.checks.evidence.windows import runs
from pipeline.measures import measure_names
from pipeline.spans import Span
from pipeline.wording.matching import find_all

# Moments closer together than this are listened to as one.
TOGETHER_S = 2.0
LISTED = 8

Bound = Annotated[float, Field(strict=True)]


class ReviewMoment(Check):
    """Find moments that a person must judge; never pass and never fail.

    *Undetermined* with the time of every moment, *not applicable* when there is none. What is quoted is the
    first moment, with the agent's answer when the customer speaks there.

    Options, at least one of which finds moments: ``phrases`` said by ``role`` or by anyone (``threshold``:
    similarity a match needs); ``condition``, each time it arises; ``events`` of the timeline, with ``sound``
    only holds that sound so; ``measure`` of the agent or of the call, when it lies in
    ``[at_least, at_most]``. With ``standard_answer``, the answer the standard gives is shown beside what the
    agent said.
    """

    kind: ClassVar[str] = "review_moment"

    phrases: OptionalPhrases = ()
    role: Role | Literal["anyone"] = Role.AGENT
    threshold: Share = 0.78
    condition: str | None = None
    events: tuple[EventKind, ...] = ()
    sound: Literal["dead", "music", "typing"] | None = None
    measure: str | None = None
    at_least: Bound | None = None
    at_most: Bound | None = None
    standard_answer: str | None = None

    @field_validator("condition")
    @classmethod
    def _known_condition(cls, name: str | None) -> str | None:
        if name is not None and name not in CONDITIONS:
            raise ValueError(f"no such condition; known are {', '.join(sorted(CONDITIONS))}")
        return name

    @field_validator("measure")
    @classmethod
    def _known_measure(cls, name: str | None) -> str | None:
        if name is not None and name not in measure_names():
            raise ValueError(f"no such measure; known are {', '.join(sorted(measure_names()))}")
        return name

    @model_validator(mode="after")
    def _finds_something(self) -> Self:
        if not (self.phrases or self.condition or self.events or self.measure):
            raise ValueError("needs phrases, condition, events or measure to find moments")
        bounded = self.at_least is not None or self.at_most is not None
        if bounded != (self.measure is not None):
            raise ValueError("at_least and at_most go with measure, and measure with at least one of them")
        if self.sound is not None and EventKind.HOLD not in self.events:
            raise ValueError("sound goes with events: [hold]")
        return self

    def judge(self, call: Call) -> Outcome:
        """Collect the moments and show the first."""
        found = _together((*self._said(call), *self._arising(call), *self._on_timeline(call)))
        # What is measured over a whole call would swallow the moments in it.
        moments = [*self._measured(call), *found]
        role = self.role if isinstance(self.role, Role) else None
        if not moments:
            doubt = self._doubt(call)
            verdict = Verdict.UNDETERMINED if doubt else Verdict.NOT_APPLICABLE
            reason = "no such moment was found" + (f", but {doubt}" if doubt else "")
            return Outcome(verdict, reason, 0.5 if doubt else 1.0, role)
        first = moments[0]
        times = ", ".join(_clock(m.span.start_s) for m in moments[:LISTED])
        more = " …" if len(moments) > LISTED else ""
        answer = f"; the standard answer: {self.standard_answer}" if self.standard_answer else ""
        reason = f"for a person: {counted(len(moments), 'moment')} at {times}{more}{answer}"
        return Outcome(Verdict.UNDETERMINED, reason, 0.5, role, first.span, _with_answer(call, first))

    def _doubt(self, call: Call) -> str | None:
        """Say how much that may hold a moment was not heard, or None."""
        if not (self.phrases or self.condition):
            return None
        roles = [self.role] if isinstance(self.role, Role) and not self.condition else list(Role)
        all_of_it = Span(0.0, call.duration_s)
        return next((doubt for role in roles if (doubt := doubt_coverage(call, role, all_of_it))), None)

    def _said(self, call: Call) -> Iterable[Moment]:
        if isinstance(self.role, Role):
            voices = [hear(call, self.role).utterances]
        else:
            voices = [call.by_role(role) for role in Role]
        for said in voices:
            for match in find_all(self.phrases, said, threshold=self.threshold):
                yield Moment(Span(match.start_s, match.end_s), match.utterance_text)

    def _arising(self, call: Call) -> Iterable[Moment]:
        return CONDITIONS[self.condition](call).moments if self.condition else ()

    def _on_timeline(self, call: Call) -> Iterable[Moment]:
        for kind in self.events:
            for event in call.events_of(kind):
                if kind is not EventKind.HOLD or self.sound in (None, event.get("kind")):
                    yield Moment(event.span)

    def _measured(self, call: Call) -> Iterable[Moment]:
        if self.measure is None:
            return
        taken = call.measure(self.measure, Role.AGENT) or call.measure(self.measure, None)
        if taken is None or taken.value is None:
            return
        low, high = self.at_least, self.at_most
        if (low is None or taken.value >= low) and (high is None or taken.value <= high):
            own = hear(call, Role.AGENT).utterances
            span = Span(own[0].start_s, max(u.end_s for u in own)) if own else Span(0.0, call.duration_s)
            yield Moment(span, f"{self.measure.replace('_', ' ')} {taken.value:.3g} {taken.unit}")


def _together(found: Iterable[Moment]) -> list[Moment]:
    """Moments in order of time; those that overlap or nearly touch are one, with the words of the first."""
    together: list[Moment] = []
    for moment in sorted(found, key=lambda m: (m.span.start_s, not m.quote)):
        last = together[-1] if together else None
        if last is None or moment.span.start_s > last.span.end_s + TOGETHER_S:
            together.append(moment)
            continue
        span = Span(last.span.start_s, max(last.span.end_s, moment.span.end_s))
        together[-1] = Moment(span, last.quote or moment.quote)
    return together


def _with_answer(call: Call, moment: Moment) -> str:
    """Return what was said, and after the customer's words the agent's next ones."""
    said = [u for u in call.between(moment.span) if u.role is Role.AGENT]
    if not moment.quote or said:
        return moment.quote
    later = (r for r in runs(call) if r[0].role is not Role.CUSTOMER and r[0].start_s >= moment.span.start_s)
    answer = next((r for r in later if r[-1].text not in moment.quote), ())
    return f"{moment.quote} → {''.join(u.text for u in answer) or '…'}"


def _clock(seconds: float) -> str:
    return f"{int(seconds // 60)}:{int(seconds % 60):02}"
