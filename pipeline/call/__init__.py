"""The frozen values that pass between stages.

Times are seconds from the start of the recording; intervals are half-open. A value that could not be
measured is ``None`` with a reason, never 0 and never NaN.
"""

from pipeline.call.facts import ChannelForm, Event, EventKind, Measurement, Role, Scalar, Utterance
from pipeline.call.heard import Call, once_per_call
from pipeline.call.judged import Finding, Score, Verdict
from pipeline.call.records import CallRecord, Failure

__all__ = [
    "Call",
    "CallRecord",
    "ChannelForm",
    "Event",
    "EventKind",
    "Failure",
    "Finding",
    "Measurement",
    "Role",
    "Scalar",
    "Score",
    "Utterance",
    "Verdict",
    "once_per_call",
]
