"""Whose voice is whose, measured against the truth."""

from dataclasses import replace

from pipeline.call import Role
from pipeline.evaluation.voices import measure_voices

from .cases import AGENT, CUSTOMER, pair, perfect, truth_call, turn, without

TURNS = [turn(AGENT, 1, 5), turn(CUSTOMER, 6, 9), turn(AGENT, 10, 14), turn(CUSTOMER, 15, 20)]
SWAP = {AGENT: CUSTOMER, CUSTOMER: AGENT}


def rows(*pairs):
    return {row.name: row.value for row in measure_voices(pairs).rows}


def recast(stored, roles):
    return replace(stored, events=tuple(replace(e, role=roles.get(e.role, e.role)) for e in stored.events))


def test_a_perfect_audit_attributes_all_time_rightly():
    found = rows(pair(truth_call(TURNS, channels="mono")))
    assert found["mono: time attributed to the right speaker"] == 1.0
    assert found["roles right or unknown"] == found["calls with roles decided"] == 1.0
    assert found["roles confidently swapped"] == 0


def test_a_swap_is_counted_but_voices_are_measured_apart_from_roles():
    truth = truth_call(TURNS, channels="mono")
    outcome = measure_voices([pair(truth, recast(perfect(truth), SWAP))])
    found = {row.name: row.value for row in outcome.rows}
    assert found["mono: time attributed to the right speaker"] == 1.0
    assert found["roles confidently swapped"] == 1
    assert found["roles right or unknown"] == 0.0
    assert [d.measure for d in outcome.disagreements] == ["roles"]


def test_unknown_roles_are_right_but_not_decided():
    truth = truth_call(TURNS)
    unknown = recast(perfect(truth), dict.fromkeys(SWAP, Role.UNKNOWN))
    found = rows(pair(truth, unknown))
    assert found["roles right or unknown"] == 1.0
    assert found["calls with roles decided"] == 0.0
    assert found["mono: time attributed to the right speaker"] is None


def test_a_call_on_which_one_party_is_silent_has_nothing_to_decide():
    truth = truth_call([turn(AGENT, 1, 5)])
    assert rows(pair(truth, without(perfect(truth), "speech")))["calls with roles decided"] is None
