from __future__ import annotations

import dataclasses
import re
import subprocess
import sys
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, get_args

import pytest
from pydantic import BaseModel, Field

import pipeline
from pipeline.checks import KINDS
from pipeline.checks.conditions import CONDITIONS
from pipeline.cli import app
from pipeline.docs import PAGES
from pipeline.docs.api import SECTIONS
from pipeline.docs.guide import run_line, store_calls
from pipeline.docs.markdown import first_table, table
from pipeline.docs.operations import _models
from pipeline.docs.options import default_words, value_words
from pipeline.docs.rules import BOOK_KEYS, HOW, RULE_KEYS
from pipeline.measures import measure_names
from pipeline.nightly.shapes import NightKeys
from pipeline.nightly.summary import EXIT_CODES, SourceCounts
from pipeline.rulebook import load_rulebook, shipped_rulebooks
from pipeline.rulebook.linting import Lint, lint
from pipeline.rulebook.shapes import HEAD_KEYS, Book, How, Unobservable
from pipeline.tables import SCHEMAS

ROOT = Path(__file__).parents[1]


@cache
def generated(name: str) -> str:
    """A page as the code writes it; some take seconds."""
    return PAGES[name]()


@pytest.mark.parametrize("name", PAGES)
def test_the_committed_page_is_the_generated_one(name: str) -> None:
    committed = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert committed == generated(name), f"docs/{name} is out of date; run `make docs`"


