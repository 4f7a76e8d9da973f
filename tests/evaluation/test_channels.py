from dataclasses import replace

import pytest

from pipeline.call import ChannelForm
from pipeline.evaluation.channels import measure_channels

from .cases import AGENT, CUSTOMER, pair, perfect, truth_call, turn, with_events, with_pace

TURNS = [turn(CUSTOMER, 5.0, 9.0), turn(AGENT, 10.0, 14.0)]


def _values(form, stored_form, *, change=lambda stored: stored):
    call = truth_call(TURNS, form=form)
    stored = change(replace(perfect(call), form=stored_form))
    outcome = measure_channels([pair(call, stored)])
    return [row.value for row in outcome.rows], len(outcome.disagreements)


@pytest.mark.parametrize(
    ("form", "stored", "values", "wrong"),
    [
        ("leak", ChannelForm.LEAKING, [1.0, None, None], 0),
        ("leak", ChannelForm.STEREO, [0.0, None, None], 1),
        ("dual", ChannelForm.DUAL_MONO, [1.0, None, 0], 0),
        ("dual", ChannelForm.LEAKING, [0.0, None, 0], 1),
        ("stereo", ChannelForm.STEREO, [None, 0, None], 0),
        ("stereo", ChannelForm.LEAKING, [None, 1, None], 1),
        ("mono", ChannelForm.MONO, [None, None, 0], 0),
    ],
)
def test_forms_are_compared(form, stored, values, wrong):
    assert _values(form, stored) == (values, wrong)


def test_overlap_on_one_line_is_a_claim_nobody_can_make():
    def claim(stored):
        return with_pace(
            with_events(stored, "interruption", (9.0, 10.0), role=AGENT), "interruption_count", AGENT, 0.0
        )

    assert _values("mono", ChannelForm.MONO, change=claim)[0] == [None, None, 2]
