import json

import pytest

from pipeline.call import Verdict
from pipeline.errors import ConfigError
from pipeline.evaluation.truth import load_truth
from pipeline.spans import Span

from .cases import AGENT, CUSTOMER, hold, truth_call, truth_json, turn, write_truth


def test_a_file_is_a_call_named_by_its_stem(tmp_path):
    write_truth(tmp_path, c7=truth_json([turn(AGENT, 1.0, 3.0)], labels={"OPS-04": "fail"}, notes="ignored"))
    call = load_truth(tmp_path / "c7.json")
    assert call.call_id == "c7"
    assert call.labels == {"OPS-04": Verdict.FAIL}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"turns": None}, "turns"),
        ({"labels": {"OPS-04": "maybe"}}, "labels.OPS-04"),
        ({"turns": [turn(AGENT, 3.0, 1.0)]}, "turns.0"),
        ({"holds": [hold((20.0, 10.0))]}, "holds.0"),
    ],
)
def test_damaged_truth_names_file_and_field(tmp_path, change, named):
    write_truth(tmp_path, c1=truth_json([turn(AGENT, 1.0, 3.0)]) | change)
    with pytest.raises(ConfigError, match=rf"c1\.json.*{named}"):
        load_truth(tmp_path / "c1.json")


def test_text_that_is_no_json_is_damaged_truth(tmp_path):
    (tmp_path / "c1.json").write_text("{", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"c1\.json: not ground truth"):
        load_truth(tmp_path / "c1.json")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"c1\.json: cannot read"):
        load_truth(tmp_path / "c1.json")


def test_speech_bridges_gaps_under_300_ms_and_no_longer_ones():
    units = [["您", 1.0, 1.5], ["好", 1.7, 2.0], ["吗", 2.5, 3.0]]
    call = truth_call([turn(AGENT, 0.9, 3.1, "您好吗", unit_times=units)])
    assert call.speech(AGENT) == (Span(1.0, 2.0), Span(2.5, 3.0))


def test_a_turn_without_unit_times_sounds_as_a_whole():
    call = truth_call([turn(AGENT, 0.9, 3.1, "Hello there", lang="en", unit_times=[])])
    assert call.speech(AGENT) == (Span(0.9, 3.1),)


def test_a_turn_cut_off_said_only_what_sounded():
    spoken = turn(CUSTOMER, 1.0, 2.0, "我想退")
    call = truth_call([spoken | {"text": "我想退票，可以吗？", "cut_off": True}])
    assert call.turns[0].spoken_text == "我想退"


def test_a_hold_lasts_over_its_updates():
    call = truth_call([], holds=[hold((10.0, 22.0), (26.0, 35.0))])
    assert call.holds[0].span == Span(10.0, 35.0)
    assert call.holds[0].longest_s == 12.0


def test_interruptions_come_from_overlaps_before_turns():
    turns = [turn(CUSTOMER, 1.0, 4.0), turn(AGENT, 3.5, 8.0, interrupts=True)]
    overlaps = [
        {"kind": "interruption", "by": "customer", "start": 7.0, "end": 8.0},
        {"kind": "talk_over", "by": "agent", "start": 3.5, "end": 4.0},
    ]
    assert list(truth_call(turns).interruptions()) == [(AGENT, Span(3.5, 4.0))]
    assert list(truth_call(turns, overlaps=overlaps).interruptions()) == [(CUSTOMER, Span(7.0, 8.0))]
    assert list(truth_call(turns, overlaps=[]).interruptions()) == []


def test_the_form_tells_whether_channels_are_separate():
    assert truth_call([]).separated
    assert truth_call([], form="leak").separated
    assert not truth_call([], form="dual").separated
    assert not truth_call([], channels="mono").separated


def test_backchannels_hold_no_floor():
    call = truth_call(
        [turn(CUSTOMER, 5.0, 8.0), turn(AGENT, 1.0, 4.0), turn(AGENT, 6.0, 6.5, backchannel=True)]
    )
    assert [t.start_s for t in call.floor_turns()] == [1.0, 5.0]
    assert [t.start_s for t in call.turns_of(AGENT)] == [1.0, 6.0]


def test_truth_is_read_as_utf8(tmp_path):
    document = truth_json([turn(AGENT, 1.0, 3.0)])
    (tmp_path / "c1.json").write_bytes(json.dumps(document, ensure_ascii=False).encode())
    assert load_truth(tmp_path / "c1.json").turns[0].text.startswith("您好")
