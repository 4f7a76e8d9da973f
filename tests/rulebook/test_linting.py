from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.rulebook import load_rulebook, locate, run_examples, shipped_rulebooks
from pipeline.rulebook.linting import Lint, lint
from pipeline.rulebook.starting import starting_rulebook

HEAD = "name: a-book\ntitle: A book\nsource: a manual\nrules:\n"
RULE = """\
  - id: DSK-01
    title: A rule
    dimension: courtesy
    points: 3
    check: {check}
{options}
    examples:
      pass: ["agent: 您好。"]
      fail: ["agent: 喂。"]
"""


def linted(folder: Path, text: str) -> Lint:
    path = folder / "a-book.yaml"
    path.write_text(text, encoding="utf-8")
    return lint(path)


def warnings(folder: Path, check: str, options: str) -> list[str]:
    found = linted(folder, HEAD + RULE.format(check=check, options=options))
    assert found.errors == ()
    return [f"{w.place[0]}:{w.place[1]}: {w.message}" for w in found.warnings]


@pytest.mark.parametrize("chinese", [False, True])
def test_the_starting_rulebook_is_clean(tmp_path: Path, chinese: bool) -> None:
    path = tmp_path / "Front Desk 2.yaml"
    path.write_text(starting_rulebook(path, chinese=chinese), encoding="utf-8")
    assert lint(path) == Lint((), ())
    book = load_rulebook(path)
    assert book.name == "front-desk-2"
    results = run_examples(book)
    assert len(results) >= 10
    assert all(result.ok for result in results)


@pytest.mark.parametrize("name", shipped_rulebooks())
def test_shipped_rulebooks_are_clean(name: str) -> None:
    assert lint(locate(name)) == Lint((), ())


def test_a_rule_without_examples(tmp_path: Path) -> None:
    text = (HEAD + RULE.format(check="interruptions", options="    at_most: 0")).split("    examples:")[0]
    found = linted(tmp_path, text)
    assert [w.message for w in found.warnings] == [
        "DSK-01 has no example under fail",
        "DSK-01 has no example under pass",
    ]


def test_phrases_that_stand_twice(tmp_path: Path) -> None:
    options = "    phrases: [您好, 早上好, 您 好！]\n    near: [早上好, 你好]"
    assert warnings(tmp_path, "phrase_required", options) == [
        "10:24: phrase '您 好！' already stands on line 10",
        "11:12: phrase '早上好' already stands on line 10",
    ]


@pytest.mark.parametrize(
    ("check", "options"),
    [
        ("phrase_forbidden", "    phrases: [请您快点讲]"),
        ("phrase_forbidden", "    phrases: [没办法]\n    allowed: [没办法]"),
    ],
)
def test_phrases_that_can_never_count(tmp_path: Path, check: str, options: str) -> None:
    assert any("can never count" in w for w in warnings(tmp_path, check, options))


@pytest.mark.parametrize(
    "phrase",
    ["没办法", "[您|你]再讲{any:2-6}一遍", "thank you for calling", "就是{number}块 + 不能退", "說話啊"],
)
def test_phrases_that_can_count(tmp_path: Path, phrase: str) -> None:
    for check in ("phrase_forbidden", "phrase_required"):
        assert warnings(tmp_path, check, f"    phrases: ['{phrase}']") == []


def test_errors_and_warnings_come_together_and_only_from_this_file(tmp_path: Path) -> None:
    base = tmp_path / "base.yaml"
    base.write_text(HEAD + RULE.format(check="phrase_required", options="    phrases: [您好, 您好]"), "utf-8")
    found = linted(
        tmp_path,
        "name: mine\nextends: base.yaml\nrules:\n  - {id: DSK-01, points: 9}\n"
        "  - {id: DSK-02, title: B, dimension: courtesy, points: 1, check: interruptions}\n"
        "  - {id: DSK-03, title: C, dimension: kindness, points: 1, check: interruptions}\n",
    )
    assert [e.place for e in found.errors] == [(6, 39)]
    assert {w.message.split()[0] for w in found.warnings} == {"DSK-02"}


def test_signs_of_one_kind_are_never_two(tmp_path: Path) -> None:
    one = "    phrases: [闭嘴]\n    signs:\n      disowns: [管不着, 不归我们]"
    assert warnings(tmp_path, "phrase_forbidden", one) == [
        "12:16: signs of one kind can never count: only two of different kinds in one turn do"
    ]
    assert warnings(tmp_path, "phrase_forbidden", one + "\n      sends on: [你找他们]") == []
