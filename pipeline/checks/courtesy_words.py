"""``courtesy_words``: courtesy words of several families, often enough."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from pipeline.call import Call, Role, Utterance, Verdict
from pipeline.checks.base import Check, Count, Fixed, Number, Outcome, Words
from pipeline.checks.evidence.hearing import Heard, doubt_words, hear, whole
from pipeline.checks.evidence.telling import counted
from pipeline.checks.evidence.windows import runs
from pipeline.checks.evidence.words import find_words

# A 您 now and then is a word of the sentence (没人跟您说过); in every other turn it is a manner.
MARKS_A_TURN = 0.35
# What a recogniser writes for 您好.
MISHEARD = ("你好",)


class CourtesyWords(Check):
    """Pass when enough families of courtesy words occur, and often enough.

    Options: ``families`` (lists of words that mean the same courtesy), ``also`` (words that count towards
    the density only), ``not_counted`` (longer words they are part of: 申请), ``min_families``, ``min_words``
    and ``pass_per_100_chars`` for a pass, ``fail_per_100_chars`` below which one family alone fails (none
    always does; so does a single word of any family in ``habit_turns`` turns or more, which is a greeting
    and no habit), ``beyond_opening`` (words, such as 您, by which a courteous speaker may be known: with them
    the opening formula counts for no habit, and none of any of the words in ``habit_turns`` turns after it
    fails), ``min_chars`` of speech to judge by, ``role``.
    """

    kind: ClassVar[str] = "courtesy_words"

    families: Annotated[Fixed[str, Words], Field(min_length=1)]
    also: tuple[str, ...] = ()
    not_counted: tuple[str, ...] = ()
    min_families: Count = 2
    min_words: Count = 0
    pass_per_100_chars: Number = 2.5
    fail_per_100_chars: Number = 0.5
    habit_turns: Count = 3
    beyond_opening: tuple[str, ...] = ()
    min_chars: Count = 15
    role: Role = Role.AGENT

    def judge(self, call: Call) -> Outcome:
        """Count the words in what the role says."""
        heard = hear(call, self.role)
        chars = sum(u.chars for u in heard.utterances)
        found = [(u, word) for u in heard.utterances for word in self._words(u.text)]
        said = {word for _, word in found}
        used = [name for name, words in self.families.items() if said & {w.lower() for w in words}]
        density = 100.0 * len(found) / chars if chars else 0.0
        words = counted(len(found), "courtesy word")
        reason = f"{words}, {density:.1f} in 100 characters ({', '.join(used) or 'none'})"
        enough = len(used) >= self.min_families and len(found) >= self.min_words
        if enough and density >= self.pass_per_100_chars and heard.attributed:
            first = found[0][0]
            confidence = min(1.0, 0.6 + 0.1 * len(found))
            return Outcome(Verdict.PASS, reason, confidence, self.role, first.span, first.text)
        once = self._uses(heard) == 1 and _turns(call, self.role) >= self.habit_turns
        few = not used or once or (len(used) == 1 and density <= self.fail_per_100_chars)
        few = few or self._only_opens(call, heard)
        return self._miss(call, heard, reason, found[0][0] if found else None, few=few)

    def _miss(self, call: Call, heard: Heard, reason: str, said: Utterance | None, *, few: bool) -> Outcome:
        chars = sum(u.chars for u in heard.utterances)
        quote = said.text if said else ""
        doubt = doubt_words(call, heard, whole(call, heard))
        if chars < self.min_chars:
            doubt = doubt or f"only {chars} characters to judge by"
        if not few:
            doubt = doubt or "neither enough for a pass nor few enough for a fail"
        if doubt:
            return Outcome(Verdict.UNDETERMINED, f"{reason}; {doubt}", 0.5, self.role, heard.span, quote)
        confidence = min(1.0, 0.5 + chars / 100)
        return Outcome(Verdict.FAIL, reason, confidence, self.role, heard.span, quote)

    def _uses(self, heard: Heard) -> int:
        """How often a word of any family is said, or may have been misheard."""
        named = (*MISHEARD, *(word for words in self.families.values() for word in words))
        found = (find_words(u.text, named, not_counted=self.not_counted) for u in heard.utterances)
        return sum(map(len, found))

    def _only_opens(self, call: Call, heard: Heard) -> bool:
        """Whether nothing after the first turn is courteous, in turns enough to tell a habit."""
        turns = [run for run in runs(call) if run[0].role is self.role]
        if not (self.beyond_opening and heard.attributed) or len(turns) <= self.habit_turns:
            return False
        later = [u.text for run in turns[1:] for u in run]
        if any(self._words(text) for text in later):
            return False
        marks = sum(len(find_words(text, self.beyond_opening)) for text in later)
        return marks <= MARKS_A_TURN * len(turns[1:])

    def _words(self, text: str) -> list[str]:
        """Courtesy words in the text, in lower case; Latin ones as whole words only."""
        listed = (*self.also, *(word for words in self.families.values() for word in words))
        return [word for word, _ in find_words(text, listed, not_counted=self.not_counted)]


def _turns(call: Call, role: Role) -> int:
    """How often the role holds the floor."""
    return sum(run[0].role is role for run in runs(call))
