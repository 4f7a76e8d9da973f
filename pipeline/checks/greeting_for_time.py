"""``greeting_for_time``: greetings and wishes fit the hour and the day of the call."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import ClassVar, Literal

from pydantic import field_validator

from pipeline.call import Call, Role, Verdict
from pipeline.checks.base import Check, Fixed, OptionalPhrases, Outcome, Phrases, Share, Table, Words
from pipeline.checks.evidence import windows
from pipeline.checks.evidence.calendar import Timing, fits, is_due
from pipeline.checks.evidence.hearing import Heard, Part, doubt_absence, find_variant, hear, whole
from pipeline.spans import Span
from pipeline.wording.matching import PhraseMatch, Search, find_all, find_first

# Of three syllables two alike are many words' sound: a greeting is out of place only if said like this.
CLEARLY = 0.92
# The clocks of a desk and of its call log need not agree to the minute.
CLOCK = timedelta(minutes=5)
# 明天早上好吗 and 周六下午好一点 name a time; they greet nobody.
NAMES_A_TIME = re.compile(r"[天一二三四五六日号]$")
NO_GREETING = re.compile(r"\s*[吗嘛不些点过像几]")
# Wording of a desk that answers: it tells the agent from the caller where roles are not known.
DESK = re.compile(r"欢迎|来电|客服|中心|为您服务|请问|帮[您你到助]")
# A first clause this short that is no known opening is a greeting that was not understood.
CLAUSE_END = re.compile(r"[，。！？；,.!?;…]")
SHORT_CHARS = range(2, 6)
KNOWN = re.compile(
    r"[您你]好|[早中晚]?[上下]?[午上]好|快乐|[喂维唯为位]|哪[位里]|什么|说|讲|hello|hi\b", re.IGNORECASE
)


class GreetingForTime(Check):
    """Judge greetings by the call's start at the desk: the one that is due is said, none is out of place.

    With ``required`` the clause is owed when one of the greetings is due, and any due one will do; without
    it only what is said is judged. Times: ``morning`` (until 12:00), ``from_noon`` (due then, never out of
    place), ``afternoon``, ``evening``, ``weekend`` (in place from Friday), ``holiday`` (any), ``new_year``,
    ``spring_festival``, ``labour_day``, ``dragon_boat``, ``mid_autumn``, ``national_day`` (due on the
    statutory holiday itself, in place for some days around it).

    Options: ``greetings`` (phrases by time), ``near`` (wording that goes to review instead of failing),
    ``required``, ``window``, ``dates`` (days on which the desk's notice asks for a greeting as well, by
    time, as YYYY-MM-DD), ``threshold``.
    """

    kind: ClassVar[str] = "greeting_for_time"

    greetings: Fixed[Timing, Phrases]
    near: OptionalPhrases = ()
    required: bool = True
    window: Literal["opening", "anywhere"] = "opening"
    dates: Fixed[Timing, Words] = Table()
    threshold: Share = 0.78

    @field_validator("dates", mode="before")
    @classmethod
    def _written(cls, dates: object) -> object:
        """Take dates as YAML reads them, and reject what is none."""
        if not isinstance(dates, Mapping):
            return dates
        written = {timing: tuple(str(day) for day in days) for timing, days in dates.items()}
        for day in (day for days in written.values() for day in days):
            date.fromisoformat(day)
        return written

    def judge(self, call: Call) -> Outcome:
        """Compare what is said in the window with the time of the call."""
        started_at = call.record.started_at
        if started_at is None:
            return Outcome(Verdict.UNDETERMINED, "the call's start is not in its metadata", role=Role.AGENT)
        heard = hear(call, Role.AGENT)
        if not heard.utterances:
            return Outcome(Verdict.NOT_APPLICABLE, "the agent says nothing", role=Role.AGENT)
        part = windows.opening(call, heard) if self.window == "opening" else whole(call, heard)
        at = started_at + timedelta(seconds=part.span.start_s)
        due = [timing for timing in self.greetings if self._is_due(timing, at)]
        if self.required and not due:
            return Outcome(Verdict.NOT_APPLICABLE, f"no greeting is due on {_shown(at)}", role=Role.AGENT)
        said = {timing: self._said(timing, part) for timing in self.greetings}
        fitting = [m for t, found in said.items() if t in due or _fits(t, at) for m in found]
        if misplaced := self._misplaced(said, fitting, at, heard):
            return misplaced
        met = [m for t in due for m in said[t]] if self.required else fitting
        if met:
            return self._met(met[0], at, heard)
        if self.required:
            return self._missed(call, heard, part, due, at)
        reason = "no greeting or wish that is tied to a time is said"
        return Outcome(Verdict.NOT_APPLICABLE, reason, role=Role.AGENT)

    def _is_due(self, timing: Timing, at: datetime) -> bool:
        by_notice = at.date().isoformat() in self.dates.get(timing, ())
        return by_notice or any(is_due(timing, time) for time in (at - CLOCK, at, at + CLOCK))

    def _said(self, timing: Timing, part: Part) -> list[PhraseMatch]:
        found = find_all(self.greetings[timing], part.utterances, threshold=self.threshold)
        return [match for match in found if _greets(match)]

    def _misplaced(
        self,
        said: Mapping[Timing, Sequence[PhraseMatch]],
        fitting: Sequence[PhraseMatch],
        at: datetime,
        heard: Heard,
    ) -> Outcome | None:
        """Judge a greeting at the wrong time, which nothing said in the same place excuses."""
        misplaced = [
            (fits(timing, at), match)
            for timing, found in said.items()
            for match in found
            if match.similarity >= CLEARLY and not any(_same_place(match, other) for other in fitting)
        ]
        for verdict, words in ((Verdict.FAIL, "does not fit"), (Verdict.UNDETERMINED, "may not fit")):
            wanted = False if verdict is Verdict.FAIL else None
            match = next((m for fit, m in misplaced if fit is wanted), None)
            if match is not None:
                reason = f"{match.quote!r} {words} {_shown(at)}"
                return self._outcome(verdict, reason, match, heard)
        return None

    def _met(self, match: PhraseMatch, at: datetime, heard: Heard) -> Outcome:
        return self._outcome(Verdict.PASS, f"fits {_shown(at)}", match, heard)

    def _outcome(self, verdict: Verdict, reason: str, match: PhraseMatch, heard: Heard) -> Outcome:
        if not _by_agent(match, heard):
            verdict, reason = Verdict.UNDETERMINED, f"{reason}, in a voice whose role is not known"
        span = Span(match.start_s, match.end_s)
        return Outcome(verdict, reason, match.similarity, Role.AGENT, span, match.quote)

    def _missed(self, call: Call, heard: Heard, part: Part, due: Sequence[Timing], at: datetime) -> Outcome:
        wanted = [phrase for timing in due for phrase in self.greetings[timing]]
        # A greeting comes in the first words; later ones only happen to sound like it.
        part = Part(part.span, part.utterances[:1])
        search = find_first(wanted, part.utterances, threshold=self.threshold)
        first = part.utterances[0].text if part.utterances else ""
        reason = f"the greeting for {' or '.join(due)} is not said on {_shown(at)}"
        doubt = self._doubt(call, heard, part, search, first)
        if doubt:
            reason = f"{reason}, but {doubt}"
            return Outcome(Verdict.UNDETERMINED, reason, 0.5, Role.AGENT, part.span, first)
        return Outcome(Verdict.FAIL, reason, 0.85, Role.AGENT, part.span, first)

    def _doubt(self, call: Call, heard: Heard, part: Part, search: Search, first: str) -> str | None:
        variant = find_variant(self.near, part.utterances)
        if variant is not None:
            return f"{variant.quote!r} may stand in for it"
        clause = CLAUSE_END.split(first)[0].strip()
        if len(clause) in SHORT_CHARS and not KNOWN.search(clause):
            return f"the first words ({clause!r}) were not understood"
        return doubt_absence(call, heard, part, search, threshold=self.threshold)


def _fits(timing: Timing, at: datetime) -> bool:
    return any(fits(timing, time) is True for time in (at - CLOCK, at, at + CLOCK))


def _greets(match: PhraseMatch) -> bool:
    """Whether the words greet or wish rather than name a time."""
    before, after = match.around
    return NO_GREETING.match(after) is None and NAMES_A_TIME.search(before) is None


def _same_place(match: PhraseMatch, other: PhraseMatch) -> bool:
    return Span(match.start_s, match.end_s).overlap_s(Span(other.start_s, other.end_s)) > 0


def _by_agent(match: PhraseMatch, heard: Heard) -> bool:
    """Whether the agent said it: by role, or because it begins the desk's own opening."""
    if heard.attributed:
        return True
    first = heard.utterances[0]
    begins = first.text.find(match.quote) in range(2)
    return match.utterance_idx == first.idx and begins and DESK.search(first.text) is not None


def _shown(at: datetime) -> str:
    return at.strftime("%A %Y-%m-%d %H:%M")