@pytest.mark.parametrize("columns", ["40", "300"])
def test_the_terminal_leaves_no_trace(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = generated("cli.md")
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert PAGES["cli.md"]() == usual
    assert "\x1b" not in usual


def test_the_module_writes_every_page(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pipeline.docs", str(tmp_path / "docs")]
    subprocess.run(command, cwd=ROOT, check=True)
    for name in PAGES:
        assert (tmp_path / "docs" / name).read_bytes() == generated(name).encode()
    assert len(list((tmp_path / "docs").iterdir())) == len(PAGES)


def test_every_command_has_its_help() -> None:
    page = generated("cli.md")
    names = [c.callback.__name__ for c in app.registered_commands if c.callback]
    assert len(names) >= 7
    for name in names:
        assert f"\n## callaudit {name}\n\n```text\nUsage: callaudit {name} " in page


def test_every_table_rule_kind_and_condition_is_described() -> None:
    assert all(f"\n## {name}\n" in generated("tables.md") for name in SCHEMAS)
    page = generated("rules.md")
    for name in shipped_rulebooks():
        for rule in load_rulebook(name).rules:
            assert f"\n| {rule.id} | {rule.title} | {rule.how} | [`{rule.check.kind}`]" in page
    for name, kind in KINDS.items():
        section = page.split(f"\n### {name}\n")[1].split("\n### ")[0]
        assert all(f"| `{option}` |" in section for option in kind.model_fields)
    assert all(f"| `{name}` |" in page for name in CONDITIONS)
    assert {name for name in measure_names() if f"| `{name}` |" not in page} == set()


def test_every_public_name_is_described_once_and_its_page_lists_what_it_takes() -> None:
    assert sorted(name for names in SECTIONS.values() for name in names) == sorted(
        set(pipeline.__all__) - {"__version__"}
    )
    page = generated("api.md")
    for name in ("with_options", "Judgement", "evaluate"):
        assert f"\n### {name}\n" in page
    assert "\n- `**options`: Of its kind of check" in page
    assert "\n| `hearing_key` | `str` | Of the call that was judged. |\n" in page
    assert "| `.read_call(call_id, *, call_date=None)` | Read one call. |" in page
    assert ":func:" not in page
    assert "::" not in page


def test_every_key_is_described() -> None:
    assert tuple(RULE_KEYS) == HEAD_KEYS
    assert tuple(BOOK_KEYS) == tuple(Book.model_fields)
    assert set(HOW) == {*get_args(How), *get_args(Unobservable.model_fields["how"].annotation)}


def test_every_key_of_a_night_is_described() -> None:
    page = generated("operations.md")

    def expect(model: type[BaseModel], prefix: str) -> None:
        for name, field in model.model_fields.items():
            assert field.description, f"{prefix}{name}"
            assert f"\n| `{prefix}{name}` | " in page
            for inner in _models(field.annotation):
                expect(inner, f"{prefix}{name}.")

    expect(NightKeys, "")
    assert all(f"\n| {code} | " in page for code in EXIT_CODES.values())
    assert all(
        f"`{field.name}`" in page for field in dataclasses.fields(SourceCounts) if field.name != "name"
    )


def test_the_operators_page_names_files_and_commands_that_are_there() -> None:
    page = generated("operations.md")
    for link in re.findall(r"\]\(([^)#]+)\)", page):
        assert link.startswith("https://") or (ROOT / "docs" / link).exists(), link
    commands = {c.name or c.callback.__name__ for c in app.registered_commands if c.callback} | {"rules"}
    named = set(re.findall(r"(?:`|^ {4})callaudit ([a-z]+)", page, re.MULTILINE))
    assert named - commands <= {"status", "verify"}, "commands of the store"


def test_the_guides_files_and_commands_do_what_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (ROOT / "docs" / "write-a-rulebook.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    store_calls(tmp_path / "clinic-tables")
    blocks = re.findall(r"```(\w+)\n(.*?)```", page, re.DOTALL)
    assert {language for language, _ in blocks} == {"yaml", "sh", "text"}
    for (language, text), (following, printed) in zip(blocks, [*blocks[1:], ("", "")], strict=True):
        if language == "yaml":
            name, _, content = text.partition("\n")
            Path(name.removeprefix("# ")).write_text(content, encoding="utf-8")
        elif language == "sh":
            assert following == "text"
            assert "\n".join(map(run_line, text.splitlines())).strip() == printed.strip(), text
    for name in ("clinic.yaml", "desk.yaml", "people.yaml"):
        assert lint(Path(name)) == Lint((), ()), name


def test_a_guide_with_another_command_is_refused() -> None:
    with pytest.raises(ValueError, match="expected a callaudit command"):
        run_line("rm my-desk.yaml")


def test_links_inside_a_page_lead_somewhere() -> None:
    for name in PAGES:
        text = generated(name)
        names = [h.strip().lower().replace(" ", "-") for h in re.findall(r"^#+ (.+)$", text, re.MULTILINE)]
        # Of headings that differ in case only, the later ones are numbered.
        before = [names[:place].count(heading) for place, heading in enumerate(names)]
        headings = {f"{h}-{n}" if n else h for h, n in zip(names, before, strict=True)}
        links = set(re.findall(r"\]\(#([^)]+)\)", text))
        assert links <= headings, name


class _Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class _Part(BaseModel):
    name: str
    words: tuple[str, ...]


class _Options(BaseModel):
    share: Annotated[float, Field(ge=0, le=1)] = 0.25
    count: Annotated[int, Field(ge=0)]
    bound: Annotated[float, Field(ge=0)] | None = None
    words: Annotated[tuple[str, ...], Field(min_length=1)]
    families: Annotated[Mapping[str, Annotated[tuple[str, ...], Field(min_length=1)]], Field(min_length=1)]
    colour: _Colour = _Colour.RED
    window: Literal["opening", "closing"] = "closing"
    who: _Colour | Literal["anyone"] = _Colour.BLUE
    parts: tuple[_Part, ...] = ()


def test_options_are_put_in_words() -> None:
    fields = _Options.model_fields
    assert {name: (value_words(f), default_words(f)) for name, f in fields.items()} == {
        "share": ("number, 0 to 1", "`0.25`"),
        "count": ("whole number, 0 or more", "**required**"),
        "bound": ("number, 0 or more", "none"),
        "words": ("list of text, at least one", "**required**"),
        "families": ("mapping from a name to a list of text, at least one", "**required**"),
        "colour": ("one of `red`, `blue`", "`red`"),
        "window": ("one of `opening`, `closing`", "`closing`"),
        "who": ("one of `red`, `blue`, `anyone`", "`blue`"),
        "parts": ("list of mappings with `name`, `words`", "none"),
    }


def _documented() -> None:
    """Signs.

    =======  ========
    ``a|b``  either
    ``[a]``  may be
    =======  ========
    """


def test_a_docstrings_table_becomes_markdown() -> None:
    assert first_table(_documented, ("sign", "means")).splitlines() == [
        "| sign | means |",
        "| --- | --- |",
        "| `a\\|b` | either |",
        "| `[a]` | may be |",
    ]
    assert table(("x",), []) == "| x |\n| --- |"
