"""Which language a clip is in, by the model's odds, by the decode, and by what its voice mostly speaks.

The model tells languages well over several seconds and badly over one: it takes a muttered 嗯 for Korean
and a goodbye for Hindi. A voice's odds are therefore added up over its clips, weighted by their seconds and
eked out with the whole call's, and a short clip leans on them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.transcribers.drafts import Draft
from pipeline.wording.languages import ENGLISH, MANDARIN, UNDETERMINED, count_han, count_latin_words

Odds = Mapping[str, float]

# Over this much speech the model's odds stand on their own; below, the voice's count as well.
TELLING_S = 3.0
# Clips shorter than this say nothing of a voice's language.
LEAST_CLIP_S = 1.0
# What the whole call speaks counts like this much of the voice's own speech.
CALL_WEIGHT_S = 3.0
# A voice speaks the language that has this share of its speech, if there is as much of it in the call.
MAIN_SHARE, MAIN_LEAST_S = 0.6, 3.0
# With less of Mandarin than this, and nothing else clear, it is not known what a voice speaks.
NOT_SPOKEN_SHARE = 0.1
# From this probability on, a clip is in its language whatever else its voice speaks.
CERTAIN = 0.9
# Nats per token by which a decode in the voice's language may be less likely and still be preferred.
LEANING = 0.3
# Latin words under the Mandarin token: this many are English that the decoder wrote as it heard it.
ENGLISH_WORDS, ENGLISH_ODDS = 3, 0.3
# A decode this likely speaks for its language.
LIKELY_LOGPROB = -0.6


@dataclass(frozen=True, slots=True)
class Voice:
    """What one voice speaks.

    Attributes
    ----------
    shares : mapping of str to float
        Share of its speech in each language, 0..1; empty where nothing can be told.
    seconds : float
        Of the call's speech this rests on.
    """

    shares: Odds
    seconds: float

    @property
    def main(self) -> str:
        """The language it mostly speaks: a clear one, else Mandarin, unless there is hardly any in it."""
        if not self.shares:
            return MANDARIN
        language = max(self.shares, key=self.shares.__getitem__)
        if self.seconds < MAIN_LEAST_S:
            return MANDARIN
        if self.shares[language] >= MAIN_SHARE:
            return language
        return MANDARIN if self.shares.get(MANDARIN, 0.0) >= NOT_SPOKEN_SHARE else UNDETERMINED


def listen_to_voices(drafts: Mapping[int, Draft], voices: Sequence[int]) -> dict[int, Voice]:
    """Add up the odds of each voice's clips.

    Parameters
    ----------
    drafts : mapping of int to Draft
        By the number of the clip.
    voices : sequence of int
        The voice of each clip.
    """
    seconds: defaultdict[int, float] = defaultdict(float)
    sums: defaultdict[int, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    for number, draft in drafts.items():
        length_s = draft.clip_s
        if length_s < LEAST_CLIP_S:
            continue
        seconds[voices[number]] += length_s
        for language, odds in draft.odds.items():
            sums[voices[number]][language] += length_s * odds
    total_s = sum(seconds.values())
    call: defaultdict[str, float] = defaultdict(float)
    for added in sums.values():
        for language, weight in added.items():
            call[language] += weight / total_s
    return {
        voice: Voice(
            {
                name: (sums[voice][name] + CALL_WEIGHT_S * share) / (seconds[voice] + CALL_WEIGHT_S)
                for name, share in call.items()
            },
            total_s,
        )
        for voice in dict.fromkeys(voices)
    }


def own_language(draft: Draft, voice: Voice) -> str:
    """Return the language to expect in a clip: its voice's, or its own where the voice's is not known."""
    if voice.main != UNDETERMINED or not draft.odds:
        return voice.main
    likeliest = max(draft.odds, key=draft.odds.__getitem__)
    return likeliest if draft.odds[likeliest] >= MAIN_SHARE else UNDETERMINED


def may_be_in(language: str, draft: Draft) -> bool:
    """Whether a clip that was decoded in another language is worth a decode in the one its voice speaks."""
    if draft.language == language:
        return False
    return draft.clip_s < TELLING_S or draft.odds.get(draft.language, 0.0) < CERTAIN


def leans_to(own: Draft, other: Draft) -> bool:
    """Whether the decode in the voice's own language is to be preferred."""
    if own.doubtful or not own.text:
        return False
    return other.doubtful or own.mean_logprob >= other.mean_logprob - LEANING


def spoken_language(draft: Draft, main: str) -> str:
    """Return the language of a decode: its own, but English for what was written in English under another.

    The decoder writes English speech in English now and then though it was told to expect Mandarin.
    """
    words, han = count_latin_words(draft.text), count_han(draft.text)
    if draft.language == MANDARIN and words > han:
        english = draft.odds.get(ENGLISH, 0.0) >= ENGLISH_ODDS and words >= ENGLISH_WORDS
        if english or main == ENGLISH:
            return ENGLISH
    unlikely = draft.odds.get(draft.language, 0.0) < NOT_SPOKEN_SHARE and draft.mean_logprob < LIKELY_LOGPROB
    # Digits are written alike in every language.
    if unlikely or not any(c.isalpha() for c in draft.text):
        return main
    return draft.language


def language_confidence(draft: Draft, language: str, voice: Voice) -> float:
    """Return how sure a clip's language is, 0..1.

    The clip's odds weigh by its length against what its voice speaks, and a likely decode halves the doubt
    that is left: in a wrong language a decoder finds no likely words.
    """
    weight = min(1.0, draft.clip_s / TELLING_S)
    sure = weight * draft.odds.get(language, 0.0) + (1.0 - weight) * voice.shares.get(language, 0.0)
    likely = draft.language == language and bool(draft.text) and draft.mean_logprob >= LIKELY_LOGPROB
    return min(1.0, max(0.0, sure + (0.5 * (1.0 - sure) if likely else 0.0)))
