"""How clips become text, whichever engine computes: batches, choice of language, second decode, cleaning.

Whisper was built for windows of 30 s, and most of its time goes into their padding. A first pass therefore
decodes clips of like length, of several calls, together in a window little longer than they are. Short
windows make the decoder run in circles now and then; drafts that show it are decoded again with more
silence after the clip and a wider beam.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.transcribers.base import (
    AUTO_ZH_EN,
    SAMPLE_RATE_HZ,
    CallClips,
    Clip,
    Heard,
    TranscriberOptions,
    check_clips,
    clip_sizes,
)
from pipeline.transcribers.batching import SECOND_PADDING_S, batches
from pipeline.transcribers.drafts import NO_SPEECH_LOGPROB, Draft, choose, collapse
from pipeline.transcribers.hallucinations import clean, is_echo
from pipeline.transcribers.languages import (
    Voice,
    language_confidence,
    leans_to,
    listen_to_voices,
    may_be_in,
    own_language,
    spoken_language,
)
from pipeline.transcribers.recogniser import Decoded, Encoded, Recogniser
from pipeline.wording.languages import MANDARIN, UNDETERMINED

SECOND_BEAM = 5

LIKELY_LOGPROB = -0.8
"""From this mean log-probability on, words shared with the prompt count as said."""

CERTAIN_MANDARIN = 0.9
"""From this detected probability of Mandarin on, English is not tried."""
MIN_ENGLISH_PROBABILITY = 0.1
MIN_ENGLISH_CLIP_S = 1.5
MIN_ENGLISH_LOGPROB = -0.6
MIN_ENGLISH_GAIN = 0.1
"""Nats per token by which the English decode must be likelier than the Mandarin one."""


def hear(
    recogniser: Recogniser[Encoded], calls: Sequence[CallClips], options: TranscriberOptions
) -> list[list[Heard]]:
    """Return what each clip of each call says, in the order given; see `Transcriber.transcribe`.

    Raises
    ------
    ValueError
        For a clip that is not one-dimensional float32 or is longer than 29 s.
    """
    clips = _Pool(calls)
    size = options.batch_size
    first: dict[int, Draft] = {}
    for window_s, batch in batches([i for i, n in enumerate(clips.sizes) if n], clips.sizes, size=size):
        drafts = _first_pass(recogniser, clips.take(batch), window_s, options)
        first |= zip(batch, drafts, strict=True)
    speakers: dict[int, Voice] = {}
    if options.language == AUTO_ZH_EN:
        speakers = _speakers(calls, first)
        spoken = {i: own_language(draft, speakers[i]) for i, draft in first.items()}
        first |= _in_own_language(recogniser, clips, first, spoken, options)
    second: dict[int, Draft] = {}
    doubtful = [i for i, draft in first.items() if draft.doubtful]
    for window_s, batch in batches(doubtful, clips.sizes, size=size, padding_s=SECOND_PADDING_S):
        languages = [first[i].language for i in batch]
        redone = _second_pass(recogniser, clips.take(batch), window_s, languages, options)
        second |= zip(batch, redone, strict=True)
    count = len(clips.sizes)
    heard = iter([_finish(first.get(i), second.get(i), speakers.get(i), options) for i in range(count)])
    return [[next(heard) for _ in range(len(call.clips))] for call in calls]


class _Pool:
    """The clips of all calls, numbered through; only those of one batch are looked at at a time."""

    def __init__(self, calls: Sequence[CallClips]) -> None:
        for call in calls:
            check_clips(call.clips)
        self._places = [(call.clips, i) for call in calls for i in range(len(call.clips))]
        self.sizes = [size for call in calls for size in clip_sizes(call.clips)]

    def take(self, numbers: Sequence[int]) -> list[Clip]:
        return [clips[i] for clips, i in (self._places[number] for number in numbers)]


def _speakers(calls: Sequence[CallClips], drafts: Mapping[int, Draft]) -> dict[int, Voice]:
    """Return the voice on each clip that was decoded, by the clip's number over all calls."""
    speakers: dict[int, Voice] = {}
    start = 0
    for call in calls:
        own = {i - start: d for i, d in drafts.items() if start <= i < start + len(call.clips)}
        voices = call.voices or [0] * len(call.clips)
        known = listen_to_voices(own, voices)
        speakers |= {start + i: known[voices[i]] for i in own}
        start += len(call.clips)
    return speakers


def _first_pass(
    recogniser: Recogniser[Encoded], clips: Sequence[Clip], window_s: float, options: TranscriberOptions
) -> list[Draft]:
    """Decode one batch in a short window, choosing each clip's language if the options say so."""
    encoded = recogniser.encode(clips, window_s=window_s)
    beam = options.beam_size
    if options.language is None:
        odds = recogniser.detect_languages(encoded)
        languages = [max(o, key=o.__getitem__) for o in odds]
        drafts = _decode(recogniser, encoded, clips, languages, beam, options)
        return [replace(draft, odds=known) for draft, known in zip(drafts, odds, strict=True)]
    if options.language != AUTO_ZH_EN:
        return _decode(recogniser, encoded, clips, [options.language] * len(clips), beam, options)
    odds = recogniser.detect_languages(encoded)
    mandarin = _decode(recogniser, encoded, clips, [MANDARIN] * len(clips), beam, options)
    drafts = [replace(draft, odds=known) for draft, known in zip(mandarin, odds, strict=True)]
    rows = [i for i, clip in enumerate(clips) if _may_be_english(odds[i], clip)]
    if not rows:
        return drafts
    answers = recogniser.generate(encoded, rows, language="en", prompt=options.english_prompt, beam_size=beam)
    for row, answer in zip(rows, answers, strict=True):
        english = _draft(answer, "en", clips[row])
        if proves_english(english, drafts[row], prompt=options.english_prompt):
            drafts[row] = replace(english, odds=odds[row])
    return drafts


