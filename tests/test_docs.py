from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field

from pipeline.checks import KINDS
from pipeline.checks.conditions import CONDITIONS
from pipeline.cli import app
from pipeline.docs import PAGES, write_pages
from pipeline.docs.markdown import first_table, table
from pipeline.docs.options import default_words, value_words
from pipeline.docs.rules import EXAMPLE, RULE_KEYS
from pipeline.rulebook import load_rulebook, run_examples, shipped_rulebooks
from pipeline.rulebook.reading import HEAD_KEYS
from pipeline.tables import SCHEMAS

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", PAGES)
def test_the_committed_page_is_the_generated_one(name: str) -> None:
    committed = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert committed == PAGES[name](), f"docs/{name} is out of date; run `make docs`"


@pytest.mark.parametrize("columns", ["40", "300"])
def test_the_terminal_leaves_no_trace(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = PAGES["cli.md"]()
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert PAGES["cli.md"]() == usual
    assert "\x1b" not in usual


def test_the_module_writes_every_page(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pipeline.docs", str(tmp_path / "docs")]
    subprocess.run(command, cwd=ROOT, check=True)
    write_pages(tmp_path / "again")
    for name in PAGES:
        assert (tmp_path / "docs" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
    assert len(list((tmp_path / "docs").iterdir())) == len(PAGES)


def test_every_command_has_its_help() -> None:
    page = PAGES["cli.md"]()
    names = [c.callback.__name__ for c in app.registered_commands if c.callback]
    assert len(names) >= 7
    for name in names:
        assert f"\n## callaudit {name}\n\n```text\nUsage: callaudit {name} " in page


def test_every_table_rule_kind_and_condition_is_described() -> None:
    assert all(f"\n## {name}\n" in PAGES["tables.md"]() for name in SCHEMAS)
    page = PAGES["rules.md"]()
    for name in shipped_rulebooks():
        for rule in load_rulebook(name).rules:
            assert f"\n| {rule.id} | {rule.title} | {rule.dimension} |" in page
    for name, kind in KINDS.items():
        section = page.split(f"\n### {name}\n")[1].split("\n### ")[0]
        assert all(f"| `{option}` |" in section for option in kind.model_fields)
    assert all(f"| `{name}` |" in page for name in CONDITIONS)


def test_every_key_of_a_rule_is_described() -> None:
    assert tuple(RULE_KEYS) == HEAD_KEYS


def test_the_example_rulebook_reads_and_holds(tmp_path: Path) -> None:
    assert EXAMPLE in PAGES["rules.md"]()
    path = tmp_path / "my-desk.yaml"
    path.write_text(EXAMPLE, encoding="utf-8")
    results = run_examples(load_rulebook(path))
    assert len(results) == 2
    assert all(result.ok for result in results)


def test_links_inside_a_page_lead_somewhere() -> None:
    for name, page in PAGES.items():
        text = page()
        headings = {h.strip().lower().replace(" ", "-") for h in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
        links = set(re.findall(r"\]\(#([^)]+)\)", text))
        assert links <= headings, name


class _Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class _Options(BaseModel):
    share: Annotated[float, Field(ge=0, le=1)] = 0.25
    count: Annotated[int, Field(ge=0)]
    bound: Annotated[float, Field(ge=0)] | None = None
    words: Annotated[tuple[str, ...], Field(min_length=1)]
    families: Annotated[Mapping[str, Annotated[tuple[str, ...], Field(min_length=1)]], Field(min_length=1)]
    colour: _Colour = _Colour.RED
    window: Literal["opening", "closing"] = "closing"


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
