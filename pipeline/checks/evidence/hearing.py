"""Whether a stretch was heard well enough to say that something was *not* said there.

A pass shows what was heard. A fail for an absence claims that nothing was missed, so it needs known roles,
a recogniser that was sure of itself, speech that was all written down, and a language the wording is in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.call import Call, Role, Utterance
from pipeline.spans import Span, intersect, subtract, total_s
from pipeline.wording.matching import PhraseMatch, Search, find_first
from pipeline.wording.phrases import Phrase

SURE_CONFIDENCE = 0.45
# A candidate this little below the threshold may be the phrase with one more misheard syllable.
NEAR_MARGIN = 0.08
# Variants that go to review are short; they must be said rightly, or they would hide real failures.
VARIANT_SIMILARITY = 0.88
UNHEARD_S = 2.0
UNHEARD_SHARE = 0.3
FOREIGN_SHARE = 0.5
# Unknown voices that say less than this cannot hide a required phrase.
UNKNOWN_CHARS = 4
CHINESE = ("zh", "yue")


@dataclass(frozen=True, slots=True)
class Heard:
    """What one role said. ``attributed`` is False when some of it may be another's."""

    role: Role
    utterances: tuple[Utterance, ...]
    attributed: bool

    @property
    def span(self) -> Span | None:
        """From the first to the last of it."""
        return window(self.utterances)


def hear(call: Call, role: Role) -> Heard:
    """Return a role's utterances, with the unknown voices' when who speaks is not known."""
    unknown = call.by_role(Role.UNKNOWN)
    attributed = sum(u.chars for u in unknown) < UNKNOWN_CHARS
    wanted = (role,) if attributed else (role, Role.UNKNOWN)
    return Heard(role, tuple(u for u in call.utterances if u.role in wanted), attributed)


def window(utterances: Sequence[Utterance]) -> Span | None:
    """From the first to the last of the utterances; None when there are none."""
    if not utterances:
        return None
    return Span(min(u.start_s for u in utterances), max(u.end_s for u in utterances))


def mean_confidence(utterances: Sequence[Utterance]) -> float:
    """Recogniser confidence weighted by spoken characters, 0..1; 0 when nothing was said."""
    chars = sum(u.chars for u in utterances)
    return sum(u.confidence * u.chars for u in utterances) / chars if chars else 0.0


def doubt_words(call: Call, heard: Heard, utterances: Sequence[Utterance]) -> str | None:
    """Say why Chinese wording may have been missed in these utterances, or None when it was not."""
    return doubt_hearing(call, heard, utterances) or _doubt_language(utterances)


def doubt_hearing(call: Call, heard: Heard, utterances: Sequence[Utterance]) -> str | None:
    """Say why words of any language may have been missed in these utterances, or None."""
    if not heard.attributed:
        return f"it is not known which voice is the {heard.role}'s"
    if not utterances:
        silent = total_s(call.speech(heard.role)) < UNHEARD_S
        return None if silent else f"the {heard.role} speaks but no words were recognised"
    confidence = mean_confidence(utterances)
    if confidence < SURE_CONFIDENCE:
        return f"the recogniser was unsure there ({confidence:.2f}, needs {SURE_CONFIDENCE})"
    return _doubt_coverage(call, heard.role, utterances)


def _doubt_language(utterances: Sequence[Utterance]) -> str | None:
    chars = sum(u.chars for u in utterances)
    foreign = sum(u.chars for u in utterances if u.language not in CHINESE)
    return "most of it is not in Chinese" if foreign > FOREIGN_SHARE * chars else None


def find_variant(variants: Sequence[Phrase], utterances: Sequence[Utterance]) -> PhraseMatch | None:
    """Return wording that may stand in for the required one, or None."""
    return find_first(variants, utterances, threshold=VARIANT_SIMILARITY).match


def doubt_absence(
    call: Call, heard: Heard, utterances: Sequence[Utterance], search: Search, *, threshold: float
) -> str | None:
    """Say why a phrase that was not found may still have been said, or None when it was not.

    ``threshold`` is the similarity the search demanded, 0..1.
    """
    nearest = search.nearest
    if nearest is not None and nearest.similarity >= threshold - NEAR_MARGIN:
        return f"{nearest.quote!r} comes near ({nearest.similarity:.2f})"
    return doubt_words(call, heard, utterances)


def _doubt_coverage(call: Call, role: Role, utterances: Sequence[Utterance]) -> str | None:
    searched = window(utterances)
    spoken = intersect(call.speech(role), [searched]) if searched else ()
    unheard_s = total_s(subtract(spoken, (u.span for u in utterances)))
    if unheard_s > UNHEARD_S and unheard_s > UNHEARD_SHARE * total_s(spoken):
        return f"{unheard_s:.1f} s of speech there has no recognised words"
    return None
