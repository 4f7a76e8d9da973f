"""Ground truth of a call: who said what and when, exactly, and what a careful grader decided.

One JSON file per call, ``ID.json``, whose stem is the call's id. Fields that no measure needs are ignored.
Times are seconds from the start of the recording.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipeline.call import Role, Verdict
from pipeline.errors import ConfigError
from pipeline.spans import Span, Spans, intersect, union

BRIDGE_S = 0.3
"""Gaps shorter than this inside one role's speech count as speech (Voice activity, measures.md)."""

Seconds = Annotated[float, Field(ge=0)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class TruthTurn(_Frozen):
    """One turn as it was spoken.

    Attributes
    ----------
    start_s, end_s : float
        First and last sound.
    text : str
        The line; of a turn that was cut off, also the part that was not spoken.
    units : int
        Spoken characters, words for English; of a turn that was cut off, the spoken ones.
    unit_times : tuple of (str, float, float)
        Every spoken character with its start and end; empty where they are not known.
    """

    role: Role
    start_s: Seconds
    end_s: Seconds
    text: str
    units: int = Field(ge=0)
    lang: str = "zh"
    backchannel: bool = False
    interrupts: bool = False
    cut_off: bool = False
    unit_times: tuple[tuple[str, Seconds, Seconds], ...] = ()

    @model_validator(mode="after")
    def _check_times(self) -> TruthTurn:
        if self.end_s < self.start_s or any(end < start for _, start, end in self.unit_times):
            raise ValueError(f"the turn at {self.start_s} s ends, or a unit of it does, before it starts")
        return self

    @property
    def span(self) -> Span:
        """First to last sound."""
        return Span(self.start_s, self.end_s)

    @property
    def unit_spans(self) -> Spans:
        """Where its characters sound; the whole turn where their times are not known."""
        if not self.unit_times:
            return (self.span,)
        return tuple(Span(start, end) for _, start, end in self.unit_times)

    @property
    def spoken_text(self) -> str:
        """What was really said: of a turn that was cut off, only the characters that sounded."""
        if self.cut_off and self.unit_times:
            return "".join(unit for unit, _, _ in self.unit_times)
        return self.text


class TruthEvent(_Frozen):
    """Something else that is heard: ``kind`` is ``ringback`` (with its ``rings``) or ``announcement``."""

    kind: str
    start: Seconds
    end: Seconds
    rings: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _check_times(self) -> TruthEvent:
        if self.end < self.start:
            raise ValueError(f"the {self.kind} at {self.start} s ends before it starts")
        return self

    @property
    def span(self) -> Span:
        """Its start to its end; of ringing, to the answer."""
        return Span(self.start, self.end)


class TruthHold(_Frozen):
    """One hold.

    Attributes
    ----------
    segments : tuple of (float, float)
        Its stretches without an update in between.
    announced, reason, consent, return_courtesy : bool or None
        What was said around it; None where nobody knows.
    """

    kind: str = Field(alias="hold")
    segments: tuple[tuple[Seconds, Seconds], ...] = Field(min_length=1)
    announced: bool | None = None
    reason: bool | None = None
    consent: bool | None = None
    return_courtesy: bool | None = None

    @model_validator(mode="after")
    def _check_times(self) -> TruthHold:
        if any(end < start for start, end in self.segments):
            raise ValueError(f"a segment of the hold at {self.segments[0][0]} s ends before it starts")
        return self

    @property
    def span(self) -> Span:
        """First segment's start to last segment's end, updates included."""
        return Span(min(start for start, _ in self.segments), max(end for _, end in self.segments))

    @property
    def segment_spans(self) -> Spans:
        """The stretches without an update."""
        return tuple(Span(start, end) for start, end in self.segments)

    @property
    def longest_s(self) -> float:
        """Length of the longest stretch, in seconds."""
        return max(span.duration_s for span in self.segment_spans)


class TruthOverlap(_Frozen):
    """Both speak at once: ``kind`` is interruption, talk_over or backchannel, ``by`` who came second."""

    kind: str
    by: Role
    start: Seconds
    end: Seconds


class TruthCall(_Frozen):
    """Everything known about one call.

    Attributes
    ----------
    form : str or None
        Of calls whose channels were varied on purpose: ``stereo``, ``leak`` (channels leak into each
        other), ``dual`` (mono stored twice) or ``mono``.
    overlaps : tuple of TruthOverlap or None
        None where only the turns tell who interrupts.
    labels : dict
        Clause to verdict, only where a careful grader is certain.
    """

    call_id: str = ""
    duration_s: Seconds
    channels: str
    form: str | None = None
    turns: tuple[TruthTurn, ...]
    events: tuple[TruthEvent, ...] = ()
    holds: tuple[TruthHold, ...] = ()
    overlaps: tuple[TruthOverlap, ...] | None = None
    labels: dict[str, Verdict] = Field(default_factory=dict)

    @property
    def shape(self) -> str:
        """``form``, or for calls that have none ``channels``."""
        return self.form or self.channels

    @property
    def separated(self) -> bool:
        """Whether each party has a channel of its own, leaking or not."""
        return self.shape in {"stereo", "leak"}

    def turns_of(self, role: Role, *, backchannels: bool = True) -> tuple[TruthTurn, ...]:
        """Return one role's turns by start, without backchannels on request."""
        chosen = (t for t in self.turns if t.role is role and (backchannels or not t.backchannel))
        return tuple(sorted(chosen, key=lambda turn: turn.start_s))

    def events_of(self, kind: str) -> tuple[TruthEvent, ...]:
        """Return the events of one kind, by start."""
        return tuple(sorted((e for e in self.events if e.kind == kind), key=lambda event: event.start))

    def floor_turns(self) -> tuple[TruthTurn, ...]:
        """Return all turns but backchannels, by start: who had the floor after whom."""
        return tuple(sorted((t for t in self.turns if not t.backchannel), key=lambda turn: turn.start_s))

    def speech(self, role: Role) -> Spans:
        """Return where one role sounds, backchannels included, gaps under ``BRIDGE_S`` bridged."""
        return union((s for t in self.turns_of(role) for s in t.unit_spans), bridge_s=BRIDGE_S)

    def interruptions(self) -> Iterator[tuple[Role, Span]]:
        """Yield who interrupts and where both speak.

        From ``overlaps`` where there are any, else from the turns marked as interrupting.
        """
        if self.overlaps is not None:
            for overlap in self.overlaps:
                if overlap.kind == "interruption":
                    yield overlap.by, Span(overlap.start, overlap.end)
            return
        for turn in self.turns:
            if turn.interrupts:
                others = (t.span for t in self.turns if t.role is not turn.role)
                both = intersect([turn.span], others)
                yield turn.role, both[0] if both else Span(turn.start_s, turn.start_s)


def load_truth(path: Path) -> TruthCall:
    """Read one call's ground truth.

    Raises
    ------
    ConfigError
        The file cannot be read or is not ground truth; the message names the file and the fields.
    """
    try:
        call = TruthCall.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ConfigError(f"{path}: cannot read the ground truth: {error.strerror}") from error
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(str(part) for part in item['loc']) or 'file'}: {item['msg']}"
            for item in error.errors()[:3]
        )
        raise ConfigError(f"{path}: not ground truth of a call: {wrong}") from error
    return call.model_copy(update={"call_id": path.stem})
