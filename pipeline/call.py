"""The frozen values that pass between stages.

Times are seconds from the start of the recording; intervals are half-open. A value that could not be
measured is ``None`` with a reason, never 0 and never NaN.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from pipeline.showing import Shown
from pipeline.spans import Span, Spans, union

_P = ParamSpec("_P")
_T = TypeVar("_T")

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
class CallRecord:
    """One recorded call as the telephone system describes it; the audio is a pointer until it is heard.

    Attributes
    ----------
    call_id : str
        Unique within a night.
    path : Path
        The recording: of both parties, or of the agent's leg when ``customer_path`` is given.
    customer_path : Path or None
        The customer's leg, for calls kept as two one-channel files.
    started_at : datetime or None
        Start of the call with its UTC offset, at the desk.
    direction : str or None
        ``"inbound"`` or ``"outbound"``.
    ring_s : float or None
        Seconds of ringing before the answer, by the call log.
    hangup_side : str or None
        ``"agent"`` or ``"customer"``.
    agent_channel : str or None
        ``"left"`` or ``"right"``; the recording's other channel is the customer's.
    standards : tuple of str
        Rulebooks this call's desk works under.
    shift_started_at : datetime or None
        When the agent's shift began, with its UTC offset.
    """

    call_id: str
    path: Path
    customer_path: Path | None = None
    started_at: datetime | None = None
    agent_id: str | None = None
    agent_name: str | None = None
    team: str | None = None
    direction: str | None = None
    customer_name: str | None = None
    ring_s: float | None = None
    hangup_side: str | None = None
    agent_channel: str | None = None
    standards: tuple[str, ...] = ()
    shift_started_at: datetime | None = None

    @property
    def call_date(self) -> str:
        """``YYYY-MM-DD`` of the start at the desk, or ``"unknown"``."""
        return self.started_at.date().isoformat() if self.started_at else "unknown"


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


def once_per_call(
    function: Callable[Concatenate[Call, _P], _T],
) -> Callable[Concatenate[Call, _P], _T]:
    """Work out what depends on a call alone only once; it is kept with the call, and as long as the call.

    The arguments beside the call must be hashable, the result a value.
    """

    @wraps(function)
    def known(call: Call, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        key = (function, args, *sorted(kwargs.items())) if kwargs else (function, args)
        try:
            result: _T = call._known[key]
        except KeyError:
            # A call never changes, so two who ask at the same time find the same.
            result = call._known[key] = function(call, *args, **kwargs)
        return result

    return known


@dataclass(frozen=True, slots=True)
class Call(Shown):
    """Everything stored about one heard call: what judging reads, and all it may read.

    Attributes
    ----------
    record : CallRecord
        What the telephone system says of it.
    sha256 : str
        Of the recording's bytes.
    hearing_key : str
        Identifies engine, weights and settings that heard it.
    duration_s : float
        Length of the recording.
    channels : int
        1 or 2, as recorded.
    separated : bool
        Whether each party has a channel of its own; overlap is unmeasurable otherwise.
    hearing_quality : float
        How far what was heard can be trusted, 0..1 (:mod:`pipeline.measures.hearing`).
    utterances, events, measurements : tuple
        What was said, what happened, and what was measured.
    form : ChannelForm or None
        What the channels turned out to be; None of a call that was never recorded, such as an example.
    removed_texts : int
        Pieces of text that the recogniser invented and that were taken out.
    redacted : bool
        Whether personal data were taken out of its texts (:mod:`pipeline.privacy`).
    """

    record: CallRecord
    sha256: str
    hearing_key: str
    duration_s: float
    channels: int
    separated: bool
    hearing_quality: float
    utterances: tuple[Utterance, ...] = ()
    events: tuple[Event, ...] = ()
    measurements: tuple[Measurement, ...] = field(default=())
    form: ChannelForm | None = None
    removed_texts: int = 0
    redacted: bool = False
    _known: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __reduce__(self) -> tuple[type[Call], tuple[Any, ...]]:
        """Pickle the facts without what has been worked out from them: it is worked out again at need."""
        return Call, tuple(getattr(self, f.name) for f in fields(self) if f.init)

    @once_per_call
    def by_role(self, role: Role) -> tuple[Utterance, ...]:
        """Utterances of one role, in order."""
        return tuple(u for u in self.utterances if u.role is role)

    @once_per_call
    def events_of(self, kind: EventKind, role: Role | None = None) -> tuple[Event, ...]:
        """Events of one kind, and of one role when given, in order."""
        return tuple(e for e in self.events if e.kind is kind and (role is None or e.role is role))

    @once_per_call
    def speech(self, role: Role | None = None) -> Spans:
        """Voice activity of one role, or of all."""
        return union(e.span for e in self.events_of(EventKind.SPEECH, role))

    def measure(self, name: str, role: Role | None = None) -> Measurement | None:
        """Return the measurement of that name and role, or None when it was not taken."""
        return next((m for m in self.measurements if m.name == name and m.role == role), None)

    def between(self, span: Span) -> Iterator[Utterance]:
        """Utterances that overlap ``span``."""
        start_s, end_s = span.start_s, span.end_s
        return (u for u in self.utterances if min(u.end_s, end_s) > max(u.start_s, start_s))


class Verdict(StrEnum):
    """What a check may say about a clause on a call."""

    PASS = "pass"
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Finding(Shown):
    """A clause's verdict on a call, with the evidence to listen to.

    Attributes
    ----------
    start_s, end_s : float or None
        Evidence interval; for an absence, the window that was searched.
    quote : str
        What was said there, or the nearest candidate for an absence.
    reason : str
        One sentence a manager understands.
    confidence : float
        0..1; how sure the check is of the verdict.
    points : float
        What the clause is worth.
    critical : bool
        A critical clause's failure makes the call's score 0.
    """

    standard: str
    rule_id: str
    dimension: str
    verdict: Verdict
    role: Role | None
    start_s: float | None
    end_s: float | None
    quote: str
    reason: str
    confidence: float
    points: float
    critical: bool


@dataclass(frozen=True, slots=True)
class Score(Shown):
    """Points earned of points possible on one call under one standard.

    Attributes
    ----------
    score : float or None
        0..100; 0 after a critical failure; None when no clause was decided.
    score_before_critical : float or None
        The same without regard to critical failures.
    dimensions : tuple of (str, float or None)
        Score per dimension, 0..100, in the order patience, courtesy, communication, compliance.
    status : str
        ``judged``, or ``review`` for a call heard too badly to judge: it has no score.
    status_reason : str or None
        Why it goes to review.
    """

    standard: str
    score: float | None
    score_before_critical: float | None
    earned: float
    possible: float
    critical_failures: int
    dimensions: tuple[tuple[str, float | None], ...]
    status: str = "judged"
    status_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that could not be processed: what, at which stage, and why.

    Attributes
    ----------
    tried : str or None
        What was tried, as text that stays the same while another try would come to the same; None where one
        might not, as the machine may be why.
    """

    path: str
    stage: str
    reason: str
    tried: str | None = field(default=None, compare=False)
