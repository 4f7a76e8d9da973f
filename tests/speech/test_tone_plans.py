"""Tone plans: the shipped ones, a user's own, and what is wrong with a bad one."""

import pytest

from pipeline.errors import ConfigError
from pipeline.speech.tone_plans import ProgressTone, TonePlan, load_tone_plan

OWN = """
ringback: {frequencies_hz: [425], cadence_s: [1.0, 3.0]}
busy: {frequencies_hz: [425], cadence_s: [0.2, 0.2]}
"""


def test_the_default_is_the_shipped_plan_of_mainland_china():
    assert load_tone_plan("cn") == TonePlan()


def test_a_file_holds_a_plan_of_ones_own(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(OWN)
    assert load_tone_plan(str(path)).ringback == ProgressTone((425.0,), (1.0, 3.0))


def test_an_unknown_plan_names_the_known_ones():
    with pytest.raises(ConfigError, match="no tone plan 'mars'; known are cn, eu, hk, tw, uk, us"):
        load_tone_plan("mars")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (OWN.replace("425", "50", 1), "greater than or equal to 300"),
        (OWN.replace("[1.0, 3.0]", "[1.0, 3.0, 1.0]"), "3 times"),
        (OWN.replace("busy", "engaged"), "busy: Field required"),
        ("ringback: [", r"bad\.yaml:1:12: expected the node content"),
    ],
)
def test_a_bad_plan_says_what_is_wrong(tmp_path, text, said):
    path = tmp_path / "bad.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=said) as error:
        load_tone_plan(str(path))
    assert str(path) in str(error.value)
