"""Rulebooks from elsewhere: every one is a rulebook, or an error that names file, line and column."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import ConfigError
from pipeline.rulebook import load_rulebook, run_examples

BOOK = """\
name: a-book
title: A book
source: a manual
rules:
  - &first
    id: OPS-25
    title: Greeting
    dimension: courtesy
    points: 5
    check: phrase_required
    phrases: ["您好[请问]", "(早上|下午)好"]
    applies_when: [hold]
    examples:
      pass: ["agent: 您好。"]
not_observable:
  - {id: OPS-99, title: T, why: W}
"""
LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12)
)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "a-book.yaml"
    path.write_text(text, encoding="utf-8", errors="surrogatepass", newline="")
    return path


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("name:", f"{LAUGHS}name:", r":6:5: stands for more than"),
        ("[hold]", "[[hold]]", r":12:20: unknown condition a list"),
        ("[hold]", "[{hold: 1}]", r":12:20: unknown condition a mapping"),
        ("points: 5", "points: .inf", r":9:13: '\.inf' is not a finite number"),
        ("points: 5", "points: 2026-10-09", r":9:13: a date without quotes"),
        ("id: OPS-25", "id: ../../x", r":6:9: id: String should match"),
        ("id: OPS-25", "id: OPS-２５", r":6:9: id: String should match"),
        ("name: a-book", "name: ../a-book", r":1:7: name: String should match"),
        ("title: Greeting", 'title: "\\ud800"', r":7:12: title: .*unicode"),
        ("您好[请问]", "(" * 400 + "您" + ")" * 400, r":11:15: phrases\.0: .*nest deeper than 20 levels"),
        ("agent: 您好。", "@pace 0", r":14:14: example under pass: line 1: '0' is not a number"),
        ("name: a-book", "name: a-book\nextends: ../../../etc/passwd", r":2:10: no rulebook '\.\./"),
        ("name: a-book", 'name: a-book\nextends: "a\\0.yaml"', r":2:10: no rulebook"),
        ("name: a-book", f"name: a-book\nextends: {'a' * 600}.yaml", r":2:10: there is no file"),
        ("name: a-book", "name: a-book\nextends: /dev/zero.yaml", r":2:10: there is no file"),
        ("not_obs", "  - {<<: *first, id: OPS-26, wrong: 1}\nnot_obs", r":15:30: unknown key 'wrong'"),
        (
            "not_obs",
            "  - {<<: *first, id: OPS-26, points: 0}\nnot_obs",
            r":15:38: points: expected more than 0",
        ),
        ("title: Greeting\n", "title: 3\n", r":7:12: title: expected text"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in BOOK
    path = written(tmp_path, BOOK.replace(old, new, 1))
    with pytest.raises(ConfigError, match=rf"(?m)^{re.escape(str(path))}{said}") as error:
        load_rulebook(path)
    assert all(len(line) < 1000 for line in str(error.value).splitlines())


def test_a_wrong_rule_that_is_merged_into_another_is_named_twice(tmp_path: Path) -> None:
    text = BOOK.replace("Greeting", "[x]").replace("not_obs", "  - {<<: *first, id: OPS-26}\nnot_obs")
    with pytest.raises(ConfigError, match=r":7:12: title: .*\n.*:15:5: title: "):
        load_rulebook(written(tmp_path, text))


def test_a_row_of_files_that_extend_each_other_ends(tmp_path: Path) -> None:
    for n in range(30):
        (tmp_path / f"{n}.yaml").write_text(f"name: b{n}\nextends: {n + 1}.yaml\n")
    (tmp_path / "30.yaml").write_text(BOOK)
    with pytest.raises(ConfigError, match=r"19\.yaml:2:10: more than 20 files in a row"):
        load_rulebook(tmp_path / "0.yaml")


PIECES = st.sampled_from(
    [
        *("[", "]", "{", "}", ":", "-", "#", "&", "*", "!", "|", ">", "'", '"', "%", "@", ",", "?"),
        *("~", "null", "true", ".nan", "9e99", "0x1", "2026-10-09", "*first", "<<:", "!!set"),
        *("[hold]", "a: {b: ", "您好", "(", ")", "…", "/", "+", "<", "{any}", "\t", " ", "\n"),
        *("\u202e", "\ud800", "\x07"),
    ]
)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, len(BOOK)), st.integers(0, 12), PIECES), min_size=1, max_size=3))
def test_any_change_leaves_a_rulebook_or_an_error_with_its_place(
    tmp_path: Path, changes: list[tuple[int, int, str]]
) -> None:
    text = BOOK
    for at, cut, new in changes:
        text = text[:at] + new + text[at + cut :]
    path = written(tmp_path, text)
    try:
        run_examples(load_rulebook(path))
    except ConfigError as error:
        place = re.compile(rf"{re.escape(str(path))}:\d+:\d+: .")
        assert all(place.match(line) for line in str(error).split("\n"))  # noqa: PT017
