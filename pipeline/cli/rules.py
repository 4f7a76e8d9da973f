"""Commands about rulebooks: list, explain, new, lint, test, coverage, health."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.app import DONE, SOME_FAILED, app, program, say
from pipeline.cli.options import Json, Stored
from pipeline.cli.periods import Standards
from pipeline.cli.rulebooks import coverage_lines, coverage_table, explanation, rules_table
from pipeline.reports.language import Language
from pipeline.reports.plain import counted, plain_json, plain_text

if TYPE_CHECKING:
    from pipeline.rulebook import Rule, Rulebook

rules = typer.Typer(name="rules", help="Work on rulebooks.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(rules)

Books = Annotated[
    list[str] | None,
    typer.Argument(
        help="Rulebook names or YAML files; all that are shipped unless given.", show_default=False
    ),
]
One = Annotated[str, typer.Argument(help="Rulebook name or YAML file.", show_default=False)]
Lang = Annotated[Language, typer.Option("--lang", help="Language of titles and labels.")]


@rules.callback()
def about() -> None:
    """Work on rulebooks."""


@rules.command(name="list")
def list_rules(rulebook: Books = None, lang: Lang = Language.EN) -> None:
    """List the rules of rulebooks.

    With clause, title, dimension, worth, how it is decided and the kind of check.
    """
    from rich.console import Console

    for book in _books(rulebook):
        Console().print(rules_table(book, lang))


@rules.command()
def explain(
    clause: Annotated[str, typer.Argument(help="Id of the clause: OPS-25.", show_default=False)],
    rulebook: Annotated[
        str | None,
        typer.Option(
            "--rulebook",
            help="Rulebook name or YAML file; unless given, the shipped one that has the clause.",
            show_default=False,
        ),
    ] = None,
    lang: Lang = Language.EN,
) -> None:
    """Explain a rule.

    How it is decided, its options and conditions, its examples.
    """
    book, rule = _find(clause, rulebook)
    for line in explanation(book, rule, lang):
        typer.echo(plain_text(line, lines=True))


@rules.command()
def new(
    path: Annotated[Path, typer.Argument(help="File to write.")] = Path("my-desk.yaml"),
    lang: Annotated[Language, typer.Option("--lang", help="Language of the comments.")] = Language.EN,
) -> None:
    """Write a small rulebook with comments, to be changed."""
    from pipeline.errors import ConfigError
    from pipeline.rulebook.starting import starting_rulebook

    text = starting_rulebook(path, chinese=lang is Language.ZH)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise ConfigError(f"{path}: is there already; expected the name of a new file") from error
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written ({error.strerror})") from error
    typer.echo(plain_text(f"wrote {path}; next: {program()} rules lint {path}"))


@rules.command()
def lint(rulebook: One) -> None:
    """Look for mistakes in a rulebook.

    Exit code 1 when there are errors, 0 when there are only warnings.
    """
    from pipeline.rulebook import locate
    from pipeline.rulebook.linting import lint as look_through

    found = look_through(locate(rulebook))
    marked = [(p, "error") for p in found.errors] + [(p, "warning") for p in found.warnings]
    for problem, kind in sorted(marked):
        line, column = problem.place
        typer.echo(plain_text(f"{problem.path}:{line}:{column}: {kind}: {problem.message}"))
    typer.echo(f"{counted(len(found.errors), 'error')}, {counted(len(found.warnings), 'warning')}")
    raise typer.Exit(SOME_FAILED if found.errors else DONE)


@rules.command()
def test(rulebook: One) -> None:
    """Try a rulebook on its own examples.

    Exit code 1 when one is not judged as it should be.
    """
    from pipeline.rulebook import load_rulebook, run_examples

    book = load_rulebook(rulebook)
    results = run_examples(book)
    wrong = [result for result in results if not result.ok]
    for result in wrong:
        example, finding = result.example, result.finding
        own = example.path == book.path
        hint = "" if own else " (an inherited example: give the rule examples of its own)"
        say(
            f"{example.path}:{example.line}: {result.rule_id}: expected {example.wanted}, "
            f"got {finding.verdict}: {finding.reason}{hint}"
        )
    typer.echo(f"{len(results)} examples, {len(wrong)} judged otherwise than they should be")
    raise typer.Exit(SOME_FAILED if wrong else DONE)


@rules.command()
def coverage(rulebook: Books = None, as_json: Json = False, lang: Lang = Language.EN) -> None:
    """Show which clauses are checked.

    By which kind of check, with how many examples of each verdict. Exit code 1 when a clause lacks a check or
    an example, or an example is not judged as it should be.
    """
    from rich.console import Console

    from pipeline.rulebook.coverage import cover

    clauses = cover(_books(rulebook))
    due = [c for c in clauses if c.automatic or c.how == "H"]
    if as_json:
        rows = [asdict(c) | {"covered": c.covered} for c in clauses]
        automatic = [c for c in clauses if c.automatic]
        totals = {"automatic": len(automatic), "automatic_covered": sum(c.covered for c in automatic)}
        typer.echo(plain_json(json.dumps({**totals, "clauses": rows}, ensure_ascii=False)))
    else:
        Console().print(coverage_table(clauses, lang))
        for line in coverage_lines(clauses):
            typer.echo(plain_text(line))
    raise typer.Exit(DONE if all(c.covered for c in due) else SOME_FAILED)


@rules.command()
def health(
    out: Stored,
    standards: Standards = None,
    as_json: Json = False,
) -> None:
    """Rank clauses by how often reviewers overturn them.

    With the share left open, the mean confidence and the precision of fails that reviews come to.
    """
    from rich.console import Console

    from pipeline.reports.health import health_view
    from pipeline.reviews.health import rules_health
    from pipeline.store import StoreReader

    store = StoreReader(out)
    store.expect_store()
    clauses = rules_health(store, standards=standards or ())
    if as_json:
        rows = [asdict(clause) | {"too_few": clause.too_few} for clause in clauses]
        typer.echo(plain_json(json.dumps(rows, ensure_ascii=False)))
    else:
        Console(highlight=False).print(health_view(clauses))


def _books(names: list[str] | None) -> list[Rulebook]:
    from pipeline.rulebook import load_rulebook, shipped_rulebooks

    return [load_rulebook(name) for name in names or shipped_rulebooks()]


def _find(clause: str, named: str | None) -> tuple[Rulebook, Rule]:
    """Return the rule of a clause, and the rulebook it stands in.

    Raises
    ------
    ConfigError
        When no rulebook has it; the message says which clauses there are, or why it has no rule.
    """
    from pipeline.errors import ConfigError
    from pipeline.rulebook.complaints import unknown

    books = _books([named] if named else None)
    for book in books:
        if (rule := book.rule(clause)) is not None:
            return book, rule
        for other in book.not_observable:
            if other.id == clause:
                raise ConfigError(f"{clause} ({other.title}) of {book.name} has no rule: {other.why}")
    ids = [rule.id for book in books for rule in book.rules]
    raise ConfigError(f"no clause {unknown(clause, ids)}")
