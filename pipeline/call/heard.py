"""A heard call as it is stored, and what is worked out from it once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field, fields
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from pipeline.call.facts import ChannelForm, Event, EventKind, Measurement, Role, Utterance
from pipeline.call.records import CallRecord
from pipeline.showing import Shown
from pipeline.spans import Span, Spans, union

_P = ParamSpec("_P")
_T = TypeVar("_T")


def once_per_call(
    function: Callable[Concatenate[Call, _P], _T],
) -> Callable[Concatenate[Call, _P], _T]:
    """Work out what depends on a call alone only once; it is kept with the call, and as long as the call.

    The arguments beside the call must be hashable, the result a value, and the same for equal arguments: a
    role and its name are equal.
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
        return tuple(u for u in self.utterances if u.role == role)

    @once_per_call
    def events_of(self, kind: EventKind, role: Role | None = None) -> tuple[Event, ...]:
        """Events of one kind, and of one role when given, in order."""
        return tuple(e for e in self.events if e.kind == kind and (role is None or e.role == role))

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
