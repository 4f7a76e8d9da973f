"""Commands that only look: show, doctor, evaluate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.app import DONE, SOME_FAILED, app
from pipeline.cli.options import Json, Out, Stored


@app.command()
def show(
    call_id: Annotated[str, typer.Argument(help="The call's id.", show_default=False)],
    out: Out,
    date: Annotated[
        str | None,
        typer.Option(
            "--date",
            help="Day of the call, YYYY-MM-DD or unknown, where its id comes on several.",
            show_default=False,
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also list what passed, with reasons, and what was not applicable.")
    ] = False,
    clips: Annotated[
        Path | None,
        typer.Option(
            "--clips",
            help="Also cut the evidence of fails and open verdicts as MP3 files into this folder, under the "
            "call's day and id.",
        ),
    ] = None,
) -> None:
    """Show one call: timeline, transcript, findings, score."""
    from rich.console import Console

    from pipeline.reports.plain import plain_text
    from pipeline.reports.terminal import call_view
    from pipeline.store import StoreReader

    store = StoreReader(out)
    store.expect_store()
    call = store.read_call(call_id, call_date=date)
    judgements = store.judgements_of(call)
    findings = [finding for judgement in judgements for finding in judgement.findings]
    scores = [judgement.score for judgement in judgements]
    titles = _titles([score.standard for score in scores])
    Console(highlight=False).print(call_view(call, findings, scores, titles=titles, everything=everything))
    if clips is not None:
        from pipeline.reports.clips import clips_folder, cut_evidence, plan_clips

        folder = clips / clips_folder(call.record.call_date, call.record.call_id)
        for path in cut_evidence(call, plan_clips(call, findings), folder):
            typer.echo(plain_text(path))


def _titles(standards: list[str]) -> dict[str, str]:
    """Clause titles of the shipped rulebooks among ``standards``; others are shown by id alone."""
    from pipeline.rulebook import load_rulebook, shipped_rulebooks

    shipped = set(shipped_rulebooks())
    books = [load_rulebook(name) for name in standards if name in shipped]
    return {rule.id: rule.title for book in books for rule in book.rules}


@app.command()
def doctor(
    weights: Annotated[str, typer.Option("--weights", help="Weights to look for and verify.")] = "base",
    as_json: Json = False,
) -> None:
    """Say what is installed.

    Also which weights are found, and what is missing.
    """
    from pipeline.cli.health import examine
    from pipeline.reports.plain import plain_text

    findings = examine(weights)
    if as_json:
        typer.echo(json.dumps([{"part": f.part, "ok": f.ok, "detail": f.detail} for f in findings]))
    else:
        for finding in findings:
            typer.echo(
                f"{'ok     ' if finding.ok else 'MISSING'}  {finding.part:<18} {plain_text(finding.detail)}"
            )
    raise typer.Exit(DONE if all(f.ok for f in findings) else SOME_FAILED)


@app.command()
def evaluate(
    out: Stored,
    truth: Annotated[Path, typer.Option("--truth", help="Folder of labelled calls (CALL_ID.json).")],
    clauses: Annotated[
        list[str] | None, typer.Option("--clause", help="Judge only these clauses; may be repeated.")
    ] = None,
    form: Annotated[
        str | None, typer.Option("--form", help="Only calls recorded as stereo, mono, leak or dual.")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="List every verdict that differs.")] = False,
    as_json: Json = False,
) -> None:
    """Measure stored tables against exact truth.

    Times, pace, words and verdicts.
    """
    from pipeline import evaluation
    from pipeline.reports.plain import plain_json

    result = evaluation.evaluate(out, truth, clauses=clauses, form=form)
    if as_json:
        typer.echo(plain_json(result.to_json()))
        return
    from rich.console import Console

    from pipeline.evaluation import report

    console = Console()
    console.print(report.measures_table(result))
    if verbose:
        console.print(report.details_table(result))
        console.print(report.clauses_table(result))
        console.print(report.disagreements_table(result.disagreements))
