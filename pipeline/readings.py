"""The third reading: how well a phrase fits the audio of a passage that nearly says it.

Characters and sounds compare a phrase with what the recogniser wrote. Where that leaves a doubt, the
recogniser is asked about the audio itself (forced decoding): once for its own text, once for the same text
with the phrase in place of the passage. The *loss* is what the second is less likely by, in nats per spoken
character of the phrase.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from pipeline.audio import RATE_HZ, Waveform, load_recording
from pipeline.call import Call, Event, EventKind, Role, Utterance
from pipeline.transcribers.base import MAX_CLIP_S, Transcriber
from pipeline.wording.matching import PhraseMatch
from pipeline.wording.phrases import compile_phrase, written_out
from pipeline.wording.spoken import spoken_units

# As when the utterance was first heard.
MARGIN_S = 0.15
TEXTS = 2


def with_readings(call: Call, asked: Iterable[PhraseMatch], transcriber: Transcriber) -> Call:
    """Return the call with a reading event for each passage that can be read again.

    Parameters
    ----------
    call : Call
    asked : iterable of PhraseMatch
        Passages that nearly say a phrase. Those that run over two utterances, phrases with gaps, and voices
        whose channel is not known are left out.
    transcriber : Transcriber

    Raises
    ------
    AudioError
        When the recording can no longer be decoded.
    """
    wanted = [
        (match, said) for match in dict.fromkeys(asked) if (said := _utterance(call, match)) is not None
    ]
    if not wanted:
        return call
    channels = load_recording(call.record, max_duration_s=call.duration_s + 1.0).channels
    readings = [
        _read(match, said, samples, transcriber)
        for match, said in wanted
        if (samples := _channel(call, channels, said)) is not None
    ]
    return replace(call, events=tuple(sorted((*call.events, *readings), key=lambda e: (e.start_s, e.end_s))))


def _utterance(call: Call, match: PhraseMatch) -> Utterance | None:
    """Return the one utterance a match stands in, when its phrase can be written in its place."""
    said = next((u for u in call.utterances if u.idx == match.utterance_idx), None)
    readable = (
        said is not None and match.quote in said.text and bool(written_out(compile_phrase(match.phrase)))
    )
    return said if readable else None


def _channel(call: Call, channels: Sequence[Waveform], said: Utterance) -> Waveform | None:
    if len(channels) == 1:
        return channels[0]
    side = call.record.agent_channel or ("left" if call.record.customer_path is not None else None)
    if not call.separated or side is None or said.role is Role.UNKNOWN:
        return None
    agent = 0 if side == "left" else 1
    return channels[agent if said.role is Role.AGENT else 1 - agent]


def _read(match: PhraseMatch, said: Utterance, samples: Waveform, transcriber: Transcriber) -> Event:
    start = max(0, int((said.start_s - MARGIN_S) * RATE_HZ))
    clip = samples[start : min(int((said.end_s + MARGIN_S) * RATE_HZ), start + int(MAX_CLIP_S * RATE_HZ))]
    texts = _closest(match)
    own, *others = transcriber.score(
        clip, [said.text, *(said.text.replace(match.quote, t, 1) for t in texts)]
    )
    loss, text = min((own - score, text) for score, text in zip(others, texts, strict=True))
    attributes = (("loss", loss / spoken_units(text)), ("phrase", match.phrase), ("quote", match.quote))
    return Event(EventKind.READING, said.role, match.start_s, match.end_s, attributes)


def _closest(match: PhraseMatch) -> list[str]:
    """Ways to say the phrase that come closest to what was recognised: each costs a decode."""
    written = written_out(compile_phrase(match.phrase))
    ranked = process.extract(match.quote, written, scorer=Levenshtein.normalized_similarity, limit=TEXTS)
    return [text for text, _, _ in ranked]
