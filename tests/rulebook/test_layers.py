"""Rulebooks that extend others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.checks.hold_updates import HoldUpdates
from pipeline.checks.phrase_required import PhraseRequired
from pipeline.errors import ConfigError
from pipeline.rulebook import load_rulebook, run_examples

BASE = """\
name: base
title: Base
title_zh: 基础
source: a manual
not_observable:
  - {id: OPS-90, title: A smile, why: it cannot be heard}
rules:
  - id: OPS-25
    title: Updates
    title_zh: 通报
    how: A/M
    dimension: patience
    points: 5
    check: hold_updates
    every_s: 15
    tolerance_s: 1
    applies_when: [hold]
    examples:
      fail: ["agent: 请稍等，好吗？\\ncustomer: 好。\\n[hold 40 dead]\\nagent: 久等了。"]
  - id: OPS-26
    title: Interruptions
    dimension: patience
    points: 3
    check: interruptions
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def _write(text: str, name: str = "mine.yaml") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    _write(BASE, "base.yaml")
    return _write


def extending(rules: str = "", *, more: str = "") -> str:
    listed = f"rules:\n{rules}" if rules else ""
    return f"name: mine\nextends: base.yaml\n{more}{listed}"


def errors(path: Path) -> str:
    with pytest.raises(ConfigError) as error:
        load_rulebook(path)
    return str(error.value).replace(f"{path.parent}/", "")


def test_everything_is_inherited(write: Write) -> None:
    base, book = load_rulebook(write(BASE, "base.yaml")), load_rulebook(write(extending()))
    assert book.rules == base.rules
    assert book.not_observable == base.not_observable
    assert (book.name, book.title, book.title_zh, book.source) == ("mine", "Base", "基础", "a manual")
    assert book.extends == base.path


def test_only_the_given_keys_change(write: Write) -> None:
    book = load_rulebook(write(extending("  - id: OPS-25\n    every_s: 30\n    points: 8\n")))
    rule = book.rules[0]
    assert rule.check == HoldUpdates(every_s=30, tolerance_s=1)
    assert (rule.points, rule.title_zh, rule.how, rule.applies_when) == (8, "通报", "A/M", ("hold",))
    assert [r.id for r in book.rules] == ["OPS-25", "OPS-26"]
    assert rule.failing[0].path.endswith("base.yaml")


def test_worth_check_and_title_replace_what_they_exclude(write: Write) -> None:
    rules = "  - {id: OPS-25, critical: true, title: Phrases, check: phrase_required, phrases: [您好]}\n"
    rule = load_rulebook(write(extending(rules))).rules[0]
    assert (rule.critical, rule.points, rule.title_zh) == (True, 0, "Phrases")
    assert rule.check == PhraseRequired(phrases=("您好",))
    review = "  - {id: OPS-25, review: true, check: review_moment, phrases: [稍等]}\n"
    assert load_rulebook(write(extending(review))).rules[0].how == "H"


def test_new_clauses_are_added_and_disabled_ones_are_gone(write: Write) -> None:
    added = "  - {id: OPS-27, title: New, dimension: patience, points: 1, check: interruptions}\n"
    book = load_rulebook(write(extending(added, more="disable: [OPS-25, OPS-90]\n")))
    assert [r.id for r in book.rules] == ["OPS-26", "OPS-27"]
    assert book.not_observable == ()


def test_a_disabled_clause_given_anew_inherits_nothing(write: Write) -> None:
    anew = "  - {id: OPS-25, title: Anew, dimension: courtesy, points: 1, check: hold_updates, every_s: 9}\n"
    rule = load_rulebook(write(extending(anew, more="disable: [OPS-25]\n"))).rule("OPS-25")
    assert rule is not None
    assert rule.check == HoldUpdates(every_s=9)
    assert (rule.applies_when, rule.examples) == ((), ())


def test_layers_lie_on_layers(write: Write) -> None:
    write(extending("  - {id: OPS-25, every_s: 20}\n"), "middle.yaml")
    top = "name: top\nextends: middle.yaml\nrules:\n  - {id: OPS-25, tolerance_s: 0}\n"
    book = load_rulebook(write(top, "top.yaml"))
    assert book.rules[0].check == HoldUpdates(every_s=20, tolerance_s=0)


def test_a_shipped_rulebook_is_extended_by_name(write: Write) -> None:
    book = load_rulebook(write("name: mine\nextends: dinghao-380\nrules:\n  - {id: OPS-25, points: 9}\n"))
    shipped = load_rulebook("dinghao-380")
    assert len(book.rules) == len(shipped.rules)
    changed = book.rule("OPS-25")
    assert changed is not None
    assert changed.points == 9


def test_the_hash_covers_what_is_extended(write: Write) -> None:
    path = write(extending())
    before = load_rulebook(path).content_hash
    write(BASE.replace("points: 3", "points: 4"), "base.yaml")
    assert load_rulebook(path).content_hash != before


def test_an_inherited_example_that_no_longer_holds_is_told_with_its_own_file(write: Write) -> None:
    (result,) = run_examples(load_rulebook(write(extending("  - {id: OPS-25, every_s: 60}\n"))))
    assert not result.ok
    assert (Path(result.example.path).name, result.line) == ("base.yaml", 20)


def test_an_error_names_the_file_it_is_in(write: Write) -> None:
    path = write(extending("  - id: OPS-25\n    evry_s: 3\n  - id: OPS-26\n    at_most: few\n"))
    found = errors(path).splitlines()
    assert [line.split(": ")[0] for line in found] == ["mine.yaml:5:5", "mine.yaml:7:14"]
    write(BASE.replace("every_s: 15", "every_s: soon"), "base.yaml")
    assert "base.yaml:15:14: every_s: expected a number without a unit, such as 2.5 (seen 'soon')" in errors(
        path
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name: mine\nextends: mine.yaml\n", "mine.yaml:2:10: extends itself: mine.yaml → mine.yaml"),
        ("name: mine\nextends: none.yaml\n", "mine.yaml:2:10: there is no file none.yaml"),
        ("name: mine\nextends: nobody\n", "mine.yaml:2:10: no rulebook 'nobody'; known are"),
        (extending(more="disable: [OPS-52]\n"), "did you mean 'OPS-25'? permitted OPS-25, OPS-26, OPS-90"),
        ("name: mine\ntitle: T\nsource: S\ndisable: [OPS-25]\nrules: []\n", "4:1: disable goes with extends"),
        (extending(more="disable: [OPS-25, OPS-26]\n"), "no rule is left"),
        (extending("  - {id: OPS-25}\n  - {id: OPS-25}\n"), "'OPS-25' is already used on line 4"),
        (
            "name: mine\nextends: 7\n",
            'extends: expected text, in quotes where it looks like a number, such as "7" (seen 7)',
        ),
    ],
)
def test_what_cannot_be_extended(write: Write, text: str, says: str) -> None:
    assert says in errors(write(text))


def test_a_circle_of_files_is_refused(write: Write) -> None:
    write("name: base\nextends: mine.yaml\n", "base.yaml")
    assert "base.yaml:2:10: extends itself: mine.yaml → base.yaml → mine.yaml" in errors(write(extending()))


def test_an_id_given_twice_on_one_line_is_told(write: Write) -> None:
    rule = "{id: AB-01, title: a, dimension: courtesy, points: 5, check: interruptions}"
    path = write(f"name: mine\ntitle: Mine\nsource: s\nrules: [{rule}, {rule}]\n")
    assert "id 'AB-01' is already used on line 4" in errors(path)
