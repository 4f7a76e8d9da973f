"""The commands about rulebooks, and judge --compare."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipeline.call import Failure
from pipeline.cli import app
from pipeline.cli.rulebooks import explanation
from pipeline.dialogue import dialogue_call
from pipeline.docs.guide import store_calls
from pipeline.errors import ConfigError, StoreError
from pipeline.reports.language import Language
from pipeline.rulebook import load_rulebook, shipped_rulebooks
from pipeline.store import Store


def callaudit(*arguments: object, columns: int = 120) -> Result:
    result = CliRunner().invoke(app, [str(a) for a in arguments], env={"COLUMNS": str(columns)})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    path = tmp_path / "my-desk.yaml"
    assert callaudit("rules", "new", path).exit_code == 0
    return path


def test_a_new_rulebook_lints_and_holds_and_is_not_written_twice(desk: Path) -> None:
    done = callaudit("rules", "lint", desk)
    assert (done.exit_code, done.stdout) == (0, "0 errors, 0 warnings\n")
    done = callaudit("rules", "test", desk)
    assert (done.exit_code, done.stdout) == (0, "11 examples, 0 judged otherwise than they should be\n")
    before = desk.read_bytes()
    with pytest.raises(ConfigError, match="is there already"):
        callaudit("rules", "new", desk)
    assert desk.read_bytes() == before
    with pytest.raises(ConfigError, match="cannot be written"):
        callaudit("rules", "new", desk / "no.yaml")


def test_wrong_examples_are_told_with_their_place(desk: Path) -> None:
    text = desk.read_text(encoding="utf-8")
    desk.write_text(text.replace("不客气，祝您", "嗯，祝您"), encoding="utf-8")
    done = callaudit("rules", "test", desk)
    assert done.exit_code == 1
    assert "11 examples, 1 judged" in done.stdout
    assert f"{desk}:" in done.stderr
    mine = desk.with_name("mine.yaml")
    mine.write_text("name: mine\nextends: my-desk.yaml\n", encoding="utf-8")
    assert "an inherited example" in callaudit("rules", "test", mine).stderr


def test_lint_tells_errors_and_warnings_with_their_place(desk: Path) -> None:
    text = desk.read_text(encoding="utf-8")
    desk.write_text(text.replace("dimension: compliance", "dimension: complience", 1), encoding="utf-8")
    done = callaudit("rules", "lint", desk)
    assert done.exit_code == 1
    assert "error: dimension: 'complience' (did you mean 'compliance'?" in done.stdout
    desk.write_text(text.replace("跟你说不清楚", "请您跟他说"), encoding="utf-8")
    done = callaudit("rules", "lint", desk)
    assert done.exit_code == 0
    assert "warning: phrase '请您跟他说' can never count" in done.stdout
    assert "0 errors, 1 warning" in done.stdout


def test_rules_are_listed_in_both_languages(desk: Path) -> None:
    english, chinese = callaudit("rules", "list", desk), callaudit("rules", "list", desk, "--lang", "zh")
    rows = [line.split() for line in english.stdout.splitlines() if line.strip().startswith("DSK-")]
    assert [row[0] for row in rows] == ["DSK-01", "DSK-02", "DSK-03", "DSK-04", "DSK-05", "DSK-90"]
    assert "critical" in rows[1]
    assert rows[2][-3:] == ["3", "A", "reply_required"]
    assert "本部门服务规范" in chinese.stdout
    assert "一票否决" in chinese.stdout
    everything = callaudit("rules", "list").stdout
    for name in shipped_rulebooks():
        assert all(rule.id in everything for rule in load_rulebook(name).rules)


def test_a_rule_is_explained() -> None:
    english = callaudit("rules", "explain", "OPS-25").stdout
    assert english.startswith("OPS-25  ")
    for part in (
        "how it is decided:",
        "every_s: 15",
        "hold: The customer was kept waiting.",
        "[hold 28 music]",
    ):
        assert part in english
    assert "``" not in english
    chinese = callaudit("rules", "explain", "OPS-25", "--lang", "zh").stdout
    assert "适用条件:\n  hold:" in chinese


@pytest.mark.parametrize("name", shipped_rulebooks())
@pytest.mark.parametrize("language", Language)
def test_every_shipped_rule_can_be_explained(name: str, language: Language) -> None:
    book = load_rulebook(name)
    for rule in book.rules:
        lines = list(explanation(book, rule, language))
        assert lines[0].startswith(rule.id)
        assert not any("Phrase(" in line for line in lines)


def test_what_has_no_rule_is_said(desk: Path) -> None:
    with pytest.raises(ConfigError, match=r"DSK-90 .*has no rule: a recording does not show the desk"):
        callaudit("rules", "explain", "DSK-90", "--rulebook", desk)
    with pytest.raises(ConfigError, match="no clause 'DSK-10' \\(did you mean 'DSK-01'"):
        callaudit("rules", "explain", "DSK-10", "--rulebook", desk)


def test_coverage_counts_and_fails_on_what_lacks(desk: Path) -> None:
    done = callaudit("rules", "coverage", desk)
    assert done.exit_code == 0
    assert "4 of 4 automatic clauses have a check, a passing and a failing example" in done.stdout
    told = json.loads(callaudit("rules", "coverage", desk, "--json").stdout)
    assert (told["automatic"], told["automatic_covered"], len(told["clauses"])) == (4, 4, 6)
    mine = desk.with_name("mine.yaml")
    mine.write_text("name: mine\nextends: my-desk.yaml\nrules:\n  - {id: DSK-03, examples: {}}\n", "utf-8")
    done = callaudit("rules", "coverage", mine)
    assert done.exit_code == 1
    assert "DSK-03: no passing example, no failing example" in done.stdout


def test_a_rulebook_is_read_again_when_a_file_of_it_has_changed_and_only_then(desk: Path) -> None:
    mine = desk.with_name("mine.yaml")
    mine.write_text("name: mine\nextends: my-desk.yaml\ndisable: [DSK-03]\n", "utf-8")
    first = load_rulebook(mine)
    assert load_rulebook(mine) is first
    desk.write_text(desk.read_text(encoding="utf-8") + "# a note\n", encoding="utf-8")
    again = load_rulebook(mine)
    assert again.content_hash != first.content_hash
    assert again.rules == first.rules
    assert load_rulebook(mine) is again
    desk.unlink()
    with pytest.raises(ConfigError, match="there is no file"):
        load_rulebook(mine)


def test_what_a_rulebook_says_cannot_command_the_terminal(desk: Path) -> None:
    text = desk.read_text(encoding="utf-8")
    escaped = text.replace("title: Answer thanks", 'title: "[red]\\e]0;owned\\a"')
    desk.write_text(escaped, encoding="utf-8")
    for command in (["list", desk], ["explain", "DSK-03", "--rulebook", desk], ["coverage", desk]):
        assert "\x1b" not in callaudit("rules", *command).stdout
    assert "[red]" in callaudit("rules", "list", desk).stdout


def test_long_ids_of_calls_leave_room_for_verdicts(desk: Path, tmp_path: Path) -> None:
    store = Store(tmp_path / "out")
    names = [f"20261122-09123{n}_A01_inbound_1380013800{n}" for n in range(3)]
    with store.writing():
        for name in names:
            call = dialogue_call(
                "@pace 250\nagent: 您好，请问有什么可以帮您？我可以为您预约检查。", call_id=name
            )
            store.write_call(replace(call, record=replace(call.record, standards=("clinic",))))
    mine = desk.with_name("mine.yaml")
    mine.write_text("name: clinic\nextends: my-desk.yaml\nrules:\n  - {id: DSK-04, at_most: 200}\n", "utf-8")
    told = callaudit("judge", tmp_path / "out", "--compare", mine, columns=80).stdout
    assert re.search(r"DSK-04 +pass → fail +3 ", told)


def test_a_call_is_shown_with_the_titles_of_ones_own_rulebook(desk: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    store_calls(out)
    assert callaudit("judge", out, "--rulebook", desk).exit_code == 0
    title = "Say who is speaking"
    assert title not in callaudit("show", "A01-0912", "--out", out, "--all").stdout
    assert title in callaudit("show", "A01-0912", "--out", out, "--all", "--rulebook", desk).stdout


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("A01", "; did you mean A01-0912?"), ("A2-0931", "; did you mean A02-0931"), ("xyz", "was heard")],
)
def test_an_id_that_is_not_stored_is_told_with_those_near_it(tmp_path: Path, typed: str, meant: str) -> None:
    store_calls(tmp_path / "out")
    with pytest.raises(StoreError) as told:
        callaudit("show", typed, "--out", tmp_path / "out")
    assert meant in str(told.value)
    assert ("did you mean" in str(told.value)) == (typed != "xyz")


def test_a_call_whose_recording_failed_is_told_with_the_reason(tmp_path: Path) -> None:
    store_calls(tmp_path / "out")
    store = Store(tmp_path / "out")
    with store.writing():
        store.write_failure(Failure("/night/A09-0101.wav", "hear", "empty file (0 bytes)"))
    with pytest.raises(StoreError, match=r"/night/A09-0101.wav failed at hear: empty file \(0 bytes\)"):
        callaudit("show", "A09-0101", "--out", tmp_path / "out")


def test_two_rulebooks_are_compared_and_nothing_is_written(desk: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    store_calls(out)
    mine = desk.with_name("mine.yaml")
    mine.write_text("name: clinic\nextends: my-desk.yaml\nrules:\n  - {id: DSK-04, at_most: 200}\n", "utf-8")
    files = sorted(out.rglob("*"))
    for arguments in (["--compare", mine], ["--rulebook", desk, "--compare", mine]):
        done = callaudit("judge", out, *arguments)
        assert done.exit_code == 0
        assert "pass → fail" in done.stdout
        assert "was: gross pace is" in done.stdout
    told = json.loads(callaudit("judge", out, "--compare", mine, "--json").stdout)
    assert [call["changes"][0]["rule_id"] for call in told["changed"]] == ["DSK-04"] * told["calls"]
    assert sorted(out.rglob("*")) == files
    with pytest.raises(ConfigError, match="extends no rulebook"):
        callaudit("judge", out, "--compare", desk)
    with pytest.raises(ConfigError, match="give --rulebook once"):
        callaudit("judge", out, "--rulebook", desk, "--rulebook", mine, "--compare", mine)
