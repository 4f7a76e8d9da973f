from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from pipeline.call import Verdict
from pipeline.checks.hold_updates import HoldUpdates
from pipeline.errors import ConfigError
from pipeline.rulebook import load_rulebook, run_examples

GOOD = """\
name: a-book
title: A book
source: a manual
rules:
  - id: OPS-25
    title: Updates
    dimension: patience
    points: 5
    check: hold_updates
    every_s: 15
    applies_when: [hold]
    examples:
      pass:
        - |
          agent: 您好。
"""


@pytest.fixture
def write(tmp_path: Path):  # type: ignore[no-untyped-def]
    def _write(text: str) -> Path:
        path = tmp_path / "a-book.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return _write


def errors(path: Path) -> list[str]:
    with pytest.raises(ConfigError) as error:
        load_rulebook(path)
    return [line.removeprefix(f"{path}:") for line in str(error.value).splitlines()]


def test_a_rule_becomes_a_check_with_its_options(write) -> None:  # type: ignore[no-untyped-def]
    path = write(GOOD)
    book = load_rulebook(path)
    rule = book.rule("OPS-25")
    assert rule is not None
    assert rule.check == HoldUpdates(every_s=15)
    assert (rule.points, rule.critical, rule.applies_when) == (5, False, ("hold",))
    assert (rule.passing[0].source, rule.passing[0].line) == ("agent: 您好。\n", 15)
    assert book.content_hash == hashlib.sha256(path.read_bytes()).hexdigest()
    assert book.rule("OPS-99") is None


def test_every_error_at_once_with_its_place(write) -> None:  # type: ignore[no-untyped-def]
    path = write(
        GOOD.replace("every_s: 15", "every_s: soon\n    evry_s: 3")
        .replace("dimension: patience", "dimension: speed")
        .replace("applies_when: [hold]", "applies_when: [hold, raining]")
        .replace("points: 5", "points: 5\n    critical: true")
        + "  - id: OPS-26\n    title: Two\n    dimension: patience\n    points: 1\n    check: telepathy\n"
        + "  - id: OPS-25\n    title: Three\n    dimension: patience\n    check: interruptions\n"
        + "    points: 0\n"
    )
    found = errors(path)
    assert [line.split(": ")[0] for line in found] == [
        "5:5",
        "7:16",
        "11:14",
        "12:5",
        "13:26",
        "22:12",
        "23:9",
        "27:13",
    ]
    text = "\n".join(found)
    assert "exactly one of points, critical: true and review: true" in found[0]
    assert "'speed' (permitted 'patience', 'courtesy', 'communication' or 'compliance')" in found[1]
    assert "every_s" in found[2]
    assert "seen 'soon'" in found[2]
    assert "unknown key 'evry_s' (did you mean 'every_s'? permitted applies_when" in found[3]
    assert "unknown condition 'raining' (permitted agent_" in found[4]
    assert "unknown kind of check 'telepathy' (permitted address_by_name" in found[5]
    assert "already used on line 5" in found[6]
    assert "expected more than 0" in text


def test_a_phrase_that_does_not_parse(write) -> None:  # type: ignore[no-untyped-def]
    path = write(
        GOOD.replace("check: hold_updates", "check: phrase_required").replace(
            "every_s: 15", "phrases:\n      - 您好\n      - 请[问"
        )
    )
    (line,) = errors(path)
    assert line.startswith("12:9: phrases.1: ")
    assert "seen '请[问'" in line


def test_missing_keys_name_the_rule(write) -> None:  # type: ignore[no-untyped-def]
    found = errors(
        write("name: a-book\ntitle: T\nsource: S\nrules:\n  - id: OPS-25\n    check: hold_updates\n")
    )
    assert {line.split(": ", 1)[1] for line in found} == {
        "missing key 'title'",
        "missing key 'dimension'",
        "missing key 'every_s'",
        "a rule has exactly one of points, critical: true and review: true",
    }


