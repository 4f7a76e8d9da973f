"""What the recording's channels are: leaking or stored twice, and whether overlap is claimed on one line.

Conventions
-----------
Truth is the call's form. A call of form ``leak`` must be stored as leaking, ``dual`` as dual mono; any other
two-channel call stored as either is a false alarm. Overlap cannot be told where both parties share a line: on
calls of form ``mono`` and ``dual`` every stored talk-over, interruption and backchannel is a false claim, and
so is every value of a measure that is made of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.call import ChannelForm, EventKind
from pipeline.evaluation.pairs import Pair
from pipeline.evaluation.result import Disagreement, MeasureRow, Outcome, ratio
from pipeline.evaluation.targets import FORMS_FALSE_ALARMS, FORMS_RECOGNISED, OVERLAP_ON_ONE_LINE

FORMS = {"leak": ChannelForm.LEAKING, "dual": ChannelForm.DUAL_MONO}
OVERLAPS = (EventKind.TALK_OVER, EventKind.INTERRUPTION, EventKind.BACKCHANNEL)
OVERLAP_MEASURES = ("talk_over_count", "interruption_count", "interruption_rate")


def measure_channels(pairs: Sequence[Pair]) -> Outcome:
    """Measure whether leaking and doubled channels are recognised, and overlap claimed on one line."""
    faulty = [pair for pair in pairs if pair.truth.shape in FORMS]
    clean = [pair for pair in pairs if pair.truth.shape == "stereo"]
    right = [pair for pair in faulty if pair.stored.form == FORMS[pair.truth.shape]]
    alarms = [pair for pair in clean if pair.stored.form in FORMS.values()]
    shared = [pair for pair in pairs if not pair.truth.separated]
    claims = sum(_claims(pair) for pair in shared)
    rows = (
        MeasureRow(
            "leaking or doubled channels recognised",
            ratio(len(right), len(faulty)),
            FORMS_RECOGNISED,
            "share",
            f"{len(right)} of {len(faulty)}",
        ),
        MeasureRow(
            "clean channels called leaking or doubled",
            len(alarms) if clean else None,
            FORMS_FALSE_ALARMS,
            "count",
            f"of {len(clean)}",
        ),
        MeasureRow(
            "overlap claimed on one line",
            claims if shared else None,
            OVERLAP_ON_ONE_LINE,
            "count",
            f"on {len(shared)} calls",
        ),
    )
    wrong = [pair for pair in faulty if pair not in right] + alarms
    return Outcome(rows, tuple(map(_disagreement, wrong)))


def _claims(pair: Pair) -> int:
    events = sum(len(pair.stored.spans_of(kind)) for kind in OVERLAPS)
    values = [m for m in pair.stored.measurements if m.name in OVERLAP_MEASURES and m.value is not None]
    return events + len(values)


def _disagreement(pair: Pair) -> Disagreement:
    return Disagreement("channels", pair.call_id, "form", pair.truth.shape, str(pair.stored.form))
