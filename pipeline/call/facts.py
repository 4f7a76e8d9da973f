"""What is heard of a call: who said what, what happened, and what was measured."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pipeline.spans import Span

Scalar = str | float | int | bool | None


class Role(StrEnum):
    """Who speaks. ``UNKNOWN`` is an answer: role-bound clauses are then undetermined."""

    AGENT = "agent"
    CUSTOMER = "customer"
    UNKNOWN = "unknown"


class ChannelForm(StrEnum):
    """What the channels of a recording turn out to be.

    ``DUAL_MONO`` is one signal stored twice, ``ONE_LINE`` two channels of which one carries nothing,
    ``LEAKING`` two parties of whom one is also heard on the other's channel.
    """

    MONO = "mono"
    DUAL_MONO = "dual_mono"
    ONE_LINE = "one_line"
    STEREO = "stereo"
    LEAKING = "leaking"


class EventKind(StrEnum):
    """What can happen on a call's timeline."""

    SPEECH = "speech"
    RINGBACK = "ringback"
    ANNOUNCEMENT = "announcement"
    HOLD = "hold"
    MUSIC = "music"
    TYPING = "typing"
    BUSY_TONE = "busy_tone"
    KEY = "key"
    TONE = "tone"
    CLIPPING = "clipping"
    DROPOUT = "dropout"
    DEAD_AIR = "dead_air"
    NON_TALK = "non_talk"
    TALK_OVER = "talk_over"
    INTERRUPTION = "interruption"
    BACKCHANNEL = "backchannel"
    CLOSING_SILENCE = "closing_silence"
    READING = "reading"
    PERSONAL_DATA = "personal_data"


@dataclass(frozen=True, slots=True)
class Utterance:
    """What one party said without yielding the floor.

    Attributes
    ----------
    idx : int
        Position in the call, by start.
    text : str
        Simplified characters with punctuation.
    raw_text : str
        As the recogniser wrote it.
    chars : int
        Spoken characters: Han characters and everything else as it is read aloud, no punctuation.
    speech_s : float
        Seconds of voice activity inside ``[start_s, end_s)``.
    confidence : float
        The recogniser's mean token probability, 0..1.
    language : str
        ISO 639-1 code, or ``yue`` for Cantonese.
    level_dbfs : float or None
        Level of the voice over the utterance's voice activity [dBFS].
    pitch_hz : float or None
        Median fundamental frequency of its voiced frames [Hz].
    language_confidence : float
        How sure the language is, 0..1.
    syllables : int or None
        Syllable nuclei counted in the audio without the recogniser.
    """

    idx: int
    role: Role
    start_s: float
    end_s: float
    text: str
    raw_text: str
    chars: int
    speech_s: float
    confidence: float
    language: str
    level_dbfs: float | None = None
    pitch_hz: float | None = None
    language_confidence: float = 1.0
    syllables: int | None = None

    @property
    def span(self) -> Span:
        """Its interval."""
        return Span(self.start_s, self.end_s)


@dataclass(frozen=True, slots=True)
class Event:
    """Something on the timeline. ``attributes`` are named scalars, sorted by name."""

    kind: EventKind
    role: Role | None
    start_s: float
    end_s: float
    attributes: tuple[tuple[str, Scalar], ...] = ()

    @property
    def span(self) -> Span:
        """Its interval."""
        return Span(self.start_s, self.end_s)

    def get(self, name: str) -> Scalar:
        """Return the attribute's value, or None when the event does not carry it."""
        return dict(self.attributes).get(name)


@dataclass(frozen=True, slots=True)
class Measurement:
    """One number about a call, or the reason why there is none.

    Attributes
    ----------
    name : str
        Of the measure, without its unit: ``net_pace``, ``answer_latency_median``.
    role : Role or None
        Whose it is; None for the call's.
    value : float or None
        None when unmeasurable; ``reason`` then says why.
    unit : str
        ``chars/min``, ``s``, ``dBFS``, ``count``, ``share``.
    method : str
        How it was taken.
    coverage : float or None
        Share of the role's speech (or of the call) it is based on, 0..1.
    """

    name: str
    role: Role | None
    value: float | None
    unit: str
    reason: str | None = None
    method: str = ""
    coverage: float | None = None