def test_an_example_that_is_no_dialogue(write) -> None:  # type: ignore[no-untyped-def]
    (line,) = errors(write(GOOD.replace("agent: 您好。", "nobody says this")))
    assert line.startswith("14:11: example under pass: line 1: a turn is")


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("name: a\nname: b\n", "2:1", "the key 'name' stands twice"),
        ("name: [a\n", "2:1", "expected"),
        ("- a\n", "1:1", "a rulebook is a mapping"),
        (
            GOOD + "shape: round\n",
            "16:1",
            "unknown key 'shape' (permitted disable, extends, least_decided, name, ",
        ),
        ("name: a\ntitle: T\nsource: S\nrules: []\n", "4:8", "rules: "),
        ("name: a\ntitle: T\nsource: S\nrules: [7]\n", "4:9", "an item of rules is a mapping (seen 7)"),
    ],
)
def test_files_that_are_no_rulebook(write, text: str, place: str, says: str) -> None:  # type: ignore[no-untyped-def]
    found = errors(write(text))
    assert found[0].startswith(f"{place}: ")
    assert says in found[0]


def test_unreadable_files(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_rulebook(tmp_path / "none.yaml")
    bad = tmp_path / "bad.yaml"
    bad.write_bytes(b"name: \xff\n")
    with pytest.raises(ConfigError, match="not UTF-8"):
        load_rulebook(bad)


REVIEW = """\
name: a-book
title: A book
title_zh: 一本书
source: a manual
not_observable:
  - {id: OPS-90, title: A smile, title_zh: 微笑, why: it cannot be heard}
rules:
  - id: OPS-46
    title: Spelling
    dimension: courtesy
    review: true
    check: review_moment
    phrases: [弓长张]
    examples:
      review: ["agent: 是弓长张吗？"]
      not_applicable: ["agent: 您好。"]
"""


def test_a_rule_for_a_person_carries_no_points(write) -> None:  # type: ignore[no-untyped-def]
    book = load_rulebook(write(REVIEW))
    (rule,) = book.rules
    assert (rule.how, rule.review, rule.critical, rule.points) == ("H", True, False, 0)
    assert [e.wanted for e in rule.examples] == [Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE]
    assert all(result.ok for result in run_examples(book))
    (clause,) = book.not_observable
    assert (clause.id, clause.title_zh, clause.how, clause.why) == (
        "OPS-90",
        "微笑",
        "X",
        "it cannot be heard",
    )
    assert book.title_zh == "一本书"


@pytest.mark.parametrize(
    ("old", "new", "place", "says"),
    [
        ("review: true", "points: 3", "12:12", "review: true goes with check: review_moment"),
        ("check: review_moment\n    phrases: [弓长张]", "check: interruptions", "12:12", "goes with"),
        ("review: true", "review: true\n    how: A", "12:10", "how: H goes with review"),
        ("review: true", "review: true\n    how: B", "12:10", "how: 'B' (permitted 'A', 'M', 'A/M'"),
        (
            "why:",
            "wy:",
            "6:48",
            "unknown key 'wy' (did you mean 'why'? permitted how, id, title, title_zh, why)",
        ),
        (
            "      review: [",
            "      reviw: [",
            "15:7",
            "did you mean 'review'? permitted fail, not_applicable",
        ),
        ("phrases: [弓长张]", "measure: net_pace", "8:5", "at_least and at_most go with measure"),
        ("phrases: [弓长张]", "events: [music]\n    sound: typing", "8:5", "sound goes with events: [hold]"),
        ("phrases: [弓长张]", "condition: raining", "13:16", "no such condition; known are"),
    ],
)
def test_what_goes_with_what(write, old: str, new: str, place: str, says: str) -> None:  # type: ignore[no-untyped-def]
    assert old in REVIEW
    found = errors(write(REVIEW.replace(old, new, 1)))
    assert any(line.startswith(f"{place}: ") and says in line for line in found), found


def test_an_unknown_name_lists_the_known() -> None:
    with pytest.raises(ConfigError, match=r"no rulebook 'nowhere'; known are .*dinghao-380"):
        load_rulebook("nowhere")


def test_advice_is_short_text(write) -> None:  # type: ignore[no-untyped-def]
    advised = GOOD.replace("    dimension", "    coaching: Say a word.\n    dimension")
    rule = load_rulebook(write(advised)).rules[0]
    assert (rule.coaching, rule.coaching_zh) == ("Say a word.", "Say a word.")
    long = GOOD.replace("    dimension", f"    coaching_zh: {'好' * 301}\n    dimension")
    assert errors(write(long))[0].startswith("7:18: coaching_zh: String should have at most 300 characters")
