from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.call import Call, Role
from pipeline.checks.evidence.hearing import doubt_absence, doubt_words, hear, whole
from pipeline.dialogue import dialogue_call
from pipeline.wording.matching import find_first
from pipeline.wording.phrases import compile_phrase


def doubt(call: Call) -> str | None:
    heard = hear(call, Role.AGENT)
    return doubt_words(call, heard, whole(call, heard))


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("agent: 已经为您登记了。", None),
        ("agent(heard 0.3): 已经为您登记了。", "unsure"),
        ("agent: I have registered it for you.", "not in Chinese"),
        ("unknown: 已经为您登记了。", "not known which voice"),
        ("agent: 已经为您登记了。\nunknown: 嗯。", None),
        ("customer: 喂？", None),
    ],
)
def test_doubts(source: str, says: str | None) -> None:
    found = doubt(dialogue_call(source))
    assert (found is None) == (says is None)
    assert (says or "") in (found or "")


def test_speech_without_words_is_a_doubt() -> None:
    call = dialogue_call(
        "agent: 您好。\nagent: 已经为您登记了，师傅明天上午会上门，请您留意电话。\nagent: 再见。"
    )
    lost = replace(call, utterances=(call.utterances[0], call.utterances[2]))
    assert "no recognised words" in (doubt(lost) or "")
    assert "no recognised words" in (doubt(replace(call, utterances=())) or "")


def test_a_short_candidate_with_a_pause_in_it_is_no_doubt() -> None:
    def told(source: str) -> str | None:
        call = dialogue_call(source)
        heard = hear(call, Role.AGENT)
        search = find_first((compile_phrase("给您赔不是"),), heard.utterances, threshold=1.0)
        assert search.nearest is not None
        close = search.nearest.similarity + 0.06
        return doubt_absence(call, heard, whole(call, heard), search, threshold=close)

    assert "comes near" in (told("agent: 给您的不是。") or "")
    assert told("agent: 给您的，不是。") is None


def test_a_near_candidate_is_a_doubt() -> None:
    call = dialogue_call("agent: 感谢您的来典，祝里余块。")
    heard = hear(call, Role.AGENT)
    part = whole(call, heard)
    phrases = (compile_phrase("感谢您的来电祝您愉快再见吧"),)
    search = find_first(phrases, heard.utterances)
    assert search.match is None
    assert search.nearest is not None
    close = search.nearest.similarity + 0.05
    assert "comes near" in (doubt_absence(call, heard, part, search, threshold=close) or "")
    far = search.nearest.similarity + 0.2
    assert doubt_absence(call, heard, part, search, threshold=far) is None
