from __future__ import annotations

from dataclasses import replace

import pytest

from evaluation.cases import AGENT, CUSTOMER, pair, perfect, truth_call, turn
from pipeline.call import Role
from pipeline.evaluation.invention import measure_invention
from pipeline.evaluation.languages import measure_languages
from pipeline.evaluation.stored import StoredUtterance
from pipeline.spans import Span

CALL = truth_call(
    [
        turn(AGENT, 5.0, 8.0, "您好请问有什么可以帮您"),
        turn(CUSTOMER, 9.0, 12.0, "do you speak english", lang="en"),
        turn(AGENT, 13.0, 15.0, "会的"),
    ]
)


def heard(*languages: str, roles: tuple[Role, ...] = (AGENT, CUSTOMER, AGENT)):
    said = perfect(CALL)
    named = zip(said.utterances, languages, roles, strict=True)
    return replace(said, utterances=tuple(replace(u, language=code, role=role) for u, code, role in named))


def test_the_share_of_utterances_in_the_right_language_is_measured():
    assert measure_languages([pair(CALL)]).rows[0].value == 1.0
    outcome = measure_languages([pair(CALL, heard("zh", "zh", "yue"))])
    assert outcome.rows[0].value == pytest.approx(1 / 3)
    assert [(d.truth, d.predicted) for d in outcome.disagreements] == [("en", "zh"), ("zh", "yue")]


def test_unknown_voices_are_compared_with_whoever_speaks():
    unknown = (Role.UNKNOWN,) * 3
    assert measure_languages([pair(CALL, heard("zh", "en", "zh", roles=unknown))]).rows[0].value == 1.0


def test_words_where_nobody_speaks_are_invented():
    said = perfect(CALL)
    assert measure_invention([pair(CALL)]).rows[0].value == 0.0
    more = StoredUtterance(AGENT, Span(30.0, 31.0), "录音录音")
    outcome = measure_invention([pair(CALL, replace(said, utterances=(*said.utterances, more)))])
    # Three turns with half a second of room around each take 11 s.
    assert outcome.rows[0].value == pytest.approx(600 * 4 / (said.duration_s - 11.0))
    assert outcome.disagreements[0].predicted == "录音录音"


def test_a_recording_in_which_nobody_speaks_counts_in_full():
    music = truth_call([])
    sung = replace(perfect(music), utterances=(StoredUtterance(AGENT, Span(1.0, 2.0), "我们"),))
    assert measure_invention([pair(music, sung)]).rows[0].value == pytest.approx(600 * 2 / sung.duration_s)


def test_ringing_is_no_speech_of_anybody():
    ringing = truth_call([], events=[{"kind": "ringback", "start": 0.0, "end": 10.0, "rings": 2}])
    heard = replace(perfect(ringing), utterances=(StoredUtterance(AGENT, Span(1.0, 2.0), "谢谢", "zh"),))
    assert measure_invention([pair(ringing, heard)]).rows[0].value > 0
