"""Commands about rulebooks: rules test."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.app import DONE, SOME_FAILED, app, say

rules = typer.Typer(name="rules", help="Work on rulebooks.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(rules)


@rules.callback()
def about() -> None:
    """Work on rulebooks."""


@rules.command()
def test(
    rulebook: Annotated[str, typer.Argument(help="Rulebook name or YAML file.", show_default=False)],
) -> None:
    """Try a rulebook on its own examples; exit code 1 when one is not judged as it should be."""
    from pipeline.rulebook import load_rulebook, run_examples

    results = run_examples(load_rulebook(rulebook))
    wrong = [result for result in results if not result.ok]
    for result in wrong:
        finding = result.finding
        say(
            f"{rulebook}:{result.line}: {result.rule_id}: expected {result.wanted}, "
            f"got {finding.verdict}: {finding.reason}"
        )
    typer.echo(f"{len(results)} examples, {len(wrong)} judged otherwise than they should be")
    raise typer.Exit(SOME_FAILED if wrong else DONE)