def _in_own_language(
    recogniser: Recogniser[Encoded],
    clips: _Pool,
    first: Mapping[int, Draft],
    spoken: Mapping[int, str],
    options: TranscriberOptions,
) -> dict[int, Draft]:
    """Decode clips again in the language their voice mostly speaks, and keep what is as likely in it."""
    kept: dict[int, Draft] = {}
    # What was not proven to be another language was decoded as Mandarin already.
    for language in dict.fromkeys(code for code in spoken.values() if code not in (MANDARIN, UNDETERMINED)):
        due = [i for i, d in first.items() if spoken[i] == language and may_be_in(language, d)]
        for window_s, batch in batches(due, clips.sizes, size=options.batch_size):
            some = clips.take(batch)
            encoded = recogniser.encode(some, window_s=window_s)
            drafts = _decode(recogniser, encoded, some, [language] * len(some), options.beam_size, options)
            prompt = options.prompt_for(language)
            for i, draft in zip(batch, drafts, strict=True):
                if leans_to(draft, first[i]) and not is_echo(draft.text, prompt=prompt):
                    kept[i] = replace(draft, odds=first[i].odds)
    return kept


def _second_pass(
    recogniser: Recogniser[Encoded],
    clips: Sequence[Clip],
    window_s: float,
    languages: Sequence[str],
    options: TranscriberOptions,
) -> list[Draft]:
    """Decode one batch of doubtful clips with a wide beam."""
    encoded = recogniser.encode(clips, window_s=window_s)
    return _decode(recogniser, encoded, clips, languages, max(SECOND_BEAM, options.beam_size), options)


def _decode(
    recogniser: Recogniser[Encoded],
    encoded: Encoded,
    clips: Sequence[Clip],
    languages: Sequence[str],
    beam_size: int,
    options: TranscriberOptions,
) -> list[Draft]:
    """Decode each clip of a batch in its language."""
    drafts: dict[int, Draft] = {}
    for language in dict.fromkeys(languages):
        rows = [i for i, spoken in enumerate(languages) if spoken == language]
        prompt = options.prompt_for(language)
        answers = recogniser.generate(encoded, rows, language=language, prompt=prompt, beam_size=beam_size)
        for row, answer in zip(rows, answers, strict=True):
            drafts[row] = _draft(answer, language, clips[row])
    return [drafts[i] for i in range(len(clips))]


def _draft(answer: Decoded, language: str, clip: Clip) -> Draft:
    seconds = clip.size / SAMPLE_RATE_HZ
    return Draft(answer.text.strip(), answer.tokens, answer.mean_logprob, language, seconds, answer.no_speech)


def _may_be_english(odds: Mapping[str, float], clip: Clip) -> bool:
    """Whether an English decode is worth its time; under 1.5 s the detector is too often wrong."""
    return (
        clip.size >= MIN_ENGLISH_CLIP_S * SAMPLE_RATE_HZ
        and odds.get("zh", 0.0) < CERTAIN_MANDARIN
        and odds.get("en", 0.0) >= MIN_ENGLISH_PROBABILITY
    )


def proves_english(english: Draft, mandarin: Draft, *, prompt: str) -> bool:
    """Whether a clip is English: its English decode is likely, and likelier than its Mandarin one.

    The detector's probability alone is no proof: it gives accented English 0.2 and a Mandarin greeting 0.7.
    """
    return (
        not english.doubtful
        and not is_echo(english.text, prompt=prompt)
        and english.mean_logprob >= max(MIN_ENGLISH_LOGPROB, mandarin.mean_logprob + MIN_ENGLISH_GAIN)
    )


def _finish(
    first: Draft | None, second: Draft | None, voice: Voice | None, options: TranscriberOptions
) -> Heard:
    """Choose between a clip's drafts, clean the one that stays, and name its language."""
    if first is None:
        language = options.language if options.language not in (None, AUTO_ZH_EN) else MANDARIN
        return Heard("", 0.0, language or MANDARIN, language_confidence=0.0)
    draft = first if second is None else choose(first, replace(second, odds=first.odds))
    # The second decode too hears that nobody speaks, or finds a word here and there: the text is invented.
    nobody = second is not None and (second.silent or draft.sparse)
    silent = nobody and draft.mean_logprob < NO_SPEECH_LOGPROB
    text = "" if silent else collapse(draft.text) if draft.loops else draft.text
    cleaned = clean(
        text, prompt=options.prompt_for(draft.language), likely=draft.mean_logprob >= LIKELY_LOGPROB
    )
    language, sure = draft.language, draft.odds.get(draft.language, 1.0)
    if voice is not None:
        language = spoken_language(replace(draft, text=cleaned.text), voice.main)
        sure = language_confidence(draft, language, voice)
    return Heard(
        cleaned.text,
        draft.probability if cleaned.text else 0.0,
        language,
        redecoded=second is not None,
        removed=cleaned.removed + (text != draft.text),
        language_confidence=sure,
    )
