from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.call import Role
from pipeline.checks import KINDS
from pipeline.dialogue import dialogue_call
from pipeline.reports.coaching import Coaching, coaching
from pipeline.reports.coaching.advising import _lines
from pipeline.reports.language import Language
from pipeline.rulebook import Rule, load_rulebook, shipped_rulebooks
from pipeline.wording.matching import find_first

RULES = {rule.id: rule for name in shipped_rulebooks() for rule in load_rulebook(name).rules}
HAN = re.compile(r"[\u3400-\u9fff]")
# The option that holds what an agent has to say, by kind.
WORDING = {
    "phrase_required": "phrases",
    "reply_required": "phrases",
    "dictation": "ask",
    "phrase_order": "first",
}
# Told without a model sentence.
IN_OTHER_WORDS = {"TEL-07", "ECM-03", "ECM-04", "SKL-50", "SKL-56", "SKL-62"}


def unwritten(rule_id: str) -> Rule:
    return replace(RULES[rule_id], coaching="", coaching_zh="")


@pytest.mark.parametrize("language", Language)
def test_every_clause_that_is_not_for_a_person_has_advice(language: Language) -> None:
    without = [r.id for r in RULES.values() if not r.review and coaching(r, language) is None]
    assert without == []
    for rule in RULES.values():
        advice = coaching(rule, language)
        if advice is not None:
            assert HAN.search(advice.text) or language is Language.EN, rule.id
            assert not re.search(r"[{}<>|\[\]]", advice.text + advice.habitual + advice.professional), rule.id


def test_advice_says_what_the_rule_would_pass() -> None:
    """A sentence that is coached is one that the clause's own phrases find."""
    wrong = []
    for rule in RULES.values():
        option = WORDING.get(rule.check.kind)
        quoted = re.findall(r"“([^”]+)”", rule.coaching_zh)
        if option is None or rule.id in IN_OTHER_WORDS:
            continue
        said = [q.replace("X先生/女士", "王先生").replace("X", "王").replace("…", "") for q in quoted]
        call = dialogue_call("\n".join(f"agent: {text}" for text in said))
        found = find_first(getattr(rule.check, option), call.utterances, threshold=rule.check.threshold)
        if found.match is None:
            wrong.append(rule.id)
    assert wrong == []


@pytest.mark.parametrize(
    ("rule_id", "chinese", "english"),
    [
        ("OPS-01", "语速保持在90至160字/分钟。", "Keep the gross pace between 90 and 160 chars/min."),
        ("OPS-02", "音量保持在-38至-12 dBFS。", "Keep the level between -38 and -12 dBFS."),
        ("OPS-25", "让客户等待时，每15秒回应一次。", "During a hold, say a word every 15 s."),
        (
            "OPS-49",
            "这时可以说：“没关系”“您不必介意”“不用道歉”。",
            "Then you may say: “没关系”, “您不必介意”, “不用道歉”.",
        ),
        ("TEL-52", "语调起伏不低于4个半音。", "Keep the pitch spread at 4 semitones or more."),
        ("OPS-04", "多说“您”，少说“你”。", "Say “您” rather than “你”."),
    ],
)
def test_advice_is_derived_from_the_options(rule_id: str, chinese: str, english: str) -> None:
    for language, text in ((Language.ZH, chinese), (Language.EN, english)):
        advice = coaching(unwritten(rule_id), language)
        assert advice is not None
        assert advice.text == text


def test_habitual_and_professional_phrases() -> None:
    assert coaching(RULES["SKL-36"], Language.ZH) == Coaching(
        "我没办法", "对不起，我们暂时还没有解决方案", "不说“我没办法”，改说“对不起，我们暂时还没有解决方案”。"
    )
    assert coaching(unwritten("OPS-81"), Language.ZH) is not None
    assert coaching(RULES["OPS-62"], Language.ZH) is None


def test_nothing_is_advised_about_what_the_customer_says() -> None:
    check = KINDS["interruptions"].model_validate({"role": Role.CUSTOMER})
    assert coaching(replace(unwritten("OPS-26"), check=check), Language.ZH) is None


def test_what_a_rulebook_says_itself_comes_first() -> None:
    rule = replace(RULES["OPS-25"], coaching="Speak up.", coaching_zh="请回应。")
    assert coaching(rule, Language.EN) == Coaching("", "", "Speak up.")
    assert coaching(rule, Language.ZH) == Coaching("", "", "请回应。")


def test_lines_are_of_kinds_there_are_and_name_their_options() -> None:
    assert set(_lines()) <= set(KINDS)
    for kind, lines in _lines().items():
        fields = set(KINDS[kind].model_fields)
        for line in lines:
            named = {*re.findall(r"\{(\w+)\}", line["zh"]), line.get("say"), line.get("avoid")} - {
                None,
                "unit",
            }
            assert named <= fields, kind
            assert set(re.findall(r"\{(\w+)\}", line["en"])) == set(re.findall(r"\{(\w+)\}", line["zh"])), (
                kind
            )


def test_a_book_may_write_advice_and_another_rule_drops_it(tmp_path: Path) -> None:
    base = tmp_path / "base.yaml"
    base.write_text(
        """\
name: base
title: Base
source: base
rules:
  - id: BAS-01
    title: Stay in touch
    coaching: 每10秒回应客户一次。
    dimension: patience
    points: 1
    check: hold_updates
    every_s: 10
""",
        encoding="utf-8",
    )
    changed = tmp_path / "changed.yaml"
    changed.write_text(
        "name: changed\nextends: base.yaml\nrules:\n  - id: BAS-01\n    every_s: 20\n", encoding="utf-8"
    )
    worth = tmp_path / "worth.yaml"
    worth.write_text(
        "name: worth\nextends: base.yaml\nrules:\n  - id: BAS-01\n    points: 2\n", encoding="utf-8"
    )
    told = {
        path.stem: coaching(load_rulebook(path).rules[0], Language.ZH).text  # type: ignore[union-attr]
        for path in (base, changed, worth)
    }
    assert told == {
        "base": "每10秒回应客户一次。",
        "changed": "让客户等待时，每20秒回应一次。",
        "worth": "每10秒回应客户一次。",
    }
