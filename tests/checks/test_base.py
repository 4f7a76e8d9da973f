from __future__ import annotations

import pytest
from pydantic import ValidationError

from pipeline.call import Verdict
from pipeline.checks.base import Outcome, worst
from pipeline.checks.greeting_for_time import GreetingForTime
from pipeline.checks.hold_updates import HoldUpdates
from pipeline.checks.interruptions import Interruptions
from pipeline.checks.phrase_forbidden import PhraseForbidden
from pipeline.checks.phrase_required import PhraseRequired
from pipeline.spans import Span
from pipeline.wording.languages import ENGLISH


def test_a_pass_needs_evidence() -> None:
    with pytest.raises(ValueError, match="a pass needs the interval"):
        Outcome(Verdict.PASS, "said")


def test_a_confidence_lies_in_0_to_1() -> None:
    with pytest.raises(ValueError, match="confidence"):
        Outcome(Verdict.FAIL, "not said", 1.2)


def test_the_worst_outcome_decides_and_of_fails_the_surest() -> None:
    passed = Outcome(Verdict.PASS, "said", span=Span(0, 1))
    unsure = Outcome(Verdict.UNDETERMINED, "perhaps")
    weak, strong = Outcome(Verdict.FAIL, "a", 0.5), Outcome(Verdict.FAIL, "b", 0.9)
    away = Outcome(Verdict.NOT_APPLICABLE, "no occasion")
    assert worst((away, passed)) is passed
    assert worst((passed, unsure, away)) is unsure
    assert worst((unsure, weak, strong)) is strong


@pytest.mark.parametrize("options", [{"every_s": "15"}, {"every_s": -1}, {"every_s": 15, "evry": 1}, {}])
def test_options_are_strict(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        HoldUpdates.model_validate(options)


def test_a_count_is_a_whole_number() -> None:
    with pytest.raises(ValidationError):
        Interruptions.model_validate({"at_most": 1.5})


def test_phrases_are_compiled_and_not_empty() -> None:
    assert PhraseRequired(phrases=("您好",)).phrases[0].source == "您好"
    with pytest.raises(ValidationError):
        PhraseRequired.model_validate({"phrases": []})
    with pytest.raises(ValidationError, match="text"):
        PhraseRequired.model_validate({"phrases": [7]})


def test_english_inside_a_mapping_counts_as_english() -> None:
    signs = {"names another": ["that is the bank"], "sends away": ["(go|call) them"]}
    forbidden = PhraseForbidden.model_validate({"phrases": ["不归我们管"], "signs": signs})
    greeting = GreetingForTime.model_validate({"greetings": {"morning": ["good morning"]}})
    assert ENGLISH in forbidden.languages
    assert ENGLISH in greeting.languages
    assert ENGLISH not in PhraseForbidden.model_validate({"phrases": ["不归我们管"]}).languages
