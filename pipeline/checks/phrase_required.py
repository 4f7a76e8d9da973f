"""``phrase_required``: wording that must be said in a part of the call."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from pipeline.call import Call, EventKind, Role, Verdict
from pipeline.checks.base import Check, OptionalPhrases, Outcome, Phrases, Seconds, Share, worst
from pipeline.checks.evidence import windows
from pipeline.checks.evidence.hearing import Heard, Part, doubt_absence, find_variant, hear, whole, window
from pipeline.spans import Span
from pipeline.wording.matching import PhraseMatch, Search, find_first, find_last

Window = Literal["opening", "closing", "anywhere", "last_half", "after_event", "before_event"]


class PhraseRequired(Check):
    """Pass when one of the phrases is said by the role inside the window.

    Options: ``phrases`` (any of them will do), ``near`` (wording that goes to review instead of failing),
    ``window``, ``event`` and ``within_s`` (for ``after_event`` and ``before_event``; every such event needs
    the phrase), ``role``, ``threshold`` (similarity a match needs).
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

    def _windows(self, call: Call, heard: Heard) -> list[Part]:
        if self.event is not None:
            at = call.events_of(self.event)
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

    def _search(self, call: Call, heard: Heard, part: Part) -> Outcome:
        find = find_last if self.window in ("closing", "last_half") else find_first
        search = find(self.phrases, part.utterances, threshold=self.threshold)
        if search.match is not None:
            return self._said(search.match, heard)
        return self._missed(call, heard, part, search)

    def _said(self, match: PhraseMatch, heard: Heard) -> Outcome:
        confidence = match.similarity if heard.attributed else 0.7 * match.similarity
        reason = f"said, {match.similarity:.0%} alike"
        span = Span(match.start_s, match.end_s)
        return Outcome(Verdict.PASS, reason, min(1.0, confidence), self.role, span, match.quote)

    def _missed(self, call: Call, heard: Heard, part: Part, search: Search) -> Outcome:
        where = self.window.replace("_", " ")
        span, nearest = window(part.utterances) or part.span, search.nearest
        quote = nearest.quote if nearest else ""
        variant = find_variant(self.near, part.utterances)
        doubt = doubt_absence(call, heard, part, search, threshold=self.threshold)
        if variant is not None:
            doubt = f"{variant.quote!r} may stand in for it"
        if doubt:
            reason = f"not found ({where}), but {doubt}"
            return Outcome(Verdict.UNDETERMINED, reason, 0.5, self.role, span, quote)
        similarity = f"; the nearest words are {nearest.similarity:.0%} alike" if nearest else ""
        reason = f"not said ({where}){similarity}"
        sure = (search.confidence or 1.0) * (1.0 - max(0.0, (nearest.similarity if nearest else 0.0) - 0.5))
        return Outcome(Verdict.FAIL, reason, min(1.0, max(0.3, sure)), self.role, span, quote)
