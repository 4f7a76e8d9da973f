from dataclasses import replace

import pytest

from pipeline.evaluation.recognition import characters, measure_recognition

from .cases import AGENT, CUSTOMER, pair, perfect, truth_call, turn


def _heard(call, *texts):
    stored = perfect(call)
    utterances = tuple(replace(u, text=text) for u, text in zip(stored.utterances, texts, strict=True))
    return pair(call, replace(stored, utterances=utterances))


def _values(*pairs):
    outcome = measure_recognition(pairs)
    return {row.name: row.value for row in outcome.rows}, outcome


def test_the_same_words_have_no_errors():
    values, outcome = _values(
        pair(truth_call([turn(AGENT, 1.0, 4.0), turn(CUSTOMER, 5.0, 6.0, "嗯，好的。")]))
    )
    assert values == {
        "pinyin error rate, agent": 0,
        "character error rate, agent": 0,
        "pinyin error rate, customer": 0,
        "character error rate, customer": 0,
    }
    assert outcome.disagreements == ()


def test_punctuation_never_counts():
    values, _ = _values(_heard(truth_call([turn(AGENT, 1.0, 4.0, "您好，请讲。")]), "您好请讲"))
    assert values["character error rate, agent"] == 0


def test_a_homophone_is_an_error_of_characters_only():
    values, _ = _values(_heard(truth_call([turn(AGENT, 1.0, 4.0, "您的机票")]), "您的鸡票"))
    assert values["character error rate, agent"] == 0.25
    assert values["pinyin error rate, agent"] == 0


def test_numbers_are_read_out_on_both_sides():
    call = truth_call([turn(AGENT, 1.0, 4.0, "尾号三零七二")])
    assert _values(_heard(call, "尾号3072"))[0]["character error rate, agent"] == 0


def test_traditional_characters_are_no_errors():
    call = truth_call([turn(AGENT, 1.0, 4.0, "您好请讲")])
    assert _values(_heard(call, "您好請講"))[0]["character error rate, agent"] == 0


def test_insertions_and_deletions_are_errors_and_calls_are_pooled():
    one = truth_call([turn(AGENT, 1.0, 4.0, "您好请讲")])
    other = truth_call([turn(AGENT, 1.0, 4.0, "再见再见再见")], call_id="c2")
    values, _ = _values(_heard(one, "您好"), _heard(other, "再见再见再见啊"))
    assert values["pinyin error rate, agent"] == pytest.approx(3 / 10)


def test_turns_join_by_start_however_they_are_cut():
    call = truth_call([turn(AGENT, 10.0, 12.0, "再见"), turn(AGENT, 1.0, 4.0, "您好")])
    values, _ = _values(_heard(call, "您好再", "见"))
    assert values["character error rate, agent"] == 0


def test_a_role_that_speaks_another_language_is_left_out_of_that_call():
    english = truth_call([turn(AGENT, 1.0, 4.0), turn(AGENT, 5.0, 6.0, "Yes", lang="en", unit_times=[])])
    values, outcome = _values(_heard(english, "错", "错"))
    assert values["pinyin error rate, agent"] is None
    assert "left out, not all Mandarin: c1" in outcome.rows[0].detail


def test_of_a_turn_cut_off_only_what_was_spoken_is_expected():
    cut = turn(CUSTOMER, 1.0, 2.0, "我想退") | {"text": "我想退票可以吗", "cut_off": True}
    values, _ = _values(_heard(truth_call([cut]), "我想退"))
    assert values["character error rate, customer"] == 0


def test_calls_beyond_the_target_are_listed():
    _, outcome = _values(_heard(truth_call([turn(AGENT, 1.0, 4.0, "您好请讲")]), "您好"))
    assert [(d.subject, d.predicted, d.reason) for d in outcome.disagreements] == [
        ("agent", "0.500", "2 edits")
    ]


def test_characters_are_read_aloud_without_punctuation_in_lower_case():
    assert characters("OK，１２！") == ("o", "k", "十", "二")
