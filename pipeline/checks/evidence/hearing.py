"""Whether a stretch was heard well enough to say that something was *not* said there.

A pass shows what was heard. A fail for an absence claims that nothing was missed, so it needs known roles,
a recogniser that was sure of itself, speech that was all written down, and a language the wording is in.
Voice activity, not the recogniser, says where somebody spoke.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.call import Call, Role, Utterance, once_per_call
from pipeline.checks.evidence.readings import is_said
from pipeline.spans import Span, Spans, crop, subtract, total_s, union
from pipeline.wording.languages import is_english
from pipeline.wording.matching import PhraseMatch, Search, find_first
from pipeline.wording.phrases import Phrase
from pipeline.wording.spoken import spoken_units

SURE_CONFIDENCE = 0.45
# A candidate this little below the threshold may be the phrase with one more misheard syllable.
NEAR_MARGIN = 0.08
# With a pause in it, a short candidate needs to come nearer than that: nobody pauses inside three words.
PAUSED_MARGIN, PAUSED_CHARS = 0.04, 5
# So few syllables are soon alike by chance; where the recogniser was sure, they are other words.
SHORT_MARGIN, SHORT_CHARS, SURE_OF_WORDS = 0.0, 3, 0.75
PAUSE = re.compile(r"[，。！？；,.!?;]")
# Variants that go to review are short; they must be said rightly, or they would hide real failures.
VARIANT_SIMILARITY = 0.88
# Speech without words, in seconds: room for a short reply, for a good part of what is said, for a sentence.
UNHEARD_REPLY_S = 0.5
UNHEARD_S, UNHEARD_SHARE = 1.0, 0.25
UNHEARD_SENTENCE_S = 2.0
FOREIGN_SHARE = 0.5
# The slowest speakers say 1.5 characters in a second of speech.
LOST_S, LOST_CHARS_PER_S = 4.0, 1.0
# Unknown voices that say less than this cannot hide a required phrase.
UNKNOWN_CHARS = 4
CHINESE, ENGLISH = ("zh", "yue"), "en"
NOTHING_FOUND = Search(None, None, None, None, None)


@dataclass(frozen=True, eq=False)
class Heard:
    """What one role said; compared by identity. ``attributed`` is False when some may be another's."""

    role: Role
    utterances: tuple[Utterance, ...]
    attributed: bool

    @cached_property
    def span(self) -> Span | None:
        """From the first to the last of it."""
        return window(self.utterances)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a call that is searched: its time, and what was heard of a role there."""

    span: Span
    utterances: tuple[Utterance, ...]


@once_per_call
def hear(call: Call, role: Role) -> Heard:
    """Return a role's utterances, with the unknown voices' when who speaks is not known."""
    unknown = call.by_role(Role.UNKNOWN)
    attributed = sum(u.chars for u in unknown) < UNKNOWN_CHARS
    wanted = (role,) if attributed else (role, Role.UNKNOWN)
    return Heard(role, tuple(u for u in call.utterances if u.role in wanted), attributed)


@once_per_call
def whole(call: Call, heard: Heard, *, since_s: float = 0.0) -> Part:
    """All the role says, or what it has not finished saying at ``since_s``, to the end of the recording."""
    # Decoders may report a duration a little short of the last word.
    end_s = max([call.duration_s, since_s, *(u.end_s for u in heard.utterances)])
    return Part(Span(since_s, end_s), tuple(u for u in heard.utterances if u.end_s > since_s))


def window(utterances: Sequence[Utterance]) -> Span | None:
    """From the first to the last of the utterances; None when there are none."""
    if not utterances:
        return None
    return Span(min(u.start_s for u in utterances), max(u.end_s for u in utterances))


def mean_confidence(utterances: Sequence[Utterance]) -> float:
    """Recogniser confidence weighted by spoken characters, 0..1; 0 when nothing was said."""
    chars = sum(u.chars for u in utterances)
    return sum(u.confidence * u.chars for u in utterances) / chars if chars else 0.0


@once_per_call
def voiced(call: Call, role: Role, within: Span) -> Spans:
    """Voice activity of the role and of unknown voices inside a stretch of the call."""
    return crop(_voices(call, role), within)


@once_per_call
def unheard(call: Call, role: Role, within: Span) -> Spans:
    """Voice activity inside a stretch that has no recognised words, or hardly any."""
    return crop(_without_words(call, role), within)


@once_per_call
def _voices(call: Call, role: Role) -> Spans:
    return union((*call.speech(role), *call.speech(Role.UNKNOWN)))


@once_per_call
def _without_words(call: Call, role: Role) -> Spans:
    worded = (
        u.span for u in call.utterances if u.chars and u.role in (role, Role.UNKNOWN) and not _mostly_lost(u)
    )
    return subtract(_voices(call, role), worded)


def _mostly_lost(utterance: Utterance) -> bool:
    """Whether far fewer words were recognised than anybody says in that time."""
    long = utterance.speech_s >= LOST_S
    return long and utterance.chars < LOST_CHARS_PER_S * utterance.speech_s


def doubt_words(call: Call, heard: Heard, part: Part) -> str | None:
    """Say why Chinese wording may have been missed in this part, or None when it was not."""
    return doubt_hearing(call, heard, part) or _doubt_language(part.utterances)


def doubt_hearing(call: Call, heard: Heard, part: Part) -> str | None:
    """Say why words of any language may have been missed in this part, or None."""
    if not heard.attributed:
        return f"it is not known which voice is the {heard.role}'s"
    return doubt_coverage(call, heard.role, part.span) or doubt_recogniser(part.utterances)


def doubt_recogniser(utterances: Sequence[Utterance]) -> str | None:
    """Say how unsure the recogniser was of these utterances, or None when it was sure."""
    confidence = mean_confidence(utterances)
    if not utterances or confidence >= SURE_CONFIDENCE:
        return None
    return f"the recogniser was unsure there ({confidence:.2f}, needs {SURE_CONFIDENCE})"


@once_per_call
def doubt_coverage(call: Call, role: Role, within: Span) -> str | None:
    """Say how much of what the role says in a stretch has no recognised words, or None when little has."""
    spoken_s, lost = total_s(voiced(call, role, within)), unheard(call, role, within)
    lost_s = total_s(lost)
    longest_s = max((s.duration_s for s in lost), default=0.0)
    all_lost = lost_s > UNHEARD_REPLY_S and lost_s > 0.9 * spoken_s
    much_lost = lost_s > UNHEARD_S and lost_s > UNHEARD_SHARE * spoken_s
    if all_lost or much_lost or longest_s >= UNHEARD_SENTENCE_S:
        return f"{lost_s:.1f} s of the {role}'s speech there has no recognised words"
    return None


def _doubt_language(utterances: Sequence[Utterance], wording: Sequence[Phrase] = ()) -> str | None:
    """Say that most is in a language without wording to look for; Chinese always has some."""
    other = [u for u in utterances if u.language not in CHINESE]
    if not other:
        return None
    worded = (*CHINESE, ENGLISH) if any(is_english(phrase) for phrase in wording) else CHINESE
    chars = sum(u.chars for u in utterances)
    foreign = sum(u.chars for u in other if u.language not in worded)
    named = "Chinese or English" if ENGLISH in worded else "Chinese"
    return f"most of it is not in {named}" if foreign > FOREIGN_SHARE * chars else None


def _margin(near: PhraseMatch, utterances: Sequence[Utterance]) -> float:
    """How much less alike than demanded words may be and still leave a doubt."""
    units = spoken_units(near.quote)
    said = next((u for u in utterances if u.idx == near.utterance_idx), None)
    if units <= SHORT_CHARS and said is not None and said.confidence >= SURE_OF_WORDS:
        return SHORT_MARGIN
    return PAUSED_MARGIN if PAUSE.search(near.quote) and units <= PAUSED_CHARS else NEAR_MARGIN


def find_variant(variants: Sequence[Phrase], utterances: Sequence[Utterance]) -> PhraseMatch | None:
    """Return wording that may stand in for the required one, or None."""
    return find_first(variants, utterances, threshold=VARIANT_SIMILARITY).match


def doubt_absence(
    call: Call,
    heard: Heard,
    part: Part,
    search: Search,
    *,
    threshold: float,
    wording: Sequence[Phrase] = (),
) -> str | None:
    """Say why a phrase that was not found may still have been said, or None when it was not.

    Whose voice is whose is no doubt: what nobody says, the role does not say.
    ``threshold`` is the similarity the search demanded, 0..1. ``wording`` is all that was looked for: with
    some of it in English, its absence can be told in English speech too.
    """
    nearest = search.nearest
    near = nearest is not None and nearest.similarity >= threshold - _margin(nearest, part.utterances)
    if nearest is not None and near and is_said(call, nearest) is not False:
        return f"{nearest.quote!r} comes near ({nearest.similarity:.2f})"
    return (
        doubt_coverage(call, heard.role, part.span)
        or doubt_recogniser(part.utterances)
        or _doubt_language(part.utterances, wording)
    )
