"""``phrase_required``: wording that must be said in a part of the call."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from pipeline.call import Call, Event, EventKind, Role, Verdict
from pipeline.checks.base import Check, OptionalPhrases, Outcome, Phrases, Seconds, Share, worst
from pipeline.checks.conditions.transfers import transfer
from pipeline.checks.evidence import windows
from pipeline.checks.evidence.hearing import Heard, Part, doubt_absence, find_variant, hear, whole, window
from pipeline.checks.evidence.holds import doubt_return, kept_waiting
from pipeline.checks.evidence.readings import confirmed, nearly_said
from pipeline.spans import Span
from pipeline.wording.matching import PhraseMatch, Search, find_first, find_last

Window = Literal["opening", "closing", "anywhere", "last_half", "after_event", "before_event"]


class PhraseRequired(Check):
    """Pass when one of the phrases is said by the role inside the window.

    Options: ``phrases`` (any of them will do), ``near`` (wording that goes to review instead of failing),
    ``window``, ``event`` and ``within_s`` (for ``after_event`` and ``before_event``; every such event needs
    the phrase, but no hold from which nobody came back), ``role``, ``threshold`` (similarity a match needs).
    What is said in English is searched for English wording; without any, its absence there is undetermined.
    """

    kind: ClassVar[str] = "phrase_required"

    phrases: Phrases
    near: OptionalPhrases = ()
    window: Window = "anywhere"
    event: EventKind | None = None
    within_s: Seconds = 10.0
    role: Role = Role.AGENT
    threshold: Share = 0.78

    @model_validator(mode="after")
    def _event_given(self) -> Self:
        if self.window.endswith("_event") != (self.event is not None):
            raise ValueError("event goes with the windows after_event and before_event, and only with them")
        return self

    def judge(self, call: Call) -> Outcome:
        """Search the window; for a window at events, every one of them."""
        heard = hear(call, self.role)
        searched = self._windows(call, heard)
        if not searched:
            return Outcome(Verdict.NOT_APPLICABLE, f"there is no {self.event} in the call", role=self.role)
        return worst(tuple(self._search(call, heard, part) for part in searched))

    def asks(self, call: Call) -> tuple[PhraseMatch, ...]:
        """Passages nearest to the phrases where none is found."""
        parts = self._windows(call, hear(call, self.role))
        missed = (
            p for p in parts if find_first(self.phrases, p.utterances, threshold=self.threshold).match is None
        )
        return tuple(match for part in missed for match in nearly_said(self.phrases, part.utterances))

    def _windows(self, call: Call, heard: Heard) -> list[Part]:
        if self.event is not None:
            at = self._events(call, self.event)
            if self.window == "after_event":
                return [windows.after(heard, e.end_s, within_s=self.within_s) for e in at]
            return [windows.before(heard, e.start_s, within_s=self.within_s) for e in at]
        if self.window == "opening":
            return [windows.opening(call, heard)]
        if self.window == "closing":
            return [windows.closing(call, heard)]
        if self.window == "last_half":
            return [windows.last_half(call, heard)]
        return [whole(call, heard)]

    def _events(self, call: Call, kind: EventKind) -> tuple[Event, ...]:
        if kind is not EventKind.HOLD:
            return call.events_of(kind)
        holds = kept_waiting(call)
        returned = tuple(hold for hold in holds if hold.get("returned") is not False)
        # Who is put through is met by another, and owed the return from the holds before.
        moments = transfer(call).moments
        stayed = tuple(
            h for h in returned if not any(m.span.start_s <= h.start_s <= m.span.end_s for m in moments)
        )
        returned = stayed or returned
        return returned if self.window == "after_event" else holds

    def _search(self, call: Call, heard: Heard, part: Part) -> Outcome:
        find = find_last if self.window in ("closing", "last_half") else find_first
        search = find(self.phrases, part.utterances, threshold=self.threshold)
        match = search.match or confirmed(call, self.phrases, part.span, role=self.role)
        return self._missed(call, heard, part, search) if match is None else self._said(match, heard)

    def _said(self, match: PhraseMatch, heard: Heard) -> Outcome:
        confidence = match.similarity if heard.attributed else 0.7 * match.similarity
        how = "in the audio" if match.reading == "recogniser" else f"{match.similarity:.0%} alike"
        reason = f"said, {how}"
        span = Span(match.start_s, match.end_s)
        return Outcome(Verdict.PASS, reason, min(1.0, confidence), self.role, span, match.quote)

    def _missed(self, call: Call, heard: Heard, part: Part, search: Search) -> Outcome:
        where = self.window.replace("_event", f" the {self.event}").replace("_", " ")
        span, nearest = window(part.utterances) or part.span, search.nearest
        quote = nearest.quote if nearest else ""
        variant = find_variant(self.near, part.utterances)
        wording = (*self.phrases, *self.near)
        doubt = doubt_absence(call, heard, part, search, threshold=self.threshold, wording=wording)
        if variant is not None:
            doubt = f"{variant.quote!r} may stand in for it"
        elif self.event is EventKind.HOLD and self.window == "after_event":
            doubt = doubt or doubt_return(call, part)
        if doubt:
            reason = f"not found ({where}), but {doubt}"
            return Outcome(Verdict.UNDETERMINED, reason, 0.5, self.role, span, quote)
        similarity = f"; the nearest words are {nearest.similarity:.0%} alike" if nearest else ""
        reason = f"not said ({where}){similarity}"
        sure = (search.confidence or 1.0) * (1.0 - max(0.0, (nearest.similarity if nearest else 0.0) - 0.5))
        return Outcome(Verdict.FAIL, reason, min(1.0, max(0.3, sure)), self.role, span, quote)
